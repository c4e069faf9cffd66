import { z } from "zod";
import "./default-parts.ts";
import type { FitContext, Spec } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { defineWork } from "../base/worker.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { type Random, random } from "../numeric/random.ts";
import { outOfBagScore } from "./out-of-bag.ts";
import { addScaled, type PartData, positiveRows, refuseMissing, shareData, takeColumns, takeRows } from "./part-rows.ts";
import {
  checkParts,
  fitPart,
  fitPartAlone,
  holdsFunction,
  type PartState,
  partImportances,
  partParam,
  partPredict,
  partProba,
  reseeded,
} from "./parts.ts";

/** What bagging learns. */
export interface BaggingState {
  readonly parts: readonly PartState[];
  /** Places of the columns that each part sees, part after part (parts · columns a part). */
  readonly columns: Int32Array;
  /** Number of classes; 0 for numbers. */
  readonly classes: number;
  /** Accuracy, or R², of each row predicted by the parts that did not see it; null unless `oobScore`. */
  readonly oobScore: number | null;
}

const shared = () => ({
  nEstimators: z.int().min(1).max(5000).default(10).meta({ title: "Parts", search: "linear" }),
  maxSamples: z
    .number()
    .gt(0)
    .max(1e9)
    .default(1)
    .meta({ title: "Rows drawn for a part", description: "A share up to 1, or a whole number of rows." }),
  maxFeatures: z
    .number()
    .gt(0)
    .max(1e6)
    .default(1)
    .meta({ title: "Columns drawn for a part", description: "A share up to 1, or a whole number of columns." }),
  bootstrap: z.boolean().default(true).meta({ title: "Draw rows with putting back" }),
  bootstrapFeatures: z.boolean().default(false).meta({ title: "Draw columns with putting back" }),
  oobScore: z.boolean().default(false).meta({ title: "Out-of-bag score" }),
  seed: z.int().min(0).default(42).meta({ title: "Seed" }),
});

/**
 * Bagging of any classifier: each part sees rows (and columns) drawn anew, the mean of their probabilities is the answer. The parts are
 * fitted side by side on all threads; the result does not depend on how many. Cost: `nEstimators` fits.
 * Source: Breiman (1996), Machine Learning 24(2); Louppe & Geurts (2012) for drawn columns. Oracle: sklearn.ensemble.BaggingClassifier.
 */
export const baggingClassifier = classifier({
  name: "bagging",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: partParam("classification").prefault("decision_tree").meta({ title: "Estimator" }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fit(x, y, params, context),
  predictProba(x, state: BaggingState, { estimator }): Matrix {
    const { parts, classes } = state;
    const data = sharedFloat64(x.rows * classes);
    for (const [t, part] of parts.entries())
      addScaled(partProba(part, estimator, columnsOf(x, state, t), classes).data, 1 / parts.length, data);
    return { rows: x.rows, columns: classes, data };
  },
  importances: (state, { estimator }) => importancesOfParts(state, estimator),
  check: (state: BaggingState, columns) => checkBagging(state, "classification", columns),
});

/**
 * Bagging of any regressor: each part sees rows (and columns) drawn anew, their mean is the answer. The parts are fitted side by side on
 * all threads; the result does not depend on how many. Cost: `nEstimators` fits.
 * Source: Breiman (1996), Machine Learning 24(2). Oracle: sklearn.ensemble.BaggingRegressor.
 */
export const baggingRegressor = regressor({
  name: "bagging",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: partParam("regression").prefault("decision_tree").meta({ title: "Estimator" }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fit(x, y, params, context),
  predict(x, state: BaggingState, { estimator }): Float64Array {
    const out = new Float64Array(x.rows);
    for (const [t, part] of state.parts.entries())
      addScaled(partPredict(part, estimator, columnsOf(x, state, t)), 1 / state.parts.length, out);
    return out;
  },
  importances: (state, { estimator }) => importancesOfParts(state, estimator),
  check: (state: BaggingState, columns) => checkBagging(state, "regression", columns),
});

interface Params {
  readonly estimator: Spec;
  readonly nEstimators: number;
  readonly maxSamples: number;
  readonly maxFeatures: number;
  readonly bootstrap: boolean;
  readonly bootstrapFeatures: boolean;
  readonly oobScore: boolean;
  readonly seed: number;
}

/** What each thread needs to fit a part. */
interface BaggingWork {
  readonly data: PartData;
  readonly params: Params;
  readonly classes: number;
  readonly rows: number;
  readonly columns: number;
}

function* fit(x: Matrix, y: Float64Array, params: Params, context: FitContext): Generator<void, BaggingState> {
  const { estimator, nEstimators, oobScore, bootstrap } = params;
  if (oobScore && !bootstrap && params.maxSamples === 1)
    throw new ParamsError("bagging: oobScore needs bootstrap or maxSamples below 1, got neither");
  refuseMissing([estimator], x);
  const data = positiveRows(shareData({ x, y, weights: context.weights }), context.checkpoint);
  const work: BaggingWork = {
    data,
    params,
    classes: context.classes,
    rows: countOf("maxSamples", params.maxSamples, data.x.rows, bootstrap),
    columns: countOf("maxFeatures", params.maxFeatures, x.columns, params.bootstrapFeatures),
  };
  const parts = yield* fitAll(work, context);
  const columns = new Int32Array(nEstimators * work.columns);
  for (let t = 0; t < nEstimators; t++) columns.set(drawOf(work, t).columns, t * work.columns);
  const state = { parts, columns, classes: context.classes, oobScore: null };
  return oobScore ? { ...state, oobScore: outOfBag(work, state, context.checkpoint) } : state;
}

/** All parts: side by side on all threads, or one after the other in slices where there is one thread. */
function* fitAll(work: BaggingWork, context: FitContext): Generator<void, PartState[]> {
  const { params, data } = work;
  const done = (finished: number): void => context.checkpoint(finished, params.nEstimators);
  if (context.threads > 1 && !holdsFunction(params))
    return context.parallel<PartState>("bagging", work, params.nEstimators, done);
  const parts: PartState[] = [];
  for (let t = 0; t < params.nEstimators; t++) {
    const { rows, columns, seed } = drawOf(work, t);
    const drawn = takeRows(data, rows, context.checkpoint, columns);
    parts.push(yield* fitPart(reseeded(params.estimator, seed), drawn, context));
    done(parts.length);
  }
  return parts;
}

defineWork("bagging", (work: BaggingWork) => (t: number, checkpoint: () => void): PartState => {
  const { rows, columns, seed } = drawOf(work, t);
  const drawn = takeRows(work.data, rows, checkpoint, columns);
  return fitPartAlone(reseeded(work.params.estimator, seed), drawn, work.classes, checkpoint);
});

/** What part `t` sees, and the seed of its estimator: the same whoever asks. */
function drawOf(
  { data, params, rows, columns }: BaggingWork,
  t: number,
): { rows: Int32Array; columns: Int32Array; seed: number } {
  const stream = random(params.seed, `part/${t}`);
  const seed = stream.uint32();
  return {
    seed,
    columns: drawPlaces(stream, data.x.columns, columns, params.bootstrapFeatures).sort(),
    rows: drawPlaces(stream, data.x.rows, rows, params.bootstrap),
  };
}

function drawPlaces(stream: Random, of: number, count: number, withPuttingBack: boolean): Int32Array {
  if (withPuttingBack) return Int32Array.from({ length: count }, () => stream.int(of));
  if (count === of) return Int32Array.from({ length: of }, (_, i) => i);
  return stream.permutation(of).slice(0, count);
}

/** How many a share up to 1 or a whole number means. Throws ParamsError for more than there are, unless they are put back. */
function countOf(name: string, given: number, of: number, withPuttingBack: boolean): number {
  if (given <= 1) return Math.max(1, Math.floor(given * of));
  if (!Number.isInteger(given)) throw new ParamsError(`bagging: ${name} must be a share up to 1 or a whole number, got ${given}`);
  if (given > of && !withPuttingBack)
    throw new ParamsError(`bagging: ${name} must be at most ${of} where nothing is put back, got ${given}`);
  return given;
}

/** Each row predicted by the parts that did not see it: accuracy, or R². Rows that every part saw do not count. */
function outOfBag(work: BaggingWork, state: BaggingState, checkpoint: () => void): number {
  const { data, params, classes } = work;
  const outputs = classes || 1;
  const sums = new Float64Array(data.x.rows * outputs);
  const counts = new Int32Array(data.x.rows);
  for (const [t, part] of state.parts.entries()) {
    checkpoint();
    const isSeen = new Uint8Array(data.x.rows);
    for (const i of drawOf(work, t).rows) isSeen[i] = 1;
    const unseen = Int32Array.from(isSeen.keys()).filter((i) => isSeen[i] === 0);
    const x = columnsOf(takeRows(data, unseen, checkpoint).x, state, t);
    const answers = classes > 0 ? partProba(part, params.estimator, x, classes).data : partPredict(part, params.estimator, x);
    for (const [p, i] of unseen.entries()) {
      counts[i]!++;
      for (let k = 0; k < outputs; k++) sums[i * outputs + k]! += answers[p * outputs + k]!;
    }
  }
  return outOfBagScore(sums, counts, data.y, classes);
}

function columnsOf(x: Matrix, { parts, columns }: BaggingState, t: number): Matrix {
  const width = columns.length / parts.length;
  const own = columns.subarray(t * width, (t + 1) * width);
  return width === x.columns && own.every((column, j) => column === j) ? x : takeColumns(x, own);
}

/** Mean of the parts' importances, shares of 1. */
function importancesOfParts({ parts, columns }: BaggingState, estimator: Spec): Float64Array | undefined {
  const width = columns.length / parts.length;
  const out = new Float64Array(columns.reduce((most, column) => Math.max(most, column), 0) + 1);
  for (const [t, part] of parts.entries()) {
    const own = partImportances(part, estimator);
    if (!own) return undefined;
    for (let j = 0; j < width; j++) out[columns[t * width + j]!]! += own[j]!;
  }
  const total = out.reduce((a, b) => a + b, 0);
  return total > 0 ? out.map((value) => value / total) : out;
}

function checkBagging(state: BaggingState, task: "classification" | "regression", of: number): void {
  const { parts, columns, classes } = state;
  const width = columns?.length / parts?.length;
  if (!(columns instanceof Int32Array) || !(width >= 1) || columns.some((column) => column < 0 || column >= of))
    throw new StoreError(`loadModel: the parts of the bagging must see some of its ${of} columns`);
  checkParts("bagging", parts, { task, classes, columns: width });
}
