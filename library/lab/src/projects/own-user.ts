import { userInfo } from "node:os";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../db/database.ts";

/** A user with the project in which requests work that name none. */
interface AtHome {
  readonly userId: string;
  readonly projectId: string;
}

/**
 * Whom this process works for: under a JupyterHub the hub's user, in a project of their own; else the user of this machine, who administers
 * it. Both are made on first sight; two processes at once make them once.
 */
export async function ownerOfProcess(db: Database): Promise<AtHome> {
  const hubUser = process.env["JUPYTERHUB_USER"];
  if (hubUser) {
    const userId = await ensureUser(db, hubUser.toLowerCase(), "jupyterhub");
    return { userId, projectId: await homeProject(db, userId) };
  }
  const userId = await ensureUser(db, userInfo().username || "owner", "machine");
  return { userId, projectId: (await oldestDefault(db)) ?? (await homeProject(db, userId)) };
}

/** The id of a user who is known from elsewhere; made where there is none of that name. */
export async function ensureUser(db: Database, username: string, by: "machine" | "jupyterhub"): Promise<string> {
  await db
    .insertInto("users")
    .values({ id: uuidv7(), username, email: null, full_name: null, admin: by === "machine", signs_in_by: by })
    .onConflict((conflict) => conflict.column("username").doNothing())
    .execute();
  return (await db.selectFrom("users").select("id").where("username", "=", username).executeTakeFirstOrThrow()).id;
}

/** The project of a user's requests that name none: the one chosen, else a private one named "default", made on first sight. */
export async function homeProject(db: Database, userId: string): Promise<string> {
  const { default_project_id: chosen } = await db
    .selectFrom("users")
    .select("default_project_id")
    .where("id", "=", userId)
    .executeTakeFirstOrThrow();
  if (chosen) return chosen;
  await db
    .insertInto("projects")
    .values({ id: uuidv7(), owner_id: userId, name: "default" })
    .onConflict((conflict) => conflict.columns(["owner_id", "name"]).doNothing())
    .execute();
  const { id } = await db
    .selectFrom("projects")
    .select("id")
    .where("owner_id", "=", userId)
    .where("name", "=", "default")
    .executeTakeFirstOrThrow();
  await db.updateTable("users").set({ default_project_id: id }).where("id", "=", userId).execute();
  return id;
}

async function oldestDefault(db: Database): Promise<string | undefined> {
  const found = await db
    .selectFrom("projects as p")
    .innerJoin("users as u", "u.id", "p.owner_id")
    .select("p.id")
    .where("p.name", "=", "default")
    .where("u.signs_in_by", "=", "machine")
    .orderBy("p.created_at")
    .orderBy("p.id")
    .limit(1)
    .executeTakeFirst();
  return found?.id;
}
