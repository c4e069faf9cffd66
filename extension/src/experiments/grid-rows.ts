import type { Run, RunGroup } from "assay-lab/contract";

/** One row of the grid. */
export type GridRow =
  | { kind: "run"; key: string; run: Run }
  | { kind: "group"; key: string; group: RunGroup; isOpen: boolean }
  /** Asks for the runs of a group that are not loaded. */
  | { kind: "more"; key: string; value: string | null; left: number };

/** Runs as rows, each for itself. */
export function runRows(runs: readonly Run[]): GridRow[] {
  return runs.map((run) => ({ kind: "run", key: run.id, run }));
}
