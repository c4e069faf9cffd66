import { defineWork } from "../base/worker.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { eachKernelRow, type Kernel } from "./kernel.ts";
import { type DualOptions, solveDual } from "./solve-dual.ts";

/** What each thread needs to solve a pair of classes. */
export interface PairWork {
  readonly x: Matrix;
  /** Rows of each class. */
  readonly byClass: readonly Int32Array[];
  /** C times the weight of each row (n). */
  readonly prices: Float64Array;
  readonly kernel: Kernel;
  /** Folds of the probabilities, 0 for none. */
  readonly folds: number;
  readonly seed: number;
  readonly solver: DualOptions;
}

/** A solved pair, or one fold of it. Places count the rows of the first class, then those of the second. */
export interface PairPiece {
  /** Weights (rows of both classes); empty for a fold. */
  readonly beta: Float64Array;
  readonly rho: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Places that the fold left out, and their decision values. */
  readonly held: Int32Array;
  readonly decisions: Float64Array;
}

/** The work's name: pieces 0 … pairs − 1 are the pairs, then come the folds of each. */
export const pairWork = "svm pair";

defineWork(pairWork, (work: PairWork) => (index: number, checkpoint: () => void): PairPiece => {
  const pairs = (work.byClass.length * (work.byClass.length - 1)) / 2;
  const pair = index < pairs ? index : Math.floor((index - pairs) / work.folds);
  const [first, second] = classesOf(pair, work.byClass.length);
  const rows = Int32Array.from([...work.byClass[first]!, ...work.byClass[second]!]);
  const split = work.byClass[first]!.length;
  if (index >= pairs) return solveFold(work, rows, split, pair, (index - pairs) % work.folds, checkpoint);
  const all = Int32Array.from(rows, (_, t) => t);
  return { ...solvePair(work, rows, split, all, checkpoint), held: new Int32Array(0), decisions: new Float64Array(0) };
});

function classesOf(pair: number, classes: number): readonly [number, number] {
  let first = 0;
  let left = pair;
  while (left >= classes - 1 - first) left -= classes - 1 - first++;
  return [first, first + 1 + left];
}

/** Solves the rows at `places`; those before `split` are +1. */
function solvePair(work: PairWork, rows: Int32Array, split: number, places: Int32Array, checkpoint: () => void) {
  const problem = {
    x: work.x,
    rows: places.map((t) => rows[t]!),
    target: Float64Array.from(places, (t) => (t < split ? 1 : -1)),
    low: Float64Array.from(places, (t) => (t < split ? 0 : -work.prices[rows[t]!]!)),
    high: Float64Array.from(places, (t) => (t < split ? work.prices[rows[t]!]! : 0)),
    epsilon: 0,
    kernel: work.kernel,
  };
  return solveDual("svm.fit", problem, work.solver, checkpoint);
}

/** Solves all places but a fold's and gives the fold's decision values. */
function solveFold(
  work: PairWork,
  rows: Int32Array,
  split: number,
  pair: number,
  fold: number,
  checkpoint: () => void,
): PairPiece {
  const drawn = random(work.seed, `platt/${pair}`).permutation(rows.length);
  const held = drawn.filter((_, at) => at % work.folds === fold);
  const rest = drawn.filter((_, at) => at % work.folds !== fold).sort();
  const none = { beta: new Float64Array(0), rho: 0, iterations: 0, converged: true, held };
  const positive = rest.filter((t) => t < split).length;
  // a side that the fold does not leave gives no plane
  if (positive === 0 || positive === rest.length)
    return { ...none, decisions: new Float64Array(held.length).fill(positive > 0 ? 1 : -1) };
  const { beta, rho } = solvePair(work, rows, split, rest, checkpoint);
  const support = rest.filter((_, at) => beta[at] !== 0);
  const coef = beta.filter((value) => value !== 0);
  const decisions = new Float64Array(held.length);
  const take = (places: Int32Array): Matrix => {
    const d = work.x.columns;
    const data = new Float64Array(places.length * d);
    for (const [at, t] of places.entries()) data.set(work.x.data.subarray(rows[t]! * d, (rows[t]! + 1) * d), at * d);
    return { rows: places.length, columns: d, data };
  };
  eachKernelRow(take(held), take(support), work.kernel, (values, i) => {
    let sum = -rho;
    for (let t = 0; t < coef.length; t++) sum += coef[t]! * values[t]!;
    decisions[i] = sum;
  });
  return { ...none, decisions };
}
