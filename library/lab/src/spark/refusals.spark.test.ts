import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import { type ListeningService, listeningService, tokenOf } from "../testing/listening-service.ts";
import { testSession } from "../testing/test-session.ts";
import type { SparkFitOptions } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "spark-refusals-"));
const table = `select id, cast(id % 5 as double) as dose, case id % 3 when 0 then 'red' else 'blue' end as colour,
  case when id % 5 > 2 then 'yes' else 'no' end as sick, if(id % 50 = 7, null, id % 3) as gap from range(200)`;
let opened: Opened;
let service: ListeningService;
let lab: Lab;
beforeAll(async () => {
  process.env["SPARK_REMOTE"] = inject("sparkRemote");
  process.env["ASSAY_SPARK_MODELS"] = join(folder, "models");
  opened = await testSession();
  service = await listeningService(opened.session);
  lab = await connect();
});
afterAll(async () => {
  await lab.close();
  await service.close();
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

const logistic = { algorithm: "logistic_regression", table, target: "sick", features: ["dose"], experiment: "refused" } as const;

describe("a fit refuses", () => {
  test.each<readonly [string, Partial<SparkFitOptions>, string]>([
    [
      "a column that is not there, with the near name",
      { features: ["dosis"] },
      'spark.fit: the table has no column "dosis", did you mean dose',
    ],
    ["a target that is not there, with the near name", { target: "sic" }, 'the table has no column "sic", did you mean sick'],
    ["a target of one class", { table: `${table} where id % 5 > 2` }, 'the target "sick" has one class, "yes"; two are needed'],
    [
      "a class that no training row has",
      { target: "one", table: "select id as dose, if(id = 0, 'a', 'b') as one from range(50)", test: 0.9 },
      "no row to learn from has the class",
    ],
    [
      "missing values, with column and count",
      { features: ["dose", "gap"] },
      'of 200 rows values are missing or infinite, column "gap" 4',
    ],
    ["a table without rows", { table: `${table} where false` }, "spark.fit: the table has no rows"],
    [
      "instants among the features",
      { table: "select current_timestamp() as dose, 'a' as sick" },
      'column "dose" must hold numbers, booleans or text, got timestamp',
    ],
    [
      "text as the target of a regression",
      { algorithm: "random_forest", task: "regression" },
      'the target "sick" must hold numbers for regression, got string',
    ],
    ["the target among the features", { features: ["sick", "dose"] }, "features must not hold the target sick"],
    [
      "three classes for boosted trees",
      { algorithm: "boosted_trees", target: "gap", features: ["dose"], task: "classification" },
      "gradient_boosting on Spark tells 2 classes apart, the target has 3",
    ],
    [
      "more levels than bins",
      {
        algorithm: "random_forest",
        features: ["level"],
        table: "select cast(id % 40 as string) as level, id % 2 = 0 as sick from range(200)",
      },
      'maxBins must be ≥ 41, since column "level" has 40 levels',
    ],
    [
      "more steps than a server without checkpoints bears",
      { algorithm: "boosted_trees", params: { nEstimators: 101 } },
      "nEstimators must be ≤ 100 on a Spark that has no spark.checkpoint.dir",
    ],
    [
      "ids that ALS does not take",
      { algorithm: "als", features: [], target: "rating", table: "select 1.5D as user, 1 as item, 3 as rating" },
      'column "user" must hold whole numbers below 2³¹ for als, got 1.5',
    ],
    ["a column that is named twice", { features: ["dose", "dose"] }, 'features must name each column once, got "dose" twice'],
    [
      "columns that differ by case alone",
      { table: "select 1 as dose, 2 as DOSE, 'a' as sick" },
      'the table has columns "dose" and "DOSE", which Spark does not tell apart: rename one by SQL',
    ],
    [
      "a column with a name that Spark's stages take",
      { table: "select 1 as Prediction, 'a' as sick", features: ["Prediction"] },
      'the table has a column "Prediction", a name that what Spark adds takes: rename it by SQL',
    ],
    [
      "a column without a name",
      { table: "select 1 as ``, 'a' as sick", features: [""] },
      'Spark\'s stages take no column with a dot or a backtick in its name, nor one without, got ""',
    ],
    [
      "an infinite number",
      { table: "select if(id = 3, double('-infinity'), 1D) as dose, 'a' as sick from range(9)" },
      'of 9 rows values are missing or infinite, column "dose" 1',
    ],
    [
      "classes that JavaScript's numbers do not tell apart",
      {
        ...{ algorithm: "random_forest", task: "classification" },
        table: "select id as dose, 9007199254740993 + id as sick from range(9)",
      },
      'the target "sick" has classes beyond ±(2⁵³ − 1)',
    ],
    [
      "booleans as ids of ALS",
      { algorithm: "als", features: [], target: "rating", table: "select true as user, 1 as item, 3 as rating" },
      'column "user" must hold whole numbers or text for als, got boolean',
    ],
    [
      "one column as user and item of ALS",
      { algorithm: "als", features: [], target: "rating", user: "item", table: "select 1 as item, 3 as rating" },
      'features must name each column once, got "item" twice',
    ],
    ["two statements", { table: "select 1 as dose; drop table trips" }, "engine: [PARSE_SYNTAX_ERROR]"],
    ["files that are not there", { table: join(folder, "nothing.parquet") }, "PATH_NOT_FOUND"],
  ])("%s", async (_, changed, message) => {
    const { features, ...asked } = { ...logistic, ...changed };
    await expect(lab.spark.fit({ ...asked, ...(features.length > 0 ? { features } : {}) })).rejects.toThrow(message);
  });
});

test("a fit that fails leaves its run failed, with the message", async () => {
  await lab.spark.fit({ ...logistic, target: "sic", experiment: "failed" }).catch(() => {});
  expect(await lab.experiment("failed").runs()).toMatchObject([
    { status: "failed", error: 'spark.fit: the table has no column "sic", did you mean sick' },
  ]);
});

test("rows with missing values are left out where that is asked for, and counted", async () => {
  const run = await lab.spark.fit({ ...logistic, features: ["dose", "gap"], missing: "skip" });
  expect(run.split).toMatchObject({ left_out: 4 });
});

test("a target of numbers is told apart where classes are asked for, in the order of numbers", async () => {
  const asked = { ...logistic, algorithm: "random_forest", target: "gap", features: ["id"], task: "classification" } as const;
  const run = await lab.spark.fit({ ...asked, params: { nEstimators: 2 } });
  expect((await lab.spark.model(run)).classes).toEqual([0, 1, 2]);
});

test("labels with quotes and backslashes come back as they were", async () => {
  const odd = `select dose, if(sick = 'yes', "\\\\ 'it' \\n", 'no') as sick from (${table})`
    .replaceAll('"', "'")
    .replace("'it'", "\\'it\\'");
  const run = await lab.spark.fit({ ...logistic, table: odd });
  const to = join(folder, "odd");
  await lab.spark.predict(run, { table: odd, to });
  expect((await lab.spark.model(run)).classes).toEqual(["\\ 'it' \n", "no"]);
});

test("an abort ends the query on the server, and leaves the run cancelled", async () => {
  const stop = new AbortController();
  const endless = "select cast(xxhash64(id) as double) as dose from range(1000000000000)";
  const asked = lab.spark.fit({ algorithm: "k_means", table: endless, experiment: "stopped", signal: stop.signal });
  const told = expect(asked).rejects.toMatchObject({ name: "AbortError" });
  const isTraining = async (): Promise<boolean> =>
    (await lab.experiment("stopped").runs()).some(({ progress }) => progress?.step === 1);
  await expect.poll(isTraining, { timeout: 60_000 }).toBe(true);
  stop.abort();
  await told;
  expect(await lab.experiment("stopped").runs()).toMatchObject([{ status: "cancelled" }]);
  // both of its threads would be busy for hours
  expect((await lab.spark.fit(logistic)).status).toBe("completed");
});

test("a prediction names the column that is missing", async () => {
  const run = await lab.spark.fit(logistic);
  await expect(lab.spark.predict(run, { table: "select 1 as dos", to: join(folder, "none") })).rejects.toThrow(
    'spark.predict: the table has no column "dose", did you mean dos',
  );
});

test("a prediction names the column that misses values", async () => {
  const run = await lab.spark.fit(logistic);
  const gap = "select cast(null as double) as dose";
  await expect(lab.spark.predict(run, { table: gap, to: join(folder, "gap") })).rejects.toThrow('column "dose" 1');
});

test("a run without a model on a Spark has none", async () => {
  const run = await lab.experiment("other").run("other", async () => {});
  await expect(lab.spark.model(run)).rejects.toThrow("has no model on a Spark; lab.spark.fit makes one");
});

test("a lab by a service fits, keeps the run there, and predicts", async () => {
  const token = await tokenOf(await service.user("ada"));
  const far = await connect({ url: service.url, token });
  const run = await far.spark.fit(logistic);
  const answers = await far.spark.predict(run.id, { table, to: join(folder, "far") });
  expect([run.status, answers.rows]).toEqual(["completed", 200]);
});
