import type { RunPlace, ShownRun } from "../tracking/index.ts";

/** Where runs are kept and read, by the database or by a service. */
export interface SparkPlace<R extends ShownRun> {
  readonly runs: RunPlace;
  run(id: string): Promise<R>;
  artifact(run: string, name: string): Promise<Uint8Array>;
}
