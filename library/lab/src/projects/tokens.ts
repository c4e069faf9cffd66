import { LimitError, NotFoundError } from "assay";
import { type Selectable, sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Token, TokenCreate } from "../contract/people.ts";
import { type Database, transaction } from "../db/database.ts";
import { type Page, pageOf, readIdCursor } from "../db/pages.ts";
import type { PeopleTables } from "../db/people-tables.ts";
import { logActivity } from "./activity.ts";
import { authorize, type Grant } from "./authorize.ts";
import { hashSecret, newSecret } from "./secrets.ts";

const tokensMost = 200;

/** What a token says of its holder. */
export interface TokenHolder {
  readonly userId: string;
  readonly grant: Grant;
}

/** Makes a token; its secret is answered this once. Throws LimitError beyond 200 good ones, NotFoundError for a project not the user's. */
export async function createToken(
  db: Database,
  userId: string,
  { name, scopes = ["write"], project_id: projectId, expires_days: days = 90 }: TokenCreate,
): Promise<{ secret: string; token: Token }> {
  if (projectId !== undefined) await authorize({ db, userId, projectId }, "read");
  const { secret, hash, hint } = newSecret("token");
  return transaction(db, async (work) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${userId}, 10))`.execute(work);
    const { n } = await work
      .selectFrom("api_tokens")
      .select((eb) => eb.fn.countAll<string>().as("n"))
      .where("user_id", "=", userId)
      .where("revoked_at", "is", null)
      .executeTakeFirstOrThrow();
    if (Number(n) >= tokensMost) throw new LimitError(`tokens: at most ${tokensMost} a user: revoke those that nobody uses`);
    const token = await work
      .insertInto("api_tokens")
      .values({
        id: uuidv7(),
        user_id: userId,
        project_id: projectId ?? null,
        name,
        secret_hash: hash,
        hint,
        scopes: [...new Set(scopes)],
        expires_at: days === null ? null : new Date(Date.now() + days * 86_400_000),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await logActivity(work, {
      action: "token.create",
      subject: name,
      userId,
      detail: { hint, scopes, project_id: projectId ?? null },
    });
    return { secret, token: toToken(token) };
  });
}

/** Good tokens of a user, newest first. */
export async function listTokens(
  db: Database,
  userId: string,
  { limit = 50, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<Page<Token>> {
  let query = db
    .selectFrom("api_tokens")
    .selectAll()
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .orderBy("id", "desc")
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where("id", "<", readIdCursor(cursor));
  return pageOf(await query.execute(), limit, toToken, ({ id }) => [id]);
}

/** Ends a token at once. Throws NotFoundError. */
export async function revokeToken(db: Database, userId: string, id: string): Promise<void> {
  await transaction(db, async (work) => {
    const revoked = await work
      .updateTable("api_tokens")
      .set({ revoked_at: new Date() })
      .where("id", "=", id)
      .where("user_id", "=", userId)
      .where("revoked_at", "is", null)
      .returning(["name", "hint"])
      .executeTakeFirst();
    if (!revoked) throw new NotFoundError(`token: no token ${id}`);
    await logActivity(work, { action: "token.revoke", subject: revoked.name, userId, detail: { hint: revoked.hint } });
  });
}

/** Whom a token stands for; undefined for one that is wrong, expired or revoked, or whose user was deactivated. */
export async function findToken(db: Database, secret: string): Promise<TokenHolder | undefined> {
  const found = await db
    .selectFrom("api_tokens as t")
    .innerJoin("users as u", "u.id", "t.user_id")
    .select(["t.id", "t.user_id", "t.scopes", "t.project_id", "t.used_at"])
    .where("t.secret_hash", "=", hashSecret(secret))
    .where("t.revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("t.expires_at", "is", null), eb("t.expires_at", ">", new Date())]))
    .where("u.active", "=", true)
    .executeTakeFirst();
  if (!found) return undefined;
  if (!found.used_at || Date.now() - found.used_at.getTime() > 60_000)
    await db.updateTable("api_tokens").set({ used_at: new Date() }).where("id", "=", found.id).execute();
  return { userId: found.user_id, grant: { scopes: found.scopes, projectId: found.project_id } };
}

function toToken(row: Selectable<PeopleTables["api_tokens"]>): Token {
  return {
    token_id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    project_id: row.project_id,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    used_at: row.used_at?.toISOString() ?? null,
  };
}
