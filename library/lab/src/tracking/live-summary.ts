import type { Database } from "../db/database.ts";
import { summariseRun } from "./summary.ts";

const afterMs = 3000;
const waiting = new WeakMap<Database, Set<string>>();

/**
 * Has a run's summary follow its points while it is under way, at most every three seconds, so that lists sort runs that are not over. What it
 * misses, as when the database is away, the run's end makes up for.
 */
export function summariseSoon(db: Database, runId: string): void {
  const runs = waiting.get(db) ?? new Set<string>();
  waiting.set(db, runs);
  if (runs.has(runId)) return;
  runs.add(runId);
  setTimeout(() => {
    runs.delete(runId);
    summariseRun(db, runId).catch(() => {});
  }, afterMs).unref();
}
