import { describe, expect, test } from "vitest";
import type { ClassifierModel, Fitted, RegressorModel } from "../base/contract.ts";
import { modelOf } from "../base/model.ts";
import { definitionOf } from "../base/registry.ts";
import { table } from "../data/table.ts";
import {
  histGradientBoostingClassifier,
  histGradientBoostingRanker,
  histGradientBoostingRegressor,
  predictRaw,
} from "../ensemble/boosting/index.ts";
import { extraTreesClassifier } from "../ensemble/extra-trees.ts";
import { gradientBoostingClassifier } from "../ensemble/gradient-boosting.ts";
import { randomForestClassifier, randomForestRegressor } from "../ensemble/random-forest.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { polynomialFeatures } from "../linear/polynomial-features.ts";
import { ridge } from "../linear/ridge.ts";
import { knnClassifier } from "../neighbors/knn.ts";
import { random } from "../numeric/random.ts";
import { autoPreprocess } from "../preprocessing/auto-preprocess.ts";
import { imputer } from "../preprocessing/imputer.ts";
import { pipeline } from "../preprocessing/pipeline.ts";
import { standardScaler } from "../preprocessing/scalers.ts";
import { fixture } from "../testing/fixture.ts";
import type { TreeArrays } from "../tree/grow.ts";
import { joinTrees } from "../tree/join-trees.ts";
import { type Explanation, explain } from "./explain.ts";
import type { JudgedModel } from "./judged-rows.ts";
import { explainRow, shapSummary } from "./shap-summary.ts";
import { withThreshold } from "./threshold-classifier.ts";

type Rows = readonly (readonly number[])[];

interface TreeOracle {
  readonly x: Rows;
  readonly cells: readonly {
    readonly name: string;
    readonly task: "regression" | "classification";
    readonly classes: number;
    readonly trees: readonly Record<"feature" | "threshold" | "left" | "right" | "value" | "weight" | "impurity", number[]>[];
    readonly rate: number;
    readonly prior: readonly number[];
    readonly base: readonly number[];
    readonly values: Rows;
  }[];
}

type Cell = TreeOracle["cells"][number];

function treeOf(tree: Cell["trees"][number] & { outputs?: number }, rate: number): TreeArrays {
  return {
    feature: Int32Array.from(tree.feature),
    threshold: Float64Array.from(tree.threshold),
    left: Int32Array.from(tree.left),
    right: Int32Array.from(tree.right),
    value: Float64Array.from(tree.value, (value) => rate * value),
    outputs: tree.outputs!,
    weight: Float64Array.from(tree.weight),
    impurity: Float64Array.from(tree.impurity),
  };
}

/** A model of ours that holds the oracle's trees. */
function modelFrom({ name, task, classes, trees, rate, prior }: Cell): JudgedModel {
  const own = trees.map((tree) => treeOf(tree, rate));
  const state =
    name === "decision_tree"
      ? own[0]
      : {
          ...joinTrees(own),
          featureImportances: new Float64Array(4),
          oobScore: null,
          oobPrediction: null,
          prior: Float64Array.from(prior),
        };
  const columns = ["x0", "x1", "x2", "x3"].map((column) => ({ name: column }));
  const labels = classes > 0 ? { classes: Array.from({ length: classes }, (_, k) => k) } : {};
  const fitted: Fitted = { task, name, params: {}, columns, ...labels, state };
  return modelOf(definitionOf({ task, name }), fitted) as JudgedModel;
}

describe("explain equals shap.TreeExplainer", () => {
  const oracle = fixture<TreeOracle>(import.meta.url, "tree-shap");
  test.each(oracle.cells.map((cell) => [`${cell.name}, ${cell.task} of ${cell.classes}`, cell] as const))(
    "%s",
    async (_, cell) => {
      const { base, contributions, method } = await explain(modelFrom(cell), oracle.x);
      expect(method).toBe("tree");
      const first = cell.classes === 2 && cell.base.length === 2 ? 1 : 0; // of two classes we tell the second
      expect(contributions).toHaveLength(cell.base.length - first);
      for (const [k, { data }] of contributions.entries()) {
        expect(base[k]).toBeCloseTo(cell.base[k + first]!, 9);
        for (const [at, value] of data.entries()) expect(value).toBeCloseTo(cell.values[k + first]![at]!, 9);
      }
    },
  );
});

interface LinearOracle {
  readonly x: Rows;
  readonly y: readonly number[];
  readonly labels: readonly number[];
  readonly ridge: { readonly base: number; readonly values: Rows };
  readonly binary: { readonly base: readonly number[]; readonly values: Rows };
  readonly logistic: { readonly base: readonly number[]; readonly values: readonly Rows[] };
  readonly exact: { readonly base: readonly number[]; readonly values: readonly Rows[] };
}

describe("explain equals shap on linear models", () => {
  const oracle = fixture<LinearOracle>(import.meta.url, "linear-shap");
  const first = oracle.x.slice(0, 5);
  const agree = (
    { base, contributions }: Explanation,
    bases: readonly number[],
    values: readonly Rows[],
    digits: number,
  ): void => {
    expect(base).toHaveLength(bases.length);
    for (const [k, { data }] of contributions.entries()) {
      expect(base[k]).toBeCloseTo(bases[k]!, digits);
      for (const [at, value] of data.entries()) expect(value).toBeCloseTo(values[k]!.flat()[at]!, digits);
    }
  };
  const logistic = () => logisticRegression({ tol: 1e-12, maxIter: 1000 });

  test("ridge: weights times distances from the background's means", async () => {
    const model = await ridge({ alpha: 1 }).fit(oracle.x, oracle.y);
    agree(await explain(model, first, { background: oracle.x }), [oracle.ridge.base], [oracle.ridge.values], 9);
  });
  test("two classes: log-odds of the second", async () => {
    const model = await logistic().fit(
      oracle.x,
      oracle.labels.map((label) => (label > 1 ? 1 : 0)),
    );
    const why = await explain(model, first, { background: oracle.x });
    expect([why.unit, why.outputs]).toEqual(["log-odds", ["1"]]);
    agree(why, oracle.binary.base, [oracle.binary.values], 6);
  });
  test("three classes: each one's score", async () => {
    const model = await logistic().fit(oracle.x, oracle.labels);
    agree(await explain(model, first, { background: oracle.x }), oracle.logistic.base, oracle.logistic.values, 6);
  });
  test("any model asked as a whole, over all subsets", async () => {
    const model = await logistic().fit(oracle.x, oracle.labels);
    const why = await explain(model, oracle.x.slice(0, 4), { method: "sampled", background: oracle.x.slice(0, 12) });
    expect(why.unit).toBe("probability");
    agree(why, oracle.exact.base, oracle.exact.values, 6);
  });
});

const draw = random(4, "explain");
const n = 120;
const wide = Array.from({ length: n }, () => Array.from({ length: 4 }, () => draw.normal()));
const sums = wide.map(([a, b, c]) => a! * b! + (c! > 0 ? 1 : 0));
const kinds = sums.map((value) => (value > 1 ? "high" : value > 0 ? "mid" : "low"));

/** Largest gap between what is explained and what the model says. */
function gap({ predictions }: Explanation, said: ArrayLike<number>): number {
  return Math.max(...Array.from(predictions.data, (value, at) => Math.abs(value - said[at]!)));
}

describe("contributions and base sum to the prediction", () => {
  test("of a random forest's probabilities", async () => {
    const model = await randomForestClassifier({ nEstimators: 8 }).fit(wide, kinds);
    expect(gap(await explain(model, wide), model.predictProba(wide).data)).toBeLessThan(1e-12);
  });
  test("of extra trees with missing cells", async () => {
    const holes = wide.map((row, i) => row.map((cell, j) => ((i + j) % 7 === 0 ? Number.NaN : cell)));
    const model = await extraTreesClassifier({ nEstimators: 8 }).fit(holes, kinds);
    expect(gap(await explain(model, holes), model.predictProba(holes).data)).toBeLessThan(1e-12);
  });
  test("of histogram gradient boosting's raw scores", async () => {
    const model = await histGradientBoostingClassifier({ nEstimators: 6, minSamplesLeaf: 5 }).fit(wide, kinds);
    expect(gap(await explain(model, wide), predictRaw(model, wide).data)).toBeLessThan(1e-10);
  });
  test("of boosted trees that are averaged, and of a ranker", async () => {
    const boosted = await histGradientBoostingRegressor({ nEstimators: 6, minSamplesLeaf: 5 }).fit(wide, sums);
    const forest = modelOf(definitionOf(boosted), { ...boosted, state: { ...boosted.state, average: true } }) as RegressorModel;
    expect(gap(await explain(forest, wide), predictRaw(forest, wide).data)).toBeLessThan(1e-10);
    const grades = sums.map((value) => Math.max(0, Math.min(3, Math.round(value + 1))));
    const groups = wide.map((_, i) => i % 10);
    const ranker = await histGradientBoostingRanker({ nEstimators: 6, minSamplesLeaf: 5 }).fit(wide, grades, { groups });
    const why = await explain(ranker, wide);
    expect([why.unit, gap(why, ranker.predict(wide)) < 1e-10]).toEqual(["score", true]);
  });
  test("of gradient boosting's log-odds", async () => {
    const two = kinds.map((kind) => kind === "high");
    const model = await gradientBoostingClassifier({ nEstimators: 10 }).fit(wide, two);
    const { predictions } = await explain(model, wide);
    const proba = model.predictProba(wide).data;
    for (let i = 0; i < n; i++) expect(1 / (1 + Math.exp(-predictions.data[i]!))).toBeCloseTo(proba[2 * i + 1]!, 12);
  });
  test("of a model that can only be asked, over random orders of many columns", async () => {
    const many = wide.map((row) => [...row, ...row.map((cell) => cell * cell)]);
    const model = await knnClassifier().fit(many, kinds);
    const rows = many.slice(0, 5);
    const why = await explain(model, rows, { background: many, permutations: 2 });
    expect(why.method).toBe("sampled");
    expect(gap(why, model.predictProba(rows).data)).toBeLessThan(1e-12);
  });
});

describe("explain through a pipeline", () => {
  const colour = wide.map((_, i) => (i % 9 === 4 ? null : ["red", "green", "blue"][(i * 5) % 3]!));
  const people = table({
    age: wide.map(([a], i) => (i % 8 === 0 ? null : a!)),
    colour,
    income: wide.map(([, b]) => b!),
    y: sums.map((value, i) => value + (colour[i] === "red" ? 2 : 0)),
  });
  const features = ["age", "colour", "income"];

  test("tells one contribution a column of the table, with its cells", async () => {
    const model = await autoPreprocess(ridge(), people, features).fit(people, { target: "y", features });
    const why = await explain(model as RegressorModel, people);
    expect([why.method, why.features]).toEqual(["linear", features]);
    expect(gap(why, (model as RegressorModel).predict(people))).toBeLessThan(1e-12);
    expect(explainRow(why, 1).contributions.find(({ feature }) => feature === "colour")!.value).toBe(colour[1]);
  });
  test("is the same as on the rows that the last step sees", async () => {
    const x = wide.map(([a, b]) => [a!, b!]);
    const whole = await pipeline(standardScaler(), randomForestRegressor({ nEstimators: 5 })).fit(x, sums);
    const scaled = await standardScaler().fit(x);
    const forest = await randomForestRegressor({ nEstimators: 5 }).fit(scaled.transform(x), sums);
    const [outer, inner] = [await explain(whole, x), await explain(forest, scaled.transform(x))];
    expect(outer.contributions[0]!.data).toEqual(inner.contributions[0]!.data);
  });
  test("counts an indicator with its column", async () => {
    const x = wide.map(([a, b], i) => [i % 4 === 0 ? Number.NaN : a!, b!]);
    const model = await pipeline(imputer({ addIndicator: true }), ridge()).fit(x, sums);
    const why = await explain(model, x);
    expect(why.features).toEqual(["x0", "x1"]);
    expect(gap(why, model.predict(x))).toBeLessThan(1e-12);
  });
  test("keeps products of columns under their own names", async () => {
    const x = wide.map(([a, b]) => [a!, b!]);
    const model = await pipeline(polynomialFeatures({ includeBias: false }), ridge()).fit(x, sums);
    const why = await explain(model, x);
    expect(why.features).toEqual(["x0", "x1", "x0^2", "x0 x1", "x1^2"]);
    expect(gap(why, model.predict(x))).toBeLessThan(1e-12);
  });
  test("goes through a pipeline at the end of a pipeline", async () => {
    const x = wide.map(([a, b]) => [a!, b!]);
    const model = await pipeline(standardScaler(), pipeline(imputer(), ridge())).fit(x, sums);
    const why = await explain(model, x);
    expect(why.features).toEqual(["x0", "x1"]);
    expect(gap(why, model.predict(x))).toBeLessThan(1e-12);
  });
});

describe("explain", () => {
  test("explains the model behind a threshold", async () => {
    const two = kinds.map((kind) => (kind === "high" ? "high" : "other"));
    const model: ClassifierModel = await randomForestClassifier({ nEstimators: 4 }).fit(wide, two);
    const [plain, bounded] = [await explain(model, wide), await explain(withThreshold(model, 0.3), wide)];
    expect(bounded.contributions).toEqual(plain.contributions);
    expect(bounded.outputs).toEqual(["other"]);
  });
  test("is the same at any number of threads", async () => {
    const model = await histGradientBoostingRegressor({ nEstimators: 5 }).fit(wide, sums);
    expect(await explain(model, wide, { threads: 1 })).toEqual(await explain(model, wide, { threads: 3 }));
  });
  test("refuses a method that the model has not, and says which it has", async () => {
    const model = await ridge().fit(wide, sums);
    await expect(explain(model, wide, { method: "tree" })).rejects.toThrow(
      'explain: method "tree" does not fit a model of ridge, take "linear"',
    );
  });
  test("refuses no rows, missing columns, and obeys an abort", async () => {
    const model = await ridge().fit(wide, sums);
    await expect(explain(model, table({ x0: [1], x1: [1], x2: [1] }))).rejects.toThrow('no column "x3"');
    await expect(explain(model, wide, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });
});

describe("shapSummary", () => {
  test("orders the columns by the mean of their absolute contributions, with ranks of their cells", async () => {
    const model = await ridge().fit(
      [
        [1, 0],
        [2, 1],
        [3, 0],
        [4, 1],
      ],
      [1, 2, 3, 4.5],
    );
    const why = await explain(model, [
      [1, 0],
      [2, 1],
      [3, 0],
      [4, 1],
    ]);
    const { features, base, output } = shapSummary(why);
    expect(features.map(({ feature }) => feature)).toEqual(["x0", "x1"]);
    expect(features[0]!.mean).toBeCloseTo(features[0]!.contributions.reduce((sum, value) => sum + Math.abs(value), 0) / 4, 12);
    expect(features.map(({ ranks }) => ranks)).toEqual([
      [0, 1 / 3, 2 / 3, 1],
      [1 / 6, 5 / 6, 1 / 6, 5 / 6],
    ]);
    expect([base, output]).toEqual([why.base[0], "prediction"]);
  });
  test("names the outputs that there are", async () => {
    const model = await randomForestClassifier({ nEstimators: 2 }).fit(wide, kinds);
    const why = await explain(model, wide.slice(0, 3));
    expect(() => shapSummary(why, { output: "hihg" })).toThrow('shapSummary: no output "hihg", did you mean high');
    expect(() => explainRow(why, 3)).toThrow("explainRow: row must be 0 … 2, got 3");
  });
});
