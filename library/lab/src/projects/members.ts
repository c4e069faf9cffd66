import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import type { Member } from "../contract/people.ts";
import { transaction, type Work } from "../db/database.ts";
import { logDeed } from "./activity.ts";
import { authorize, type Role } from "./authorize.ts";
import type { Session } from "./session.ts";
import { getUser } from "./user-rows.ts";

/** Who belongs to the session's project, owners first. */
export async function listMembers(session: Session): Promise<Member[]> {
  await authorize(session, "read");
  const { rows } = await sql<Member>`
    select u.id as user_id, u.username, u.full_name, belongs.role
    from (select owner_id as user_id, 'owner' as role from projects where id = ${session.projectId}
      union all select m.user_id, m.role from project_members m join projects p on p.id = m.project_id
      where p.id = ${session.projectId} and m.user_id <> p.owner_id) as belongs
      join users u on u.id = belongs.user_id
    order by array_position(array['owner', 'editor', 'viewer'], belongs.role), u.username`.execute(session.db);
  return rows;
}

/** One of them, by id or name. Throws NotFoundError. */
export async function getMember(session: Session, ref: string): Promise<Member> {
  const found = (await listMembers(session)).find(({ user_id, username }) => user_id === ref || username === ref.toLowerCase());
  if (!found) throw new NotFoundError(`member: ${JSON.stringify(ref.slice(0, 100))} is no member of the project`);
  return found;
}

/** Makes a user, by id or name, a member, or gives a member another role. Throws PermissionError unless an owner asks. */
export async function putMember(session: Session, ref: string, role: Role): Promise<Member> {
  const { db, projectId } = session;
  await authorize(session, "manage");
  return transaction(db, async (work) => {
    await lockMembers(work, projectId);
    const user = await getUser(work, ref);
    if (!user.active) throw new ConflictError(`member: ${user.username} is deactivated`);
    if ((await ownerOf(work, projectId)) === user.id && role !== "owner") await handOver(work, projectId, user.id);
    await work
      .insertInto("project_members")
      .values({ project_id: projectId, user_id: user.id, role })
      .onConflict((conflict) => conflict.columns(["project_id", "user_id"]).doUpdateSet({ role }))
      .execute();
    await logDeed(session, work, "member.put", user.username, { role });
    return { user_id: user.id, username: user.username, full_name: user.full_name, role };
  });
}

/** Takes a member out; members may leave by themselves. Throws ConflictError where no owner would be left. */
export async function removeMember(session: Session, ref: string): Promise<void> {
  const { db, projectId, userId } = session;
  const user = await getUser(db, ref);
  await authorize(session, user.id === userId ? "read" : "manage");
  await transaction(db, async (work) => {
    await lockMembers(work, projectId);
    const owns = (await ownerOf(work, projectId)) === user.id;
    if (owns) await handOver(work, projectId, user.id);
    const { numDeletedRows } = await work
      .deleteFrom("project_members")
      .where("project_id", "=", projectId)
      .where("user_id", "=", user.id)
      .executeTakeFirst();
    if (numDeletedRows === 0n && !owns) throw new NotFoundError(`member: ${user.username} is no member of the project`);
    await logDeed(session, work, "member.remove", user.username);
  });
}

async function lockMembers(db: Work, projectId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${projectId}, 12))`.execute(db);
}

async function ownerOf(db: Work, projectId: string): Promise<string> {
  const project = await db.selectFrom("projects").select("owner_id").where("id", "=", projectId).executeTakeFirst();
  if (!project) throw new NotFoundError(`no project ${projectId}`); // it was removed meanwhile
  return project.owner_id;
}

/** Gives the project to the next owner, by name. Throws ConflictError where there is none, or theirs is one of this name. */
async function handOver(db: Work, projectId: string, from: string): Promise<void> {
  const next = await db
    .selectFrom("project_members as m")
    .innerJoin("users as u", "u.id", "m.user_id")
    .select(["u.id", "u.username"])
    .where("m.project_id", "=", projectId)
    .where("m.role", "=", "owner")
    .where("u.active", "=", true)
    .where("u.id", "<>", from)
    .orderBy("u.username")
    .limit(1)
    .executeTakeFirst();
  if (!next) throw new ConflictError("member: a project needs an owner: make somebody else one first");
  const taken = await sql`select from projects a join projects b on b.name = a.name and b.owner_id = ${next.id}
    where a.id = ${projectId} and b.id <> a.id`.execute(db);
  if (taken.rows.length > 0)
    throw new ConflictError(`member: ${next.username} owns another project of this name: rename one first`);
  await db.updateTable("projects").set({ owner_id: next.id }).where("id", "=", projectId).execute();
}
