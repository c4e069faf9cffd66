import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { uploadDataset } from "../../datasets/index.ts";
import { flowers } from "../../testing/flowers.ts";
import { testService } from "../../testing/test-service.ts";
import { createRun, saveArtifact } from "../../tracking/index.ts";
import { declared } from "./declared-routes.ts";
import { multipart } from "./forms.ts";
import { noteResult } from "./results.ts";

const canary = "canary-outside-the-store";
let run: string;
const service = testService({}, async ({ session, opened }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
  writeFileSync(join(opened.home, "secret.txt"), canary);
  run = await createRun(session, { experiment: "paths", status: "training" });
});

/** Ways out of a folder, as they were taken elsewhere: plain, encoded once and twice, backslashes, NUL, absolute, overlong, of other schemes. */
const ways = [
  "../secret.txt",
  "../../../../../../etc/passwd",
  "..%2fsecret.txt",
  "..%252fsecret.txt",
  "%2e%2e%2fsecret.txt",
  "%2e%2e/%2e%2e/etc/passwd",
  "..%5csecret.txt",
  "..\\secret.txt",
  "....//secret.txt",
  "..;/secret.txt",
  "%c0%ae%c0%ae%c0%afsecret.txt",
  "..%00/secret.txt",
  "secret.txt%00.csv",
  "/etc/passwd",
  "%2fetc%2fpasswd",
  "//etc/passwd",
  "file:///etc/passwd",
  "file:%2f%2f%2fetc%2fpasswd",
  "~/secret.txt",
  "C:%5cWindows%5cwin.ini",
  "\\\\server\\share",
  ".",
  "..",
];

const withPlace = declared.filter(({ route }) => route.path.includes(":") && !route.events);

test("no parameter of a path leads out of the store, read or deleted", async () => {
  const wrong: string[] = [];
  let calls = 0;
  for (const { name, route } of withPlace)
    for (const way of ways)
      for (const put of [way, encodeURIComponent(way)]) {
        const url = route.path.replaceAll(/:\w+/g, () => put);
        const sent = route.form
          ? multipart({}, { name: "a.csv", text: "a\n1\n" })
          : { payload: JSON.stringify(route.example.body ?? {}), type: "application/json" };
        const headers = { "x-assay": "1", ...(route.method !== "GET" && { "content-type": sent.type }) };
        const answer = await service.app.inject({
          method: route.method,
          url,
          headers,
          ...(route.method !== "GET" && { payload: sent.payload }),
        });
        calls++;
        if (answer.statusCode >= 500 || answer.body.includes(canary) || answer.body.includes("root:x:0"))
          wrong.push(`${name} ${put}: ${answer.statusCode}`);
      }
  expect(wrong).toEqual([]);
  noteResult("paths out of the store", { calls, routes: withPlace.length, ways: ways.length });
});

test("a file's name that leads elsewhere is kept as a name, or refused", async () => {
  for (const way of ways) {
    const { payload, type } = multipart({ name: way }, { name: way.replaceAll('"', ""), text: "x\n1\n" });
    const answer = await service.app.inject({
      method: "POST",
      url: `/api/ml/runs/${run}/artifacts`,
      headers: { "x-assay": "1", "content-type": type },
      payload,
    });
    expect([way, answer.statusCode < 500]).toEqual([way, true]);
    if (answer.statusCode !== 201) continue;
    const { name } = answer.json().artifact;
    const got = await service.app.inject({ method: "GET", url: `/api/ml/runs/${run}/artifacts/${encodeURIComponent(name)}` });
    expect([way, got.statusCode, got.body]).toEqual([way, 200, "x\n1\n"]);
    expect(String(got.headers["content-disposition"])).toMatch(/^attachment; filename="[\w.@ -]*"/);
  }
});

test("the store takes no name that leads out of it", () => {
  for (const way of ["../x", "/etc/passwd", "a/../../x", "..", ""])
    expect(() => service.session.store.path(way), way).toThrow("is no name of a stored file");
});

test("a link that somebody planted in the store is not followed", async () => {
  const path = join(service.opened.home, "plain.txt");
  writeFileSync(path, "plain");
  await saveArtifact(service.session, run, { name: "planted.txt", path, contentType: "text/plain" });
  const { rows } = await sql<{ file: string }>`select file from artifacts where name = 'planted.txt'`.execute(service.session.db);
  const place = service.session.store.path(rows[0]!.file);
  rmSync(place);
  mkdirSync(join(place, ".."), { recursive: true });
  symlinkSync(join(service.opened.home, "secret.txt"), place);
  const got = await service.app.inject({ method: "GET", url: `/api/ml/runs/${run}/artifacts/planted.txt` });
  expect(got.body).not.toContain(canary);
  expect(got.statusCode).toBeGreaterThanOrEqual(400);
});
