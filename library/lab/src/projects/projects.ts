import { ConflictError, NotFoundError, ParamsError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Project, ProjectChange, ProjectCreate } from "../contract/people.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { logActivity } from "./activity.ts";
import { authorize, checkGrant } from "./authorize.ts";
import type { Session } from "./session.ts";

/** Makes a project that the user owns. Throws ConflictError where they own one of this name. */
export async function createProject(
  { db, userId, grant }: Session,
  { name, description = "", public: isPublic = false, metadata = {} }: ProjectCreate,
): Promise<Project> {
  checkGrant(grant, "write");
  if (grant && grant.projectId !== null) checkGrant(grant, "write", "a new one");
  const id = uuidv7();
  await transaction(db, async (work) => {
    await refuseTakenName(work, userId, name);
    await work
      .insertInto("projects")
      .values({ id, owner_id: userId, name, description, public: isPublic, metadata: JSON.stringify(metadata) })
      .execute();
    await logActivity(work, { action: "project.create", subject: name, projectId: id, userId });
  });
  return getProject(db, userId, id);
}

/** Which projects are asked for. */
export interface ProjectsQuery {
  readonly which?: "mine" | "public" | "all" | undefined;
  readonly project_status?: "active" | "archived" | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Projects by name: those of the user, those open to everybody, or for administrators all. */
export async function listProjects(
  { db, userId, grant }: Session,
  { which = "mine", project_status: status, limit = 50, cursor }: ProjectsQuery = {},
): Promise<Page<Project>> {
  let query = rows(db, userId)
    .orderBy("p.name")
    .orderBy("p.id")
    .limit(limit + 1);
  if (grant && grant.projectId !== null) query = query.where("p.id", "=", grant.projectId);
  if (which === "mine") query = query.where(({ eb, or }) => or([eb("p.owner_id", "=", userId), eb("m.role", "is not", null)]));
  if (which === "public") query = query.where("p.public", "=", true);
  if (which === "all")
    query = query.where(({ eb, or }) =>
      or([eb("p.owner_id", "=", userId), eb("m.role", "is not", null), eb("p.public", "=", true), eb("me.admin", "=", true)]),
    );
  if (status !== undefined) query = query.where("p.status", "=", status);
  if (cursor !== undefined) {
    const [name, id] = readCursor(cursor, 2).map(String);
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple("p.name", "p.id"), ">", tuple(name!, id!)));
  }
  return pageOf(
    await query.execute(),
    limit,
    (row) => toProject(row, userId),
    ({ name, id }) => [name, id],
  );
}

/** A project by id as the user sees it; whether they may is asked before. Throws NotFoundError. */
export async function getProject(db: Database, userId: string, id: string): Promise<Project> {
  const row = await rows(db, userId).where("p.id", "=", id).executeTakeFirst();
  if (!row) throw new NotFoundError(`no project ${id}`);
  return toProject(row, userId);
}

/** The id of a project by id or by name: the user's own before others'. Throws NotFoundError. */
export async function findProject(session: Session, ref: string): Promise<string> {
  const byId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(ref);
  const found = await rows(session.db, session.userId)
    .where(byId ? "p.id" : "p.name", "=", ref)
    .orderBy(sql`p.owner_id = ${session.userId}`, "desc")
    .orderBy(sql`m.role is not null`, "desc")
    .orderBy("p.created_at")
    .limit(1)
    .executeTakeFirst();
  if (!found) throw new NotFoundError(`no project ${JSON.stringify(ref.slice(0, 200))}`);
  await authorize({ ...session, projectId: found.id }, "read");
  return found.id;
}

/** Changes name, description, openness, metadata; archives, restores. Throws PermissionError unless an owner asks, ConflictError. */
export async function changeProject(session: Session, change: ProjectChange): Promise<Project> {
  const { db, userId, projectId } = session;
  await authorize(session, "manage");
  if (Object.values(change).every((value) => value === undefined)) throw new ParamsError("project: nothing is to be changed");
  const { project_status: status, metadata, ...plain } = change;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  await transaction(db, async (work) => {
    const before = await work
      .selectFrom("projects")
      .select(["name", "owner_id"])
      .where("id", "=", projectId)
      .executeTakeFirstOrThrow();
    if (change.name !== undefined && change.name !== before.name) await refuseTakenName(work, before.owner_id, change.name);
    await work
      .updateTable("projects")
      .set({ ...given, ...(status && { status }), ...(metadata && { metadata: JSON.stringify(metadata) }) })
      .where("id", "=", projectId)
      .execute();
    const { metadata: _, ...told } = change;
    await logActivity(work, { action: "project.change", subject: before.name, projectId, userId, detail: told });
  });
  return getProject(db, userId, projectId);
}

/** Removes the session's project with all that is in it, and its files. Throws PermissionError unless an owner asks, ConflictError while a run is made. */
export async function deleteProject(session: Session): Promise<void> {
  const { db, store, userId, projectId } = session;
  await authorize(session, "manage");
  const files = await transaction(db, async (work) => {
    const { name } = await work
      .selectFrom("projects")
      .select("name")
      .where("id", "=", projectId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const busy = await work
      .selectFrom("jobs")
      .select("id")
      .where("project_id", "=", projectId)
      .where("status", "=", "running")
      .limit(1)
      .executeTakeFirst();
    if (busy) throw new ConflictError(`project: the job ${busy.id} is at work in it: cancel it first`);
    const found = await filesOf(work, projectId);
    await work.deleteFrom("projects").where("id", "=", projectId).execute();
    await logActivity(work, {
      action: "project.delete",
      subject: name,
      userId,
      detail: { project_id: projectId, files: found.length },
    });
    return found;
  });
  for (const file of files) await store.remove(file);
}

/** Names of all files that a project's rows name, whichever table has a column `file`. */
async function filesOf(db: Work, projectId: string): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`select table_name as name from information_schema.columns c
    where table_schema = 'public' and column_name = 'file'
      and exists (select from information_schema.columns o where o.table_schema = 'public' and o.table_name = c.table_name
        and o.column_name = 'project_id') order by 1`.execute(db);
  const files = new Set<string>();
  for (const { name } of tables) {
    const { rows: found } = await sql<{
      file: string | null;
    }>`select distinct file from ${sql.table(name)} where project_id = ${projectId}`.execute(db);
    for (const { file } of found) if (file !== null) files.add(file);
  }
  return [...files];
}

async function refuseTakenName(db: Work, ownerId: string, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${ownerId}, 11))`.execute(db);
  const taken = await db
    .selectFrom("projects")
    .select("id")
    .where("owner_id", "=", ownerId)
    .where("name", "=", name)
    .executeTakeFirst();
  if (taken) throw new ConflictError(`project: its owner has one named ${JSON.stringify(name)}`);
}

function rows(db: Database, userId: string) {
  return db
    .selectFrom("projects as p")
    .innerJoin("users as o", "o.id", "p.owner_id")
    .leftJoin("users as me", (join) => join.on("me.id", "=", userId))
    .leftJoin("project_members as m", (join) => join.onRef("m.project_id", "=", "p.id").on("m.user_id", "=", userId))
    .select(["p.id", "p.name", "p.description", "p.status", "p.public", "p.metadata", "p.owner_id", "p.created_at"])
    .select(["o.username as owner", "m.role", "me.admin"]);
}

type ProjectRow = RowOf<typeof rows>;

function toProject(row: ProjectRow, userId: string): Project {
  return {
    project_id: row.id,
    name: row.name,
    description: row.description,
    project_status: row.status,
    public: row.public,
    metadata: row.metadata,
    owner: row.owner,
    role: row.owner_id === userId || row.admin ? "owner" : row.role,
    created_at: row.created_at.toISOString(),
  };
}
