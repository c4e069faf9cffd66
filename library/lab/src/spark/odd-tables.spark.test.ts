import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import type { ReportedRun } from "../reports/index.ts";
import { testSession } from "../testing/test-session.ts";

const folder = mkdtempSync(join(tmpdir(), "spark-odd-"));
const few = { algorithm: "random_forest", target: "y", params: { nEstimators: 2 } } as const;
/** Names as people give them. */
const name = `größe "in" 'm' (µ; 😀)`;
const named = `select cast(id % 5 as double) as \`${name}\`, if(id % 5 > 2, 'a', 'b') as \`ja / nein?\` from range(100)`;
let opened: Opened;
let lab: Lab;
let run: ReportedRun;
beforeAll(async () => {
  process.env["SPARK_REMOTE"] = inject("sparkRemote");
  process.env["ASSAY_SPARK_MODELS"] = join(folder, "models");
  opened = await testSession();
  lab = await connect();
  run = await lab.spark.fit({ ...few, table: named, target: "ja / nein?" });
});
afterAll(async () => {
  await lab.close();
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

test("columns have names with spaces, quotes and signs of any script", async () => {
  expect((await lab.spark.model(run)).features).toEqual([name]);
});

test("answers keep columns whose types and names no model would take", async () => {
  const odd = `select 1D as \`${name}\`, 2 as \`a.b\`, array(named_struct('at', timestamp '1901-01-01 00:00:00')) as nested,
    timestamp_ltz '1850-01-01 00:00:00+05:00' as zoned, cast(1 as decimal(38, 10)) as exact, 9223372036854775807 as large`;
  const { rows, columns } = await lab.spark.predict(run, { table: odd, to: join(folder, "kept") });
  expect([rows, columns.map(({ type }) => type)]).toEqual([
    1,
    ["double", "integer", "array", "timestamp", "decimal", "long", "string", "array"],
  ]);
});

test("an empty table is predicted as no rows", async () => {
  expect((await lab.spark.predict(run, { table: `${named} limit 0`, to: join(folder, "none") })).rows).toBe(0);
});

test("answers never take the place of the table that they are made from", async () => {
  const to = join(folder, "a place");
  await lab.spark.predict(run, { table: named, to });
  const before = readdirSync(to).sort();
  await expect(lab.spark.predict(run, { table: `select \`${name}\` from parquet.\`${to}\``, to, replace: true })).rejects.toThrow(
    `spark.predict: to must be another place than the table's, got ${to}`,
  );
  expect(readdirSync(to).sort()).toEqual(before);
});

test("two fits and a prediction run side by side", async () => {
  const [one, other, answers] = await Promise.all([
    lab.spark.fit({ ...few, table: named, target: "ja / nein?" }),
    lab.spark.fit({ ...few, table: "select id as x, id % 2 = 0 as y from range(100)" }),
    lab.spark.predict(run, { table: named, to: join(folder, "beside") }),
  ]);
  expect([one.status, other.status, answers.rows]).toEqual(["completed", "completed", 100]);
});

test("decimals are classes by their value", async () => {
  const decimals = await lab.spark.fit({
    ...{ ...few, task: "classification" },
    table: "select id as x, cast(id % 2 as decimal(20, 4)) + 0.5 as y from range(100)",
  });
  expect((await lab.spark.model(decimals)).classes).toEqual([0.5, 1.5]);
});

test("clusters that the test rows do not tell apart have no silhouette", async () => {
  const clusters = await lab.spark.fit({
    algorithm: "k_means",
    table: "select 1D as x from range(50)",
    params: { nClusters: 2 },
  });
  expect(Object.keys(clusters.metrics)).toEqual(["train.inertia"]);
});

test("a constant target that is met has an R² of 1", async () => {
  const constant = await lab.spark.fit({ ...few, table: "select cast(id as double) as x, 2D as y from range(100)" });
  expect(constant.metrics["test.r2"]).toBe(1);
});

test("rows whose target is infinite are left out and counted", async () => {
  const table = "select cast(id as double) as x, if(id = 5, double('infinity'), id % 7) as y from range(100)";
  expect((await lab.spark.fit({ ...few, table })).split).toMatchObject({ left_out: 1 });
});

test("a deleted run that is restored predicts, a purged one has taken its model along", async () => {
  const { place } = await lab.spark.model(run);
  await lab.tracking.delete(run.id);
  await lab.tracking.restore(run.id);
  await lab.spark.predict(run, { table: named, to: join(folder, "restored") });
  await lab.tracking.delete(run.id);
  await lab.tracking.purge(run.id);
  expect(existsSync(place)).toBe(false);
});
