import { sortByNumber } from "../data/sort-numbers.ts";
import { sortDoubles } from "../numeric/sort-doubles.ts";
import { checkWeights } from "./inputs.ts";

/** Weighted mean of one number a row, with Neumaier's compensated sum: the error does not grow with the rows. O(n). */
export function weightedMean(who: string, values: Float64Array, weights: ArrayLike<number> | undefined): number {
  checkWeights(who, weights, values.length);
  let sum = 0;
  let lost = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i]! : 1;
    const value = weight * values[i]!;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
    total += weight;
  }
  return (sum + lost) / total;
}

/**
 * Weighted quantile at a share of 0 … 1: the least value that has this share of the weight at or below it, or the middle between it and
 * the next where it has exactly that ("averaged inverted cdf": of equal weights the usual median). O(n).
 * Source: Hyndman & Fan (1996), The American Statistician 50(4).
 */
export function weightedQuantile(values: Float64Array, weights: ArrayLike<number> | undefined, share: number): number {
  if (weights === undefined) return quantileOfSortedRows(sortDoubles(values.slice()), share);
  return quantileInOrder(values, orderOf(values), weights, share);
}

/** The same of values in order that all weigh 1. */
function quantileOfSortedRows(sorted: Float64Array, share: number): number {
  const target = share * sorted.length;
  const place = Math.max(1, Math.ceil(target));
  const isBetween = place - target <= Number.EPSILON && place < sorted.length && target > 0;
  return isBetween ? (sorted[place - 1]! + sorted[place]!) / 2 : sorted[place - 1]!;
}

/** Row numbers by rising value. O(n). */
export function orderOf(values: Float64Array): Int32Array {
  return sortByNumber(
    values,
    Int32Array.from(values, (_, i) => i),
    false,
  );
}

/** The same where the rows are in order already. O(n). */
export function quantileInOrder(
  values: Float64Array,
  order: Int32Array,
  weights: ArrayLike<number> | undefined,
  share: number,
): number {
  const weightOf = (k: number): number => (weights ? weights[order[k]!]! : 1);
  let total = 0;
  for (let k = 0; k < order.length; k++) total += weightOf(k);
  const target = share * total || Number.MIN_VALUE;
  let below = 0;
  let k = 0;
  for (; k < order.length; k++) {
    below += weightOf(k);
    if (below >= target) break;
  }
  const value = values[order[Math.min(k, order.length - 1)]!]!;
  if (below - target > Number.EPSILON) return value;
  const next = order.findIndex((_, at) => at > k && weightOf(at) > 0);
  return next < 0 ? value : (value + values[order[next]!]!) / 2;
}
