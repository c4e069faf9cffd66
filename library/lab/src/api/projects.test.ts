import { existsSync } from "node:fs";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type Ask, asking, askingWith, goodPassword } from "../testing/signed-in.ts";
import { testService } from "../testing/test-service.ts";

let admin: Ask;
const people: Record<string, Ask> = {};
const service = testService({ signIn: true }, async ({ app }) => {
  const stranger = asking(app);
  admin = askingWith(app, await stranger("POST", "/api/auth/register", { username: "boss", password: goodPassword }));
  for (const username of ["ada", "grace", "mary", "nell"]) {
    const { code } = (await admin("POST", "/api/users", { username })).body;
    people[username] = askingWith(app, await stranger("POST", "/api/auth/invitation", { code, password: goodPassword }));
  }
});

async function makeProject(ask: Ask, name: string, members: Record<string, string> = {}): Promise<string> {
  const made = await ask("POST", "/api/projects", { name });
  expect(made.code).toBe(201);
  const { project_id: id } = made.body.project;
  for (const [user, role] of Object.entries(members))
    expect((await ask("PUT", `/api/projects/${id}/members/${user}`, { role })).code).toBe(200);
  return id;
}
const runIn = (ask: Ask, project: string) => ask("POST", `/api/ml/runs?project_id=${project}`, { experiment: "e" });
const codesOf = async (asked: readonly Promise<{ code: number }>[]) => (await Promise.all(asked)).map(({ code }) => code);

describe("a project", () => {
  test("is private to its owner: others see nothing of it, by any route", async () => {
    const id = await makeProject(people["ada"]!, "private");
    expect((await runIn(people["ada"]!, id)).code).toBe(201);
    const grace = people["grace"]!;
    expect(
      await codesOf([
        grace("GET", `/api/projects/${id}`),
        grace("GET", `/api/projects/${id}/members`),
        grace("GET", `/api/projects/${id}/activity`),
        grace("PATCH", `/api/projects/${id}`, { name: "mine" }),
        grace("DELETE", `/api/projects/${id}`),
        grace("PUT", `/api/projects/${id}/members/grace`, { role: "owner" }),
        grace("GET", `/api/ml/experiments/list?project_id=${id}`),
        grace("GET", `/api/ml/experiments/list?workspace_key=${id}`),
        grace("GET", `/api/ml/datasets?project_id=${id}`),
        runIn(grace, id),
        grace("POST", "/api/ml/validate-features", { project_id: id }),
      ]),
    ).toEqual(Array(11).fill(404));
    expect((await grace("GET", "/api/projects?which=all")).body.items.map(({ name }: { name: string }) => name)).not.toContain(
      "private",
    );
    expect((await admin("GET", `/api/projects/${id}`)).body.project).toMatchObject({ owner: "ada", role: "owner" });
  });

  test("gives each role its rights: viewers read, editors write, owners decide", async () => {
    const id = await makeProject(people["ada"]!, "roles", { grace: "viewer", mary: "editor" });
    const wanted = { grace: [200, 403, 403, 403], mary: [200, 201, 403, 403], ada: [200, 201, 200, 200] };
    for (const [name, codes] of Object.entries(wanted)) {
      const ask = people[name]!;
      expect(
        await codesOf([
          ask("GET", `/api/ml/experiments/list?project_id=${id}`),
          runIn(ask, id),
          ask("PATCH", `/api/projects/${id}`, { description: name }),
          ask("PUT", `/api/projects/${id}/members/nell`, { role: "viewer" }),
        ]),
        name,
      ).toEqual(codes);
    }
    const refused = await runIn(people["grace"]!, id);
    expect(refused.body.detail).toContain("needs the role editor, has viewer (the project roles of ada)");
  });

  test("that is public is read by everybody signed in, and written by members alone", async () => {
    const id = await makeProject(people["ada"]!, "open");
    await people["ada"]!("PATCH", `/api/projects/${id}`, { public: true });
    expect(
      await codesOf([people["nell"]!("GET", `/api/ml/experiments/list?project_id=${id}`), runIn(people["nell"]!, id)]),
    ).toEqual([200, 403]);
    expect((await people["nell"]!("GET", "/api/projects?which=public")).body.items).toMatchObject([{ name: "open", role: null }]);
    expect((await asking(service.app)("GET", `/api/projects/${id}`)).code).toBe(401);
  });

  test("that is archived is read only until its owner restores it", async () => {
    const ada = people["ada"]!;
    const id = await makeProject(ada, "old");
    await ada("PATCH", `/api/projects/${id}`, { project_status: "archived" });
    const refused = await runIn(ada, id);
    expect([refused.code, refused.body.detail]).toEqual([403, expect.stringContaining("until its owner restores it")]);
    expect((await ada("GET", `/api/ml/datasets?project_id=${id}`)).code).toBe(200);
    expect((await ada("GET", "/api/projects?project_status=archived")).body.items).toMatchObject([{ name: "old" }]);
    await ada("PATCH", `/api/projects/${id}`, { project_status: "active" });
    expect((await runIn(ada, id)).code).toBe(201);
  });

  test("takes a name that its owner does not use yet; pages of the list fit together", async () => {
    const mary = people["mary"]!;
    await makeProject(mary, "one");
    expect((await mary("POST", "/api/projects", { name: "one" })).code).toBe(409);
    const two = await makeProject(mary, "two");
    expect((await mary("PATCH", `/api/projects/${two}`, { name: "one" })).code).toBe(409);
    const names: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await mary("GET", `/api/projects?limit=1${cursor && `&cursor=${cursor}`}`);
      names.push(...body.items.map(({ name }: { name: string }) => name));
      cursor = body.next_cursor;
    }
    expect(names).toEqual(["default", "one", "roles", "two"]);
  });

  test("goes with everything in it, its files too, and nothing of others", async () => {
    const ada = people["ada"]!;
    const id = await makeProject(ada, "doomed");
    const kept = await makeProject(ada, "kept");
    for (const project of [id, kept]) {
      const form = "--x\r\ncontent-disposition: form-data; name=file; filename=t.csv\r\n\r\na,b\n1,2\n3,4\n\r\n--x--\r\n";
      const cookie = {
        cookie: (await asking(service.app)("POST", "/api/auth/login", { username: "ada", password: goodPassword })).headers[
          "set-cookie"
        ],
      };
      const uploaded = await service.app.inject({
        method: "POST",
        url: `/api/ml/datasets/upload?project_id=${project}`,
        headers: {
          "x-assay": "1",
          "content-type": "multipart/form-data; boundary=x",
          cookie: String(cookie.cookie).split(";")[0]!,
        },
        payload: form,
      });
      expect(uploaded.statusCode, uploaded.body).toBe(200);
    }
    await runIn(ada, id);
    const files = async () =>
      (
        await sql<{ project: string; file: string }>`select project_id as project, file from dataset_versions
        where project_id in (${id}, ${kept})`.execute(service.session.db)
      ).rows;
    const before = await files();
    expect(before).toHaveLength(2);
    expect(before.every(({ file }) => existsSync(service.session.store.path(file)))).toBe(true);
    expect((await ada("DELETE", `/api/projects/${id}`)).code).toBe(200);
    expect(before.filter(({ file }) => existsSync(service.session.store.path(file)))).toEqual(
      before.filter(({ project }) => project === kept),
    );
    expect((await ada("GET", `/api/projects/${id}`)).code).toBe(404);
    expect((await ada("GET", `/api/ml/datasets?project_id=${kept}`)).body.items).toHaveLength(1);
    const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'project_id'`.execute(service.session.db);
    for (const { name } of rows)
      expect(
        (await sql`select 1 from ${sql.table(name)} where project_id = ${id}`.execute(service.session.db)).rows,
        name,
      ).toEqual([]);
  });

  test("whose id is none, or that is named twice, is refused", async () => {
    const ada = people["ada"]!;
    expect((await ada("GET", "/api/ml/datasets?project_id=1")).code).toBe(400);
    expect((await ada("GET", "/api/ml/datasets?project_id=01981c3e-7a10-7c42-9d6f-0b6a51a1c0b2")).code).toBe(404);
    const other = await makeProject(ada, "other");
    const id = await makeProject(ada, "named");
    const twice = await ada("POST", `/api/ml/runs?project_id=${id}`, { experiment: "e", project_id: other });
    expect([twice.code, twice.body.detail]).toEqual([400, "project_id: query and body name two projects"]);
  });
});

describe("members", () => {
  test("are put, changed, listed, and taken out at once", async () => {
    const ada = people["ada"]!;
    const nell = people["nell"]!;
    const id = await makeProject(ada, "crew", { nell: "editor" });
    expect((await runIn(nell, id)).code).toBe(201);
    await ada("PUT", `/api/projects/${id}/members/nell`, { role: "viewer" });
    expect((await runIn(nell, id)).code).toBe(403);
    const { items } = (await nell("GET", `/api/projects/${id}/members`)).body;
    expect(items.map(({ username, role }: { username: string; role: string }) => [username, role])).toEqual([
      ["ada", "owner"],
      ["nell", "viewer"],
    ]);
    expect((await ada("DELETE", `/api/projects/${id}/members/nell`)).code).toBe(200);
    expect((await nell("GET", `/api/projects/${id}`)).code).toBe(404);
    expect((await ada("PUT", `/api/projects/${id}/members/no-one`, { role: "viewer" })).code).toBe(404);
  });

  test("leave by themselves, but the last owner stays", async () => {
    const ada = people["ada"]!;
    const id = await makeProject(ada, "leaving", { grace: "editor" });
    expect((await people["grace"]!("DELETE", `/api/projects/${id}/members/grace`)).code).toBe(200);
    const last = await ada("DELETE", `/api/projects/${id}/members/ada`);
    expect([last.code, last.body.detail]).toEqual([409, expect.stringContaining("needs an owner")]);
    expect((await ada("PUT", `/api/projects/${id}/members/ada`, { role: "viewer" })).code).toBe(409);
    await ada("PUT", `/api/projects/${id}/members/mary`, { role: "owner" });
    expect((await ada("DELETE", `/api/projects/${id}/members/ada`)).code).toBe(200);
    expect((await ada("GET", `/api/projects/${id}`)).code).toBe(404);
    expect((await people["mary"]!("GET", `/api/projects/${id}`)).body.project).toMatchObject({ owner: "mary", role: "owner" });
  });

  test("two owners who leave at once do not leave it to nobody", async () => {
    const ada = people["ada"]!;
    const id = await makeProject(ada, "race", { mary: "owner" });
    const codes = await codesOf([
      ada("DELETE", `/api/projects/${id}/members/ada`),
      people["mary"]!("DELETE", `/api/projects/${id}/members/mary`),
    ]);
    expect(codes.sort()).toEqual([200, 409]);
  });
});

test("a project's log says what was done in it, page by page, to its members", async () => {
  const ada = people["ada"]!;
  const id = await makeProject(ada, "logged", { mary: "editor", nell: "viewer" });
  await ada("PATCH", `/api/projects/${id}`, { name: "logged well" });
  await ada("DELETE", `/api/projects/${id}/members/nell`);
  const first = (await people["mary"]!("GET", `/api/projects/${id}/activity?limit=2`)).body;
  const second = (await people["mary"]!("GET", `/api/projects/${id}/activity?cursor=${first.next_cursor}`)).body;
  const said = [...first.items, ...second.items].map(({ action, subject, username }) => `${username} ${action} ${subject}`);
  expect(said).toEqual([
    "ada member.remove nell",
    "ada project.change logged",
    "ada member.put nell",
    "ada member.put mary",
    "ada project.create logged",
  ]);
  expect((await people["nell"]!("GET", `/api/projects/${id}/activity`)).code).toBe(404);
  const run = (await runIn(people["mary"]!, id)).body.run_id;
  const [newest] = (await ada("GET", `/api/projects/${id}/activity?limit=1`)).body.items;
  expect(newest).toMatchObject({ username: "mary", action: "run.create", subject: `run/${run}` });
});
