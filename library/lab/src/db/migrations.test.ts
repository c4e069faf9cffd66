import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import "../job-kinds.ts";
import { getJob, listJobs } from "../jobs/index.ts";
import { takeJobs } from "../jobs/leases.ts";
import type { Session } from "../projects/session.ts";
import { getRun, listRuns, metricSeries } from "../tracking/index.ts";
import { type Database, migrate, openDatabase } from "./database.ts";
import { socketFolder } from "./home.ts";

const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;
let db: Database | undefined;
afterEach(async () => {
  await db?.destroy();
  db = undefined;
});

/** A database as an earlier release left it, brought to this one. */
async function migrated(fixture: string, applied: readonly string[]): Promise<Session> {
  const connection = { host: socketFolder(process.env["ASSAY_TEST_HOME"]!), port: 5432, user: "assay" };
  const database = `old_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const admin = new pg.Client({ ...connection, database: "postgres" });
  await admin.connect();
  await admin.query(`create database ${database}`);
  await admin.end();
  const client = new pg.Client({ ...connection, database });
  await client.connect();
  await client.query(readFileSync(new URL(`./fixtures/${fixture}.sql`, import.meta.url), "utf8"));
  await client.query(`create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
    create table kysely_migration_lock (id varchar(255) primary key, is_locked integer not null default 0);
    insert into kysely_migration_lock values ('migration_lock', 0)`);
  for (const name of applied) await client.query("insert into kysely_migration values ($1, now()::text)", [name]);
  await client.end();
  db = openDatabase({ connection: { ...connection, database }, how: "external", home: "" }, 4);
  expect((await migrate(db)).length).toBeGreaterThan(0);
  return { db, userId: id(1), projectId: id(2) } as unknown as Session;
}

describe.each([
  ["schema-0001", ["0001_foundation.sql"]],
  ["schema-0002", ["0001_foundation.sql", "0002_datasets.sql"]],
] as const)("a database of %s", (fixture, applied) => {
  test("keeps its runs with metrics, NaN and ±Infinity among them", async () => {
    const session = await migrated(fixture, applied);
    expect(await getRun(session, id(30))).toMatchObject({
      status: "completed",
      hyperparameters: { n_estimators: 100 },
      tags: { team: "a" },
      artifacts: [{ name: "model", size_bytes: 10 }],
    });
    const series = await metricSeries(session, [id(30), id(31)]);
    expect(Object.fromEntries(series.map(({ run_id, name, values }) => [`${run_id.slice(-2)} ${name}`, values]))).toEqual({
      "30 accuracy": [0.9],
      "30 loss": [0.5, "NaN"],
      "31 loss": ["Infinity"],
    });
    expect((await listRuns(session, { filter: "metrics.test.accuracy > 0.8" })).items.map((run) => run.id)).toEqual([id(30)]);
  });

  test("keeps its datasets, models and predictions", async () => {
    const session = await migrated(fixture, applied);
    const counts = await sql<Record<string, string>>`select (select count(*) from datasets) as datasets,
      (select count(*) from dataset_versions) as versions, (select count(*) from model_versions where status = 'production') as models,
      (select count(*) from predictions) as predictions, (select count(*) from splits) as splits,
      (select count(*) from charts) as charts`.execute(session.db);
    const saved = fixture === "schema-0002" ? "1" : "0";
    expect(counts.rows[0]).toEqual({ datasets: "1", versions: "1", models: "1", predictions: "1", splits: saved, charts: saved });
  });

  test("has its waiting and broken off jobs taken up by a worker of this release", async () => {
    const session = await migrated(fixture, applied);
    expect((await listJobs(session)).items.map(({ job_status }) => job_status)).toEqual(["completed", "queued", "queued"]);
    const taken = await takeJobs(session.db, { worker: "new", count: 9, kinds: ["train"], leaseSeconds: 30 });
    expect(taken.map(({ jobId, attempt }) => [jobId, attempt])).toEqual([
      [id(50), 1],
      [id(51), 2],
    ]);
    expect(await getJob(session, id(51))).toMatchObject({ job_status: "running", worker: "new", priority: 0, dead: false });
  });
});

test("a database that a newer release has brought further is left as it is, and says so", async () => {
  const { db } = await migrated("schema-0002", ["0001_foundation.sql", "0002_datasets.sql"]);
  await sql`insert into kysely_migration values ('9999_future.sql', now()::text)`.execute(db);
  await expect(migrate(db)).rejects.toThrow(
    "database: 9999_future.sql is of a newer release: take the release that others on this database have",
  );
});
