import * as ml from "assay";
import { describe, expect, test } from "vitest";
import { trainRequest } from "../contract/training.ts";
import { flowers } from "../testing/flowers.ts";
import { prepared, withStopping } from "./prepare.ts";

const features = ["petal_length", "petal_width", "colour"];
const asked = (more: object = {}) =>
  trainRequest.parse({ dataset_id: "flowers", target_column: "kind", algorithm: "decision_tree", ...more });
const stepsOf = (algorithm: string, more: object): string[] => {
  const request = asked({ algorithm, ...more });
  const ready = prepared(ml.estimatorByName(algorithm, "classification", {}), request, "classification", flowers(), features);
  return ((ready.params["steps"] as ml.Spec[] | undefined) ?? [ready]).map(({ name }) => name);
};

describe("before an estimator stand", () => {
  test.each([
    ["decision_tree", {}, ["column_transformer", "decision_tree"]],
    ["decision_tree", { scaling_method: "robust" }, ["column_transformer", "robust_scaler", "decision_tree"]],
    ["logistic_regression", { scaling_method: "none" }, ["column_transformer", "imputer", "logistic_regression"]],
    [
      "logistic_regression",
      { scaling_method: "min_max" },
      ["column_transformer", "imputer", "min_max_scaler", "logistic_regression"],
    ],
    ["hist_gradient_boosting", { scaling_method: "standard" }, ["column_transformer", "hist_gradient_boosting"]],
    [
      "decision_tree",
      { feature_selection: { method: "statistical", n_features: 2 } },
      ["column_transformer", "select_k_best", "decision_tree"],
    ],
    ["decision_tree", { preprocessing: "none" }, ["decision_tree"]],
  ])("of %s asked for %j: %j", (algorithm, more, steps) => expect(stepsOf(algorithm, more)).toEqual(steps));

  test.each(["correlation", "mutual_info", "rfe", "tree_importance", "statistical"])(
    "as many columns as are asked for, by %s, learnt from the training rows",
    async (method) => {
      const request = asked({ feature_selection: { method, n_features: 2 } });
      const estimator = prepared(ml.decisionTreeClassifier(), request, "classification", flowers(), features);
      const model = await estimator.fit(flowers(), { target: "kind", features });
      expect(ml.score(model, flowers())["accuracy"]).toBeGreaterThan(0.5);
    },
  );

  test("no steps where none are wanted, and a refusal where both are said", () => {
    expect(() => stepsOf("decision_tree", { preprocessing: "none", scaling_method: "robust" })).toThrow(
      'train: scaling_method needs preprocessing "auto", got "none"',
    );
  });
});

describe("early stopping is said in the algorithm's own words", () => {
  test.each([
    ["hist_gradient_boosting", { early_stopping: true }, { early_stopping: true }],
    ["hist_gradient_boosting", { early_stopping_patience: 3 }, { early_stopping: true, patience: 3 }],
    ["neural_network", { early_stopping: true, early_stopping_patience: 5 }, { early_stopping: true, n_iter_no_change: 5 }],
    ["lightgbm", { early_stopping: true }, { early_stopping_round: 10 }],
    ["xgboost", { early_stopping_patience: 7 }, { early_stopping_rounds: 7 }],
    ["random_forest", { early_stopping: false }, {}],
    ["hist_gradient_boosting", { early_stopping: true, hyperparameters: { early_stopping: false } }, { early_stopping: false }],
  ])("%s %j", (algorithm, more, hyperparameters) => {
    const said = withStopping(asked({ algorithm, ...more }), "classification");
    expect(said).toEqual(hyperparameters);
    expect(ml.estimatorByName(algorithm, "classification", said).name).toBeTruthy();
  });

  test("and refused by one that cannot", () => {
    expect(() => withStopping(asked({ algorithm: "random_forest", early_stopping: true }), "classification")).toThrow(
      "train: random_forest cannot stop early: leave early_stopping out",
    );
  });
});
