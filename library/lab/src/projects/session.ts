import { userInfo } from "node:os";
import { NotFoundError, PermissionError } from "assay";
import { v7 as uuidv7 } from "uuid";
import { type Database, migrate, openDatabase } from "../db/database.ts";
import { ensureServer, holdServer, type Server } from "../db/server.ts";
import type { Store } from "../db/store.ts";
import { openStoreOf } from "../db/store-transfer.ts";

/** Who asks, in which project, and with what the answer is made. Every room's function takes it first. */
export interface Session {
  readonly db: Database;
  readonly store: Store;
  readonly userId: string;
  readonly projectId: string;
}

/** An open database and store with the default user and project. */
export interface Opened {
  readonly session: Session;
  readonly server: Server;
  /** Migrations that were applied now. */
  readonly migrations: readonly string[];
  /** Closes the connections; an embedded server that nobody else uses is stopped. */
  close(): Promise<"stopped" | "in use" | "external">;
}

/** What may be done with a project's things; `protect` is for owners alone. */
export type Action = "read" | "write" | "delete" | "promote" | "protect";

/** How a session is opened. */
export interface SessionOptions {
  readonly connections?: number;
  /** The files lie in another machine's store, never in this one's: a worker that was given the address of a database. */
  readonly guest?: boolean;
}

/** Makes sure of the database, brings it to this release, and opens a session in the default project. */
export async function openSession({ connections = 8, guest = false }: SessionOptions = {}): Promise<Opened> {
  const server = await ensureServer();
  const release = await holdServer(server);
  const db = openDatabase(server, connections);
  try {
    const migrations = await migrate(db);
    const session = { db, store: await openStoreOf(db, { claims: !guest }), ...(await defaultProject(db)) };
    return {
      session,
      server,
      migrations,
      close: async () => {
        await db.destroy();
        return release();
      },
    };
  } catch (error) {
    await db.destroy();
    await release();
    throw error;
  }
}

/** The owner and the project that are there before anybody made one; two processes at once make them once. */
async function defaultProject(db: Database): Promise<{ userId: string; projectId: string }> {
  const username = userInfo().username || "owner";
  await db
    .insertInto("users")
    .values({ id: uuidv7(), username, email: null, full_name: null, admin: true })
    .onConflict((conflict) => conflict.column("username").doNothing())
    .execute();
  const { id: userId } = await db.selectFrom("users").select("id").where("username", "=", username).executeTakeFirstOrThrow();
  const oldest = () =>
    db
      .selectFrom("projects")
      .select("id")
      .where("name", "=", "default")
      .orderBy("created_at")
      .orderBy("id")
      .limit(1)
      .executeTakeFirst();
  const found = await oldest();
  if (found) return { userId, projectId: found.id };
  await db
    .insertInto("projects")
    .values({ id: uuidv7(), owner_id: userId, name: "default" })
    .onConflict((conflict) => conflict.columns(["owner_id", "name"]).doNothing())
    .execute();
  return { userId, projectId: (await oldest())!.id };
}

/** Throws unless the user may do this in the session's project. The one place where rights are decided. */
export async function authorize({ db, userId, projectId }: Session, action: Action): Promise<void> {
  const project = await db
    .selectFrom("projects")
    .select(["owner_id", "public", "status"])
    .where("id", "=", projectId)
    .executeTakeFirst();
  if (!project) throw new NotFoundError(`no project ${projectId}`);
  const [user, member] = await Promise.all([
    db.selectFrom("users").select(["admin", "active"]).where("id", "=", userId).executeTakeFirst(),
    db
      .selectFrom("project_members")
      .select("role")
      .where("project_id", "=", projectId)
      .where("user_id", "=", userId)
      .executeTakeFirst(),
  ]);
  const role = project.owner_id === userId || user?.admin ? "owner" : member?.role;
  const allowed =
    user?.active &&
    (action === "read" ? role !== undefined || project.public : role === "owner" || (role === "editor" && action !== "protect"));
  if (!allowed) throw new PermissionError(`this user may not ${action} in the project`);
  if (action !== "read" && project.status === "archived")
    throw new PermissionError("the project is archived: it can be read only");
}
