import { NotFoundError, PermissionError } from "assay";
import type { Database } from "../db/database.ts";

/**
 * What may be done in a project: `read` by viewers, and by everybody where it is public; `write`, `delete` and `promote` by editors; `protect`
 * by owners; `manage` by owners, in an archived project too.
 */
export type Action = "read" | "write" | "delete" | "promote" | "protect" | "manage";

/** What a member may be. */
export type Role = "owner" | "editor" | "viewer";

/** What a token is good for; each includes those before it. */
type Scope = "read" | "write" | "admin";

/** What of its user's rights a token hands over. */
export interface Grant {
  readonly scopes: readonly Scope[];
  /** The one project that it reaches. */
  readonly projectId: string | null;
}

/** Who asks, in which project: as much of a session as rights depend on. */
export interface Asking {
  readonly db: Database;
  readonly userId: string;
  readonly projectId: string;
  readonly grant?: Grant;
}

const scopeOf: Readonly<Record<Action, Scope>> = {
  read: "read",
  write: "write",
  delete: "write",
  promote: "write",
  protect: "write",
  manage: "admin",
};
const roleOf: Readonly<Record<Action, Role>> = {
  read: "viewer",
  write: "editor",
  delete: "editor",
  promote: "editor",
  protect: "owner",
  manage: "owner",
};
const scopes: readonly Scope[] = ["read", "write", "admin"];
const roles: readonly Role[] = ["viewer", "editor", "owner"];

/**
 * Throws unless the user, with this token, may do this in the session's project. The one place where rights are decided; one query. A private
 * project of others is not there. Throws NotFoundError, PermissionError.
 */
export async function authorize({ db, userId, projectId, grant }: Asking, action: Action): Promise<void> {
  checkGrant(grant, scopeOf[action], projectId);
  const found = await db
    .selectFrom("projects as p")
    .leftJoin("users as u", (join) => join.on("u.id", "=", userId))
    .leftJoin("project_members as m", (join) => join.onRef("m.project_id", "=", "p.id").on("m.user_id", "=", userId))
    .select(["p.owner_id", "p.public", "p.status", "u.admin", "u.active", "m.role"])
    .where("p.id", "=", projectId)
    .executeTakeFirst();
  if (!found) throw new NotFoundError(`no project ${projectId}`);
  if (!found.active) throw new PermissionError(`this user may not ${action} in the project: the account is deactivated`);
  const role = found.owner_id === userId || found.admin ? "owner" : (found.role ?? (found.public ? "viewer" : undefined));
  if (role === undefined) throw new NotFoundError(`no project ${projectId}, or none that this user is a member of`);
  if (roles.indexOf(role) < roles.indexOf(roleOf[action]))
    throw new PermissionError(
      `this user may not ${action} in the project: needs the role ${roleOf[action]}, has ${role} (${await projectOf(db, projectId)})`,
    );
  if (found.status === "archived" && action !== "read" && action !== "manage")
    throw new PermissionError("the project is archived: it can be read only, until its owner restores it");
}

/** The project by its name, and whose it is: whom to ask for a role. */
async function projectOf(db: Database, projectId: string): Promise<string> {
  const { name, username } = await db
    .selectFrom("projects as p")
    .innerJoin("users as u", "u.id", "p.owner_id")
    .select(["p.name", "u.username"])
    .where("p.id", "=", projectId)
    .executeTakeFirstOrThrow();
  return `the project ${name} of ${username}`;
}

/** Throws PermissionError unless a token has the scope, and reaches the project. */
export function checkGrant(grant: Grant | undefined, scope: Scope, projectId?: string): void {
  if (!grant) return;
  if (Math.max(...grant.scopes.map((each) => scopes.indexOf(each))) < scopes.indexOf(scope))
    throw new PermissionError(`the token needs the scope ${scope}, has ${grant.scopes.join(", ")}`);
  if (grant.projectId !== null && projectId !== undefined && grant.projectId !== projectId)
    throw new PermissionError(`the token reaches the project ${grant.projectId} only, asked was ${projectId}`);
}
