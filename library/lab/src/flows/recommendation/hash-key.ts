import { createHmac, randomBytes } from "node:crypto";
import { authorizeOften } from "../../projects/authorize-often.ts";
import type { Session } from "../../projects/session.ts";

/** Keys that were read, by project: a project's key never changes. */
const read = new Map<string, Buffer>();
const readMost = 1000;

/** The key under which people's ids are hashed in a project: made once, so that versions and the serving of recommendations agree. */
export async function hashKeyOf(session: Session): Promise<Buffer> {
  await authorizeOften(session, "read");
  const { db, projectId } = session;
  const known = read.get(projectId);
  if (known) return known;
  await db
    .insertInto("recommendation_keys")
    .values({ project_id: projectId, hash_key: randomBytes(32) })
    .onConflict((conflict) => conflict.column("project_id").doNothing())
    .execute();
  const { hash_key } = await db
    .selectFrom("recommendation_keys")
    .select("hash_key")
    .where("project_id", "=", projectId)
    .executeTakeFirstOrThrow();
  read.set(projectId, hash_key);
  if (read.size > readMost) read.delete(read.keys().next().value!);
  return hash_key;
}

/** What stands for a user's id in the datasets of a project. */
export function userKey(id: string, key: Uint8Array): string {
  return createHmac("sha256", key).update(id).digest("hex");
}

const namedByKey = /^key:([0-9a-f]{64})$/;

/** The key of whom a request is about: of a user's id, or the one that it names itself, `key:` before it, as a dataset has it. */
export function askedKey(user: string, key: Uint8Array): string {
  return namedByKey.exec(user)?.[1] ?? userKey(user, key);
}
