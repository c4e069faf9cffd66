import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fitOnSpark } from "./fit.ts";
import { sparkOf } from "./for-cells.ts";
import { predictOnSpark } from "./predict.ts";
import { relationOf, valueSql } from "./workspace.ts";

const nowhere = {} as never; // refused before a run is made
const asked = { algorithm: "logistic_regression", table: "select 1 as a", target: "a" } as const;

describe("a fit is refused before its run is made", () => {
  beforeEach(() => void vi.stubEnv("SPARK_REMOTE", undefined));
  afterEach(() => void vi.unstubAllEnvs());

  test.each([
    [
      "without SPARK_REMOTE, with the remedy",
      asked,
      "spark.fit: SPARK_REMOTE must name a Spark Connect server, as sc://host:15002, and is not set",
    ],
    [
      "for an unknown algorithm",
      { ...asked, algorithm: "random_forrest" },
      'no algorithm "random_forrest" on Spark, did you mean random_forest',
    ],
    ["for an unknown option", { ...asked, testt: 0.1 }, "spark.fit: no parameter testt, did you mean test"],
    ["for an unknown parameter", { ...asked, params: { cc: 1 } }, "logistic_regression: no parameter cc, did you mean c"],
    ["for a parameter out of its range", { ...asked, params: { c: 0 } }, "logistic_regression: c must be > 0, got 0"],
    [
      "for a number of columns with a fraction",
      { ...asked, algorithm: "random_forest", params: { maxFeatures: 2.5 } },
      "maxFeatures must be a whole number of columns, or a share below 1, got 2.5",
    ],
    [
      "for a number that Spark's whole numbers do not hold",
      { ...asked, algorithm: "random_forest", params: { minSamplesLeaf: 2 ** 31 } },
      "minSamplesLeaf must be ≤ 2147483647, got 2147483648",
    ],
    [
      "for a path that is not whole",
      { ...asked, table: "koi.parquet" },
      "table must be SQL, or the whole path or address of Parquet files",
    ],
  ])("%s", async (_, options, message) => {
    await expect(fitOnSpark(nowhere, options)).rejects.toThrow(message);
  });
});

test.each(["/data/a.parquet", "s3a://bucket/a", "hdfs://host/a/*.parquet"])("%s is a place of files", (path) => {
  expect(relationOf("x", path)).toEqual({ read: { dataSource: { format: "parquet", paths: [path] } } });
});

test("models go to no place that only the folder of a process would complete", async () => {
  vi.stubEnv("SPARK_REMOTE", "sc://127.0.0.1:1");
  vi.stubEnv("ASSAY_SPARK_MODELS", "models");
  await expect(fitOnSpark(nowhere, asked)).rejects.toThrow("ASSAY_SPARK_MODELS: must be a whole path");
  vi.unstubAllEnvs();
});

describe("cells that leave something out are told what:", () => {
  const spark = sparkOf(nowhere);
  test("a fit without options", async () => {
    await expect(spark.fit(undefined as never)).rejects.toThrow("spark.fit: takes its options as an object, got undefined");
  });
  test("a prediction without options", async () => {
    await expect(spark.predict("a", undefined as never)).rejects.toThrow("spark.predict: takes its options as an object");
  });
  test("a model without a run", async () => {
    await expect(spark.model(undefined as never)).rejects.toThrow("spark: takes a run or its id, got undefined");
  });
});

test.each([
  [{ replace: "no" }, "spark.predict: replace must be a boolean"],
  [{ overwrite: true }, "spark.predict: no parameter overwrite"],
  [{ missing: "drop" }, "spark.predict: missing must be"],
])("a prediction is refused for %j", async (odd, message) => {
  const options = { table: "select 1 as a", to: "/answers", ...odd } as never;
  await expect(predictOnSpark({ missing: "error" } as never, options)).rejects.toThrow(message);
});

test.each([
  "select 1",
  "select(1)",
  "-- trips\nselect 1",
  "/* of\nrides */ select 1",
  " with a as (select 1) select * from a",
  "from shop.orders",
  "(select 1)",
])("%s is SQL", (query) => {
  expect(relationOf("x", query)).toEqual({ sql: { query } });
});

test.each([
  ["it's \\ here", "'it''s \\\\ here'"],
  [3, "3"],
  [0.5, "0.5D"],
  [true, "true"],
] as const)("%j is %s in SQL", (value, sql) => {
  expect(valueSql(value)).toBe(sql);
});
