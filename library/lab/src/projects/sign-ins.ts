import { NotFoundError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { SignIn } from "../contract/people.ts";
import type { Database, Work } from "../db/database.ts";
import { hashSecret, newSecret } from "./secrets.ts";

/** A sign-in ends after so long without a request … */
const idleHours = 24;
/** … and after so long whatever happens. */
export const lifeDays = 14;
/** From this age on its secret is replaced; the former is good for requests that were under way. */
const rotateMinutes = 60;
const graceSeconds = 60;

/** Where somebody signs in from. */
export interface Origin {
  readonly address: string;
  readonly program?: string | undefined;
}

/** A sign-in that was begun or found. */
export interface OpenSignIn {
  readonly id: string;
  readonly userId: string;
  /** To be put into the cookie, where it is new. */
  readonly secret?: string;
}

/** Begins a sign-in: always with a new secret, whatever the browser had before. */
export async function beginSignIn(
  db: Database | Work,
  userId: string,
  { address, program }: Origin,
): Promise<OpenSignIn & { readonly secret: string }> {
  const { secret, hash } = newSecret("session");
  const id = uuidv7();
  await db
    .insertInto("sessions")
    .values({
      id,
      user_id: userId,
      secret_hash: hash,
      address,
      program: program?.slice(0, 200) ?? null,
      expires_at: new Date(Date.now() + lifeDays * 86_400_000),
    })
    .execute();
  await db.updateTable("users").set({ seen_at: new Date() }).where("id", "=", userId).execute();
  return { id, userId, secret };
}

/** The sign-in of a cookie's secret, of an active user; replaced by a new secret every hour, by one of the requests that come at once. */
export async function findSignIn(db: Database, secret: string): Promise<OpenSignIn | undefined> {
  const hash = hashSecret(secret);
  const { rows } = await sql<{ id: string; user_id: string; current: boolean; old: boolean; unseen: boolean }>`
    select s.id, s.user_id, s.secret_hash = ${hash} as current, s.rotated_at < now() - ${rotateMinutes} * interval '1 minute' as old,
      s.seen_at < now() - interval '1 minute' as unseen
    from sessions s join users u on u.id = s.user_id
    where (s.secret_hash = ${hash} or s.former_hash = ${hash} and s.rotated_at > now() - ${graceSeconds} * interval '1 second')
      and s.expires_at > now() and s.seen_at > now() - ${idleHours} * interval '1 hour' and u.active`.execute(db);
  const found = rows[0];
  if (!found) return undefined;
  const open = { id: found.id, userId: found.user_id };
  if (found.current && found.old) {
    const next = newSecret("session");
    const rotated =
      await sql`update sessions set former_hash = secret_hash, secret_hash = ${next.hash}, rotated_at = now(), seen_at = now()
      where id = ${found.id} and secret_hash = ${hash}`.execute(db);
    if (rotated.numAffectedRows === 1n) return { ...open, secret: next.secret };
  } else if (found.unseen) await sql`update sessions set seen_at = now() where id = ${found.id}`.execute(db);
  return open;
}

/** Ends one sign-in of a user. Throws NotFoundError. */
export async function endSignIn(db: Database, userId: string, id: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom("sessions")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new NotFoundError(`sign-in: no sign-in ${id}`);
}

/** Ends all sign-ins of a user, but one where it is given. */
export async function endSignIns(db: Database | Work, userId: string, except?: string): Promise<void> {
  let ended = db.deleteFrom("sessions").where("user_id", "=", userId);
  if (except !== undefined) ended = ended.where("id", "<>", except);
  await ended.execute();
}

/** The sign-ins of a user that are good, newest first. */
export async function listSignIns(db: Database, userId: string, current?: string): Promise<SignIn[]> {
  const rows = await db
    .selectFrom("sessions")
    .select(["id", "address", "program", "created_at", "seen_at", "expires_at"])
    .where("user_id", "=", userId)
    .where("expires_at", ">", new Date())
    .where("seen_at", ">", new Date(Date.now() - idleHours * 3_600_000))
    .orderBy("created_at", "desc")
    .limit(500)
    .execute();
  return rows.map(({ id, address, program, created_at, seen_at, expires_at }) => ({
    session_id: id,
    current: id === current,
    address,
    program,
    created_at: created_at.toISOString(),
    seen_at: seen_at.toISOString(),
    expires_at: expires_at.toISOString(),
  }));
}

/** Removes sign-ins and invitations that are over, and tokens that expired or were revoked a month ago. */
export async function removeOldSignIns(db: Database): Promise<void> {
  await sql`delete from sessions where expires_at < now() or seen_at < now() - ${idleHours} * interval '1 hour'`.execute(db);
  await sql`delete from invitations where expires_at < now()`.execute(db);
  await sql`delete from api_tokens where least(expires_at, revoked_at) < now() - interval '30 days'`.execute(db);
}
