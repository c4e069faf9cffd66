import type { Run } from "assay-lab/contract";
import type { RunColumn } from "./columns";

/** Runs written at most. */
export const exportedMost = 50_000;

/** Runs as CSV with the columns that are shown, numbers in full; a text that a spreadsheet would take for a formula is kept from being one. */
export function runsCsv(runs: readonly Run[], columns: readonly RunColumn[]): string {
  const lines = [
    ["id", ...columns.map(({ id }) => id)].map(csvCell),
    ...runs.map((run) => [run.id, ...columns.map((column) => exported(run, column))].map(csvCell)),
  ];
  return `\ufeff${lines.map((line) => `${line.join(",")}\r\n`).join("")}`;
}

function exported(run: Run, { id, group, text }: RunColumn): unknown {
  if (group === "metrics") return run.metrics[id.slice("metrics.".length)] ?? "";
  if (id === "created_at") return run.created_at;
  if (id === "duration" && run.started_at && run.ended_at) return (Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000;
  const shown = text(run, 12);
  return shown === "–" ? "" : shown;
}

function csvCell(value: unknown): string {
  const text = String(value);
  const guarded = typeof value === "string" && /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
