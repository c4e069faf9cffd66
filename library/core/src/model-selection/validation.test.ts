import { describe, expect, test } from "vitest";
import { z } from "zod";
import { classifier } from "../base/estimator.ts";
import { seal } from "../base/registry.ts";
import { table } from "../data/table.ts";
import { randomForestClassifier } from "../ensemble/index.ts";
import { logisticRegression, ridge } from "../linear/index.ts";
import { type Metric, metricByName } from "../metrics/registry.ts";
import { pipeline } from "../preprocessing/pipeline.ts";
import { standardScaler } from "../preprocessing/scalers.ts";
import type { Fold } from "../splits/folds.ts";
import { kFold } from "../splits/folds.ts";
import { drawFolds } from "../splits/saved-folds.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionTreeClassifier } from "../tree/index.ts";
import { crossValidate, crossValPredict } from "./cross-validate.ts";
import { learningCurve, validationCurve } from "./curves.ts";
import { nestedCrossValidate } from "./nested-cross-validate.ts";
import { permutationTestScore } from "./permutation-test.ts";

interface Sides {
  readonly train: Record<string, number[]>;
  readonly test: Record<string, number[]>;
}
interface PlainFold {
  readonly train: number[];
  readonly test: number[];
}
const wanted = fixture<{
  x: number[][];
  number: number[];
  label: number[];
  numberFolds: PlainFold[];
  labelFolds: PlainFold[];
  numbers: Sides;
  labels: Sides;
  outOfFold: number[][];
  learning: { sizes: number[]; train: number[][]; test: number[][] };
  validation: { alphas: number[]; train: number[][]; test: number[][] };
  nested: number[];
  permutation: number;
}>(import.meta.url, "cross-validate");
const foldsOf = (folds: readonly PlainFold[]): Fold[] =>
  folds.map(({ train, test: tested }) => ({ train: Int32Array.from(train), test: Int32Array.from(tested) }));
const near = (found: ArrayLike<number>, right: readonly number[], tolerance = 1e-9): void => {
  expect(found.length).toBe(right.length);
  for (const [k, value] of right.entries())
    expect(Math.abs(found[k]! - value), `place ${k}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
};
const { x, number, label } = wanted;
const numberFolds = foldsOf(wanted.numberFolds);
const labelFolds = foldsOf(wanted.labelFolds);
const logistic = logisticRegression({ c: 0.7, tol: 1e-9, maxIter: 2000 });
const asTable = table({
  ...Object.fromEntries([0, 1, 2, 3].map((j) => [`x${j}`, x.map((row) => row[j]!)])),
  number,
  label: label.map(String),
});

describe("cross-validation on given folds", () => {
  test.each(["numbers", "labels"] as const)("of %s scores tests and training rows as scikit-learn", async (kind) => {
    const metrics = Object.keys(wanted[kind].test);
    const { folds } = await (kind === "numbers"
      ? crossValidate(ridge({ alpha: 2 }), x, number, { folds: numberFolds, metrics, returnTrain: true })
      : crossValidate(logistic, x, label, { folds: labelFolds, metrics, returnTrain: true }));
    const tolerance = kind === "numbers" ? 1e-9 : 1e-6;
    for (const metric of metrics) {
      near(
        folds.map((fold) => fold.metrics[metric]!),
        wanted[kind].test[metric]!,
        tolerance,
      );
      near(
        folds.map((fold) => fold.trainMetrics![metric]!),
        wanted[kind].train[metric]!,
        tolerance,
      );
    }
  });

  test("predicts out of fold as cross_val_predict", async () => {
    const { proba, predicted, classes } = await crossValPredict(logistic, x, label, { folds: labelFolds });
    near(proba!, wanted.outOfFold.flat(), 1e-6);
    expect(classes).toEqual([0, 1, 2]);
    expect(predicted).toEqual(wanted.outOfFold.map((row) => row.indexOf(Math.max(...row))));
  });

  test("takes saved folds, a splitter's generator and a recipe alike", async () => {
    const saved = drawFolds(asTable, { kind: "k_fold", folds: 4, seed: 3 });
    const scores = await Promise.all(
      [saved, kFold(x.length, { folds: 4, seed: 3 }), { kind: "k_fold", folds: 4, seed: 3 } as const].map((folds) =>
        crossValidate(ridge(), asTable.drop(["label"]), { target: "number", folds, metrics: ["r2"] }),
      ),
    );
    const [first, ...others] = scores.map(({ folds }) => folds.map(({ metrics }) => metrics["r2"]));
    for (const other of others) expect(other).toEqual(first);
  });

  test("repeats folds drawn anew", async () => {
    const { folds } = await crossValidate(ridge(), x, number, { folds: 3, repeats: 2, metrics: ["r2"] });
    expect(new Set(folds.map(({ metrics }) => metrics["r2"])).size).toBe(6);
  });

  test("has the same bits on one thread and on four, the last round spread over all", async () => {
    const forest = randomForestClassifier({ nEstimators: 8 });
    const run = (threads: number) => crossValidate(forest, x, label, { folds: 5, threads });
    const [one, four] = [await run(1), await run(4)];
    expect(four.outOfFoldProba).toEqual(one.outOfFoldProba);
    expect(four.folds.map(({ metrics }) => metrics)).toEqual(one.folds.map(({ metrics }) => metrics));
  });

  test("takes a metric of one's own beside the library's", async () => {
    const hits: Metric = {
      ...metricByName("accuracy", "classification"),
      name: "hits",
      compute: ({ yTrue, yPred }) => Array.from(yTrue).filter((value, i) => value === yPred[i]).length,
    };
    const { folds } = await crossValidate(logistic, asTable, {
      target: "label",
      features: ["x0", "x1"],
      metrics: ["accuracy", hits],
    });
    for (const { metrics, testRows } of folds) expect(metrics["hits"]! / testRows).toBe(metrics["accuracy"]);
  });

  test("validates an estimator that a cell defined, on this thread", async () => {
    seal(); // what is defined from here on no worker can load
    const majority = classifier({
      name: "cell_majority",
      params: z.strictObject({}),
      fit: (_, y) => ({ share: y.reduce((a, b) => a + b, 0) / y.length }),
      predict: ({ rows }, { share }) => new Float64Array(rows).fill(share > 0.5 ? 1 : 0),
    });
    const y = label.map((value) => value > 0);
    const { mean, outOfFoldProba } = await crossValidate(majority(), x, y, { metrics: ["accuracy"] });
    expect(mean["accuracy"]).toBeCloseTo(y.filter(Boolean).length / y.length, 12);
    expect(outOfFoldProba).toBeNull();
  });
});

describe("what cannot be validated is said by name", () => {
  const rare = label.map((_, i) => (i < 3 ? "rare" : i % 2 === 0 ? "a" : "b"));
  const oneClass: Fold[] = [
    { train: Int32Array.from([3, 5, 7, 9]), test: Int32Array.from([0, 4]) },
    { train: Int32Array.from([3, 4, 5, 6]), test: Int32Array.from([7, 8]) },
  ];

  test("a fold whose training rows are of one class ends all", async () => {
    await expect(crossValidate(logistic, x, rare, { folds: oneClass })).rejects.toThrow(
      /^fold 1: training rows must be of two classes at least, all \d+ are of one; stratify the folds, or take fewer$/,
    );
  });

  test("with errorScore NaN it has NaN and its message, and the others their scores", async () => {
    const { folds, mean } = await crossValidate(logistic, x, rare, {
      folds: oneClass,
      errorScore: Number.NaN,
      metrics: ["accuracy"],
    });
    expect(folds.map(({ error }) => error)).toEqual([expect.stringMatching(/must be of two classes at least/), null]);
    expect(folds[0]!.metrics["accuracy"]).toBeNaN();
    expect(folds[1]!.metrics["accuracy"]).not.toBeNaN();
    expect(mean["accuracy"]).toBeNaN();
  });

  test("fewer groups than folds, a class too small for every fold", async () => {
    const groups = x.map((_, i) => i % 3);
    await expect(crossValidate(ridge(), x, number, { folds: 5, groups })).rejects.toThrow("3 groups are too few for 5 folds");
    const tiny = label.map((_, i) => `class ${i % 45}`);
    await expect(crossValidate(logistic, x, tiny, { folds: 5 })).rejects.toThrow(
      /has 2 rows for 5 folds, and no class has one for each/,
    );
  });

  test("a fold that tests what it trained on, or rows that are not there", async () => {
    const fold = (train: number[], tested: number[]) => [{ train: Int32Array.from(train), test: Int32Array.from(tested) }];
    await expect(crossValidate(ridge(), x, number, { folds: fold([0, 1, 2], [2, 3]) })).rejects.toThrow(
      "fold 1 trains on row 2 and tests it",
    );
    await expect(crossValidate(ridge(), x, number, { folds: fold([0, 1], [99]) })).rejects.toThrow(
      "fold 1 holds row 99, there are 90",
    );
    await expect(crossValidate(ridge(), x, number, { folds: [] })).rejects.toThrow("folds must hold one fold at least");
  });

  test("a constant target, groups of another length, a transformer", async () => {
    await expect(
      crossValidate(
        logistic,
        x,
        x.map(() => "same"),
      ),
    ).rejects.toThrow("y must have two classes at least, every row is same");
    await expect(crossValidate(ridge(), x, number, { groups: [1, 2] })).rejects.toThrow("x has 90 rows but groups has 2");
    await expect(crossValidate(standardScaler() as never, x, number)).rejects.toThrow(
      "needs an estimator that predicts, got standard_scaler",
    );
  });
});

describe("curves", () => {
  test("over training rows are scikit-learn's", async () => {
    const curve = await learningCurve(ridge({ alpha: 2 }), x, number, {
      folds: foldsOf(wanted.numberFolds),
      sizes: [0.2, 0.5, 0.77, 1],
      shuffled: false,
    });
    expect(curve.x).toEqual(wanted.learning.sizes);
    near(curve.train.flat(), wanted.learning.train.flat());
    near(curve.test.flat(), wanted.learning.test.flat());
  });

  test("over a parameter are scikit-learn's", async () => {
    const { alphas, train, test: tested } = wanted.validation;
    const curve = await validationCurve(ridge(), x, number, { folds: numberFolds, param: "alpha", values: alphas });
    near(curve.train.flat(), train.flat());
    near(curve.test.flat(), tested.flat());
  });

  test("change a parameter of a pipeline's step, and name the one that is near", async () => {
    const scaled = pipeline(standardScaler(), ridge());
    const values = [0.1, 1000];
    const curve = await validationCurve(scaled, x, number, { param: "ridge.alpha", values });
    for (const [k, alpha] of values.entries()) {
      const { mean } = await crossValidate(pipeline(standardScaler(), ridge({ alpha })), x, number, { metrics: ["r2"] });
      expect(curve.testMean[k]).toBeCloseTo(mean["r2"]!, 12);
    }
    await expect(validationCurve(scaled, x, number, { param: "ridge.alfa", values: [1] })).rejects.toThrow(
      "ridge: no parameter alfa, did you mean alpha",
    );
    await expect(validationCurve(ridge(), x, number, { param: "alpha", values: [-1] })).rejects.toThrow(
      "ridge: alpha must be ≥ 0, got -1",
    );
  });

  test("refuse sizes that no fold has", async () => {
    await expect(learningCurve(ridge(), x, number, { sizes: [500] })).rejects.toThrow(
      "the training rows of the smallest fold, 72, got 500",
    );
  });
});

test("a search nested in folds is scored as scikit-learn's", async () => {
  const tune = async (train: typeof asTable) => {
    const scores = await Promise.all(
      wanted.validation.alphas.map((alpha) =>
        crossValidate(ridge({ alpha }), train, { target: "number", folds: 4, seed: null, metrics: ["r2"] }),
      ),
    );
    const means = scores.map(({ mean }) => mean["r2"]!);
    const best = means.indexOf(Math.max(...means));
    return { estimator: ridge({ alpha: wanted.validation.alphas[best]! }), score: means[best]! };
  };
  const { folds } = await nestedCrossValidate(tune, asTable.drop(["label"]), {
    target: "number",
    folds: 5,
    seed: null,
    metrics: ["r2"],
  });
  near(
    folds.map(({ metrics }) => metrics["r2"]!),
    wanted.nested,
  );
  expect(folds.every(({ innerScore, spec }) => innerScore !== null && spec.name === "ridge")).toBe(true);
});

describe("the permutation test", () => {
  test("has scikit-learn's score, and the least p-value for what is learnt", async () => {
    const found = await permutationTestScore(ridge({ alpha: 2 }), x, number, { folds: 5, seed: null, permutations: 40 });
    near([found.score], [wanted.permutation]);
    expect(found.pValue).toBeCloseTo(1 / 41, 12);
  });

  test("finds nothing in a target of chance", async () => {
    const chance = x.map((_, i) => ((i * 7919) % 13 > 6 ? "a" : "b"));
    const { pValue } = await permutationTestScore(decisionTreeClassifier({ maxDepth: 2 }), x, chance, { permutations: 40 });
    expect(pValue).toBeGreaterThan(0.05);
  });
});
