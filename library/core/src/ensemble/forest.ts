import type { FitContext } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { defineWork } from "../base/worker.ts";
import { classWeights } from "../linear/class-weights.ts";
import { type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { weightedRows } from "../tree/decision-tree.ts";
import { type GrowOptions, type GrowTree, type TreeArrays, treeGrower } from "../tree/grow.ts";
import { type JoinedTrees, joinTrees } from "../tree/join-trees.ts";
import { rankColumns } from "../tree/rank-columns.ts";
import { addImportances, checkTree } from "../tree/tree-arrays.ts";
import { checkMonotonic, countFeatures } from "../tree/tree-params.ts";
import type { ScoredTrees } from "./boosting/boosted-trees.ts";
import { addTrees } from "./boosting/predict.ts";
import { drawRows, type ForestWork, runningSums, treeWeights } from "./forest-draws.ts";
import { outOfBag } from "./forest-out-of-bag.ts";

/** What a forest learns: all its trees in one set of arrays. */
export interface ForestState extends JoinedTrees {
  /** Mean importance of each column (d), shares of 1. */
  readonly featureImportances: Float64Array;
  /** Accuracy, or R², on the rows that a tree did not see; null unless `oobScore`. */
  readonly oobScore: number | null;
  /** What those trees answer for each row of the fit (n × outputs), NaN where every tree saw it; null unless `oobScore`. */
  readonly oobPrediction: Float64Array | null;
}

/** What `growForest` asks of an estimator's parameters. */
interface ForestParams extends Omit<GrowOptions, "maxDepth" | "maxFeatures" | "monotonic"> {
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
    first: 0,
  };
  const { trees, importances } = growTrees(work, nEstimators, context);
  const forest = { ...trees, featureImportances: meanImportances(importances, x.columns) };
  const unseen = params.oobScore ? outOfBag(work, forest, () => context.checkpoint()) : null;
  return { ...forest, oobScore: unseen?.score ?? null, oobPrediction: unseen?.prediction ?? null };
}

/** The trees of a forest so far, and what each column took off the impurity of each (trees × d). */
interface UnfinishedForest {
  readonly trees: JoinedTrees;
  readonly importances: Float64Array;
}

/** All trees at once; some at a time where they are kept on the way. */
function growTrees(work: ForestWork, nEstimators: number, context: FitContext): UnfinishedForest {
  const former = context.snapshots?.from as UnfinishedForest | undefined;
  const grown: GrownTree[] = [];
  const first = former ? former.trees.roots.length - 1 : 0;
  const all = (): UnfinishedForest => ({
    trees: joinTrees(
      grown.map(({ tree }) => tree),
      former?.trees,
    ),
    importances: Float64Array.from(
      [former?.importances ?? [], ...grown.map(({ importances }) => importances)].flatMap((each) => [...each]),
    ),
  });
  let count = context.snapshots ? 4 * context.threads : nEstimators;
  for (let at = first; at < nEstimators; at = first + grown.length) {
    const begin = performance.now();
    Atomics.store(work.columns.taken, 0, 0); // the threads of the last call have left their rooms
    const wanted = Math.min(count, nEstimators - at);
    const done = (finished: number): void => context.checkpoint(at + finished, nEstimators);
    grown.push(...context.parallel<GrownTree>("forest", { ...work, first: at }, wanted, done));
    context.snapshots?.keep(at + wanted, nEstimators, all);
    if (performance.now() - begin < 500) count *= 2;
  }
  return all();
}

/** A tree, and what each column took off its impurity (d), shares of 1. */
interface GrownTree {
  readonly tree: TreeArrays;
  readonly importances: Float64Array;
}

defineWork("forest", (work: ForestWork) => {
  let grow: GrowTree | undefined; // a thread that gets no tree takes no room
  return (index: number, checkpoint: () => void): GrownTree => {
    const { y, classes, options } = work;
    const stream = random(work.seed, `tree/${work.first + index}`);
    const rows = drawRows(work, stream);
    grow ??= treeGrower(work.columns);
    const tree = grow(y, rows, treeWeights(work, rows), classes, options, stream, checkpoint);
    const importances = new Float64Array(work.columns.x.columns);
    addImportances(tree, 0, tree.feature.length, importances);
    return { tree, importances };
  };
});

/** Mean over the trees (trees × d), as shares of 1. */
function meanImportances(importances: Float64Array, columns: number): Float64Array {
  const mean = new Float64Array(columns);
  for (let k = 0; k < importances.length; k++) mean[k % columns]! += importances[k]!;
  const sum = mean.reduce((a, b) => a + b, 0);
  return sum > 0 ? mean.map((value) => value / sum) : mean;
}

/** Rows from which on a prediction may lie in shared memory, which costs more than the trees of one row. */
const manyRows = 32;

/** The mean of the trees' shares of the classes (n × outputs). O(n trees depth). */
export function forestShares(x: Matrix, forest: JoinedTrees): Matrix {
  const size = x.rows * forest.outputs;
  const data = x.rows < manyRows ? new Float64Array(size) : sharedFloat64(size);
  averageTrees(x, forest, data);
  return { rows: x.rows, columns: forest.outputs, data };
}

/** The mean of the trees' answers for numbers (n). O(n trees depth). */
export function forestMeans(x: Matrix, forest: JoinedTrees): Float64Array {
  const out = new Float64Array(x.rows);
  averageTrees(x, forest, out);
  return out;
}

/** The mean of the trees' answers, into `out` (n × outputs), which holds 0. O(n trees depth), on the pool's idle threads. */
export function averageTrees(x: Matrix, forest: JoinedTrees, out: Float64Array): void {
  const trees = forest.roots.length - 1;
  addTrees(scoredTrees(forest), x, 0, trees, out);
  for (let i = 0; i < out.length; i++) out[i]! /= trees;
}

const scored = new WeakMap<JoinedTrees, ScoredTrees>();

/** A forest as the scorer of boosted trees knows it: every leaf holds a value for each output. */
function scoredTrees(forest: JoinedTrees): ScoredTrees {
  let found = scored.get(forest);
  if (!found) {
    const { roots, feature, missingLeft = new Uint8Array(feature.length) } = forest;
    found = {
      ...forest,
      roots: roots.subarray(0, -1),
      output: new Int32Array(roots.length - 1).fill(-1),
      single: false,
      flags: missingLeft,
      setOffsets: Int32Array.of(0),
      setBits: new Uint32Array(0),
    };
    scored.set(forest, found);
  }
  return found;
}

/** Throws StoreError unless the arrays are trees one behind the other, each with its own nodes. */
export function checkForest(forest: ForestState, columns?: number, classes?: number): void {
  checkTree(forest, columns, classes);
  const { roots, feature, left, right } = forest;
  const trees = (roots?.length ?? 0) - 1;
  let fits = trees > 0 && roots[0] === 0 && roots[trees] === feature.length;
  for (let t = 0; fits && t < trees; t++) {
    const end = roots[t + 1]!;
    fits = roots[t]! < end;
    for (let node = roots[t]!; fits && node < end; node++) fits = left[node]! < end && right[node]! < end;
  }
  fits &&= forest.featureImportances instanceof Float64Array;
  if (!fits) throw new StoreError("loadModel: the trees of the forest do not lie one behind the other");
}
