import { v7 as uuidv7 } from "uuid";
import type { Work } from "../../db/database.ts";
import type { Session } from "../../projects/session.ts";
import { defineSubjectRows, subjectHash } from "../../registry/index.ts";
import { askedKey } from "./hash-key.ts";

defineSubjectRows({
  name: "recommendation_feedback",
  async erase(db, session, user) {
    const { projectId } = session;
    const key = await db
      .selectFrom("recommendation_keys")
      .select("hash_key")
      .where("project_id", "=", projectId)
      .executeTakeFirst();
    if (!key) return 0;
    const hashed = askedKey(user, key.hash_key);
    const feedback = await db
      .deleteFrom("recommendation_feedback")
      .where("project_id", "=", projectId)
      .where("user_key", "=", hashed)
      .executeTakeFirst();
    const vectors = await db
      .deleteFrom("embeddings")
      .where("project_id", "=", projectId)
      .where("kind", "=", "user")
      .where("entity", "=", hashed)
      .executeTakeFirst();
    await rememberKey(db, session, hashed);
    return Number(feedback.numDeletedRows) + Number(vectors.numDeletedRows) + (await eraseTested(db, projectId, hashed));
  },
});

/** Recommenders and datasets hold people under their keys: under theirs too they are erased. */
async function rememberKey(db: Work, { projectId, userId }: Session, hashed: string): Promise<void> {
  await db
    .insertInto("erasures")
    .values({
      id: uuidv7(),
      project_id: projectId,
      subject_hash: subjectHash(projectId, `key:${hashed}`),
      counts: "{}",
      actor: userId,
    })
    .execute();
}

/** What A/B tests hold of a person who was named by their key. */
async function eraseTested(db: Work, projectId: string, hashed: string): Promise<number> {
  let count = 0;
  for (const table of ["ab_assignments", "ab_outcomes"] as const) {
    const gone = db.deleteFrom(table).where("project_id", "=", projectId).where("user_key", "=", `key:${hashed}`);
    count += Number((await gone.executeTakeFirst()).numDeletedRows);
  }
  return count;
}
