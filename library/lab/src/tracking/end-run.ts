import { ConflictError, NotFoundError } from "assay";
import type { Run } from "../contract/training.ts";
import { transaction, type Work } from "../db/database.ts";
import { emit, orderWrites } from "../db/events.ts";
import type { Session } from "../projects/session.ts";
import { keptText } from "./run-json.ts";
import { summarise } from "./summary.ts";

/** How a run may end. */
export type Ending = "completed" | "failed" | "cancelled";

/** What a run's end is told. */
export interface EndOptions {
  readonly error?: string | undefined;
  /** Where the error was thrown. */
  readonly stack?: string | undefined;
  /** The attempt that ends it; another one changes nothing. */
  readonly attempt?: number | undefined;
  /** The transaction that the end is part of; default one of its own. */
  readonly inside?: Work | undefined;
}

/**
 * Ends a run with the last value of each of its metrics. Throws ConflictError for a run that has ended, or was taken up by another worker.
 */
export async function finishRun(
  session: Session,
  id: string,
  status: Ending,
  { error, stack, attempt, inside }: EndOptions = {},
): Promise<void> {
  const readable = (text: string | undefined, most: number): string | null => (text === undefined ? null : keptText(text, most));
  const end = async (db: Work): Promise<void> => {
    await orderWrites(db, id);
    const ending = { status, ended_at: new Date(), error: readable(error, 10_000), error_stack: readable(stack, 20_000) };
    await move(session, db, id, attempt, { ...ending, progress: null, lease_until: null });
    await summarise(db, id);
  };
  await (inside ? end(inside) : transaction(session.db, end));
}

async function move(
  session: Session,
  db: Work,
  id: string,
  attempt: number | undefined,
  values: Record<string, unknown> & { status: string },
): Promise<void> {
  let query = db
    .updateTable("runs")
    .set(values as never)
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .where("status", "in", ["pending", "training"]);
  if (attempt !== undefined) query = query.where("attempt", "=", attempt);
  const { numUpdatedRows } = await query.executeTakeFirst();
  if (numUpdatedRows === 0n) throw await conflict(db, session, id, values.status, attempt);
  const error = (values["error"] as string | null | undefined) ?? null;
  await emit(db, session.projectId, id, { kind: "run", run_id: id, run_status: values.status as Run["status"], error });
}

async function conflict(db: Work, session: Session, id: string, wanted: string, attempt: number | undefined): Promise<Error> {
  const row = await db
    .selectFrom("runs")
    .select(["status", "attempt"])
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .executeTakeFirst();
  if (!row) return new NotFoundError(`run: no run ${id}`);
  const by = attempt !== undefined && row.attempt !== attempt ? `, attempt ${row.attempt} has taken it over from ${attempt}` : "";
  return new ConflictError(`run: ${id} is ${row.status} and cannot become ${wanted}${by}`);
}

/** Progress of the fit under way. */
export async function reportProgress(
  session: Session,
  id: string,
  progress: { readonly step: number; readonly steps: number; readonly elapsedMs: number },
): Promise<void> {
  const data = { step: progress.step, steps: progress.steps, elapsed_ms: Math.round(progress.elapsedMs) };
  await session.db
    .updateTable("runs")
    .set({ progress: JSON.stringify(data) })
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .where("status", "=", "training")
    .execute();
  await emit(session.db, session.projectId, id, { kind: "progress", run_id: id, progress: data });
}
