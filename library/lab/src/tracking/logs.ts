import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { LogLine } from "../contract/training.ts";
import { transaction, type Work } from "../db/database.ts";
import type { Session } from "../projects/session.ts";
import { groupCommit } from "./group-commit.ts";
import { lockRuns, newBatches, notifyRuns } from "./metrics.ts";
import { runKey } from "./run-id.ts";
import { keptText, plainText } from "./run-json.ts";

/** Signs of a line at most. */
const messageMost = 10_000;

/** Lines of one run, told at once. */
interface LogBatch {
  readonly runId: string;
  readonly batchId: string;
  readonly lines: readonly Pick<LogLine, "level" | "message">[];
}

/**
 * Appends lines to a run's log; passwords in them are hidden. A batch id that the run has seen is not written again. Batches of many callers share a
 * transaction. Throws NotFoundError.
 */
export async function logLines(
  session: Session,
  runId: string,
  lines: readonly Pick<LogLine, "level" | "message">[],
  { batchId }: { readonly batchId?: string | undefined } = {},
): Promise<void> {
  if (lines.length === 0) return;
  await appenderOf(session)({
    runId: runKey(runId),
    batchId: batchId === undefined ? uuidv7() : `log ${plainText(batchId)}`,
    lines,
  });
}

const appenders = new WeakMap<Session, (batch: LogBatch) => Promise<undefined>>();

/** One group at a time: a second would only wait for the first one's runs, with a connection in its hand. */
function appenderOf(session: Session): (batch: LogBatch) => Promise<undefined> {
  let append = appenders.get(session);
  if (!append) {
    const commit = (batches: readonly LogBatch[]) => appendAll(session, batches);
    append = groupCommit(commit, ({ lines }) => lines.length, { lanes: 1 });
    appenders.set(session, append);
  }
  return append;
}

async function appendAll(session: Session, batches: readonly LogBatch[]): Promise<undefined[]> {
  const runs = [...new Set(batches.map(({ runId }) => runId))].sort();
  await transaction(session.db, async (db) => {
    await lockRuns(db, runs);
    const states = await newBatches(session, db, batches);
    const byKey = new Map(batches.map((batch) => [`${batch.runId} ${batch.batchId}`, batch])); // one that came twice is one
    const rows = [...byKey].flatMap(([key, { runId, lines }]) =>
      states.has(key)
        ? lines.map(({ level, message }) => ({ run_id: runId, level, message: keptText(message, messageMost) }))
        : [],
    );
    if (rows.length === 0) return;
    await insertLines(db, rows);
    await notifyRuns(db, session.projectId, runs);
  });
  return batches.map(() => undefined);
}

async function insertLines(
  db: Work,
  rows: readonly (Pick<LogLine, "level" | "message"> & { readonly run_id: string })[],
): Promise<void> {
  const column = (name: "run_id" | "level" | "message") => rows.map((row) => row[name]);
  await sql`insert into run_logs (run_id, level, message) select run_id, level, message
    from unnest(${column("run_id")}::uuid[], ${column("level")}::text[], ${column("message")}::text[]) with ordinality
      as line (run_id, level, message, place) order by place`.execute(db);
}

/** Lines of a run's log, oldest first. */
export async function runLogs(
  session: Session,
  runId: string,
  { limit = 500, after = "0" }: { readonly limit?: number; readonly after?: string } = {},
): Promise<LogLine[]> {
  const rows = await session.db
    .selectFrom("run_logs as l")
    .innerJoin("runs as r", "r.id", "l.run_id")
    .selectAll("l")
    .where("l.run_id", "=", runId)
    .where("r.project_id", "=", session.projectId)
    .where("l.id", ">", after as never)
    .orderBy("l.id")
    .limit(limit)
    .execute();
  return rows.map(({ id, level, message, at }) => ({ id, level, message, at: at.toISOString() }));
}
