import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { defineWork } from "../base/worker.ts";
import { type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";
import { type Random, random } from "../numeric/random.ts";
import { balancedWeights } from "../numeric/statistics.ts";
import { countFeatures, maxFeaturesParam, treeParams, weightedRows } from "../tree/decision-tree.ts";
import { type GrowOptions, growTree, type TreeArrays } from "../tree/grow.ts";
import { addImportances, addTree, checkTree } from "../tree/tree-arrays.ts";

/** What a random forest learns: all its trees in one set of arrays. */
export interface RandomForestState extends TreeArrays {
  /** Where each tree begins, and behind the last where it ends (trees + 1). */
  readonly roots: Int32Array;
  /** Mean importance of each column (d), shares of 1. */
  readonly featureImportances: Float64Array;
  /** Accuracy, or R², on the rows that a tree did not see; null unless `oobScore`. */
  readonly oobScore: number | null;
}

/** What each thread needs to grow a tree. */
interface ForestWork {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly rows: Int32Array;
  readonly weights: Float64Array | undefined;
  readonly classes: number;
  readonly options: GrowOptions;
  readonly bootstrap: boolean;
  readonly sampleSize: number;
  readonly seed: number;
}

const shared = {
  nEstimators: z.int().min(1).max(100_000).default(100).meta({ title: "Trees", search: "linear" }),
  ...treeParams,
  bootstrap: z.boolean().default(true).meta({ title: "Bootstrap", description: "Each tree sees rows drawn with putting back." }),
  maxSamples: z.number().gt(0).max(1).default(1).meta({ title: "Share of the rows drawn for a tree" }),
  oobScore: z.boolean().default(false).meta({ title: "Out-of-bag score" }),
  seed: z.int().min(0).default(42).meta({ title: "Seed" }),
};

/**
 * A random forest of classification trees: each grown on a bootstrap, each split tries some of the columns; the mean of the trees'
 * class probabilities is the answer. Trees grow in parallel; the result does not depend on the number of threads.
 * O(trees · d' n log n) a level. Source: Breiman (2001), Machine Learning 45(1). Oracle: sklearn.ensemble.RandomForestClassifier.
 */
export const randomForestClassifier = classifier({
  name: "random_forest",
  params: z.strictObject({
    criterion: z.enum(["gini", "entropy", "log_loss"]).default("gini").meta({ title: "Criterion" }),
    ...shared,
    maxFeatures: maxFeaturesParam.default("sqrt"),
    classWeight: z.enum(["none", "balanced"]).default("none").meta({ title: "Class weights" }),
  }),
  fit(x, y, params, context): RandomForestState {
    const weights = params.classWeight === "balanced" ? balancedWeights(y, context.classes, context.weights) : context.weights;
    return growForest(x, y, params, weights, context);
  },
  predictProba(x, forest: RandomForestState): Matrix {
    const data = sharedFloat64(x.rows * forest.outputs);
    average(x, forest, data);
    return { rows: x.rows, columns: forest.outputs, data };
  },
  importances: ({ featureImportances }: RandomForestState) => featureImportances,
  check: checkForest,
});

/**
 * A random forest of regression trees: the mean of trees that were each grown on a bootstrap. Trees grow in parallel; the result does
 * not depend on the number of threads. Source: Breiman (2001), Machine Learning 45(1). Oracle: sklearn.ensemble.RandomForestRegressor.
 */
export const randomForestRegressor = regressor({
  name: "random_forest",
  params: z.strictObject({
    criterion: z.enum(["squared_error"]).default("squared_error").meta({ title: "Criterion" }),
    ...shared,
    maxFeatures: maxFeaturesParam.default("all"),
  }),
  fit: (x, y, params, context): RandomForestState => growForest(x, y, params, context.weights, context),
  predict(x, forest: RandomForestState): Float64Array {
    const out = new Float64Array(x.rows);
    average(x, forest, out);
    return out;
  },
  importances: ({ featureImportances }: RandomForestState) => featureImportances,
  check: checkForest,
});

/** Throws StoreError unless the arrays are trees one behind the other. */
export function checkForest(forest: RandomForestState): void {
  checkTree(forest);
  const { roots, feature } = forest;
  const trees = (roots?.length ?? 0) - 1;
  let fits = trees > 0 && roots[0] === 0 && roots[trees] === feature.length;
  for (let t = 0; fits && t < trees; t++) fits = roots[t]! < roots[t + 1]!;
  if (!fits) throw new StoreError("loadModel: the trees of the forest do not lie one behind the other");
}

type ForestParams = Omit<GrowOptions, "maxDepth" | "maxFeatures"> & {
  readonly maxDepth: number | null;
  readonly maxFeatures: "all" | "sqrt" | "log2" | number;
  readonly nEstimators: number;
  readonly bootstrap: boolean;
  readonly maxSamples: number;
  readonly oobScore: boolean;
  readonly seed: number;
};

function growForest(
  x: Matrix,
  y: Float64Array,
  params: ForestParams,
  weights: Float64Array | undefined,
  context: FitContext,
): RandomForestState {
  if (params.oobScore && !params.bootstrap) throw new ParamsError("random_forest: oobScore needs bootstrap, got bootstrap false");
  const rows = weightedRows(x.rows, weights);
  const work: ForestWork = {
    x: { ...x, data: toShared(x.data) },
    y: toShared(y),
    rows,
    weights: weights && toShared(weights),
    classes: context.classes,
    options: {
      ...params,
      maxDepth: params.maxDepth ?? Infinity,
      maxFeatures: countFeatures("random_forest", params.maxFeatures, x.columns),
    },
    bootstrap: params.bootstrap,
    sampleSize: Math.max(1, Math.round(params.maxSamples * rows.length)),
    seed: params.seed,
  };
  const trees = context.parallel<TreeArrays>("random forest", work, params.nEstimators, (grown) =>
    context.checkpoint(grown, params.nEstimators),
  );
  const featureImportances = new Float64Array(x.columns);
  for (const tree of trees) addImportances(tree, 0, tree.feature.length, featureImportances);
  const sum = featureImportances.reduce((a, b) => a + b, 0);
  if (sum > 0) for (let j = 0; j < x.columns; j++) featureImportances[j]! /= sum;
  const forest = { ...join(trees), featureImportances };
  return { ...forest, oobScore: params.oobScore ? outOfBag(work, forest) : null };
}

defineWork("random forest", (work: ForestWork) => (index: number, checkpoint: () => void): TreeArrays => {
  const stream = random(work.seed, `tree/${index}`);
  return growTree(work.x, work.y, drawRows(work, stream), work.weights, work.classes, work.options, stream, checkpoint);
});

/** The rows that a tree sees; the first draws of its stream. */
function drawRows({ rows, bootstrap, sampleSize }: ForestWork, stream: Random): Int32Array {
  if (bootstrap) return Int32Array.from({ length: sampleSize }, () => rows[stream.int(rows.length)]!);
  if (sampleSize === rows.length) return rows;
  return stream
    .permutation(rows.length)
    .slice(0, sampleSize)
    .map((k) => rows[k]!);
}

/** Trees one behind the other in one set of arrays. */
function join(trees: readonly TreeArrays[]): TreeArrays & { roots: Int32Array } {
  const roots = new Int32Array(trees.length + 1);
  for (const [t, tree] of trees.entries()) roots[t + 1] = roots[t]! + tree.feature.length;
  const nodes = roots.at(-1)!;
  const { outputs } = trees[0]!;
  const joined = {
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    value: new Float64Array(nodes * outputs),
    outputs,
    impurity: new Float64Array(nodes),
    weight: new Float64Array(nodes),
    roots,
  };
  for (const [t, tree] of trees.entries()) {
    const at = roots[t]!;
    for (const name of ["feature", "threshold", "impurity", "weight"] as const) joined[name].set(tree[name], at);
    joined.value.set(tree.value, at * outputs);
    for (const side of ["left", "right"] as const)
      for (let node = 0; node < tree.feature.length; node++)
        joined[side][at + node] = tree[side][node]! < 0 ? -1 : at + tree[side][node]!;
  }
  return joined;
}

function average(x: Matrix, forest: TreeArrays & { readonly roots: Int32Array }, out: Float64Array): void {
  const trees = forest.roots.length - 1;
  for (let t = 0; t < trees; t++) addTree(x, forest, forest.roots[t]!, out);
  for (let i = 0; i < out.length; i++) out[i]! /= trees;
}

/** Each row predicted by the trees that did not see it: accuracy, or R². Rows that every tree saw do not count. */
function outOfBag(work: ForestWork, forest: TreeArrays & { readonly roots: Int32Array }): number {
  const { x, y, rows, seed, classes } = work;
  const { outputs } = forest;
  const sums = new Float64Array(x.rows * outputs);
  const counts = new Int32Array(x.rows);
  for (let t = 0; t + 1 < forest.roots.length; t++) {
    const seen = new Set(drawRows(work, random(seed, `tree/${t}`)));
    const unseen = rows.filter((i) => !seen.has(i));
    const part = sharedFloat64(unseen.length * x.columns);
    unseen.forEach((i, k) => {
      part.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), k * x.columns);
    });
    const answers = new Float64Array(unseen.length * outputs);
    addTree({ rows: unseen.length, columns: x.columns, data: part }, forest, forest.roots[t]!, answers);
    unseen.forEach((i, k) => {
      counts[i]!++;
      for (let o = 0; o < outputs; o++) sums[i * outputs + o]! += answers[k * outputs + o]!;
    });
  }
  const judged = rows.filter((i) => counts[i]! > 0);
  if (classes > 0)
    return judged.filter((i) => largest(sums.subarray(i * outputs, (i + 1) * outputs)) === y[i]).length / judged.length;
  const mean = judged.reduce((sum, i) => sum + y[i]!, 0) / judged.length;
  let error = 0;
  let spread = 0;
  for (const i of judged) {
    const off = y[i]! - sums[i]! / counts[i]!;
    error += off * off;
    spread += (y[i]! - mean) * (y[i]! - mean);
  }
  return 1 - error / spread;
}

function largest(values: Float64Array): number {
  return values.indexOf(values.reduce((a, b) => Math.max(a, b)));
}
