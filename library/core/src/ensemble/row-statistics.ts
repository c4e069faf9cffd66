import { quantileOfSorted } from "../numeric/statistics.ts";

/** A part of the rows: their places in an array from `begin` to before `end`. */
export interface Rows {
  readonly places: Int32Array;
  readonly begin: number;
  readonly end: number;
}

/** Mean of a value over rows, by weight where weights are given. */
export function meanOf({ places, begin, end }: Rows, weights: Float64Array | undefined, value: (i: number) => number): number {
  let total = 0;
  let mass = 0;
  for (let p = begin; p < end; p++) {
    const i = places[p]!;
    const weight = weights ? weights[i]! : 1;
    total += weight * value(i);
    mass += weight;
  }
  return total / mass;
}

/** A quantile of all rows: linear between neighbours, or by weight where weights are given. */
export function quantileOf(share: number, rows: Rows, weights: Float64Array | undefined, value: (i: number) => number): number {
  if (weights) return percentile(share, rows, weights, value);
  return quantileOfSorted(Float64Array.from(rows.places.subarray(rows.begin, rows.end), value).sort(), share);
}

/** The least value that `share` of the weight does not exceed (numpy's inverted_cdf). */
export function percentile(
  share: number,
  { places, begin, end }: Rows,
  weights: Float64Array | undefined,
  value: (i: number) => number,
): number {
  const part = places.subarray(begin, end);
  if (!weights) {
    const sorted = Float64Array.from(part, value).sort();
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  }
  const values = Float64Array.from(part, value);
  const order = Uint32Array.from(part, (_, p) => p).sort((a, b) => values[a]! - values[b]!);
  let mass = 0;
  for (const p of order) mass += weights[part[p]!]!;
  const wanted = share * mass;
  let reached = 0;
  for (const p of order) {
    reached += weights[part[p]!]!;
    if (reached >= wanted) return values[p]!;
  }
  return values[order.at(-1)!]!;
}
