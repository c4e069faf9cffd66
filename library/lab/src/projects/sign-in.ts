import { AuthError, PermissionError } from "assay";
import type { RegisterRequest } from "../contract/people.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { logActivity } from "./activity.ts";
import { countAttempt, forgetFailures, takeBackAttempt } from "./failures.ts";
import { setPassword } from "./invitations.ts";
import { checkPassword, hashPassword, isStale, verifyPassword } from "./passwords.ts";
import { beginSignIn, type OpenSignIn, type Origin } from "./sign-ins.ts";
import { insertUser, lockUsers, type UserRow } from "./user-rows.ts";
import { peopleSettings } from "./users.ts";

/** A user with the sign-in that was begun. */
export interface SignedIn {
  readonly user: UserRow;
  readonly signIn: OpenSignIn & { readonly secret: string };
}

/** Whether nobody has set a password yet: the service is fresh. */
export async function isFresh(db: Database | Work): Promise<boolean> {
  const somebody = await db.selectFrom("users").select("id").where("password_hash", "is not", null).limit(1).executeTakeFirst();
  return somebody === undefined;
}

/**
 * Registers a user and signs them in. The first of a fresh service administers it, from this machine only, and may take the name that the
 * machine's user has, with their projects; later ones need registration to be open. Throws PermissionError, ConflictError, ParamsError.
 */
export async function register(
  db: Database,
  { username, password, email, full_name }: RegisterRequest,
  origin: Origin & { readonly local: boolean },
): Promise<SignedIn> {
  checkPassword(password, username);
  await countAttempt(db, "address", origin.address);
  const passwordHash = await hashPassword(password);
  return transaction(db, async (work) => {
    await lockUsers(work);
    const first = await isFresh(work);
    if (first && !origin.local)
      throw new PermissionError("register: the first user is made on the service's own machine: assay user add NAME --admin");
    if (!first && (await peopleSettings(work)).registration !== "open")
      throw new PermissionError("register: registration is closed: ask an administrator for an invitation");
    const made = { username, email: email ?? null, full_name: full_name ?? null, password_hash: passwordHash };
    const own = first ? await machineUser(work, username) : undefined;
    const user = own
      ? await work
          .updateTable("users")
          .set({ ...made, admin: true })
          .where("id", "=", own)
          .returningAll()
          .executeTakeFirstOrThrow()
      : await insertUser(work, { ...made, admin: first, password_changed_at: new Date() });
    await logActivity(work, { action: "user.register", subject: username, userId: user.id, detail: { admin: user.admin } });
    return { user, signIn: await beginSignIn(work, user.id, origin) };
  });
}

async function machineUser(db: Work, username: string): Promise<string | undefined> {
  const found = await db
    .selectFrom("users")
    .select("id")
    .where("username", "=", username)
    .where("signs_in_by", "=", "machine")
    .executeTakeFirst();
  return found?.id;
}

/**
 * Signs a user in. Whoever is unknown, has no password or is deactivated costs the same work and gets the same answer. Throws AuthError, and
 * RateError after repeated failures.
 */
export async function signIn(
  db: Database,
  { username, password }: { readonly username: string; readonly password: string },
  origin: Origin,
): Promise<SignedIn> {
  await countAttempt(db, "address", origin.address);
  await countAttempt(db, "account", username);
  const user = await db.selectFrom("users").selectAll().where("username", "=", username).executeTakeFirst();
  const isRight = await verifyPassword(user?.password_hash ?? null, password);
  if (!user || !isRight || !user.active) {
    await logActivity(db, {
      action: "user.sign_in_failed",
      subject: username,
      userId: user?.id ?? null,
      detail: { address: origin.address },
    });
    throw new AuthError("sign-in: the username or the password is wrong");
  }
  await forgetFailures(db, "account", username);
  await takeBackAttempt(db, origin.address);
  if (isStale(user.password_hash!))
    await db
      .updateTable("users")
      .set({ password_hash: await hashPassword(password) })
      .where("id", "=", user.id)
      .execute();
  const begun = await beginSignIn(db, user.id, origin);
  await logActivity(db, { action: "user.sign_in", subject: username, userId: user.id, detail: { address: origin.address } });
  return { user, signIn: begun };
}

/**
 * Sets another password, for who knows the present one; ends every sign-in and begins a new one for whoever asks. Tokens
 * stay: they are revoked by name. Throws AuthError, ParamsError, RateError.
 */
export async function changePassword(
  db: Database,
  user: Pick<UserRow, "id" | "username">,
  { password, new_password: wanted }: { readonly password: string; readonly new_password: string },
  origin: Origin,
): Promise<OpenSignIn & { readonly secret: string }> {
  await countAttempt(db, "account", user.username);
  const { password_hash: former } = await db
    .selectFrom("users")
    .select("password_hash")
    .where("id", "=", user.id)
    .executeTakeFirstOrThrow();
  if (!(await verifyPassword(former, password))) throw new AuthError("password: the present one is wrong");
  checkPassword(wanted, user.username);
  const passwordHash = await hashPassword(wanted);
  return transaction(db, async (work) => {
    await setPassword(work, user.id, passwordHash);
    await logActivity(work, { action: "user.change_password", subject: user.username, userId: user.id });
    return beginSignIn(work, user.id, origin);
  });
}
