import { v7 as uuidv7 } from "uuid";
import type { LogLine } from "../contract/training.ts";
import { transaction } from "../db/database.ts";
import { notify, orderWrites } from "../db/events.ts";
import type { Session } from "../projects/session.ts";
import { newBatches } from "./metrics.ts";
import { redactText } from "./redact.ts";
import { runKey } from "./run-id.ts";
import { plainText } from "./run-json.ts";

/** Appends lines to a run's log; passwords in them are hidden. A batch id that the run has seen is not written again. Throws NotFoundError. */
export async function logLines(
  session: Session,
  runId: string,
  lines: readonly Pick<LogLine, "level" | "message">[],
  { batchId }: { readonly batchId?: string | undefined } = {},
): Promise<void> {
  if (lines.length === 0) return;
  const key = runKey(runId);
  const batch = batchId === undefined ? uuidv7() : `log ${plainText(batchId)}`;
  await transaction(session.db, async (db) => {
    await orderWrites(db, key);
    const states = await newBatches(session, db, [{ runId: key, batchId: batch, points: [], told: 0 }]);
    if (states.size === 0) return;
    const rows = lines.map(({ level, message }) => ({
      run_id: key,
      level,
      message: plainText(redactText(message.slice(0, 10_000))),
    }));
    await db.insertInto("run_logs").values(rows).execute();
    await notify(db, session.projectId, key);
  });
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
