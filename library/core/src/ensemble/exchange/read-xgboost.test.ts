import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../../base/codec.ts";
import type { PredictorModel } from "../../base/contract.ts";
import { table } from "../../data/table.ts";
import { fixture } from "../../testing/fixture.ts";
import { readLightgbm } from "./read-lightgbm.ts";
import { readXgboost } from "./read-xgboost.ts";
import { answersOf, bytesOf, type ForeignCase, farthest, rowsOf, sumsOf } from "./testing/foreign-case.ts";

type Cases = Record<string, ForeignCase>;

/** `binary:logitraw` predicts its sums. */
const optionsOf = (model: string): object => (model.includes("binary:logitraw") ? { task: "regression" } : {});

describe.each(["xgboost-objectives", "xgboost-trees", "xgboost-boosters"])("%s", (name) => {
  test.each(Object.entries(fixture<Cases>(import.meta.url, name)))(
    "%s: XGBoost's own predictions",
    async (_, { model, x, raw, predicted }) => {
      const read = await readXgboost(bytesOf(model), optionsOf(model));
      expect(farthest(sumsOf(read, rowsOf(x)), raw)).toBeLessThan(1e-6);
      expect(farthest(answersOf(read, rowsOf(x), predicted), predicted)).toBeLessThan(1e-6);
    },
  );
});

const older = Object.entries(fixture<Cases>(import.meta.url, "older-versions")).filter(([name]) => name.startsWith("xgboost"));

test.each(older)("%s: as that version predicted", async (_, { model, x, raw, predicted }) => {
  const read = await readXgboost(bytesOf(model), optionsOf(model));
  expect(farthest(sumsOf(read, rowsOf(x)), raw)).toBeLessThan(1e-6);
  expect(farthest(answersOf(read, rowsOf(x), predicted), predicted)).toBeLessThan(1e-6);
});

test.each(
  Object.entries({ ...fixture<Cases>(import.meta.url, "xgboost-trees"), ...fixture<Cases>(import.meta.url, "lightgbm-trees") }),
)("%s: many rows are predicted as few are", async (_, { model, x }) => {
  const read = await (model.startsWith("tree") ? readLightgbm : readXgboost)(bytesOf(model));
  const few = [...sumsOf(read, rowsOf(x))];
  const many = sumsOf(read, rowsOf([...x, ...x, ...x, ...x, ...x]));
  expect(farthest(many, [...few, ...few, ...few, ...few, ...few])).toBeLessThan(1e-15);
});

const boosters = fixture<Cases>(import.meta.url, "xgboost-boosters");
const trees = fixture<Cases>(import.meta.url, "xgboost-trees");
const objectives = fixture<Cases>(import.meta.url, "xgboost-objectives");

test("texts of a category column are matched by the file's levels", async () => {
  const named = fixture<Record<string, { model: string; kind: string[]; size: number[]; predicted: number[] }>>(
    import.meta.url,
    "named-levels",
  );
  const { model, kind, size, predicted } = named["xgboost"]!;
  const read = await readXgboost(bytesOf(model));
  expect(farthest(read.predict(table({ size, kind })) as Float64Array, predicted)).toBeLessThan(1e-6);
});

test.each(["linear", "dart", "linear of classes"])("%s: saved and loaded it predicts the same", async (name) => {
  const { model, x } = boosters[name]!;
  const read = await readXgboost(bytesOf(model));
  const loaded = decodeModel<PredictorModel>(encodeModel(read));
  expect(loaded.predict(rowsOf(x))).toEqual(read.predict(rowsOf(x)));
});

test("the weights of dropped trees count where the booster is named gbtree", async () => {
  const { model, x, raw } = boosters["dart"]!;
  const read = await readXgboost(bytesOf(model.replace('"name":"dart"', '"name":"gbtree"')));
  expect(farthest(sumsOf(read, rowsOf(x)), raw)).toBeLessThan(1e-6);
});

test.each([
  ["a text", '"base_score":"2E-1"'],
  ["a number", '"base_score":0.2'],
  ["a list", '"base_score":[0.2]'],
  ["a text of a list", '"base_score":"[2E-1]"'],
])("base_score may be %s", async (_, written) => {
  const { model, x, raw } = objectives["binary:logistic with base_score"]!;
  const read = await readXgboost(bytesOf(model.replace(/"base_score":"[^"]*"/, written)));
  expect(farthest(sumsOf(read, rowsOf(x)), raw)).toBeLessThan(1e-6);
});

test("output takes one of several targets", async () => {
  const { model, x, raw } = trees["two targets"]!;
  const read = await readXgboost(bytesOf(model), { output: 1 });
  const wanted = (raw as number[][]).map((row) => row[1]!);
  expect(farthest(read.predict(rowsOf(x)) as Float64Array, wanted)).toBeLessThan(1e-6);
});

test("output takes one of several labels, whose probabilities are two", async () => {
  const { model, x, predicted } = trees["two labels"]!;
  const read = await readXgboost(bytesOf(model), { output: 0 });
  const wanted = (predicted as number[][]).map((row) => row[0]!);
  expect(farthest(answersOf(read, rowsOf(x), wanted), wanted)).toBeLessThan(1e-6);
});

test("importances are shares of the columns by gain", async () => {
  const read = await readXgboost(bytesOf(trees["missing"]!.model), { columns: ["a", "b", "c", "d"] });
  const importances = read.importances()!;
  expect(importances.map(({ feature }) => feature).sort()).toEqual(["a", "b", "c", "d"]);
  expect(importances.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
});

describe("readXgboost refuses", () => {
  const { model } = trees["partitions"]!;

  test.each<[string, RegExp | string, string, RegExp]>([
    ["an unknown objective", "reg:squarederror", "reg:squareerror", /learner\.objective\.name .* did you mean reg:squarederror/],
    [
      "more nodes than the file has",
      /"num_nodes":"\d+"/,
      '"num_nodes":"2000000000"',
      /trees\[0\]\.left_children must have 2000000000 entries \(num_nodes\), got \d+/,
    ],
    ["more trees than the file has", '"num_trees":"2"', '"num_trees":"3"', /trees must have 3 entries \(num_trees\), got 2/],
    [
      "more columns than may be",
      '"num_feature":"4","num_target"',
      '"num_feature":"4000000000","num_target"',
      /num_feature must be a whole number from 1 to/,
    ],
    ["more classes than may be", '"num_class":"0"', '"num_class":"2000000000"', /num_class must be a whole number from 0 to/],
    [
      "a child outside the tree",
      /"left_children":\[1/,
      '"left_children":[99',
      /left_children\[0\] must be a whole number from -1 to \d+, got 99/,
    ],
    ["a cycle", /"left_children":\[1,\d/, '"left_children":[1,1', /trees\[0\]: node \d must have one parent, got a second/],
    [
      "a column that is not there",
      /"split_indices":\[\d/,
      '"split_indices":[4',
      /split_indices\[0\] must be below 4 features, got 4/,
    ],
    [
      "a threshold that is no number",
      /"split_conditions":\[[^,]+,[^,]+,[^,]+/,
      '"split_conditions":[NaN,NaN,NaN',
      /must be a number, got NaN/,
    ],
    [
      "a category beyond the bound",
      /"categories":\[\d+/,
      '"categories":[99999999',
      /categories\[0\] must be a whole number from 0 to 16777215/,
    ],
    ["a base_score that cannot be", /"base_score":"[^"]*"/, '"base_score":"[NaN]"', /base_score/],
    [
      "a name that stands twice",
      '"tree_info":',
      '"trees":[],"tree_info":',
      /line 1, column \d+ must be a name that does not stand twice, got "\\"trees/,
    ],
  ])("%s", async (_, from, to, message) => {
    const changed = model.replace(from, to);
    expect(changed).not.toBe(model);
    await expect(readXgboost(bytesOf(changed))).rejects.toThrow(
      expect.objectContaining({ name: "DataError", message: expect.stringMatching(message) }),
    );
  });

  test("small trees of large category codes, before they take memory", async () => {
    const parsed = JSON.parse(model.replace(/"categories":\[\d+/g, '"categories":[16777215'));
    const booster = parsed.learner.gradient_booster.model;
    booster.trees = Array(500).fill(booster.trees[0]);
    booster.tree_info = Array(500).fill(0);
    booster.gbtree_model_param.num_trees = "500";
    await expect(readXgboost(bytesOf(JSON.stringify(parsed)))).rejects.toThrow(/the categories of all trees must take at most/);
  });

  test("an output that is not there", async () => {
    await expect(readXgboost(bytesOf(trees["two targets"]!.model), { output: 2 })).rejects.toThrow(
      /output must be a whole number from 0 to 1, got 2/,
    );
  });
});
