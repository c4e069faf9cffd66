import { v7 as uuidv7 } from "uuid";
import type { Work } from "../../db/database.ts";
import type { Session } from "../../projects/session.ts";
import { defineSubjectRows, eraseKeyed, subjectHash } from "../../registry/index.ts";
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
    const tested = await eraseKeyed(db, projectId, ["ab_assignments", "ab_outcomes"], `key:${hashed}`);
    await rememberKey(db, session, hashed);
    return Number(feedback.numDeletedRows) + Number(vectors.numDeletedRows) + tested;
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
