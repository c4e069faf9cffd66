import type { Activity } from "../contract/people.ts";
import type { Database, Work } from "../db/database.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import type { Session } from "./session.ts";

/** What somebody did. */
interface Deed {
  /** `sign_in`, `dataset.upload`, `member.put` … */
  readonly action: string;
  /** What it was done to: a name, `run/…`, an id. */
  readonly subject: string;
  readonly projectId?: string | null;
  readonly userId?: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes a line of the activity log; within a transaction it stands or falls with what was done. */
export async function logActivity(
  db: Database | Work,
  { action, subject, projectId = null, userId = null, detail = {} }: Deed,
): Promise<void> {
  await db
    .insertInto("activity_log")
    .values({ action, subject: subject.slice(0, 500), project_id: projectId, user_id: userId, detail: JSON.stringify(detail) })
    .execute();
}

/** The same, of the session's user in its project. */
export function logDeed(
  { userId, projectId }: Session,
  db: Database | Work,
  action: string,
  subject: string,
  detail = {},
): Promise<void> {
  return logActivity(db, { action, subject, projectId, userId, detail });
}

/** Which lines are asked for. */
interface ActivityQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly action?: string | undefined;
}

/** What was done, newest first: in a project, or by and to a user; undefined for everything. */
export async function listActivity(
  db: Database,
  of: { readonly projectId: string } | { readonly userId: string } | undefined,
  { limit = 50, cursor, action }: ActivityQuery = {},
): Promise<Page<Activity>> {
  let query = db
    .selectFrom("activity_log as a")
    .leftJoin("users as u", "u.id", "a.user_id")
    .select(["a.id", "a.project_id", "a.action", "a.subject", "a.detail", "a.at", "u.username"])
    .orderBy("a.id", "desc")
    .limit(limit + 1);
  if (of && "projectId" in of) query = query.where("a.project_id", "=", of.projectId);
  if (of && "userId" in of) query = query.where("a.user_id", "=", of.userId);
  if (action !== undefined) query = query.where("a.action", "=", action);
  if (cursor !== undefined) query = query.where("a.id", "<", String(readCursor(cursor, 1)[0]) as never);
  const rows = await query.execute();
  return pageOf(
    rows,
    limit,
    ({ id, project_id, action, subject, detail, at, username }) => ({
      id,
      project_id,
      action,
      subject,
      detail,
      username,
      at: at.toISOString(),
    }),
    ({ id }) => [id],
  );
}
