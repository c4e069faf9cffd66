import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Opened } from "../projects/index.ts";
import { type Ask, asking, askingWith, goodPassword } from "../testing/signed-in.ts";
import { testSession } from "../testing/test-session.ts";
import { type App, makeApp } from "./app.ts";

let opened: Opened;
let app: App;
let ada: Ask;
let cookie: string;
let project: string;
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(opened.session, { signIn: true });
  const registered = await asking(app)("POST", "/api/auth/register", { username: "ada", password: goodPassword });
  ada = askingWith(app, registered);
  cookie = String(registered.headers["set-cookie"]).split(";")[0]!;
  project = (await ada("POST", "/api/projects", { name: "stars" })).body.project.project_id;
});
afterAll(async () => {
  await app.close();
  await opened.close();
});

type Part = readonly [name: string, text: string];

/** Sends a form whose file is `a,b` of two rows, between fields before and behind it. */
async function upload(before: readonly Part[], behind: readonly Part[], url = "/api/ml/datasets/upload") {
  const field = ([name, text]: Part) => `--cut\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  const file = '--cut\r\ncontent-disposition: form-data; name="file"; filename="t.csv"\r\n\r\na,b\n1,2\n3,4\n\r\n';
  const answer = await app.inject({
    method: "POST",
    url,
    headers: { "x-assay": "1", cookie, "content-type": "multipart/form-data; boundary=cut" },
    payload: `${before.map(field).join("")}${file}${behind.map(field).join("")}--cut--\r\n`,
  });
  return { code: answer.statusCode, body: answer.json() };
}
const namesIn = async (id: string) =>
  (await ada("GET", `/api/ml/datasets?project_id=${id}`)).body.items.map(({ name }: { name: string }) => name);

describe("the form of an upload", () => {
  test("names the project in which the dataset is made, as project_id or workspace_key, before the file or behind it", async () => {
    const id: Part = ["project_id", project];
    expect((await upload([["name", "before"], id], [])).code).toBe(200);
    expect(
      (
        await upload(
          [],
          [
            ["name", "behind"],
            ["workspace_key", project],
          ],
        )
      ).code,
    ).toBe(200);
    expect(await namesIn(project)).toEqual(expect.arrayContaining(["before", "behind"]));
    const { project_id: home } = (await ada("GET", "/api/auth/me")).body;
    expect(await namesIn(home)).toEqual([]);
  });

  test("does not name a project of others, nor another than the address", async () => {
    const foreign = "01981c3e-7a10-7c42-9d6f-0b6a51a1c0b2";
    expect((await upload([["project_id", foreign]], [])).code).toBe(404);
    const { body } = await upload([["project_id", foreign]], [], `/api/ml/datasets/upload?project_id=${project}`);
    expect([body.status, body.detail]).toEqual([400, "project_id: query and body name two projects"]);
  });

  test.each([
    [[["target_colum", "b"]], 'form: no key "target_colum", did you mean target_column', "target_colum"],
    [
      [
        ["name", "x"],
        ["name", "y"],
      ],
      "upload: name: is there twice",
      "name",
    ],
    [[["on_bad_row", "perhaps"]], "upload: on_bad_row: ", "on_bad_row"],
  ] as const)("with %o is refused by the field", async (parts, detail, field) => {
    const { body } = await upload(parts, []);
    expect(body).toMatchObject({ status: 400, detail: expect.stringContaining(detail), field });
  });
});

describe("a refusal", () => {
  test("of nobody says how to ask, and carries the headers of every answer", async () => {
    const { code, headers } = await asking(app)("GET", "/api/ml/datasets");
    expect([code, headers["www-authenticate"], headers["x-content-type-options"]]).toEqual([401, "Bearer", "nosniff"]);
  });

  test("of a field tells its value, unless it is a secret's", async () => {
    const { body } = await ada("PUT", `/api/projects/${project}/members/ada`, { role: "boss" });
    expect(body).toMatchObject({ status: 400, field: "role", value: "boss" });
    const { body: login } = await asking(app)("POST", "/api/auth/login", { username: "ada", password: 7 });
    expect(login.field).toBe("password");
    expect(login).not.toHaveProperty("value");
  });

  test("of one who failed too often says when to come back", async () => {
    const failures = async () => asking(app)("POST", "/api/auth/login", { username: "nobody", password: "wrong" });
    let answer = await failures();
    for (let k = 0; k < 6; k++) answer = await failures();
    expect(answer.code).toBe(429);
    expect(answer.headers["retry-after"]).toMatch(/^[1-5]$/);
  });
});
