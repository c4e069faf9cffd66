import type { FitContext } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { defineWork } from "../base/worker.ts";
import { type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { weightedRows } from "../tree/decision-tree.ts";
import { type GrowOptions, type GrowTree, type TreeArrays, treeGrower } from "../tree/grow.ts";
import { joinTrees } from "../tree/join-trees.ts";
import { type RankedColumns, rankColumns } from "../tree/rank-columns.ts";
import { addTree } from "../tree/tree-arrays.ts";
import { countFeatures } from "../tree/tree-params.ts";
import { type BoostedStages, rawPredictions, stageImportances } from "./boosted-stages.ts";
import type { BoostingLoss } from "./boosting-loss.ts";
import { searchLeaves } from "./leaf-search.ts";
import type { Rows } from "./row-statistics.ts";

/** How gradient boosting learns, whatever the loss. */
interface BoostOptions extends Omit<GrowOptions, "criterion" | "maxDepth" | "maxFeatures"> {
  readonly maxDepth: number | null;
  readonly maxFeatures: "all" | "sqrt" | "log2" | number;
  readonly learningRate: number;
  readonly nEstimators: number;
  readonly subsample: number;
  readonly init: "prior" | "zero";
  readonly nIterNoChange: number | null;
  readonly validationFraction: number;
  readonly tol: number;
  readonly seed: number;
  /** Stages to begin behind; they count towards `nEstimators`. */
  readonly former?: (BoostedStages & StageScores) | undefined;
}

interface StageScores {
  readonly trainScore: Float64Array;
  readonly validationScore: Float64Array;
  readonly oobImprovement: Float64Array;
}

/** What the trees of one stage are grown from. */
interface StageWork {
  readonly columns: RankedColumns;
  /** Negative gradients (outputs × n). */
  readonly gradient: Float64Array;
  readonly rows: Int32Array;
  readonly weights: Float64Array | undefined;
  readonly options: GrowOptions;
  readonly seed: number;
  readonly stage: number;
}

/** Trees stage after stage, each fitted to the negative gradient, their leaves set by the loss's line search. */
export function boost(
  x: Matrix,
  y: Float64Array,
  loss: BoostingLoss,
  options: BoostOptions,
  context: FitContext,
): BoostedStages & StageScores & { readonly featureImportances: Float64Array } {
  const weights = unequal(context.weights);
  const { train, held } = hold(y, weightedRows(x.rows, context.weights), options, context.classes);
  const all: Rows = { places: train, begin: 0, end: train.length };
  const { nEstimators, learningRate } = options;
  const resumed = context.snapshots?.from as (BoostedStages & StageScores) | undefined;
  const former = resumed ?? options.former;
  const prior = former?.prior ?? (options.init === "zero" ? new Float64Array(loss.outputs) : loss.prior(y, all, weights));
  const raw = former ? rawPredictions(x, former) : constant(prior, x.rows);
  const own = growOptions(options, x.columns);
  const rank = { ...own, classes: 0, rooms: Math.min(context.threads, loss.outputs + 1) };
  const work = {
    columns: rankColumns("gradient_boosting", { ...x, data: toShared(x.data) }, rank, () => context.checkpoint()),
    gradient: sharedFloat64(raw.length),
    weights: weights && toShared(weights),
    options: own,
    seed: options.seed,
  };
  const growStage = stageGrower(work.columns, loss.outputs, context);
  const trees: TreeArrays[] = [];
  const begin = former ? former.trainScore.length : 0;
  const scores = { train: [] as number[], validation: [] as number[], oob: [] as number[] };
  const history = new Float64Array(options.nIterNoChange ?? 0).fill(Infinity);
  for (const [stage, score] of (resumed?.validationScore ?? []).entries()) improves(score, history, stage, options.tol);
  const sofar = () => ({
    ...joinTrees(trees, former),
    prior,
    trainScore: append(former?.trainScore, scores.train),
    validationScore: append(former?.validationScore, scores.validation),
    oobImprovement: append(former?.oobImprovement, scores.oob),
  });
  for (let stage = begin; stage < nEstimators; stage++) {
    const { seen, unseen } = draw(train, options, stage);
    const before = unseen ? loss.mean(y, raw, unseen, weights) : 0;
    loss.prepare?.(y, raw, all, weights);
    loss.negativeGradient(y, raw, work.gradient);
    const grown = growStage({ ...work, rows: seen, stage });
    for (const [k, tree] of grown.entries()) {
      searchLeaves(tree, { x, y, raw, gradient: work.gradient, weights, loss, output: k, rows: seen, learningRate });
      trees.push(tree);
    }
    for (const [k, tree] of grown.entries()) addTree(x, tree, 0, raw.subarray(k * x.rows, (k + 1) * x.rows));
    const score = loss.mean(y, raw, { places: seen, begin: 0, end: seen.length }, weights);
    scores.train.push(score);
    if (unseen) scores.oob.push(before - loss.mean(y, raw, unseen, weights));
    if (held) scores.validation.push(loss.mean(y, raw, held, weights));
    context.checkpoint(stage + 1, nEstimators, {
      train_loss: score,
      ...(held && { validation_loss: scores.validation.at(-1)! }),
    });
    if (held && !improves(scores.validation.at(-1)!, history, stage, options.tol)) break;
    context.snapshots?.keep(stage + 1, nEstimators, sofar);
  }
  const stages = sofar();
  return { ...stages, featureImportances: stageImportances(stages, x.columns) };
}

defineWork("gradient boosting stage", (work: StageWork) => {
  const grow = treeGrower(work.columns);
  return (output: number, checkpoint: () => void): TreeArrays => growOne(work, output, grow, checkpoint);
});

/** Grows the trees of a stage, side by side where there are several. */
function stageGrower(columns: RankedColumns, outputs: number, context: FitContext): (work: StageWork) => TreeArrays[] {
  if (outputs === 1) {
    const grow = treeGrower(columns);
    return (work) => [growOne(work, 0, grow, () => context.checkpoint())];
  }
  return (work) => {
    Atomics.store(columns.taken, 0, 0); // the threads of the last stage have left their rooms
    return context.parallel<TreeArrays>("gradient boosting stage", work, outputs);
  };
}

function growOne(work: StageWork, output: number, grow: GrowTree, checkpoint: () => void): TreeArrays {
  const { columns, gradient, rows, weights, options, seed, stage } = work;
  const n = columns.x.rows;
  const target = gradient.subarray(output * n, (output + 1) * n);
  return grow(target, rows, weights, 0, options, random(seed, `stage/${stage}/tree/${output}`), checkpoint);
}

function growOptions(options: BoostOptions, columns: number): GrowOptions {
  return {
    ...options,
    criterion: "squared_error",
    maxDepth: options.maxDepth ?? Infinity,
    maxFeatures: countFeatures("gradient_boosting", options.maxFeatures, columns),
  };
}

/** Weights, or undefined where all that count are the same. */
function unequal(weights: Float64Array | undefined): Float64Array | undefined {
  const first = weights?.find((weight) => weight > 0);
  return weights?.some((weight) => weight > 0 && weight !== first) ? weights : undefined;
}

/** Sets rows aside to judge the stages by, where early stopping is asked: a share of the rows, of each class where there are classes. */
function hold(
  y: Float64Array,
  rows: Int32Array,
  { nIterNoChange, validationFraction, seed }: BoostOptions,
  classes: number,
): { train: Int32Array; held: Rows | undefined } {
  if (nIterNoChange === null) return { train: toShared(rows), held: undefined };
  const draw = random(seed, "held-out");
  const isHeld = new Uint8Array(y.length);
  for (let code = 0; code < Math.max(1, classes); code++) {
    const own = classes > 0 ? rows.filter((i) => y[i] === code) : rows;
    const order = draw.permutation(own.length);
    const count = Math.min(own.length - 1, Math.round(validationFraction * own.length));
    for (let p = 0; p < count; p++) isHeld[own[order[p]!]!] = 1;
  }
  const places = rows.filter((i) => isHeld[i] === 1);
  if (places.length === 0)
    throw new DataError(
      `gradient_boosting.fit: early stopping holds out ${validationFraction} of ${rows.length} rows, which is none; take a larger validationFraction`,
    );
  return { train: toShared(rows.filter((i) => isHeld[i] === 0)), held: { places, begin: 0, end: places.length } };
}

/** The rows that a stage learns from, in their order, and those that it does not see. */
function draw(
  train: Int32Array,
  { subsample, seed }: BoostOptions,
  stage: number,
): { seen: Int32Array; unseen: Rows | undefined } {
  const size = Math.max(1, Math.floor(subsample * train.length));
  if (size === train.length) return { seen: train, unseen: undefined };
  const order = random(seed, `stage/${stage}/rows`).permutation(train.length);
  const isSeen = new Uint8Array(train.length);
  for (let p = 0; p < size; p++) isSeen[order[p]!] = 1;
  const places = train.filter((_, p) => isSeen[p] === 0);
  return { seen: toShared(train.filter((_, p) => isSeen[p] === 1)), unseen: { places, begin: 0, end: places.length } };
}

/** Whether a loss is better by `tol` than one of the last; if so it takes the oldest's place. */
function improves(loss: number, history: Float64Array, stage: number, tol: number): boolean {
  if (!history.some((former) => loss + tol < former)) return false;
  history[stage % history.length] = loss;
  return true;
}

function constant(prior: Float64Array, rows: number): Float64Array {
  const raw = new Float64Array(prior.length * rows);
  for (const [k, value] of prior.entries()) raw.fill(value, k * rows, (k + 1) * rows);
  return raw;
}

function append(former: Float64Array | undefined, values: readonly number[]): Float64Array {
  return Float64Array.of(...(former ?? []), ...values);
}
