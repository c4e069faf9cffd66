import { ParamsError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { transaction, type Work } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { flushPredictions, subjectHash } from "./prediction-log.ts";

/** Rows that speak of a person. */
interface SubjectRows {
  /** What they are called in the answer: predictions, assignments … */
  readonly name: string;
  /** Deletes a person's rows of the session's project inside the transaction, and says how many. */
  erase(db: Work, session: Session, userKey: string): Promise<number>;
}

const known: SubjectRows[] = [];

/** Has rows of a person erased with all others. */
export function defineSubjectRows(rows: SubjectRows): void {
  known.push(rows);
}

/** Tables whose rows name a person by their key. */
type KeyedTable = "predictions" | "outcomes" | "ab_assignments" | "ab_outcomes";

/** Deletes the rows of these tables that name a person by this key, and says how many. */
export async function eraseKeyed(db: Work, projectId: string, tables: readonly KeyedTable[], userKey: string): Promise<number> {
  let count = 0;
  for (const table of tables) {
    const gone = db.deleteFrom(table).where("project_id", "=", projectId).where("user_key", "=", userKey);
    count += Number((await gone.executeTakeFirst()).numDeletedRows);
  }
  return count;
}

defineSubjectRows({
  name: "predictions",
  erase: (db, { projectId }, userKey) => eraseKeyed(db, projectId, ["predictions"], userKey),
});

// online rows of feature views; the offline rows go when the view is materialised next, and are not joined before that
defineSubjectRows({
  name: "features",
  async erase(db, { projectId }, userKey) {
    const gone = db.deleteFrom("feature_rows").where("project_id", "=", projectId).where("key", "=", userKey);
    return Number((await gone.executeTakeFirst()).numDeletedRows);
  },
});

/**
 * Erases a person's predictions, assignments, feedback and features in one transaction, and says how many rows of each. What another process
 * had not written yet is not written after it; who was erased is kept as a hash.
 */
export async function eraseSubject(session: Session, userKey: string): Promise<Record<string, number>> {
  await authorize(session, "delete");
  if (userKey.trim() === "") throw new ParamsError("subjects: a person's key must not be empty");
  await flushPredictions(session).catch(() => {}); // what still waits is held back by the record below
  return transaction(session.db, async (db) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`erase ${session.projectId}`}, 6))`.execute(db);
    const counts: Record<string, number> = {};
    // predictions, the first that is known, go last: what hangs on them is counted before
    for (const { name, erase } of known.toReversed()) counts[name] = await erase(db, session, userKey);
    const subject_hash = subjectHash(session.projectId, userKey);
    const values = {
      id: uuidv7(),
      project_id: session.projectId,
      subject_hash,
      counts: JSON.stringify(counts),
      actor: session.userId,
    };
    await db.insertInto("erasures").values(values).execute();
    return counts;
  });
}
