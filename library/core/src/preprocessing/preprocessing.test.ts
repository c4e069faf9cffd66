import { describe, expect, test } from "vitest";
import { z } from "zod";
import { decodeModel, encodeModel } from "../base/codec.ts";
import type { ClassifierModel, TransformerModel } from "../base/contract.ts";
import { classifier } from "../base/estimator.ts";
import { table } from "../data/table.ts";
import { histGradientBoostingClassifier } from "../ensemble/boosting/hist-gradient-boosting.ts";
import { varianceThreshold } from "../feature-selection/variance-threshold.ts";
import { evaluate } from "../inspection/evaluate.ts";
import { thresholdClassifier } from "../inspection/threshold-classifier.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { ridge } from "../linear/ridge.ts";
import { random } from "../numeric/random.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionTreeClassifier } from "../tree/decision-tree.ts";
import { type AutoPreprocessOptions, autoPreprocess } from "./auto-preprocess.ts";
import { columnTransformer } from "./column-transformer.ts";
import { labelEncoder } from "./encoders.ts";
import { imputer } from "./imputer.ts";
import { oneHotEncoder } from "./one-hot-encoder.ts";
import { pipeline } from "./pipeline.ts";
import { standardScaler } from "./scalers.ts";
import { targetEncoder } from "./target-encoder.ts";

describe("imputer", () => {
  for (const { name, run } of estimatorChecks("transform", "imputer")) test(name, run);
});

const rowsOf = ({ data, columns, rows }: { data: Float64Array; columns: number; rows: number }): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
const nan = Number.NaN;

describe("the imputer equals scikit-learn's", () => {
  const given = fixture<{ x: (number | null)[][]; mean: number[][]; median: number[][]; mode: number[][] }>(
    import.meta.url,
    "imputer",
  );
  const x = given.x.map((row) => row.map((value) => value ?? nan));
  test.each(["mean", "median", "mode"] as const)("by %s", async (strategy) => {
    const got = rowsOf((await imputer({ strategy }).fit(x)).transform(x));
    for (const [i, row] of given[strategy].entries())
      for (const [j, value] of row.entries())
        expect(Math.abs(got[i]![j]! - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
  });
});

describe("imputer", () => {
  const holes = [[nan], [1], [nan], [nan], [4], [nan]];
  test("forward fill takes the cell above, and leaves what has none", async () => {
    const model = await imputer({ strategy: "forward_fill" }).fit(holes);
    expect(Array.from(model.transform(holes).data)).toEqual([nan, 1, 1, 1, 4, 4]);
  });
  test("backward fill takes the cell below", async () => {
    const model = await imputer({ strategy: "backward_fill" }).fit(holes);
    expect(Array.from(model.transform(holes).data)).toEqual([1, 1, 4, 4, 4, nan]);
  });
  test.each([
    ["mean", 2.5],
    ["min", 1],
    ["max", 4],
    ["constant", -9],
  ] as const)("by %s", async (strategy, wanted) => {
    const model = await imputer({ strategy, value: -9 }).fit(holes);
    expect(model.transform(holes).data[0]).toBe(wanted);
  });
  test("indicators say where cells were missing", async () => {
    const { names, data } = (await imputer({ addIndicator: true }).fit(holes)).transform(holes);
    expect(names).toEqual(["x0", "x0 missing"]);
    expect(Array.from(data.subarray(0, 4))).toEqual([2.5, 1, 1, 0]);
  });
  test("a column without any cell becomes 0, a category without any level stays missing", async () => {
    expect((await imputer().fit([[nan], [nan]])).transform([[nan]]).data[0]).toBe(0);
    const empty = { rows: 2, columns: 1, data: new Float64Array([nan, nan]), names: ["c"], levels: [[]] };
    expect((await imputer().fit(empty)).transform(empty).data[0]).toBeNaN();
  });
  test("the mean of ±1e308 and of many 1e308 is finite", async () => {
    const wide = [[1.7e308], [1.7e308], [1.6e308], [nan]];
    expect((await imputer({ strategy: "mean" }).fit(wide)).transform(wide).data[3]).toBeCloseTo(5 * (1e308 / 3), -300);
    expect((await imputer({ strategy: "median" }).fit([[1.7e308], [-1.7e308], [nan]])).state.fill[0]).toBe(0);
  });
});

const fruits = table({
  colour: ["red", "green", "red", null, "green", "red"],
  weight: [1, 2, null, 4, 5, 6],
  kind: ["apple", "pear", "apple", "pear", "pear", "apple"],
});

describe("pipelines", () => {
  test("apply at prediction what they learnt at the fit", async () => {
    const steps = [
      columnTransformer({ parts: [{ columns: "category", transformer: oneHotEncoder() }] }),
      imputer({ strategy: "median" }),
    ] as const;
    const model = await pipeline(...steps, decisionTreeClassifier()).fit(fruits, { target: "kind" });
    expect(model.predict(fruits)).toEqual(["apple", "pear", "apple", "pear", "pear", "apple"]);
    const loaded = decodeModel<ClassifierModel>(encodeModel(model));
    expect(loaded.predict(fruits)).toEqual(model.predict(fruits));
  });

  test("predict as their last step does, also where that is not the most probable class", async () => {
    const draw = random(3, "pipeline");
    const x = Array.from({ length: 60 }, () => [draw.normal(), draw.normal()]);
    const y = x.map(([a, b]) => (a! + b! + draw.normal() > 1 ? "yes" : "no"));
    const careful = thresholdClassifier({ estimator: logisticRegression(), threshold: 0.2 });
    const alone = await careful.fit(x, y);
    expect((await pipeline(imputer(), careful).fit(x, y)).predict(x)).toEqual(alone.predict(x));
    const proba = alone.predictProba(x).data;
    expect(alone.predict(x)).not.toEqual(x.map((_, i) => (proba[2 * i + 1]! > 0.5 ? "yes" : "no")));
  });

  test("of a classifier without probabilities predict, and are judged without them", async () => {
    const greater = classifier({
      name: "greater",
      params: z.strictObject({}),
      fit: () => ({}),
      predict: ({ rows, columns, data }) => Float64Array.from({ length: rows }, (_, i) => Number(data[i * columns]! > 2)),
    });
    const model = await pipeline(imputer(), greater()).fit([[1], [2], [3], [nan]], ["low", "low", "high", "low"]);
    expect(model.predict([[1], [5]])).toEqual(["high", "low"]);
    expect(evaluate(model, [[1], [5]], ["high", "low"]).notes).toEqual([
      "the model has no probabilities: no curves, calibration and thresholds",
    ]);
  });

  test("refuse a category column that no step encodes, with the remedy", async () => {
    const fit = pipeline(imputer(), ridge()).fit(fruits.drop(["kind"]), { target: "weight" });
    await expect(fit).rejects.toThrow(
      /column "weight" is missing|column "colour" holds categories; put ml.oneHotEncoder\(\) before it/,
    );
  });

  test("transformers in a row go back in the reverse order", async () => {
    const model = await pipeline(imputer(), standardScaler())
      .fit([[1], [2], [6]])
      .catch((error: unknown) => error as Error);
    expect(() => (model as TransformerModel).inverseTransform([[0]])).toThrow("imputer: has no inverse");
    const whole = await pipeline(standardScaler(), standardScaler({ withStd: false })).fit([[1], [2], [6]]);
    expect(whole.inverseTransform(whole.transform([[4]])).data[0]).toBeCloseTo(4, 12);
  });

  test("a column transformer gives each column back to its place", async () => {
    const rows = fruits.select(["weight", "colour"]).take([0, 1, 4, 5]);
    const model = await columnTransformer({
      parts: [
        { columns: ["colour"], transformer: labelEncoder() },
        { columns: ["weight"], transformer: standardScaler() },
      ],
    }).fit(rows);
    const there = model.transform(rows);
    expect(there.names).toEqual(["colour", "weight"]);
    const back = model.inverseTransform(there);
    expect(back.names).toEqual(["weight", "colour"]);
    expect(rowsOf(back).map(([weight]) => weight)).toEqual([1, 2, 5, 6]);
    expect(rowsOf(back).map(([, colour]) => back.levels![1]![colour!])).toEqual(["red", "green", "green", "red"]);
  });

  test("a column transformer gives many rows what it gives few, and names the row of a bad cell among all", async () => {
    const many = fruits.select(["weight", "colour"]).take(Int32Array.from({ length: 5000 }, (_, i) => [0, 1, 4, 5][i % 4]!));
    const model = await columnTransformer({
      parts: [
        { columns: ["colour"], transformer: oneHotEncoder({ unknown: "error" }) },
        { columns: ["weight"], transformer: standardScaler() },
      ],
    }).fit(many);
    const whole = rowsOf(model.transform(many));
    expect(whole.slice(4990)).toEqual(rowsOf(model.transform(many.slice(4990))));
    const colours = many.values("colour");
    colours[4321] = "never seen";
    expect(() => model.transform(many.with("colour", colours))).toThrow("in row 4321");
  });

  test("target encoding within a pipeline does not hand a random category's target to the next step", async () => {
    const draw = random(3, "leak");
    const noise = table({
      id: Array.from({ length: 400 }, (_, i) => `u${i % 200}`),
      y: Array.from({ length: 400 }, () => draw.normal()),
    });
    const honest = await pipeline(targetEncoder(), ridge()).fit(noise, { target: "y" });
    const weight = Math.abs((honest.state.steps[1]!.state as { readonly coef: Float64Array }).coef[0]!);
    expect(weight).toBeLessThan(0.3); // with the rows' own target in the encoding it is about 1
  });

  test("autoPreprocess puts encoder, imputer and scaler before a linear model", () => {
    const spec = autoPreprocess(logisticRegression(), fruits, ["colour", "weight"]);
    expect((spec.params["steps" as never] as { name: string }[]).map(({ name }) => name)).toEqual([
      "column_transformer",
      "imputer",
      "standard_scaler",
      "logistic_regression",
    ]);
  });

  test("autoPreprocess takes another scaler or none, and a selector last", () => {
    const stepsOf = (options: AutoPreprocessOptions): string[] =>
      (autoPreprocess(logisticRegression(), fruits, ["weight"], options).params["steps" as never] as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(stepsOf({ scaler: "robust" })).toEqual(["imputer", "robust_scaler", "logistic_regression"]);
    expect(stepsOf({ scaler: "none", selector: varianceThreshold() })).toEqual([
      "imputer",
      "variance_threshold",
      "logistic_regression",
    ]);
  });

  test("autoPreprocess scales the numbers alone where the estimator takes categories as they are", () => {
    const tree = autoPreprocess(decisionTreeClassifier(), fruits, ["colour", "weight"], { scaler: "min_max" });
    const model = autoPreprocess(histGradientBoostingClassifier(), fruits, ["colour", "weight"], { scaler: "min_max" });
    expect([tree, model].map(({ params }) => (params["steps" as never] as { name: string }[]).map(({ name }) => name))).toEqual([
      ["column_transformer", "min_max_scaler", "decision_tree"],
      ["column_transformer", "hist_gradient_boosting"],
    ]);
  });
});
