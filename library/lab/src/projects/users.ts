import { ConflictError, ParamsError, PermissionError } from "assay";
import { sql } from "kysely";
import type { PeopleSettings, ProfileChange, User, UserChange, UserCreate } from "../contract/people.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import { logActivity } from "./activity.ts";
import { newInvitation } from "./invitations.ts";
import { endSignIns } from "./sign-ins.ts";
import { getUser, insertUser, lockUsers, toUser } from "./user-rows.ts";

/** Which users are asked for. */
interface UserQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly active?: boolean | undefined;
  readonly search?: string | undefined;
}

/** Users by name. */
export async function listUsers(db: Database, { limit = 50, cursor, active, search }: UserQuery = {}): Promise<Page<User>> {
  let query = db
    .selectFrom("users")
    .selectAll()
    .orderBy("username")
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where("username", ">", String(readCursor(cursor, 1)[0]));
  if (active !== undefined) query = query.where("active", "=", active);
  if (search !== undefined)
    query = query.where(sql<boolean>`strpos(lower(concat_ws(' ', username, full_name, email)), ${search.toLowerCase()}) > 0`);
  return pageOf(await query.execute(), limit, toUser, ({ username }) => [username]);
}

/** Makes a user as an administrator does: with an invitation, or for a JupyterHub to sign in. Throws ConflictError. */
export async function createUser(
  db: Database,
  actor: string | null,
  { username, email, full_name: fullName, admin = false, signs_in_by: by = "password" }: UserCreate,
): Promise<{ user: User; code: string | null }> {
  return transaction(db, async (work) => {
    const user = await insertUser(work, { username, email, full_name: fullName, admin, signs_in_by: by });
    await logActivity(work, { action: "user.create", subject: user.username, userId: actor, detail: { admin, signs_in_by: by } });
    const code = by === "password" ? (await newInvitation(work, user.id, actor)).secret : null;
    return { user: toUser(user), code };
  });
}

/**
 * Deactivates or activates a user, gives or takes the right to administer. Deactivation ends sign-ins and tokens at once. Throws
 * ConflictError where nobody would be left who administers.
 */
export async function changeUser(db: Database, actor: string | null, ref: string, change: UserChange): Promise<User> {
  if (Object.keys(change).length === 0) throw new ParamsError("user: needs active, admin or signs_in_by");
  return transaction(db, async (work) => {
    await lockUsers(work);
    const before = await getUser(work, ref);
    const user = await work.updateTable("users").set(change).where("id", "=", before.id).returningAll().executeTakeFirstOrThrow();
    const admins = await work
      .selectFrom("users")
      .select("id")
      .where("admin", "=", true)
      .where("active", "=", true)
      // nobody signs in as the machine's user: it counts where it is the one who asks
      .$if(actor !== null, (query) => query.where(({ eb, or }) => or([eb("signs_in_by", "<>", "machine"), eb("id", "=", actor)])))
      .limit(1)
      .execute();
    if (admins.length === 0)
      throw new ConflictError(`user: ${user.username} is the last active administrator: make somebody else one first`);
    if (change.active === false) {
      await endSignIns(work, user.id);
      await work
        .updateTable("api_tokens")
        .set({ revoked_at: new Date() })
        .where("user_id", "=", user.id)
        .where("revoked_at", "is", null)
        .execute();
      await work.deleteFrom("invitations").where("user_id", "=", user.id).execute();
    }
    if (change.signs_in_by === "jupyterhub")
      await work.updateTable("users").set({ password_hash: null }).where("id", "=", user.id).execute();
    await logActivity(work, { action: "user.change", subject: user.username, userId: actor, detail: change });
    return toUser(user);
  });
}

/** Changes what a person says of themselves. Throws ConflictError for an address of another's. */
export async function changeProfile(db: Database, userId: string, change: ProfileChange): Promise<User> {
  if (change.email) {
    const other = await db
      .selectFrom("users")
      .select("id")
      .where(({ eb, fn }) => eb(fn("lower", ["email"]), "=", change.email!.toLowerCase()))
      .where("id", "<>", userId)
      .executeTakeFirst();
    if (other) throw new ConflictError("user: this e-mail address is taken");
  }
  if (Object.keys(change).length > 0) await db.updateTable("users").set(change).where("id", "=", userId).execute();
  return toUser(await getUser(db, userId));
}

/** Throws PermissionError unless the user administers. */
export async function checkAdmin(db: Database, userId: string): Promise<void> {
  const user = await db.selectFrom("users").select(["admin", "active"]).where("id", "=", userId).executeTakeFirst();
  if (!user?.admin || !user.active) throw new PermissionError("needs an administrator");
}

/** What administrators have set. */
export async function peopleSettings(db: Database | Work): Promise<PeopleSettings> {
  return db.selectFrom("people_settings").select("registration").executeTakeFirstOrThrow();
}

/** Sets it. */
export async function changePeopleSettings(db: Database, actor: string, settings: PeopleSettings): Promise<PeopleSettings> {
  await db.updateTable("people_settings").set(settings).execute();
  await logActivity(db, { action: "settings.people", subject: "people", userId: actor, detail: settings });
  return settings;
}
