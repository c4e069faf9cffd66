import type { ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/session.ts";
import { deployRun } from "../registry/index.ts";
import { livingWorker, signalAll } from "../testing/start-worker.ts";
import { testSession } from "../testing/test-session.ts";
import { trainedRun } from "../testing/trained-run.ts";

let opened: Opened & { readonly home: string };
let lab: Lab;
let worker: ChildProcess;
beforeAll(async () => {
  opened = await testSession();
  lab = await connect();
  worker = await livingWorker(opened.session);
  await deployRun(opened.session, await trainedRun(opened.session, 4), { name: "filed" });
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await lab.close();
  await opened.close();
});

function written(name: string, text: string): string {
  const path = join(opened.home, name);
  writeFileSync(path, text);
  return path;
}

test("a file from a cell is predicted by a worker, its answers written where they are wanted", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},white,${1 + (i % 50) / 10},0.5`);
  const path = written("some rows.csv", ["id,colour,petal_length,petal_width", ...rows, ""].join("\n"));
  const sent = await lab.registry.predictFile("filed", path);
  const answers = join(opened.home, "answers.csv");
  expect(await sent.done(answers)).toMatchObject({
    rows: 5000,
    bad_rows: 0,
    file_name: "some rows predicted.csv",
    model: "filed@1.0.0",
  });
  const lines = readFileSync(answers, "utf8").split("\n");
  expect(lines.slice(1, -1).map((line) => Number(line.split(",")[0]))).toEqual(rows.map((_, i) => i));
  expect((await sent.logs()).map(({ message }) => message)).toEqual(["5000 rows predicted by filed@1.0.0, 0 could not be read"]);
});

test("a file with a bad row ends its job with the line", async () => {
  const path = written("bad.csv", "colour,petal_length,petal_width\nwhite,1,2\nwhite,tall,2\n");
  const sent = await lab.registry.predictFile("filed", path, { output: "parquet" });
  await expect(sent.done()).rejects.toThrow('"petal_length" must be a number, got "tall" in line 3 (bad.csv)');
});
