import { execFile } from "node:child_process";
import { existsSync, utimesSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type App, makeApp } from "../api/app.ts";
import { uploadDataset } from "../datasets/index.ts";
import { queueJob } from "../jobs/index.ts";
import { listActivity } from "../projects/index.ts";
import type { Opened } from "../projects/session.ts";
import { deployRun, flushPredictions, predict } from "../registry/index.ts";
import { flowers } from "../testing/flowers.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { createRun, deleteRuns, finishRun, logLines, logMetrics, restoreRuns, runSeries } from "../tracking/index.ts";
import { changeRetention, getRetention, sweep, sweepAlone } from "./index.ts";

const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
let opened: Opened;
let app: App;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(opened.session, { token: undefined });
});
beforeEach(async () => void (await sql`delete from operation_settings`.execute(session().db)));
afterAll(async () => {
  await app.close();
  await opened.close();
});

const removed = async (dryRun = false) =>
  Object.fromEntries((await sweep(session(), { dryRun })).removed.map(({ what, count }) => [what, count]));
const age = async (table: string, column: string, days: number) =>
  sql`update ${sql.id(table)} set ${sql.id(column)} = ${sql.id(column)} - make_interval(days => ${days})`.execute(session().db);
const count = async (table: string) =>
  Number((await sql<{ n: string }>`select count(*) as n from ${sql.id(table)}`.execute(session().db)).rows[0]!.n);

test("what is fresh stays, whatever the sweep", async () => {
  await trainedRun(session(), 2);
  await uploadDataset(session(), flowers(), { name: "fresh" });
  expect(Object.values(await removed()).every((n) => n === 0)).toBe(true);
});

test("deleted runs of an archived project go too, and one that was brought back stays", async () => {
  const [gone, back] = [await trainedRun(session(), 2), await trainedRun(session(), 2)];
  await deleteRuns(session(), [gone, back]);
  await sql`update runs set deleted_at = now() - interval '31 days' where id in (${gone}, ${back})`.execute(session().db);
  await restoreRuns(session(), [back]);
  await sql`update projects set status = 'archived'`.execute(session().db);
  try {
    expect(await removed()).toMatchObject({ runs: 1 });
    expect((await sql`select id from runs where id in (${gone}, ${back})`.execute(session().db)).rows).toEqual([{ id: back }]);
    const purges = await listActivity(session().db, { projectId: session().projectId }, { action: "run.purge" });
    expect(purges.items.map(({ subject, username }) => [subject, username])).toEqual([[`run/${gone}`, null]]);
  } finally {
    await sql`update projects set status = 'active'`.execute(session().db);
  }
});

test("runs that were deleted long ago go with their files, others stay", async () => {
  const [gone, stays] = [await trainedRun(session(), 2), await trainedRun(session(), 2)];
  await deleteRuns(session(), [gone]);
  const { file } = await session()
    .db.selectFrom("artifacts")
    .select("file")
    .where("run_id", "=", gone)
    .limit(1)
    .executeTakeFirstOrThrow();
  await sql`update runs set deleted_at = now() - interval '31 days' where id = ${gone}`.execute(session().db);
  expect(await removed(true)).toMatchObject({ runs: 1 });
  expect(existsSync(session().store.path(file))).toBe(true);
  expect(await removed()).toMatchObject({ runs: 1 });
  expect(existsSync(session().store.path(file))).toBe(false);
  expect((await session().db.selectFrom("runs").select("id").where("id", "=", stays).execute()).length).toBe(1);
});

test("ended jobs, events and activity go by age in batches, what waits and what was given up stays", async () => {
  const { db } = session();
  await Promise.all(Array.from({ length: 5 }, () => queueJob(session(), "test-echo", {})));
  await sql`update jobs set status = 'completed', ended_at = now() - interval '200 days'`.execute(db);
  await sql`update jobs set dead = true, status = 'failed' where id = (select min(id::text)::uuid from jobs)`.execute(db);
  await queueJob(session(), "test-echo", {});
  await sql`insert into events (project_id, kind, subject_id, data) select ${session().projectId}::uuid, 'run', gen_random_uuid(), '{}' from generate_series(1, 5000)`.execute(
    db,
  );
  await age("events", "at", 31);
  expect(await removed(true)).toMatchObject({ jobs: 4 });
  const swept = await removed();
  expect(swept).toMatchObject({ jobs: 4 });
  expect(swept["events"]).toBeGreaterThanOrEqual(5000);
  expect([await count("jobs"), await count("events")]).toEqual([2, 0]);
});

test("log lines of ended runs go where that is asked for, those of runs under way stay", async () => {
  const [ended, open] = await Promise.all([0, 1].map(() => createRun(session(), { experiment: "logs", status: "training" })));
  for (const id of [ended!, open!]) await logLines(session(), id, [{ level: "info", message: "said" }]);
  await finishRun(session(), ended!, "completed");
  await sql`update runs set ended_at = now() - interval '100 days' where id = ${ended!}`.execute(session().db);
  expect(await removed()).not.toHaveProperty("run_logs");
  await changeRetention(session().db, { run_log_days: 90 }, null);
  expect(await removed()).toMatchObject({ run_logs: 1 });
  expect(
    (await session().db.selectFrom("run_logs").select("run_id").where("run_id", "in", [ended!, open!]).execute()).map(
      (row) => row.run_id,
    ),
  ).toEqual([open]);
});

test("a curve whose stretches went is drawn as before", async () => {
  const id = await createRun(session(), { experiment: "curves", status: "training" });
  for (let begin = 0; begin < 40_000; begin += 5000)
    await logMetrics(
      session(),
      id,
      Array.from({ length: 5000 }, (_, k) => ({ name: "loss", step: begin + k, value: Math.sin((begin + k) / 900) })),
    );
  await finishRun(session(), id, "completed");
  const drawn = () => runSeries(session(), id, { points: 200 });
  const before = await drawn();
  await sql`update runs set ended_at = now() - interval '100 days' where id = ${id}`.execute(session().db);
  await changeRetention(session().db, { stretch_days: 30 }, null);
  expect((await removed())["stretches"]).toBeGreaterThan(0);
  const after = await drawn();
  expect(after.map(({ name, steps }) => [name, steps.length > 50])).toEqual(before.map(({ name }) => [name, true]));
  expect(Math.max(...(after[0]!.values as number[]))).toBe(Math.max(...(before[0]!.values as number[])));
});

test("predictions go as their model's settings say", async () => {
  const run = await trainedRun(session(), 2);
  await deployRun(session(), run, { name: "flowers", version: "1.0.0" });
  await predict(session(), "flowers@1.0.0", [{ petal_length: 1, petal_width: 1, colour: "blue" }]);
  await flushPredictions(session());
  await age("predictions", "at", 91);
  expect(await removed(true)).toMatchObject({ predictions: 1 });
  expect(await removed()).toMatchObject({ predictions: 1 });
  expect(await count("predictions")).toBe(0);
});

test("old files that nothing names are put aside, those that a row or a job names stay", async () => {
  const { store, db } = session();
  const { file } = await db.selectFrom("dataset_versions").select("file").limit(1).executeTakeFirstOrThrow();
  const asked = `predictions/project_${session().projectId}/01981c3e-7a10-7c42-9d6f-0b6a51a1c0de.in`;
  for (const name of ["datasets/lost", "datasets/young", asked]) await store.write(name, new Uint8Array(100));
  await queueJob(session(), "test-echo", { deep: { file: asked } });
  const old = new Date(Date.now() - 8 * 86_400_000);
  for (const name of ["datasets/lost", asked, file]) utimesSync(store.path(name), old, old);
  const dry = (await sweep(session(), { dryRun: true })).removed.find(({ what }) => what === "files");
  expect(dry).toEqual({ what: "files", count: 1, bytes: 100 });
  expect(await removed()).toMatchObject({ files: 1, passing_files: 0 });
  expect(["datasets/lost", "datasets/young", asked, file].map((name) => existsSync(store.path(name)))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test("two services do not sweep at once", async () => {
  const { promise: enough, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: held, resolve: begun } = Promise.withResolvers<void>();
  const holding = session()
    .db.transaction()
    .execute(async (work) => {
      await sql`lock table operation_settings in access exclusive mode`.execute(work); // every sweep begins there
      begun();
      await enough;
    });
  await held;
  const first = sweepAlone(session());
  try {
    await expect.poll(waitingForSettings, { timeout: 100_000 }).toBe(1);
    expect(await sweepAlone(session())).toBeUndefined();
  } finally {
    letGo();
    await holding;
  }
  expect(await first).toBeDefined();
  expect(await sweepAlone(session())).toBeDefined();
});

/** How many statements wait for the table of the settings. */
async function waitingForSettings(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from pg_locks
    where relation = 'operation_settings'::regclass and not granted
      and database = (select oid from pg_database where datname = current_database())`.execute(session().db);
  return rows[0]!.n;
}

test("over HTTP an administrator sees, changes and sweeps; nonsense is refused", async () => {
  const ask = async (method: "GET" | "PATCH" | "POST", path: string, payload?: object) => {
    const answer = await app.inject({
      method,
      url: `/api/ml/retention${path}`,
      headers: { "x-assay": "1" },
      ...(payload && { payload }),
    });
    return { code: answer.statusCode, body: answer.json() };
  };
  expect((await ask("GET", "")).body.retention).toEqual(await getRetention(session().db));
  expect((await ask("PATCH", "", { job_days: 7, event_days: null })).body.retention).toMatchObject({
    job_days: 7,
    event_days: null,
    activity_days: 365,
  });
  expect((await ask("PATCH", "", { activity_days: 30 })).body.retention).toMatchObject({ job_days: 7, activity_days: 30 });
  expect((await ask("PATCH", "", { job_days: 0 })).code).toBe(400);
  expect((await ask("PATCH", "", { job_day: 9 })).code).toBe(400);
  expect((await ask("POST", "/sweep", { dry_run: true })).body.sweep).toMatchObject({ dry_run: true });
  await sql`update users set admin = false`.execute(session().db);
  expect((await ask("PATCH", "", { job_days: 9 })).code).toBe(403);
  await sql`update users set admin = true`.execute(session().db);
});

test("assay retention shows, changes and says what a sweep would remove", async () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, ["--conditions=assay-source", main, "retention", ...args]);
  const { stdout } = await run("job_days=9", "run_log_days=never", "--dry-run");
  expect(stdout).toMatch(/^job_days +9 days$/m);
  expect(stdout).toMatch(/^would remove \d+ events$/m);
  expect((await getRetention(session().db)).job_days).toBe(9);
  await expect(run("job_days=soon")).rejects.toMatchObject({
    stderr: expect.stringContaining('a change is name=days or name=never, got "job_days=soon"'),
  });
});
