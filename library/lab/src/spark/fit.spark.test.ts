import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { literal, openDuckdb } from "../engine/index.ts";
import { findPyspark } from "../engine/spark/descriptors.ts";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import type { ReportedRun } from "../reports/index.ts";
import { testSession } from "../testing/test-session.ts";
import type { SparkFitOptions, SparkPredictions } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "spark-fit-"));
const table = join(folder, "patients.parquet");
const ratings = join(folder, "ratings.parquet");
const features = ["dose", "age", "colour"];

/** What each algorithm is asked; tools/spark/ml.py says the same to PySpark. */
const asked = {
  logistic_regression: { table, target: "sick", features, params: { c: 2 } },
  random_forest: { table, target: "sick", features, params: { nEstimators: 7, maxDepth: 4 } },
  gradient_boosting: { table, target: "days", features, params: { nEstimators: 8 } },
  k_means: { table, features, params: { nClusters: 3 } },
  als: { table: ratings, params: { factors: 4, regularization: 0.05, iterations: 6 } },
} satisfies Record<string, Omit<SparkFitOptions, "algorithm">>;
type Name = keyof typeof asked;
const names = Object.keys(asked) as Name[];

interface Answer {
  readonly rows: number;
  readonly learnt: readonly number[] & readonly (readonly number[])[];
  readonly figures: Readonly<Record<string, number>>;
  readonly inertia: number;
  readonly predicted: readonly (number | null)[];
}

let opened: Opened;
let lab: Lab;
let oracle: Record<Name, Answer>;
const runs = {} as Record<Name, ReportedRun>;
const predictions = {} as Record<Name, SparkPredictions>;

beforeAll(async () => {
  process.env["SPARK_REMOTE"] = inject("sparkRemote");
  process.env["ASSAY_SPARK_MODELS"] = join(folder, "models");
  opened = await testSession();
  lab = await connect();
  await writeTables();
  for (const algorithm of names) {
    runs[algorithm] = await lab.spark.fit({ algorithm, ...asked[algorithm], experiment: "planted" });
    const to = join(folder, `${algorithm}.answers`);
    predictions[algorithm] = await lab.spark.predict(runs[algorithm], { table: asked[algorithm].table, to });
  }
  oracle = await askPyspark();
}, 600_000);
afterAll(async () => {
  await lab.close();
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Patients of whom dose and colour make some sick, and ratings of two kinds of people. */
async function writeTables(): Promise<void> {
  const local = await openDuckdb({ folder, memoryMb: 200, threads: 1 });
  const noise = "(hash(i * 7919) % 1000) / 1000.0";
  await local.write(
    `select i as id, cast(hash(i) % 100 as double) / 10 as dose, cast(20 + hash(i + 1000000) % 60 as integer) as age,
       ['red', 'green', 'blue'][cast(1 + hash(i + 2000000) % 3 as integer)] as colour,
       case when dose / 4 + (colour = 'red')::integer - 2 + 3 * (${noise} - 0.5) > 0 then 'yes' else 'no' end as sick,
       2 * dose + age / 10 + ${noise} as days from range(2000) as t(i) order by id`,
    table,
    { compression: "snappy" },
  );
  await local.write(
    `select i as id, concat('u', i % 60) as user, cast(hash(i) % 40 as integer) as item,
       cast(1 + 4 * ((i % 60 + item) % 2) + ${noise} as double) as rating from range(1500) as t(i) order by id`,
    ratings,
    { compression: "snappy" },
  );
  await local.close();
}

async function askPyspark(): Promise<Record<Name, Answer>> {
  const { python } = (await findPyspark())!;
  const script = join(import.meta.dirname, "../../../../tools/spark/ml.py");
  const models = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await lab.spark.model(runs[name])).place])),
  );
  const asking = promisify(execFile)(python, [script], { env: { ...process.env, SPARK_REMOTE: undefined }, maxBuffer: 1 << 26 });
  asking.child.stdin!.end(JSON.stringify({ table, ratings, models }));
  return JSON.parse((await asking).stdout.trim().split("\n").at(-1)!);
}

/** The predictions that were written, in the order of the table. */
async function written(name: Name, column = "prediction"): Promise<unknown[]> {
  const local = await openDuckdb({ folder });
  const rows = await local.sql(
    `select ${column} as x from read_parquet(${literal(`${predictions[name].to}/*.parquet`)}) order by id`,
  );
  await local.close();
  return rows.map(({ x }) => x);
}

const tested = (name: Name): Record<string, unknown> =>
  Object.fromEntries(Object.keys(oracle[name].figures).map((figure) => [figure, runs[name].metrics[`test.${figure}`]]));
const near = (figures: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(figures).map(([figure, value]) => [figure, expect.closeTo(value, 10)]));

describe("a fit is PySpark's to the last digit:", () => {
  test("the weights of logistic regression", async () => {
    const { coefficients, intercepts } = await lab.spark.model(runs.logistic_regression);
    expect([...coefficients![0]!, ...intercepts!]).toEqual(oracle.logistic_regression.learnt);
  });
  test.each(["random_forest", "gradient_boosting"] as const)("the importances of %s", async (name) => {
    expect((await lab.spark.model(runs[name])).importances).toEqual(oracle[name].learnt);
  });
  test("the centres of k-means", async () => {
    expect((await lab.spark.model(runs.k_means)).centers).toEqual(oracle.k_means.learnt);
  });
  test("the split", () => {
    expect((runs.logistic_regression.split as { readonly train: number }).train).toBe(oracle.logistic_regression.rows);
  });
});

test.each(names)("the figures of %s on the test rows are those of PySpark's evaluators", (name) => {
  expect(tested(name)).toEqual(near(oracle[name].figures));
});

test("the inertia of k-means is its training cost", () => {
  expect(runs.k_means.metrics["train.inertia"]).toBeCloseTo(oracle.k_means.inertia, 6);
});

describe("PySpark loads the model that was written, and predicts the same:", () => {
  test.each(["logistic_regression", "random_forest"] as const)("%s", async (name) => {
    const { classes } = await lab.spark.model(runs[name]);
    expect(await written(name)).toEqual(oracle[name].predicted.map((place) => classes![place!]));
  });
  test.each(["gradient_boosting", "k_means", "als"] as const)("%s", async (name) => {
    expect((await written(name)).map(Number)).toEqual(oracle[name].predicted.map(Number));
  });
});

test("logistic regression is Assay's own, under the same C", async () => {
  const run = await lab.spark.fit({
    ...{ algorithm: "logistic_regression", table, target: "sick", features: ["dose", "age"], test: 0 },
    params: { c: 0.01, tol: 1e-12 },
  });
  const own = await ml
    .logisticRegression({ c: 0.01, tol: 1e-10 })
    .fit(await ml.readParquet(table), { target: "sick", features: ["dose", "age"] });
  const { coefficients, intercepts } = await lab.spark.model(run);
  const { coef, intercept } = own.state as { readonly coef: Float64Array; readonly intercept: Float64Array };
  expect([...coefficients![0]!, ...intercepts!]).toEqual([...coef, ...intercept].map((value) => expect.closeTo(value, 6)));
});

test("a run keeps where its rows come from: place, columns, rows, Spark", () => {
  expect(runs.logistic_regression.environment["spark"]).toEqual({
    ...{
      version: "4.3.0",
      address: /sc:\/\/([^/]+)/.exec(inject("sparkRemote"))![1],
      table,
      rows: 2000,
      missing: "error",
      test: 0.2,
    },
    schema: { id: "long", dose: "double", age: "integer", colour: "string", sick: "string", days: "double" },
  });
});

test("a run keeps algorithm, parameters, target and features under Assay's names", () => {
  const { algorithm, task_type, target_column, feature_columns, hyperparameters, random_seed } = runs.gradient_boosting;
  expect({ algorithm, task_type, target_column, feature_columns, random_seed }).toEqual({
    ...{
      algorithm: "gradient_boosting",
      task_type: "regression",
      target_column: "days",
      feature_columns: features,
      random_seed: 42,
    },
  });
  expect(hyperparameters).toMatchObject({ n_estimators: 8, learning_rate: 0.1, max_depth: 3 });
});

test("a category is one column for each level to a linear model", async () => {
  const levels = (await lab.spark.model(runs.logistic_regression)).features.slice(2);
  expect([...levels].sort()).toEqual(["colour=blue", "colour=green", "colour=red"]);
});

test("answers keep the table's columns and add their own", () => {
  const { rows, columns } = predictions.random_forest;
  expect([rows, columns.map(({ name }) => name)]).toEqual([
    2000,
    ["id", "dose", "age", "colour", "sick", "days", "prediction", "probability"],
  ]);
});

test("probabilities are a list that sums to 1", async () => {
  const sums = await written("random_forest", "list_sum(probability)");
  expect(sums).toEqual(sums.map(() => expect.closeTo(1, 12)));
});

test("an unseen level is predicted as none of those that were seen", async () => {
  const to = join(folder, "violet");
  const one = "select 9.0D as dose, 30 as age, 'violet' as colour";
  expect((await lab.spark.predict(runs.logistic_regression.id, { table: one, to })).rows).toBe(1);
});

test("answers that are there stay, unless they are to give way", async () => {
  const { to } = predictions.als;
  await expect(lab.spark.predict(runs.als, { table: ratings, to })).rejects.toThrow("PATH_ALREADY_EXISTS");
  expect(
    (await lab.spark.predict(runs.als, { table: `select * from parquet.\`${ratings}\` limit 3`, to, replace: true })).rows,
  ).toBe(3);
});

test("a model is drawn with a row for each column", async () => {
  const model = await lab.spark.model(runs.random_forest);
  const html = (model as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!()["text/html"]!;
  expect(html).toContain("<td>colour</td>");
});
