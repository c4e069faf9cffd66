import { describe, expect, test } from "vitest";
import { dummyClassifier, dummyRegressor } from "../dummy/index.ts";
import { leastAbsoluteShares, logisticRegression, ridge } from "../linear/index.ts";
import { imputer, pipeline } from "../preprocessing/index.ts";
import { timeSeriesSplit } from "../splits/index.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "../tree/index.ts";
import { blendClassifier, blendRegressor } from "./blend.ts";

const bearing = {
  classification: [pipeline(imputer(), logisticRegression()), pipeline(imputer(), decisionTreeClassifier({ maxDepth: 3 }))],
  regression: [pipeline(imputer(), ridge()), pipeline(imputer(), decisionTreeRegressor({ maxDepth: 3 }))],
};

describe.each(["classification", "regression"] as const)("blend, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "blend", { estimators: bearing[task] }, 1e-6)) test(name, run);
});

describe("blend by the least absolute error", () => {
  const params = { estimators: bearing.regression, weighting: "least_absolute" };
  for (const { name, run } of estimatorChecks("regression", "blend", params, 1e-6)) test(name, run);
});

describe("a blend", () => {
  const x = Array.from({ length: 80 }, (_, i) => [i % 7, (i * 5) % 11]);
  const y = x.map(([a, b], i) => 3 * a! - b! + Math.sin(i));

  test("gives shares by the reciprocal of squared errors, found out of fold", async () => {
    const model = await blendRegressor({ estimators: [ridge(), decisionTreeRegressor()] }).fit(x, y);
    const [first, second] = model.state.scores;
    const wanted = 1 / first! / first! / (1 / first! / first! + 1 / second! / second!);
    expect(model.state.shares[0]).toBeCloseTo(wanted, 12);
    expect(model.state.shares[0]! + model.state.shares[1]!).toBeCloseTo(1, 12);
  });

  test("answers the mean of its parts by share", async () => {
    const model = await blendRegressor({ estimators: [ridge(), dummyRegressor()] }).fit(x, y);
    const [one, other] = [(await ridge().fit(x, y)).predict(x), (await dummyRegressor().fit(x, y)).predict(x)];
    const [first, second] = model.state.shares;
    for (const [i, value] of model.predict(x).entries())
      expect(Math.abs(value - (first! * one[i]! + second! * other[i]!))).toBeLessThan(1e-12);
  });

  test("scores on later rows only where time splits", async () => {
    // the last eighth is another world: a score by time sees it once, always as the future
    const trend = x.map((_, i) => i);
    const rows = x.map((_, i) => [i]);
    const model = await blendRegressor({ estimators: [ridge(), decisionTreeRegressor()], split: "time" }).fit(rows, trend);
    expect(model.state.scores[0]).toBeLessThan(model.state.scores[1]!);
  });

  test("weighs all together by the least absolute error on later rows where it is asked to", async () => {
    const estimators = [ridge(), dummyRegressor({ strategy: "median" })];
    const rows = x.map(([a]) => [a!]);
    const wild = rows.map(([a], i) => 4 * a! + (i % 20 === 3 ? 400 : 0));
    const parts = await blendRegressor({ estimators, weighting: "least_absolute", split: "time", folds: 4 }).fit(rows, wild);
    const guesses = estimators.map(() => [] as number[]);
    const truth: number[] = [];
    for (const { train, test } of timeSeriesSplit(80, { folds: 4 })) {
      const pick = <T>(values: readonly T[], at: Int32Array): T[] => Array.from(at, (i) => values[i]!);
      for (const [s, estimator] of estimators.entries()) {
        const model = await estimator.fit(pick(rows, train), pick(wild, train));
        guesses[s]!.push(...model.predict(pick(rows, test)));
      }
      truth.push(...pick(wild, test));
    }
    const { shares } = leastAbsoluteShares(guesses, truth);
    for (const [s, share] of shares.entries()) expect(parts.state.shares[s]).toBeCloseTo(share, 9);
  });

  test("leaves out what scores 0 or less", async () => {
    const estimators = [ridge(), dummyRegressor()];
    const model = await blendRegressor({ estimators, metric: "r2" }).fit(x, y);
    expect(model.state.shares[1]).toBe(0);
  });

  test("of classes weighs by a metric of its choice", async () => {
    const labels = x.map(([a]) => (a! > 3 ? "yes" : "no"));
    const estimators = [decisionTreeClassifier(), dummyClassifier()];
    const model = await blendClassifier({ estimators, metric: "accuracy", power: 1 }).fit(x, labels);
    const [tree, dummy] = model.state.scores;
    expect(model.state.shares[0]).toBeCloseTo(tree! / (tree! + dummy!), 12);
    expect(() => blendClassifier({ metric: "rmse" })).toThrow('blend: metric must be "accuracy" or');
  });

  test("with power 0 counts all the same", async () => {
    const model = await blendRegressor({ estimators: [ridge(), dummyRegressor()], power: 0 }).fit(x, y);
    expect([...model.state.shares]).toEqual([0.5, 0.5]);
  });
});
