import { expect, test } from "vitest";
import type { ParamsSchema } from "../routes";
import { searchRequestOf, trainingRequestOf } from "./search-requests";
import { type Draft, freshDraft } from "./use-draft";

const draft: Draft = {
  ...freshDraft,
  datasetId: "01981c3e",
  target: "species",
  features: new Set(["petal_length", "species"]),
  algorithm: "hist_gradient_boosting",
  hyperparameters: { n_estimators: 100, max_depth: 4, early_stopping: false },
  experiment: "garden",
};
const schema: ParamsSchema = {
  type: "object",
  properties: {
    n_estimators: { type: "integer", default: 100 },
    max_depth: { type: "integer", default: 6 },
    early_stopping: { type: "boolean", default: false },
    n_iter_no_change: { type: "integer", default: 10 },
  },
};
const training = (change: Partial<Draft>, of: ParamsSchema = schema) =>
  trainingRequestOf({ ...draft, ...change }, "classification", of);

test("a training names the hyperparameters that are not as the algorithm has them by itself, and no other", () => {
  expect(training({}).hyperparameters).toEqual({ max_depth: 4 });
});

test("what is left to the algorithm is not asked for", () => {
  const words = ["preprocessing", "scaling_method", "feature_selection", "early_stopping", "early_stopping_patience"];
  expect(Object.keys(training({})).filter((key) => words.includes(key))).toEqual([]);
});

test("scaling and the choice of columns are asked for, half of the columns where no count is given", () => {
  expect(training({ scaling: "robust", selection: "rfe" })).toMatchObject({
    scaling_method: "robust",
    feature_selection: { method: "rfe" },
  });
  expect(training({ selection: "rfe", selected: 3 }).feature_selection).toEqual({ method: "rfe", n_features: 3 });
});

test("columns that go to the algorithm as they are are neither scaled nor chosen", () => {
  const request = training({ preprocessing: "none", scaling: "robust", selection: "rfe" });
  expect(request).toMatchObject({ preprocessing: "none" });
  expect([request.scaling_method, request.feature_selection]).toEqual([undefined, undefined]);
});

test("early stopping is asked of an algorithm that can, and of no other", () => {
  expect(training({ stopping: "yes", patience: 3 })).toMatchObject({ early_stopping: true, early_stopping_patience: 3 });
  expect(training({ stopping: "no", patience: 3 })).toMatchObject({ early_stopping: false });
  expect(training({ stopping: "no", patience: 3 })).not.toHaveProperty("early_stopping_patience");
  expect(training({ stopping: "yes" }, { type: "object", properties: {} })).not.toHaveProperty("early_stopping");
});

test("a search asks for the same preparation as a training", () => {
  const request = searchRequestOf({ ...draft, scaling: "min_max", stopping: "yes" }, "classification", schema);
  expect(request).toMatchObject({ scaling_method: "min_max", early_stopping: true });
});
