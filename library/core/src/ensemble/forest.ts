import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { defineWork } from "../base/worker.ts";
import { classWeights } from "../linear/class-weights.ts";
import { type Matrix, toShared } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { weightedRows } from "../tree/decision-tree.ts";
import { type GrowOptions, type GrowTree, type TreeArrays, treeGrower } from "../tree/grow.ts";
import { rankColumns } from "../tree/rank-columns.ts";
import { sumTrees } from "../tree/sum-trees.ts";
import { addImportances, checkTree } from "../tree/tree-arrays.ts";
import { checkMonotonic, countFeatures, monotonicParam, treeParams } from "../tree/tree-params.ts";
import { drawRows, type ForestWork, runningSums, treeWeights } from "./forest-draws.ts";
import { outOfBag } from "./forest-out-of-bag.ts";

/** What a forest learns: all its trees in one set of arrays. */
export interface ForestState extends TreeArrays {
  /** Where each tree begins, and behind the last where it ends (trees + 1). */
  readonly roots: Int32Array;
  /** Mean importance of each column (d), shares of 1. */
  readonly featureImportances: Float64Array;
  /** Accuracy, or R², on the rows that a tree did not see; null unless `oobScore`. */
  readonly oobScore: number | null;
  /** What those trees answer for each row of the fit (n × outputs), NaN where every tree saw it; null unless `oobScore`. */
  readonly oobPrediction: Float64Array | null;
}

/** Parameters that every forest has. */
export const forestParams = {
  nEstimators: z.int().min(1).max(100_000).default(100).meta({ title: "Trees", search: "linear" }),
  ...treeParams,
  maxSamples: z
    .number()
    .gt(0)
    .refine((value) => value <= 1 || Number.isInteger(value), { message: "must be a share up to 1 or a whole number of rows" })
    .default(1)
    .meta({ title: "Rows drawn for a tree", description: "A share of the rows up to 1, or a whole number of them." }),
  oobScore: z
    .boolean()
    .default(false)
    .meta({ title: "Out-of-bag score", description: "Each row is judged by the trees that did not see it." }),
  monotonicCst: monotonicParam,
  seed: z.int().min(0).default(42).meta({ title: "Seed" }),
};

/** Weights of the classes: none, balanced over all rows or over each tree's, or one for each class. */
export const forestClassWeightParam = z
  .union([z.enum(["none", "balanced", "balanced_subsample"]), z.array(z.number().min(0)).min(2)])
  .default("none")
  .meta({
    title: "Class weights",
    description:
      "balanced: every class counts the same in total; balanced_subsample: in each tree; or one weight for each class, labels sorted.",
  });

/** Bootstrap as a parameter. */
export const bootstrapParam = z
  .boolean()
  .meta({ title: "Bootstrap", description: "Each tree sees rows drawn with putting back; the chance of a row is its weight." });

/** What `growForest` asks of an estimator's parameters. */
export interface ForestParams extends Omit<GrowOptions, "maxDepth" | "maxFeatures" | "monotonic"> {
  readonly maxDepth: number | null;
  readonly maxFeatures: "all" | "sqrt" | "log2" | number;
  readonly monotonicCst: readonly number[] | null;
  readonly classWeight?: "none" | "balanced" | "balanced_subsample" | readonly number[];
  readonly nEstimators: number;
  readonly bootstrap: boolean;
  readonly maxSamples: number;
  readonly oobScore: boolean;
  readonly seed: number;
}

/** Grows the trees of a forest in parallel; the result does not depend on the number of threads. */
export function growForest(who: string, x: Matrix, y: Float64Array, params: ForestParams, context: FitContext): ForestState {
  const { classes } = context;
  const { classWeight = "none", bootstrap, maxSamples, nEstimators } = params;
  if (params.oobScore && !bootstrap) throw new ParamsError(`${who}: oobScore needs bootstrap, got bootstrap false`);
  checkMonotonic(who, params.monotonicCst, x.columns, classes);
  const isPlain = classWeight === "none" || (classWeight === "balanced_subsample" && bootstrap);
  const balanced = classWeight === "balanced_subsample" ? "balanced" : classWeight;
  const weights = isPlain ? context.weights : classWeights(who, y, classes, balanced, context.weights, "rows");
  const rows = weightedRows(x.rows, weights);
  const options: GrowOptions = {
    ...params,
    maxDepth: params.maxDepth ?? Infinity,
    maxFeatures: countFeatures(who, params.maxFeatures, x.columns),
    monotonic: params.monotonicCst,
  };
  const rooms = Math.min(context.threads, nEstimators);
  const work: ForestWork = {
    columns: rankColumns(who, { ...x, data: toShared(x.data) }, { ...options, rooms, classes }, () => context.checkpoint()),
    y: toShared(y),
    rows,
    weights: weights && toShared(weights),
    sums: bootstrap && weights ? runningSums(rows, weights) : undefined,
    classes,
    options,
    bootstrap,
    balanced: bootstrap && classWeight === "balanced_subsample",
    sampleSize: maxSamples <= 1 ? Math.max(1, Math.round(maxSamples * rows.length)) : maxSamples,
    seed: params.seed,
  };
  const trees = context.parallel<TreeArrays>("forest", work, nEstimators, (grown) => context.checkpoint(grown, nEstimators));
  const forest = { ...joinTrees(trees), featureImportances: meanImportances(trees, x.columns) };
  const unseen = params.oobScore ? outOfBag(work, forest, () => context.checkpoint()) : null;
  return { ...forest, oobScore: unseen?.score ?? null, oobPrediction: unseen?.prediction ?? null };
}

defineWork("forest", (work: ForestWork) => {
  let grow: GrowTree | undefined; // a thread that gets no tree takes no room
  return (index: number, checkpoint: () => void): TreeArrays => {
    const { y, classes, options } = work;
    const stream = random(work.seed, `tree/${index}`);
    const rows = drawRows(work, stream);
    grow ??= treeGrower(work.columns);
    return grow(y, rows, treeWeights(work, rows), classes, options, stream, checkpoint);
  };
});

function meanImportances(trees: readonly TreeArrays[], columns: number): Float64Array {
  const importances = new Float64Array(columns);
  for (const tree of trees) addImportances(tree, 0, tree.feature.length, importances);
  const sum = importances.reduce((a, b) => a + b, 0);
  return sum > 0 ? importances.map((value) => value / sum) : importances;
}

/** Trees one behind the other in one set of arrays. */
function joinTrees(trees: readonly TreeArrays[]): TreeArrays & { roots: Int32Array } {
  const roots = new Int32Array(trees.length + 1);
  for (const [t, tree] of trees.entries()) roots[t + 1] = roots[t]! + tree.feature.length;
  const nodes = roots.at(-1)!;
  const { outputs } = trees[0]!;
  const joined = {
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    value: new Float64Array(nodes * outputs),
    outputs,
    impurity: new Float64Array(nodes),
    weight: new Float64Array(nodes),
    roots,
  };
  for (const [t, tree] of trees.entries()) {
    const at = roots[t]!;
    for (const name of ["feature", "threshold", "impurity", "weight"] as const) joined[name].set(tree[name], at);
    joined.missingLeft.set(tree.missingLeft!, at);
    joined.value.set(tree.value, at * outputs);
    shift(tree.left, at, joined.left);
    shift(tree.right, at, joined.right);
  }
  return joined;
}

/** Children of a tree whose root goes to `at`. */
function shift(children: Int32Array, at: number, out: Int32Array): void {
  for (let node = 0; node < children.length; node++) out[at + node] = children[node]! < 0 ? -1 : at + children[node]!;
}

/** The mean of the trees' answers, into `out` (n × outputs), which holds 0. */
export function averageTrees(x: Matrix, forest: TreeArrays & { readonly roots: Int32Array }, out: Float64Array): void {
  sumTrees(x, forest, out);
  const trees = forest.roots.length - 1;
  for (let i = 0; i < out.length; i++) out[i]! /= trees;
}

/** Throws StoreError unless the arrays are trees one behind the other. */
export function checkForest(forest: ForestState, columns?: number): void {
  checkTree(forest, columns);
  const { roots, feature } = forest;
  const trees = (roots?.length ?? 0) - 1;
  let fits = trees > 0 && roots[0] === 0 && roots[trees] === feature.length;
  for (let t = 0; fits && t < trees; t++) fits = roots[t]! < roots[t + 1]!;
  fits &&= forest.featureImportances instanceof Float64Array;
  if (!fits) throw new StoreError("loadModel: the trees of the forest do not lie one behind the other");
}
