import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Opened, type Session } from "../projects/index.ts";
import { testSession } from "../testing/test-session.ts";
import { createRun } from "../tracking/create-run.ts";
import { migrate, openDatabase, projectDatabase } from "./database.ts";

let opened: Opened;
let mine: Session;
let other: Session;
beforeAll(async () => {
  opened = await testSession();
  const { session } = opened;
  const made = await Promise.all(["mine", "other"].map((name) => createProject(session, { name })));
  [mine, other] = made.map(({ project_id: projectId }) => ({
    ...session,
    projectId,
    db: projectDatabase(session.db, projectId),
  })) as [Session, Session];
  for (const each of [mine, other]) {
    const id = await createRun(each, { experiment: "e" });
    await sql`insert into run_metrics (run_id, name, value) values (${id}, 'loss', 1)`.execute(each.db);
  }
});
afterAll(() => opened.close());

/** Rows of a table, with no condition: what a query sees that forgot it. */
async function seen(session: Session, table: string): Promise<string[]> {
  const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t`.execute(session.db);
  return rows.map(({ row }) => row);
}

/** Tables that say their project, or whose parent does. */
async function projectTables(): Promise<{ name: string; netted: boolean }[]> {
  const { rows } = await sql<{
    name: string;
    netted: boolean;
  }>`select c.relname as name, c.relrowsecurity and c.relforcerowsecurity
      and exists (select from pg_policy p where p.polrelid = c.oid) as netted
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`.execute(opened.session.db);
  return rows;
}

/** Tables that hold no project's rows. */
const ofNoProject = [
  "api_tokens",
  "file_parts",
  "file_transfers",
  "invitations",
  "kysely_migration",
  "kysely_migration_lock",
  "operation_settings",
  "people_settings",
  "sessions",
  "sign_in_failures",
  "store_home",
  "users",
  "workers",
];

describe("row-level security", () => {
  test("lies under every table but those that hold no project's rows", async () => {
    const bare = (await projectTables()).filter(({ netted }) => !netted).map(({ name }) => name);
    expect(bare.filter((name) => !ofNoProject.includes(name))).toEqual([]);
  });

  test("shows a query that forgot its condition the rows of its own project only", async () => {
    for (const table of ["runs", "experiments", "projects", "run_metrics", "activity_log"]) {
      const all = await seen(opened.session, table);
      const own = await seen(mine, table);
      const others = await seen(other, table);
      expect(own.length, table).toBeGreaterThan(0);
      expect(others.length, table).toBeGreaterThan(0);
      expect(
        own.filter((row) => others.includes(row)),
        table,
      ).toEqual([]);
      expect(
        own.every((row) => all.includes(row)),
        table,
      ).toBe(true);
    }
  });

  test("lets no row be written, changed or deleted that is another's", async () => {
    const [run] = (await sql<{ id: string; experiment_id: string }>`select id, experiment_id from runs`.execute(other.db)).rows;
    const changed = await sql`update runs set name = 'taken'`.execute(mine.db);
    expect(changed.numAffectedRows).toBe(1n);
    expect((await sql`delete from run_metrics where run_id = ${run!.id}`.execute(mine.db)).numAffectedRows).toBe(0n);
    await expect(
      sql`insert into experiments (id, project_id, name) values (gen_random_uuid(), ${other.projectId}, 'x')`.execute(mine.db),
    ).rejects.toThrow("row-level security");
    await expect(sql`insert into run_metrics (run_id, name, value) values (${run!.id}, 'x', 1)`.execute(mine.db)).rejects.toThrow(
      "row-level security",
    );
    await expect(sql`update runs set project_id = ${other.projectId}`.execute(mine.db)).rejects.toThrow("row-level security");
    expect((await sql<{ name: string }>`select name from runs`.execute(other.db)).rows[0]!.name).not.toBe("taken");
  });

  test("keeps passwords, sign-ins and tokens from a project's connection", async () => {
    for (const table of ["sessions", "api_tokens", "invitations", "sign_in_failures", "people_settings"])
      await expect(sql`select * from ${sql.table(table)}`.execute(mine.db), table).rejects.toThrow("permission denied");
    await expect(sql`select password_hash from users`.execute(mine.db)).rejects.toThrow("permission denied");
    expect((await sql`select username from users`.execute(mine.db)).rows.length).toBeGreaterThan(0);
    await expect(sql`create table public.mine (a int)`.execute(mine.db)).rejects.toThrow("permission denied");
  });

  test("holds while connections change hands between projects and trusted work", async () => {
    const sessions = [mine, other, opened.session];
    const wanted = await Promise.all(sessions.map((session) => seen(session, "experiments")));
    const asked = Array.from({ length: 300 }, (_, k) => k % 3);
    const found = await Promise.all(asked.map((k) => seen(sessions[k]!, "experiments")));
    for (const [k, rows] of found.entries()) expect(rows.sort()).toEqual(wanted[k % 3]!.sort());
  });

  test("is left as it was by work that fails in a transaction", async () => {
    await expect(
      mine.db.transaction().execute(async (work) => {
        await sql`select set_config('assay.project', '', true)`.execute(work);
        throw new Error("on purpose");
      }),
    ).rejects.toThrow("on purpose");
    expect(await seen(mine, "experiments")).toHaveLength(1);
  });
});

test("where the role cannot be taken, the policies bind the owner of the tables", async () => {
  const admin = new pg.Client(opened.server.connection);
  await admin.connect();
  const name = `plain_${Date.now()}`;
  await admin.query(`create role ${name} login nosuperuser nocreaterole`);
  await admin.query(`create database ${name} owner ${name}`);
  const url = new URL(process.env["DATABASE_URL"]!);
  url.username = name;
  url.pathname = `/${name}`;
  const db = openDatabase({ connection: { connectionString: url.href }, how: "external", home: "" }, 3);
  try {
    await migrate(db);
    const user = (
      await sql<{ id: string }>`insert into users (id, username) values (gen_random_uuid(), 'u') returning id`.execute(db)
    ).rows[0]!;
    const projects = await sql<{ id: string }>`insert into projects (id, owner_id, name)
      select gen_random_uuid(), ${user.id}, n from unnest(array['a', 'b']) as n returning id`.execute(db);
    await sql`insert into experiments (id, project_id, name) select gen_random_uuid(), id, 'e' from projects`.execute(db);
    expect((await sql`select from experiments`.execute(db)).rows).toHaveLength(2);
    const { rows } = await sql<{ project_id: string }>`select project_id from experiments`.execute(
      projectDatabase(db, projects.rows[0]!.id),
    );
    expect(rows).toEqual([{ project_id: projects.rows[0]!.id }]);
  } finally {
    await db.destroy();
    await admin.query(`drop database ${name}`);
    await admin.query(`drop role ${name}`);
    await admin.end();
  }
});
