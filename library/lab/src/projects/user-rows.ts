import { ConflictError, NotFoundError } from "assay";
import { type Selectable, sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { User } from "../contract/people.ts";
import type { Database, Work } from "../db/database.ts";
import type { PeopleTables } from "../db/people-tables.ts";

/** A row of `users`. */
export type UserRow = Selectable<PeopleTables["users"]>;

/** What a user is made from. */
interface NewUser extends Partial<Pick<UserRow, "admin" | "signs_in_by" | "password_hash" | "password_changed_at">> {
  readonly username: string;
  readonly email?: string | null | undefined;
  readonly full_name?: string | null | undefined;
}

/** A user by id or name. Throws NotFoundError. */
export async function getUser(db: Database | Work, ref: string): Promise<UserRow> {
  const byId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(ref);
  const found = await db
    .selectFrom("users")
    .selectAll()
    .where(byId ? "id" : "username", "=", byId ? ref : ref.toLowerCase())
    .executeTakeFirst();
  if (!found) throw new NotFoundError(`user: no user ${JSON.stringify(ref.slice(0, 100))}`);
  return found;
}

/** Writes a new user. Throws ConflictError where the name or the address is taken. */
export async function insertUser(db: Work, { email = null, full_name = null, ...user }: NewUser): Promise<UserRow> {
  await lockUsers(db);
  const taken = await db
    .selectFrom("users")
    .select("username")
    .where(({ eb, or, fn }) =>
      or([
        eb(fn("lower", ["username"]), "=", user.username),
        ...(email === null ? [] : [eb(fn("lower", ["email"]), "=", email.toLowerCase())]),
      ]),
    )
    .executeTakeFirst();
  if (taken)
    throw new ConflictError(
      taken.username.toLowerCase() === user.username
        ? `user: the name ${user.username} is taken`
        : "user: this e-mail address is taken",
    );
  return db
    .insertInto("users")
    .values({ ...user, id: uuidv7(), email, full_name })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Held by whoever makes users or changes who administers: one at a time. */
export async function lockUsers(db: Work): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('assay users', 9))`.execute(db);
}

/** A user outward: no hash. */
export function toUser(row: UserRow): User {
  const { id, username, full_name, email, avatar, active, admin, signs_in_by, created_at, seen_at } = row;
  const times = { created_at: created_at.toISOString(), seen_at: seen_at?.toISOString() ?? null };
  return { user_id: id, username, full_name, email, avatar, active, admin, signs_in_by, ...times };
}
