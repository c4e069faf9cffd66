import { RateError } from "assay";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { hashSubject } from "./secrets.ts";

/** Failures that cost nothing, and the longest wait: an account's failures lock strangers out for minutes, never its owner for days. */
const bounds = {
  account: { free: 5, longestSeconds: 900 },
  address: { free: 30, longestSeconds: 3600 },
} as const;
const firstWaitSeconds = 5;

/**
 * Counts an attempt to sign in before it is tried, so that many at once are counted too; a good one takes the account's count back. Each
 * failure above the free ones doubles the wait. Known and unknown names are counted alike. Throws RateError, with `retryAfterSeconds`, while one must wait.
 */
export async function countAttempt(db: Database, kind: keyof typeof bounds, name: string): Promise<void> {
  const { free, longestSeconds } = bounds[kind];
  const subject = hashSubject(kind, name);
  const counted = await sql`insert into sign_in_failures as f (subject, failures) values (${subject}, 1)
    on conflict (subject) do update set
      failures = case when f.last_at < now() - interval '1 day' then 1 else f.failures + 1 end,
      last_at = now(),
      locked_until = case when f.last_at >= now() - interval '1 day' and f.failures >= ${free}
        then now() + least(${longestSeconds}, ${firstWaitSeconds} * exp(ln(2) * least(f.failures - ${free}, 20))) * interval '1 second'
        else '-infinity' end
    where f.locked_until <= now()
    returning 1`.execute(db);
  if (counted.rows.length > 0) return;
  const { rows } = await sql<{ seconds: number }>`select ceil(extract(epoch from locked_until - now()))::integer as seconds
    from sign_in_failures where subject = ${subject}`.execute(db);
  const retryAfterSeconds = Math.max(1, rows[0]?.seconds ?? 1);
  const message = `sign-in: too many failures for this ${kind}: try again in ${retryAfterSeconds} s`;
  throw Object.assign(new RateError(message), { retryAfterSeconds });
}

/** Forgets the failures of whoever signed in, or was given a new password. */
export async function forgetFailures(db: Database, kind: keyof typeof bounds, name: string): Promise<void> {
  await db.deleteFrom("sign_in_failures").where("subject", "=", hashSubject(kind, name)).execute();
}

/** Takes an address's attempt back that was a good one; its failures stay. */
export async function takeBackAttempt(db: Database, address: string): Promise<void> {
  await sql`update sign_in_failures set failures = greatest(failures - 1, 0), locked_until = '-infinity'
    where subject = ${hashSubject("address", address)}`.execute(db);
}

/** Removes counts that no longer matter. */
export async function removeOldFailures(db: Database): Promise<void> {
  await sql`delete from sign_in_failures where last_at < now() - interval '1 day' and locked_until < now()`.execute(db);
}
