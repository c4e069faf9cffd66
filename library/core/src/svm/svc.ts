import { z } from "zod";
import { DataError, StoreError } from "../base/errors.ts";
import { classifier } from "../base/estimator.ts";
import { classWeightParam, classWeights } from "../linear/class-weights.ts";
import { type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";
import { eachKernelRow, type Kernel, kernelOf, kernelParams } from "./kernel.ts";
import { couplePairs, fitSigmoid, sigmoidOf } from "./platt.ts";
import { type PairPiece, type PairWork, pairWork } from "./svc-pairs.ts";

/** What a support vector classifier learns. */
export interface SvcState {
  readonly classes: number;
  /** Rows of the training that support the planes (m × d), by class. */
  readonly supportVectors: Float64Array;
  /** Their places in the training table (m). */
  readonly support: Int32Array;
  /** How many each class has (k). */
  readonly nSupport: Int32Array;
  /** Weights of the support vectors against each other class (k − 1 × m), in LIBSVM's order. */
  readonly dualCoef: Float64Array;
  /** Offset of each pair of classes (k (k − 1) / 2): 0–1, 0–2, …, 1–2, … */
  readonly rho: Float64Array;
  /** Slope and offset of each pair's sigmoid (2 × pairs); −1 and 0 without `probability`. */
  readonly sigmoid: Float64Array;
  readonly kernel: Kernel;
  /** Steps that the solver took, over all pairs. */
  readonly iterations: number;
  /** Whether every pair reached the tolerance before `maxIter`. */
  readonly converged: boolean;
}

/** Parameters of the solver that both kernel machines share. */
export const solverParams = () => ({
  c: z.number().gt(0).default(1).meta({ title: "C", description: "Price of a row on the wrong side.", search: "log" }),
  ...kernelParams(),
  shrinking: z
    .boolean()
    .default(true)
    .meta({ title: "Shrinking", description: "Leaves settled rows out for a time once kernel rows outgrow their memory." }),
  tol: z.number().gt(0).default(1e-3).meta({ title: "Tolerance", search: "log" }),
  cacheMb: z.number().gt(0).max(2000).default(200).meta({ title: "Memory for kernel rows, in MB" }),
  maxIter: z.int().min(-1).default(-1).meta({ title: "Steps at most", description: "−1: ten million, or a hundred a row." }),
});

/**
 * A support vector classifier: the plane of widest margin in the kernel's space, for more than two classes one for each pair, decided by
 * votes. Minimises ½‖w‖² + C Σ wᵢ max(0, 1 − yᵢ f(xᵢ)) in its dual by sequential minimal optimisation; pairs are solved in parallel.
 * Needs columns of one scale. `predictProba`: with `probability` Platt's sigmoid on 5 folds and pairwise coupling, which costs five more
 * fits; without, the logistic function of the decision value, which orders rows rightly and is not calibrated.
 * O(n² d) to O(n³); n beyond some 50,000 is slow. Source: Cortes & Vapnik (1995), Machine Learning 20(3); Chang & Lin (2011), LIBSVM,
 * ACM TIST 2(3). Oracle: sklearn.svm.SVC.
 */
export const svc = classifier({
  name: "svm",
  params: () =>
    z.strictObject({
      ...solverParams(),
      classWeight: classWeightParam(),
      probability: z
        .boolean()
        .default(false)
        .meta({ title: "Calibrated probabilities", description: "By Platt's method; fits five times more." }),
      seed: z.int().min(0).default(42).meta({ title: "Seed", description: "Of the folds of the probabilities." }),
    }),
  fit(x, y, params, { classes, weights, checkpoint, parallel }): SvcState {
    const who = "svm.fit";
    const prices = classWeights(who, y, classes, params.classWeight, weights, "rows").map((weight) => params.c * weight);
    const byClass = Array.from({ length: classes }, (_, k) => rowsOf(y, prices, k));
    const empty = byClass.findIndex((rows) => rows.length === 0);
    if (empty >= 0)
      throw new DataError(`${who}: every class must have a row of weight > 0, class ${empty} in sorted order has none`);
    const kernel = kernelOf(who, x, Int32Array.from(byClass.flatMap((rows) => [...rows])).sort(), params);
    const folds = params.probability ? 5 : 0;
    const work: PairWork = {
      x: { rows: x.rows, columns: x.columns, data: toShared(x.data) },
      byClass,
      prices: toShared(prices),
      kernel,
      folds,
      seed: params.seed,
      solver: params,
    };
    const pairs = (classes * (classes - 1)) / 2;
    const pieces = parallel<PairPiece>(pairWork, work, pairs * (1 + folds), (done) => checkpoint(done, pairs * (1 + folds)));
    return { ...assembleState(x, byClass, pieces.slice(0, pairs), kernel), sigmoid: sigmoids(byClass, pieces, pairs, folds) };
  },
  predict(x, state): Float64Array {
    const codes = new Float64Array(x.rows);
    const votes = new Int32Array(state.classes);
    eachDecision(x, state, (decisions, i) => {
      votes.fill(0);
      eachPair(state.classes, (a, b, p) => {
        votes[decisions[p]! > 0 ? a : b]!++;
      });
      codes[i] = votes.indexOf(votes.reduce((most, count) => Math.max(most, count)));
    });
    return codes;
  },
  predictProba(x, state): Matrix {
    const k = state.classes;
    const data = sharedFloat64(x.rows * k);
    const against = new Float64Array(k * k);
    eachDecision(x, state, (decisions, i) => {
      const out = data.subarray(i * k, (i + 1) * k);
      eachPair(k, (a, b, p) => {
        const sigmoid = { a: state.sigmoid[2 * p]!, b: state.sigmoid[2 * p + 1]! };
        const share = Math.min(1 - 1e-7, Math.max(1e-7, sigmoidOf(decisions[p]!, sigmoid)));
        against[a * k + b] = share;
        against[b * k + a] = 1 - share;
      });
      if (k === 2) out.set([against[1]!, against[2]!]);
      else couplePairs(against, k, out);
    });
    return { rows: x.rows, columns: k, data };
  },
  check: checkSvc,
});

/** Calls `visit` with every pair of classes a < b and its place. */
export function eachPair(classes: number, visit: (a: number, b: number, place: number) => void): void {
  for (let a = 0, place = 0; a < classes; a++) for (let b = a + 1; b < classes; b++) visit(a, b, place++);
}

/** Gives each row of x its decision values, one a pair of classes (positive for the first); the array is used again for the next row. */
export function eachDecision(x: Matrix, state: SvcState, visit: (decisions: Float64Array, i: number) => void): void {
  const { classes, supportVectors, nSupport, dualCoef, rho, kernel } = state;
  const m = state.support.length;
  const starts = new Int32Array(classes + 1);
  for (let k = 0; k < classes; k++) starts[k + 1] = starts[k]! + nSupport[k]!;
  const decisions = new Float64Array(rho.length);
  eachKernelRow(x, { rows: m, columns: x.columns, data: supportVectors }, kernel, (values, i) => {
    eachPair(classes, (a, b, p) => {
      let sum = -rho[p]!;
      for (let t = starts[a]!; t < starts[a + 1]!; t++) sum += dualCoef[(b - 1) * m + t]! * values[t]!;
      for (let t = starts[b]!; t < starts[b + 1]!; t++) sum += dualCoef[a * m + t]! * values[t]!;
      decisions[p] = sum;
    });
    visit(decisions, i);
  });
}

function rowsOf(y: Float64Array, prices: Float64Array, code: number): Int32Array {
  const rows: number[] = [];
  for (let i = 0; i < y.length; i++) if (y[i] === code && prices[i]! > 0) rows.push(i);
  return Int32Array.from(rows);
}

/** The support vectors of all pairs, by class, with LIBSVM's table of weights. */
function assembleState(
  x: Matrix,
  byClass: readonly Int32Array[],
  pieces: readonly PairPiece[],
  kernel: Kernel,
): Omit<SvcState, "sigmoid"> {
  const classes = byClass.length;
  const used = byClass.map((rows) => new Uint8Array(rows.length));
  eachPair(classes, (a, b, p) => {
    const { beta } = pieces[p]!;
    const split = byClass[a]!.length;
    for (let t = 0; t < beta.length; t++) if (beta[t] !== 0) (t < split ? used[a]! : used[b]!)[t < split ? t : t - split] = 1;
  });
  const places = used.map((flags) => new Int32Array(flags.length).fill(-1));
  const support: number[] = [];
  for (const [k, flags] of used.entries())
    for (let t = 0; t < flags.length; t++) if (flags[t]) places[k]![t] = support.push(byClass[k]![t]!) - 1;
  const m = support.length;
  const dualCoef = new Float64Array((classes - 1) * m);
  eachPair(classes, (a, b, p) => {
    const { beta } = pieces[p]!;
    const split = byClass[a]!.length;
    for (let t = 0; t < beta.length; t++)
      if (beta[t] !== 0) {
        const line = t < split ? b - 1 : a;
        dualCoef[line * m + (t < split ? places[a]![t]! : places[b]![t - split]!)] = beta[t]!;
      }
  });
  const supportVectors = new Float64Array(m * x.columns);
  for (const [t, row] of support.entries())
    supportVectors.set(x.data.subarray(row * x.columns, (row + 1) * x.columns), t * x.columns);
  return {
    classes,
    supportVectors,
    support: Int32Array.from(support),
    nSupport: Int32Array.from(used, (flags) => flags.reduce((a, b) => a + b, 0)),
    dualCoef,
    rho: Float64Array.from(pieces, ({ rho }) => rho),
    kernel,
    iterations: pieces.reduce((sum, { iterations }) => sum + iterations, 0),
    converged: pieces.every(({ converged }) => converged),
  };
}

/** One sigmoid a pair, from the decision values of the rows that a fold left out. */
function sigmoids(byClass: readonly Int32Array[], pieces: readonly PairPiece[], pairs: number, folds: number): Float64Array {
  const out = new Float64Array(2 * pairs);
  eachPair(byClass.length, (a, b, p) => {
    if (folds === 0) {
      out[2 * p] = -1;
      return;
    }
    const split = byClass[a]!.length;
    const values = new Float64Array(split + byClass[b]!.length);
    for (let fold = 0; fold < folds; fold++) {
      const { held, decisions } = pieces[pairs + p * folds + fold]!;
      for (const [place, t] of held.entries()) values[t] = decisions[place]!;
    }
    const { a: slope, b: offset } = fitSigmoid(
      values,
      Array.from(values, (_, t) => t < split),
    );
    out[2 * p] = slope;
    out[2 * p + 1] = offset;
  });
  return out;
}

function checkSvc({ classes, supportVectors, support, nSupport, dualCoef, rho, sigmoid }: SvcState): void {
  const m = support?.length;
  const pairs = (classes * (classes - 1)) / 2;
  const fits =
    Number.isInteger(classes) &&
    classes >= 2 &&
    nSupport?.length === classes &&
    nSupport.every((count) => count >= 0) &&
    nSupport.reduce((a, b) => a + b, 0) === m &&
    dualCoef?.length === (classes - 1) * m &&
    rho?.length === pairs &&
    sigmoid?.length === 2 * pairs &&
    (m === 0 ? supportVectors?.length === 0 : supportVectors?.length % m === 0);
  if (!fits) throw new StoreError("loadModel: the support vectors of a classifier do not fit its classes");
}
