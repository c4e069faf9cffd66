import { describe, expect, test } from "vitest";
import { logisticRegression, ridge } from "../linear/index.ts";
import { imputer, pipeline } from "../preprocessing/index.ts";
import { abortedFit } from "../testing/aborted-fit.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "../tree/index.ts";
import { stackingClassifier, stackingRegressor } from "./stacking.ts";

const bearing = {
  classification: [pipeline(imputer(), logisticRegression()), pipeline(imputer(), decisionTreeClassifier({ maxDepth: 3 }))],
  regression: [pipeline(imputer(), ridge()), pipeline(imputer(), decisionTreeRegressor({ maxDepth: 3 }))],
};

describe.each(["classification", "regression"] as const)("stacking, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "stacking", { estimators: bearing[task] }, 1e-6)) test(name, run);
});

interface Data<C> {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly query: readonly (readonly number[])[];
  readonly cases: readonly (C & { readonly passthrough: boolean })[];
}

describe("stacking is scikit-learn's", () => {
  const { classes, numbers } = fixture<{
    classes: Data<{ binary: boolean; predict: readonly (readonly number[])[] }>;
    numbers: Data<{ predict: readonly number[] }>;
  }>(import.meta.url, "stacking");
  const logistic = logisticRegression({ tol: 1e-10, maxIter: 10_000 });

  test.each(classes.cases.map((each) => [each.binary ? 2 : 3, each.passthrough, each] as const))(
    "on %i classes, passthrough %s",
    async (count, passthrough, { predict }) => {
      const estimators = [logistic, decisionTreeClassifier({ maxDepth: 2, minSamplesLeaf: 8 })];
      const target = count === 2 ? classes.y.map((code) => (code > 0 ? 1 : 0)) : classes.y;
      const model = await stackingClassifier({ estimators, finalEstimator: logistic, passthrough }).fit(classes.x, target);
      for (const [k, p] of model.predictProba(classes.query).data.entries())
        expect(Math.abs(p - predict.flat()[k]!)).toBeLessThan(1e-6);
    },
  );

  test.each(numbers.cases.map((each) => [each.passthrough, each] as const))(
    "for numbers, passthrough %s",
    async (passthrough, { predict }) => {
      const estimators = [ridge(), decisionTreeRegressor({ maxDepth: 2, minSamplesLeaf: 8 })];
      const model = await stackingRegressor({ estimators, passthrough }).fit(numbers.x, numbers.y);
      for (const [i, value] of model.predict(numbers.query).entries()) expect(Math.abs(value - predict[i]!)).toBeLessThan(1e-9);
    },
  );
});

describe("stacking", () => {
  const x = Array.from({ length: 60 }, (_, i) => [i % 7, (i * 5) % 11]);
  const y = x.map(([a, b]) => (a! > 3 ? "high" : b! > 5 ? "middle" : "low"));

  test("names the columns of its final estimator", async () => {
    const tree = decisionTreeClassifier({ maxDepth: 2 });
    const model = await stackingClassifier({
      estimators: [tree, tree],
      finalEstimator: decisionTreeClassifier(),
      passthrough: true,
    }).fit(x, y, { columns: ["age", "dose"] });
    expect(model.state.features.filter((_, j) => j % 3 === 0)).toEqual([
      "decision_tree, class 1",
      "decision_tree 2, class 1",
      "age",
    ]);
    expect(model.importances()!.map(({ feature }) => feature)).toContain("dose");
  });

  test("refuses a class with fewer rows than folds", async () => {
    const rare = y.map((label, i) => (i < 3 ? "rare" : label));
    await expect(stackingClassifier().fit(x, rare)).rejects.toThrow(
      "stacking.fit: every class must have a row for each of 5 folds, class 4 of 4 in sorted order has 3",
    );
  });

  test("refuses fewer rows than folds", async () => {
    await expect(stackingRegressor().fit([[1], [2], [3]], [1, 2, 3])).rejects.toThrow("3 rows are too few for 5 folds");
  });

  test("ends within 100 ms of an abort", async () => {
    const long = stackingClassifier({ estimators: ["random_forest"], folds: 10, finalEstimator: "random_forest" });
    const rows = x.flatMap((row) => Array.from({ length: 40 }, () => row));
    const labels = y.flatMap((label) => Array.from({ length: 40 }, () => label));
    await expect(abortedFit((options) => long.fit(rows, labels, options))).rejects.toThrow(/abort/);
  });
});
