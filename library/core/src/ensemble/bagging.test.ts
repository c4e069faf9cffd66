import { describe, expect, test } from "vitest";
import type { Label } from "../base/contract.ts";
import { logisticRegression, ridge } from "../linear/index.ts";
import { metricByName } from "../metrics/registry.ts";
import { imputer, pipeline } from "../preprocessing/index.ts";
import { abortedFit } from "../testing/aborted-fit.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { expectAllWithinSpread, ownParams } from "../testing/oracle-comparison.ts";
import { decisionTreeClassifier } from "../tree/index.ts";
import { baggingClassifier, baggingRegressor } from "./bagging.ts";

const bases = { classification: pipeline(imputer(), decisionTreeClassifier()), regression: pipeline(imputer(), ridge()) };

describe.each(["classification", "regression"] as const)("bagging, %s", (task) => {
  // a bootstrap draws other rows when some are absent
  for (const { name, run } of estimatorChecks(task, "bagging", { estimator: bases[task] }, 1)) test(name, run);
});

type Scores = Readonly<Record<string, readonly number[]>>;
interface Fixture {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly labels: readonly number[];
  readonly train: number;
  readonly cases: readonly {
    readonly params: Readonly<Record<string, unknown>>;
    readonly regression: Scores;
    readonly classification: Scores;
  }[];
}

describe("bagging scores as scikit-learn's, within the spread of its seeds", () => {
  const { x, y, labels, train, cases } = fixture<Fixture>(import.meta.url, "bagging");
  const [known, asked] = [x.slice(0, train), x.slice(train)];
  const seeds = [0, 1, 2, 3, 4, 5];
  const titled = cases.map((each) => [JSON.stringify(each.params), each] as const);

  test.each(titled)("regression with %s", async (_, { params, regression }) => {
    const ours: Record<string, number>[] = [];
    for (const seed of seeds) {
      const model = await baggingRegressor({ ...ownParams(params), seed }).fit(known, y.slice(0, train));
      const r2 = metricByName("r2", "regression").compute({ yTrue: y.slice(train), yPred: model.predict(asked) });
      ours.push({ r2, oob: model.state.oobScore ?? 0 });
    }
    expectAllWithinSpread(ours, regression);
  });

  test.each(titled)("classification with %s", async (_, { params, classification }) => {
    const ours: Record<string, number>[] = [];
    for (const seed of seeds) {
      const model = await baggingClassifier({ ...ownParams(params), seed }).fit(known, labels.slice(0, train));
      const scored = {
        yTrue: labels.slice(train),
        yPred: model.predict(asked) as Label[],
        proba: model.predictProba(asked).data,
        classes: model.classes,
      };
      const score = (name: string): number => metricByName(name, "classification").compute(scored);
      ours.push({ accuracy: score("accuracy"), roc_auc: score("roc_auc"), oob: model.state.oobScore ?? 0 });
    }
    expectAllWithinSpread(ours, classification);
  });
});

describe("bagging", () => {
  const x = Array.from({ length: 90 }, (_, i) => [i % 17, (i * 7) % 23, i % 5]);
  const y = x.map(([a, b]) => a! + b! > 20);

  test("of all rows and columns, each once, is its estimator", async () => {
    const bagged = await baggingClassifier({ estimator: logisticRegression(), bootstrap: false, nEstimators: 3 }).fit(x, y);
    const alone = await logisticRegression().fit(x, y);
    const [ours, wanted] = [bagged.predictProba(x).data, alone.predictProba(x).data];
    for (const [k, p] of ours.entries()) expect(Math.abs(p - wanted[k]!)).toBeLessThan(1e-12);
  });

  test("seeds each part anew", async () => {
    const estimator = decisionTreeClassifier({ maxFeatures: 1 });
    const { state } = await baggingClassifier({ estimator, bootstrap: false, nEstimators: 8 }).fit(x, y);
    const trees = state.parts.map(({ state: tree }) => String((tree as { feature: Int32Array }).feature));
    expect(new Set(trees).size).toBeGreaterThan(1);
  });

  test("learns where a draw holds one class only", async () => {
    const rare = y.map((_, i) => (i === 7 ? "rare" : "common"));
    const model = await baggingClassifier({ estimator: logisticRegression(), nEstimators: 6 }).fit(x, rare);
    expect(model.state.parts.some(({ classes }) => classes.length === 1)).toBe(true);
    expect(model.predict(x)[0]).toBe("common");
  });

  test("says which row of the table is missing a cell, not which of a draw", async () => {
    const holed = x.map((row) => [...row]);
    holed[41]![2] = Number.NaN;
    await expect(baggingClassifier({ estimator: logisticRegression() }).fit(holed, y)).rejects.toThrow(
      'logistic_regression.fit: x must be finite, got NaN in row 41, column "x2"; put ml.imputer() before it',
    );
  });

  test.each([
    [{ maxSamples: 2.5 }, "maxSamples must be a share up to 1 or a whole number, got 2.5"],
    [{ maxSamples: 91, bootstrap: false }, "maxSamples must be at most 90 where nothing is put back, got 91"],
    [{ maxFeatures: 4 }, "maxFeatures must be at most 3 where nothing is put back, got 4"],
    [{ oobScore: true, bootstrap: false }, "oobScore needs bootstrap or maxSamples below 1, got neither"],
  ])("refuses %j", async (params, message) => {
    await expect(baggingClassifier(params).fit(x, y)).rejects.toThrow(message);
  });

  test("names the column that decides as the most important", async () => {
    const model = await baggingClassifier({ maxFeatures: 2 }).fit(
      x,
      x.map(([a]) => a! > 8),
    );
    expect(model.importances()![0]!.feature).toBe("x0");
  });

  test("ends within 100 ms of an abort", async () => {
    const long = baggingClassifier({ nEstimators: 5000 });
    await expect(abortedFit((options) => long.fit(x, y, options))).rejects.toThrow(/abort/);
  });
});
