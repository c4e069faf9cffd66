import { Matrix as DenseMatrix, LuDecomposition } from "ml-matrix";
import { DataError, LimitError, ParamsError, ShapeError } from "../base/errors.ts";

/** Shares of columns, and what is left. */
export interface LeastAbsoluteShares {
  /** Share of each column (d), ≥ 0, 1 in sum. */
  readonly shares: Float64Array;
  /** Σ wᵢ |yᵢ − Σⱼ shareⱼ · columnⱼᵢ|, the least there is. */
  readonly error: number;
}

/** Columns at most: each pivot solves a system of as many. */
const mostColumns = 100;

/**
 * The shares of columns that together are nearest to y by absolute error: min Σ wᵢ |yᵢ − (Xs)ᵢ| with s ≥ 0 and Σ s = 1, exactly, as a linear
 * programme. Columns are usually out-of-fold predictions of models: unlike least squares, a few wild rows do not decide, and a useless column
 * gets 0. Where several answers are equally good, one of them, always the same.
 * The dual is solved, with a variable a row and a condition a column, by the simplex method with bounds: O(pivots · d³ + passes · n · d).
 * Throws ShapeError for lengths that differ, DataError for a missing value or no row, ParamsError for weights below 0, LimitError beyond 100 columns.
 * Source: Dantzig (1955), upper bounds; Bland (1977), Mathematics of Operations Research 2(2). Oracle: scipy.optimize.linprog(method="highs").
 * @example
 * ml.leastAbsoluteShares([forest, ridge, last], truth).shares   // 0.6, 0, 0.4
 */
export function leastAbsoluteShares(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  { weights, checkpoint = () => {} }: { readonly weights?: ArrayLike<number> | undefined; readonly checkpoint?: () => void } = {},
): LeastAbsoluteShares {
  checkInput(columns, y, weights);
  const d = columns.length;
  const rows = Int32Array.from({ length: y.length }, (_, i) => i).filter(
    (i) => weights?.[i] !== 0 && columns.some((column) => column[i] !== y[i]),
  );
  // errors of each column, times the row's weight: |E s| is to be least, for Σ s = 1
  const errors = Float64Array.from({ length: rows.length * d }, (_, k) => {
    const i = rows[Math.floor(k / d)]!;
    return (y[i]! - columns[k % d]![i]!) * (weights?.[i] ?? 1);
  });
  const scale = errors.reduce((most, error) => Math.max(most, Math.abs(error)), 0) || 1;
  const scaled = errors.map((error) => error / scale);
  const shares = cheapestShares(scaled, rows.length, d, checkpoint);
  let error = 0;
  for (let i = 0; i < rows.length; i++) error += Math.abs(dotRow(errors, i, shares));
  return { shares, error };
}

function checkInput(columns: readonly ArrayLike<number>[], y: ArrayLike<number>, weights: ArrayLike<number> | undefined): void {
  const who = "leastAbsoluteShares";
  if (columns.length === 0) throw new DataError(`${who}: needs one column at least, got 0`);
  if (columns.length > mostColumns) throw new LimitError(`${who}: takes ${mostColumns} columns at most, got ${columns.length}`);
  if (y.length === 0) throw new DataError(`${who}: needs one row at least, got 0`);
  for (const [name, values] of [...columns.map((column, j) => [`column ${j}`, column] as const), ["weights", weights] as const]) {
    if (values === undefined) continue;
    if (values.length !== y.length) throw new ShapeError(`${who}: y has ${y.length} rows but ${name} ${values.length}`);
    checkFinite(who, name, values);
  }
  checkFinite(who, "y", y);
  for (let i = 0; i < y.length; i++)
    if (weights && !(weights[i]! >= 0)) throw new ParamsError(`${who}: weights must be ≥ 0, got ${weights[i]} in row ${i}`);
}

function checkFinite(who: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) throw new DataError(`${who}: ${name} must be finite, got ${String(values[i])} in row ${i}`);
}

const tolerance = 1e-10;
/** Variables that are looked at for each pivot: all of many would cost more than the pivots that it saves. */
const block = 1024;

/**
 * max v with v + slackⱼ = Σᵢ signᵢ · Eᵢⱼ, slack ≥ 0, −1 ≤ sign ≤ 1. Variables by number: signs 0 … n − 1, slacks n … n + d − 1, v at n + d.
 * The shares are the prices of the d conditions.
 */
interface Programme {
  /** Errors of each column, row by row (n × d). */
  readonly errors: Float64Array;
  readonly n: number;
  readonly d: number;
  /** The value of each sign that is not basic: −1 or 1. */
  readonly signs: Int8Array;
  /** Σ sign · E over the signs that are not basic (d). */
  readonly sums: Float64Array;
  readonly basis: Int32Array;
  readonly isBasic: Uint8Array;
}

function cheapestShares(errors: Float64Array, n: number, d: number, checkpoint: () => void): Float64Array {
  const programme = firstBasis(errors, n, d, startingShares(errors, n, d, checkpoint));
  for (let pivots = 0, entering = 0, isStuck = false; ; pivots++) {
    checkpoint();
    if (pivots > 100 * (n + d)) throw new DataError(`leastAbsoluteShares: no end after ${pivots} pivots on ${n} rows`);
    const columns = new DenseMatrix(Array.from(programme.basis, (variable) => columnOf(programme, variable)));
    const worth = Array.from(programme.basis, (variable) => (variable === n + d ? 1 : 0));
    const prices = Float64Array.from(new LuDecomposition(columns).solve(DenseMatrix.columnVector(worth)).to1DArray());
    entering = enteringVariable(programme, prices, entering, isStuck);
    if (entering < 0) return toShares(prices);
    isStuck = pivot(programme, new LuDecomposition(columns.transpose()), entering, prices) <= tolerance;
  }
}

/** The answer for an eighth of the rows where they are many: most signs are right then, and few pivots are left. Else the best column. */
function startingShares(errors: Float64Array, n: number, d: number, checkpoint: () => void): Float64Array {
  if (n > 256) {
    const few = Math.floor(n / 8);
    const part = Float64Array.from({ length: few * d }, (_, k) => errors[8 * Math.floor(k / d) * d + (k % d)]!);
    return cheapestShares(part, few, d, checkpoint);
  }
  const totals = new Float64Array(d);
  for (let k = 0; k < errors.length; k++) totals[k % d]! += Math.abs(errors[k]!);
  const best = leastPlace(totals);
  return totals.map((_, j) => (j === best ? 1 : 0));
}

/** The signs of the errors at some shares, and v at the least of their sums. */
function firstBasis(errors: Float64Array, n: number, d: number, start: Float64Array): Programme {
  const signs = new Int8Array(n);
  const sums = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    signs[i] = dotRow(errors, i, start) < 0 ? -1 : 1;
    for (let j = 0; j < d; j++) sums[j]! += signs[i]! * errors[i * d + j]!;
  }
  const least = leastPlace(sums);
  const basis = Int32Array.from({ length: d }, (_, j) => (j === least ? n + d : n + j));
  const isBasic = new Uint8Array(n + d + 1);
  for (const variable of basis) isBasic[variable] = 1;
  return { errors, n, d, signs, sums, basis, isBasic };
}

/** Column of a variable in the conditions (d). */
function columnOf({ errors, n, d }: Programme, variable: number): number[] {
  return Array.from({ length: d }, (_, j) =>
    variable < n ? -errors[variable * d + j]! : variable === n + d || variable === n + j ? 1 : 0,
  );
}

/**
 * The variable that gains most among the next `block` that follow `from`, or of the first further on that gains anything; after a step that
 * gained nothing the first of all (Bland). −1 where none does.
 */
function enteringVariable(programme: Programme, prices: Float64Array, from: number, isStuck: boolean): number {
  const { errors, n, d, signs, isBasic } = programme;
  let best = -1;
  let most = tolerance;
  for (let seen = 0; seen < n + d; seen++) {
    const variable = isStuck ? seen : (from + seen) % (n + d);
    if (best >= 0 && (isStuck || seen >= block)) break;
    if (isBasic[variable]) continue;
    const gain = variable < n ? -2 * signs[variable]! * dotRow(errors, variable, prices) : -prices[variable - n]!;
    if (gain > most) [best, most] = [variable, gain];
  }
  return best;
}

/** Moves the entering variable until it or a basic one meets its bound; how much v rose. */
function pivot(programme: Programme, lu: LuDecomposition, entering: number, prices: Float64Array): number {
  const { errors, n, d, signs, sums, basis, isBasic } = programme;
  const rising = entering < n ? -signs[entering]! : 1;
  const values = lu.solve(DenseMatrix.columnVector([...sums])).to1DArray();
  const slopes = lu.solve(DenseMatrix.columnVector(columnOf(programme, entering))).to1DArray();
  let length = entering < n ? 2 : Number.POSITIVE_INFINITY;
  let leaving = -1;
  for (let k = 0; k < d; k++) {
    const change = -rising * slopes[k]!;
    const variable = basis[k]!;
    if (variable === n + d || Math.abs(change) <= tolerance) continue;
    const bound = variable < n ? Math.sign(change) : change < 0 ? 0 : Number.POSITIVE_INFINITY;
    const room = Math.max(0, (bound - values[k]!) / change);
    if (room < length || (room === length && leaving >= 0 && variable < basis[leaving]!)) [length, leaving] = [room, k];
  }
  const gain = length * Math.abs(entering < n ? dotRow(errors, entering, prices) : prices[entering - n]!);
  const addSign = (i: number, times: number): void => {
    for (let j = 0; j < d; j++) sums[j]! += times * errors[i * d + j]!;
  };
  if (leaving < 0) {
    addSign(entering, 2 * rising);
    signs[entering] = rising;
    return gain;
  }
  const left = basis[leaving]!;
  if (entering < n) addSign(entering, rising);
  if (left < n) {
    signs[left] = -rising * slopes[leaving]! > 0 ? 1 : -1;
    addSign(left, signs[left]!);
  }
  isBasic[left] = 0;
  isBasic[entering] = 1;
  basis[leaving] = entering;
  return gain;
}

const leastPlace = (values: Float64Array): number => values.indexOf(Math.min(...values));

/** Prices without the rounding of the last solution: none below 0, 1 in sum. */
function toShares(prices: Float64Array): Float64Array {
  const kept = prices.map((price) => (price > 1e-9 ? price : 0));
  const total = kept.reduce((sum, price) => sum + price, 0);
  return kept.map((price) => price / total);
}

function dotRow(errors: Float64Array, row: number, shares: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < shares.length; j++) sum += errors[row * shares.length + j]! * shares[j]!;
  return sum;
}
