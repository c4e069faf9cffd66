import { describe, expect, test } from "vitest";
import { table } from "../../data/table.ts";
import { fromLightgbmParams } from "./lightgbm-preset.ts";
import { fromXgboostParams } from "./xgboost-preset.ts";

describe("XGBoost's parameters", () => {
  test("without any are its defaults, on trees that grow by depth", () => {
    const { name, params } = fromXgboostParams({});
    expect({ name, params }).toMatchObject({
      name: "hist_gradient_boosting",
      params: { growth: "depth", nEstimators: 100, learningRate: 0.3, maxDepth: 6, minChildWeight: 1, regLambda: 1 },
    });
  });

  test("are taken by their names and aliases", () => {
    const { params } = fromXgboostParams({ eta: 0.1, max_depth: 4, lambda: 2, min_split_loss: 0.5, grow_policy: "lossguide" });
    expect(params).toMatchObject({ learningRate: 0.1, maxDepth: 4, regLambda: 2, minSplitGain: 0.5, growth: "leaf" });
  });

  test("have the task of their objective", () => {
    const objectives = ["reg:squarederror", "binary:logistic", "rank:ndcg"];
    expect(objectives.map((objective) => fromXgboostParams({ objective }).task)).toEqual([
      "regression",
      "classification",
      "ranking",
    ]);
  });

  test("without a depth need a number of leaves", () => {
    expect(() => fromXgboostParams({ max_depth: 0 })).toThrow("xgboost: max_leaves must be above 0 where max_depth is 0");
  });

  test("that are not known are refused with the near name", () => {
    expect(() => fromXgboostParams({ max_dept: 3 })).toThrow(/max_dept.*did you mean max_depth/);
  });
});

test("LightGBM's parameters without any are its defaults, on trees that grow by leaf", () => {
  expect(fromLightgbmParams({}).params).toMatchObject({ growth: "leaf", numLeaves: 31, learningRate: 0.1, regLambda: 0 });
});

test("the objective tells the type of what is made: a classifier is fitted without a group", async () => {
  const rows = table({
    a: Array.from({ length: 40 }, (_, i) => i),
    kind: Array.from({ length: 40 }, (_, i) => (i < 20 ? "low" : "high")),
  });
  const model = await fromLightgbmParams({ objective: "binary", n_estimators: 2 }).fit(rows, { target: "kind" });
  expect(model.classes).toEqual(["high", "low"]);
});

test("without an objective a regressor is made, and its type says so", () => {
  const task: "regression" = fromXgboostParams({ max_depth: 2 }).task;
  expect(task).toBe("regression");
});
