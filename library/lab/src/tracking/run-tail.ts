import type { LogLine } from "../contract/training.ts";
import type { Session } from "../projects/session.ts";

/** What a report says of a run beside its record. */
export interface RunTail {
  /** Who made it; null where nobody is known. */
  readonly createdBy: string | null;
  /** The last lines of its log, oldest first. */
  readonly lines: readonly LogLine[];
  /** Lines that the log has. */
  readonly logged: number;
}

/** Who made a run, and the end of its log. */
export async function runTail({ db, projectId }: Session, runId: string, most = 200): Promise<RunTail> {
  const [owner, lines, count] = await Promise.all([
    db
      .selectFrom("runs as r")
      .innerJoin("users as u", "u.id", "r.created_by")
      .select("u.username")
      .where("r.id", "=", runId)
      .where("r.project_id", "=", projectId)
      .executeTakeFirst(),
    db.selectFrom("run_logs").selectAll().where("run_id", "=", runId).orderBy("id", "desc").limit(most).execute(),
    db
      .selectFrom("run_logs")
      .select((eb) => eb.fn.countAll<string>().as("n"))
      .where("run_id", "=", runId)
      .executeTakeFirstOrThrow(),
  ]);
  const shown = lines.reverse().map(({ id, level, message, at }) => ({ id, level, message, at: at.toISOString() }));
  return { createdBy: owner?.username ?? null, lines: shown, logged: Number(count.n) };
}
