import { AuthError } from "assay";
import { type Database, transaction, type Work } from "../db/database.ts";
import { logActivity } from "./activity.ts";
import { forgetFailures } from "./failures.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { hashSecret, newSecret } from "./secrets.ts";
import { endSignIns } from "./sign-ins.ts";
import { getUser, type UserRow } from "./user-rows.ts";

const lifeDays = 7;

/** A code by which somebody sets a password, once; the one before it is void. */
export async function newInvitation(
  db: Database | Work,
  userId: string,
  actor: string | null,
): Promise<{ secret: string; expiresAt: Date }> {
  const { secret, hash } = newSecret("invitation");
  const expiresAt = new Date(Date.now() + lifeDays * 86_400_000);
  await db.deleteFrom("invitations").where("user_id", "=", userId).execute();
  await db
    .insertInto("invitations")
    .values({ secret_hash: hash, user_id: userId, created_by: actor, expires_at: expiresAt })
    .execute();
  return { secret, expiresAt };
}

/** Takes a user's password and sign-ins away, as an administrator does for one who lost it, and gives the code that sets another. */
export async function resetPassword(
  db: Database,
  actor: string | null,
  ref: string,
): Promise<{ secret: string; expiresAt: Date }> {
  return transaction(db, async (work) => {
    const user = await getUser(work, ref);
    await work.updateTable("users").set({ password_hash: null }).where("id", "=", user.id).execute();
    await endSignIns(work, user.id);
    await logActivity(work, { action: "user.reset_password", subject: user.username, userId: actor });
    return newInvitation(work, user.id, actor);
  });
}

/** Sets the password of an invitation's user, and uses the code up. Throws AuthError, ParamsError. */
export async function useInvitation(db: Database, code: string, password: string): Promise<UserRow> {
  const invited = await db
    .selectFrom("invitations as i")
    .innerJoin("users as u", "u.id", "i.user_id")
    .select(["u.id", "u.username"])
    .where("i.secret_hash", "=", hashSecret(code))
    .where("i.expires_at", ">", new Date())
    .where("u.active", "=", true)
    .executeTakeFirst();
  if (!invited) throw new AuthError("the code is wrong, used or too old: ask an administrator for another");
  checkPassword(password, invited.username);
  const passwordHash = await hashPassword(password);
  return transaction(db, async (work) => {
    const used = await work.deleteFrom("invitations").where("secret_hash", "=", hashSecret(code)).executeTakeFirst();
    if (used.numDeletedRows === 0n) throw new AuthError("the code is used");
    await setPassword(work, invited.id, passwordHash);
    await logActivity(work, { action: "user.set_password", subject: invited.username, userId: invited.id });
    return getUser(work, invited.id);
  });
}

/** Writes a password's hash, ends every sign-in that was made with the former, and forgets failures. */
export async function setPassword(db: Work, userId: string, passwordHash: string): Promise<void> {
  const { username } = await db
    .updateTable("users")
    .set({ password_hash: passwordHash, password_changed_at: new Date() })
    .where("id", "=", userId)
    .returning("username")
    .executeTakeFirstOrThrow();
  await endSignIns(db, userId);
  await forgetFailures(db, "account", username);
}
