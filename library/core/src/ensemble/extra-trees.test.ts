import { describe, expect, test } from "vitest";
import type { Label } from "../base/contract.ts";
import { metricByName } from "../metrics/registry.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { extraTreesClassifier, extraTreesRegressor } from "./extra-trees.ts";
import { randomForestClassifier, randomForestRegressor } from "./random-forest.ts";

describe.each(["classification", "regression"] as const)("extra_trees, %s", (task) => {
  // without the absent rows other cuts are drawn: the trees differ by their spread over seeds
  for (const { name, run } of estimatorChecks(task, "extra_trees", { nEstimators: 10 }, 6)) test(name, run);
});

interface Data {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
}
const { x, y } = fixture<Data>(import.meta.url, "random-forest-classifier");
const numbers = fixture<Data>(import.meta.url, "random-forest-regressor");
const { holes, ...wanted } = fixture<{ readonly holes: [number, number][] } & Record<string, number[]>>(
  import.meta.url,
  "forest-options",
);

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + (v - mean(values)) * (v - mean(values)), 0) / (values.length - 1);

const holed = x.map((row) => [...row]);
for (const [i, j] of holes) holed[i]![j] = Number.NaN;
const rare = y.map((label, i) => (label === 2 && i % 4 > 0 ? 1 : label));

type ClassifierFit = (seed: number) => ReturnType<ReturnType<typeof extraTreesClassifier>["fit"]>;
type RegressorFit = (seed: number) => ReturnType<ReturnType<typeof extraTreesRegressor>["fit"]>;

const classify =
  (
    make: typeof extraTreesClassifier | typeof randomForestClassifier,
    rows = x,
    labels = y,
    params = {},
    options = {},
  ): ClassifierFit =>
  (seed) =>
    (make as typeof extraTreesClassifier)({ nEstimators: 50, seed, ...params }).fit(
      rows.slice(0, 250),
      labels.slice(0, 250),
      options,
    ) as ReturnType<ClassifierFit>;
const regress =
  (make: typeof extraTreesRegressor | typeof randomForestRegressor, params = {}): RegressorFit =>
  (seed) =>
    (make as typeof extraTreesRegressor)({ nEstimators: 50, seed, ...params }).fit(
      numbers.x.slice(0, 200),
      numbers.y.slice(0, 200),
    );

const auc = async (fit: ClassifierFit, seed: number, rows = x): Promise<number> => {
  const model = await fit(seed);
  const [yTrue, yPred] = [y.slice(250), model.predict(rows.slice(250)) as Label[]];
  const { data } = model.predictProba(rows.slice(250));
  return metricByName("roc_auc", "classification").compute({ yTrue, yPred, proba: data, classes: model.classes });
};
const r2 = async (fit: RegressorFit, seed: number): Promise<number> => {
  const yPred = (await fit(seed)).predict(numbers.x.slice(200));
  return metricByName("r2", "regression").compute({ yTrue: numbers.y.slice(200), yPred });
};

const forests: Record<string, (seed: number) => Promise<number>> = {
  "extra trees": (seed) => auc(classify(extraTreesClassifier), seed),
  "extra trees with holes": (seed) => auc(classify(extraTreesClassifier, holed), seed, holed),
  "random forest with holes": (seed) => auc(classify(randomForestClassifier, holed), seed, holed),
  "random forest of leaves of 10": (seed) => auc(classify(randomForestClassifier, x, y, { minSamplesLeaf: 10 }), seed),
  "share of class 0 by weight": async (seed) => {
    const weights = y.slice(0, 250).map((label) => (label === 0 ? 4 : 1));
    const model = await classify(randomForestClassifier, x, y, {}, { weights })(seed);
    return mean(model.predict(x.slice(250)).map((label) => Number(label === 0)));
  },
  "probability of a rare class, balanced_subsample": async (seed) => {
    const params = { classWeight: "balanced_subsample", minSamplesLeaf: 5 };
    const { data } = (await classify(randomForestClassifier, x, rare, params)(seed)).predictProba(x.slice(250));
    return mean([...data].filter((_, at) => at % 3 === 2));
  },
  "extra trees, regression": (seed) => r2(regress(extraTreesRegressor), seed),
  "extra trees, regression, a third of the columns": (seed) =>
    r2(regress(extraTreesRegressor, { maxFeatures: 0.34, minSamplesLeaf: 3 }), seed),
  "random forest, half of the rows": (seed) => r2(regress(randomForestRegressor, { maxSamples: 0.5 }), seed),
  "random forest, absolute error": (seed) =>
    r2(regress(randomForestRegressor, { criterion: "absolute_error", minSamplesLeaf: 4 }), seed),
};

describe("a forest scores as scikit-learn's, within the spread of its seeds", () => {
  test.each(Object.keys(forests))("%s", { timeout: 60_000 }, async (name) => {
    const ours: number[] = [];
    for (let seed = 0; seed < 8; seed++) ours.push(await forests[name]!(seed));
    const error = Math.sqrt(variance(ours) / ours.length + variance(wanted[name]!) / wanted[name]!.length);
    expect(Math.abs(mean(ours) - mean(wanted[name]!))).toBeLessThan(3.5 * error);
  });
});

describe.each([
  ["random forest", randomForestClassifier],
  ["extra trees", extraTreesClassifier],
] as const)("a %s", (_, make) => {
  test("has the same bits at 1, 2 and 4 threads, missing values and all", async () => {
    const models = [];
    for (const threads of [1, 2, 4])
      models.push(await make({ nEstimators: 12, bootstrap: true, oobScore: true }).fit(holed, y, { threads }));
    expect(models[1]!.state).toEqual(models[0]!.state);
    expect(models[2]!.state).toEqual(models[0]!.state);
  });

  test("answers rows whose every value is missing", async () => {
    const { data } = (await make({ nEstimators: 12 }).fit(x, y)).predictProba([x[0]!.map(() => Number.NaN)]);
    expect(Math.abs(data.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
  });

  test("tells what the trees that did not see a row answer for it", async () => {
    const { state } = await make({ nEstimators: 40, bootstrap: true, oobScore: true }).fit(x, y);
    const right = y.filter((label, i) => {
      const row = state.oobPrediction!.subarray(3 * i, 3 * i + 3);
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(right.length / y.length).toBeCloseTo(state.oobScore!, 2);
  });
});

test("extra trees see all rows unless a bootstrap is asked for", async () => {
  const { state } = await extraTreesClassifier({ nEstimators: 3 }).fit(x, y);
  expect([...state.roots].slice(0, 3).map((root) => state.weight[root])).toEqual([400, 400, 400]);
});
