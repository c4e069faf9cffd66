import { describe, expect, test } from "vitest";
import type { Label } from "../base/contract.ts";
import { metricByName } from "../metrics/registry.ts";
import { abortedFit } from "../testing/aborted-fit.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { expectAllWithinSpread } from "../testing/oracle-comparison.ts";
import { checkForest } from "./forest.ts";
import { randomForestClassifier, randomForestRegressor } from "./random-forest.ts";

describe.each(["classification", "regression"] as const)("random_forest, %s", (task) => {
  // a bootstrap draws other rows when some are absent: the forests differ by their spread over seeds
  for (const { name, run } of estimatorChecks(task, "random_forest", { nEstimators: 20 }, 6)) test(name, run);
});

interface Fixture {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  /** The first rows, which are trained on. */
  readonly train: number;
  /** Scores of scikit-learn's forest by metric, one for each of 20 seeds. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
}

describe("a random forest scores as scikit-learn's, within the spread of its seeds", () => {
  const seeds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

  test("classification", { timeout: 60_000 }, async () => {
    const { x, y, train, scores } = fixture<Fixture>(import.meta.url, "random-forest-classifier");
    const [known, asked] = [x.slice(0, train), x.slice(train)];
    const ours: Record<string, number>[] = [];
    for (const seed of seeds) {
      const model = await randomForestClassifier({ seed, oobScore: true }).fit(known, y.slice(0, train));
      const scored = {
        yTrue: y.slice(train),
        yPred: model.predict(asked) as Label[],
        proba: model.predictProba(asked).data,
        classes: model.classes,
      };
      const score = (name: string): number => metricByName(name, "classification").compute(scored);
      ours.push({
        accuracy: score("accuracy"),
        roc_auc: score("roc_auc"),
        f1_macro: score("f1_macro"),
        oob: model.state.oobScore!,
      });
    }
    expectAllWithinSpread(ours, scores);
  });

  test("regression", { timeout: 60_000 }, async () => {
    const { x, y, train, scores } = fixture<Fixture>(import.meta.url, "random-forest-regressor");
    const ours: Record<string, number>[] = [];
    for (const seed of seeds) {
      const model = await randomForestRegressor({ seed, oobScore: true }).fit(x.slice(0, train), y.slice(0, train));
      const scored = { yTrue: y.slice(train), yPred: model.predict(x.slice(train)) };
      ours.push({ r2: metricByName("r2", "regression").compute(scored), oob: model.state.oobScore! });
    }
    expectAllWithinSpread(ours, scores);
  });
});

describe("a random forest", () => {
  const x = Array.from({ length: 200 }, (_, i) => [i % 17, (i * 7) % 23, i % 5]);
  const y = x.map(([a, b]) => a! + b! > 20);

  test("tells every tree", async () => {
    const steps: number[] = [];
    await randomForestClassifier({ nEstimators: 30 }).fit(x, y, { observer: { progress: ({ step }) => steps.push(step) } });
    expect(steps.at(-1)).toBe(30);
  });

  test("has room for all threads, be the trees fewer or more", async () => {
    for (let nEstimators = 1; nEstimators < 9; nEstimators++)
      expect((await randomForestClassifier({ nEstimators }).fit(x, y, { threads: 4 })).state.roots.length).toBe(nEstimators + 1);
  });

  test("ends within 100 ms of an abort", async () => {
    const long = randomForestClassifier({ nEstimators: 100_000 });
    await expect(abortedFit((options) => long.fit(x, y, options))).rejects.toThrow(/abort/);
  });

  test("scores the rows that its trees did not see", async () => {
    const { state } = await randomForestClassifier({ oobScore: true }).fit(x, y);
    expect(state.oobScore).toBeGreaterThan(0.85);
    expect(state.oobScore).toBeLessThan(1);
  });

  test("has no out-of-bag score where every tree sees all rows", async () => {
    await expect(randomForestClassifier({ oobScore: true, bootstrap: false }).fit(x, y)).rejects.toThrow(
      "random_forest: oobScore needs bootstrap, got bootstrap false",
    );
  });

  test("read from a file whose trees begin elsewhere is refused", async () => {
    const model = await randomForestClassifier({ nEstimators: 3 }).fit(x, y);
    for (const roots of [
      [0, 9],
      [1, 2, 3, 4],
      [0, 5, 2, model.state.feature.length],
    ])
      expect(() => checkForest({ ...model.state, roots: Int32Array.from(roots) })).toThrow(/trees of the forest/);
  });
});
