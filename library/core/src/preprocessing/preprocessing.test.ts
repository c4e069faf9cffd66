import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionTreeClassifier } from "../tree/decision-tree.ts";
import { autoPreprocess } from "./auto-preprocess.ts";
import { columnTransformer } from "./column-transformer.ts";
import { oneHotEncoder, ordinalEncoder } from "./encoders.ts";
import { imputer } from "./imputer.ts";
import { pipeline } from "./pipeline.ts";
import { minMaxScaler, robustScaler, standardScaler } from "./scalers.ts";

describe.each(["imputer", "standard_scaler", "min_max_scaler", "robust_scaler", "one_hot_encoder", "ordinal_encoder"])(
  "%s",
  (transformer) => {
    for (const { name, run } of estimatorChecks("transform", transformer)) test(name, run);
  },
);

const rowsOf = ({ data, columns, rows }: { data: Float64Array; columns: number; rows: number }): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
const expectClose = (got: number[][], wanted: number[][]): void => {
  for (const [i, row] of wanted.entries())
    for (const [j, value] of row.entries())
      expect(Math.abs(got[i]![j]! - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
};

describe("the imputer equals scikit-learn's", () => {
  const given = fixture<{ x: (number | null)[][]; mean: number[][]; median: number[][]; mode: number[][] }>(
    import.meta.url,
    "imputer",
  );
  const x = given.x.map((row) => row.map((value) => value ?? Number.NaN));
  test.each(["mean", "median", "mode"] as const)("by %s", async (strategy) => {
    expectClose(rowsOf((await imputer({ strategy }).fit(x)).transform(x)), given[strategy]);
  });
});

describe("scalers equal scikit-learn's, a constant column too", () => {
  const given = fixture<Record<"x" | "standard" | "minmax" | "robust", number[][]>>(import.meta.url, "scalers");
  test.each([
    ["standard", standardScaler()],
    ["minmax", minMaxScaler({ low: -1, high: 2 })],
    ["robust", robustScaler()],
  ] as const)("%s", async (name, scaler) => {
    const model = await scaler.fit(given.x);
    expectClose(rowsOf(model.transform(given.x)), given[name]);
  });

  test.each([standardScaler(), minMaxScaler(), robustScaler()])("inverseTransform gives the rows back", async (scaler) => {
    const model = await scaler.fit(given.x);
    expectClose(rowsOf(model.inverseTransform(model.transform(given.x))), given.x);
  });
});

const fruits = table({
  colour: ["red", "green", "red", null, "green", "red"],
  weight: [1, 2, null, 4, 5, 6],
  kind: ["apple", "pear", "apple", "pear", "pear", "apple"],
});

describe("encoders", () => {
  test("one-hot makes a named column for each level, all 0 for a missing cell", async () => {
    const model = await oneHotEncoder().fit(fruits.select(["colour", "weight"]), {});
    const { names, data } = model.transform(fruits.select(["colour", "weight"]));
    expect(names).toEqual(["colour=green", "colour=red", "weight"]);
    expect(Array.from(data.subarray(0, 3))).toEqual([0, 1, 1]);
    expect(Array.from(data.subarray(9, 11))).toEqual([0, 0]);
  });

  test("a level that was not there at the fit is 0 in all columns", async () => {
    const model = await oneHotEncoder().fit(fruits.select(["colour"]), {});
    expect(Array.from(model.transform(table({ colour: ["blue", "red"] })).data)).toEqual([0, 0, 0, 1]);
  });

  test("ordinal gives levels their number and unknown ones theirs", async () => {
    const model = await ordinalEncoder({ unknown: -5 }).fit(fruits.select(["colour"]), {});
    expect(Array.from(model.transform(table({ colour: ["red", "green", "violet", null] })).data)).toEqual([1, 0, -5, -5]);
  });
});

describe("pipelines", () => {
  test("apply at prediction what they learnt at the fit", async () => {
    const steps = [
      columnTransformer({ parts: [{ columns: "category", transformer: oneHotEncoder() }] }),
      imputer({ strategy: "median" }),
    ] as const;
    const model = await pipeline(...steps, decisionTreeClassifier()).fit(fruits, { target: "kind" });
    expect(model.predict(fruits)).toEqual(["apple", "pear", "apple", "pear", "pear", "apple"]);
  });

  test("refuse a category column that no step encodes, with the remedy", async () => {
    const fit = pipeline(imputer(), decisionTreeClassifier()).fit(fruits, { target: "kind" });
    await expect(fit).rejects.toThrow('column "colour" holds categories; put ml.oneHotEncoder() before it');
  });

  test("autoPreprocess puts encoder and imputer before a tree", () => {
    const spec = autoPreprocess(decisionTreeClassifier(), fruits, ["colour", "weight"]);
    expect((spec.params["steps" as never] as { name: string }[]).map(({ name }) => name)).toEqual([
      "column_transformer",
      "imputer",
      "decision_tree",
    ]);
  });
});
