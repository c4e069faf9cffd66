import { mean } from "../numeric/statistics.ts";

/** A monotone function: straight lines between its points, constant beyond them. */
export interface MonotoneFunction {
  /** Places of the points, ascending (m). */
  readonly x: Float64Array;
  /** Values at the points, monotone (m). */
  readonly y: Float64Array;
}

/** How a monotone function is fitted. */
interface IsotonicOptions {
  /** Default true. */
  readonly increasing?: boolean;
  /** Bounds of the values. */
  readonly yMin?: number | null;
  readonly yMax?: number | null;
}

/**
 * The monotone function with the least weighted squared error, by pooling adjacent violators: O(n log n) for the sort, O(n) after it.
 * Equal x become one point with their mean. Source: Barlow et al. (1972); Busing (2022), Journal of Statistical Software 102.
 * Oracle: sklearn.isotonic.IsotonicRegression.
 */
export function fitIsotonic(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array | undefined,
  { increasing = true, yMin, yMax }: IsotonicOptions = {},
): MonotoneFunction {
  const points = distinct(x, y, weights);
  const sign = increasing ? 1 : -1;
  for (let p = 0; p < points.y.length; p++) points.y[p]! *= sign;
  poolViolators(points.y, points.weights);
  for (let p = 0; p < points.y.length; p++)
    points.y[p] = Math.min(yMax ?? Infinity, Math.max(yMin ?? -Infinity, sign * points.y[p]!));
  const { length } = points.y;
  const isKept = (p: number): boolean =>
    p === 0 || p === length - 1 || points.y[p] !== points.y[p - 1] || points.y[p] !== points.y[p + 1];
  return { x: points.x.filter((_, p) => isKept(p)), y: points.y.filter((_, p) => isKept(p)) };
}

/** Makes values ascend with the least weighted squared change: neighbours that descend become their mean. In place, O(n). */
export function poolViolators(values: Float64Array, weights: Float64Array): void {
  const means = new Float64Array(values.length);
  const masses = new Float64Array(values.length);
  const ends = new Int32Array(values.length);
  let blocks = 0;
  for (let p = 0; p < values.length; p++) {
    means[blocks] = values[p]!;
    masses[blocks] = weights[p]!;
    ends[blocks] = p + 1;
    blocks++;
    while (blocks > 1 && means[blocks - 2]! >= means[blocks - 1]!) {
      const mass = masses[blocks - 2]! + masses[blocks - 1]!;
      means[blocks - 2] = (means[blocks - 2]! * masses[blocks - 2]! + means[blocks - 1]! * masses[blocks - 1]!) / mass;
      masses[blocks - 2] = mass;
      ends[blocks - 2] = ends[blocks - 1]!;
      blocks--;
    }
  }
  for (let b = 0, p = 0; b < blocks; b++) for (; p < ends[b]!; p++) values[p] = means[b]!;
}

/** The function's value at `at`: linear between two points, that of the nearest point beyond them. */
export function valueAt({ x, y }: MonotoneFunction, at: number): number {
  const last = x.length - 1;
  if (at <= x[0]!) return y[0]!;
  if (at >= x[last]!) return y[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  return y[low]! + ((y[high]! - y[low]!) / (x[high]! - x[low]!)) * (at - x[low]!);
}

/** Whether y rises with x: Spearman's rank correlation is not negative. */
export function rises(x: Float64Array, y: Float64Array): boolean {
  const [a, b] = [ranks(x), ranks(y)];
  const [centreA, centreB] = [mean(a), mean(b)];
  let covariance = 0;
  for (let i = 0; i < a.length; i++) covariance += (a[i]! - centreA) * (b[i]! - centreB);
  return covariance >= 0;
}

/** Ranks from 0, ties their mean. */
function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const out = new Float64Array(values.length);
  for (let begin = 0, end = 0; begin < order.length; begin = end) {
    while (end < order.length && values[order[end]!] === values[order[begin]!]) end++;
    for (let p = begin; p < end; p++) out[order[p]!] = (begin + end - 1) / 2;
  }
  return out;
}

/** Points in the order of x; those that lie within 1e-15 become one. Rows of weight 0 are absent. */
function distinct(x: Float64Array, y: Float64Array, weights: Float64Array | undefined) {
  const rows = Uint32Array.from(x.keys()).filter((i) => weights?.[i] !== 0);
  rows.sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const out = { x: new Float64Array(rows.length), y: new Float64Array(rows.length), weights: new Float64Array(rows.length) };
  let count = 0;
  for (const i of rows) {
    if (count === 0 || x[i]! - out.x[count - 1]! >= 1e-15) out.x[count++] = x[i]!;
    const weight = weights?.[i] ?? 1;
    out.y[count - 1]! += weight * y[i]!;
    out.weights[count - 1]! += weight;
  }
  for (let p = 0; p < count; p++) out.y[p]! /= out.weights[p]!;
  return { x: out.x.slice(0, count), y: out.y.slice(0, count), weights: out.weights.slice(0, count) };
}
