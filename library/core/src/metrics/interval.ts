import { ParamsError } from "../base/errors.ts";
import { normalCdf, normalQuantile } from "../numeric/normal.ts";
import { mean, quantileOfSorted } from "../numeric/statistics.ts";

/** Two ends that hold a value with some confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The interval that resampled values give, by their quantiles (`percentile`), mirrored at the value (`basic`), or corrected for bias and
 * skew (`bca`, with the values of the jackknife). NaN ends where there are no values, or where all fall on one side of the value.
 * Source: Efron (1987), JASA 82(397). Oracle: scipy.stats.bootstrap.
 */
export function resampledInterval(
  values: Float64Array,
  value: number,
  left: Float64Array,
  { method, confidence }: { readonly method: "bca" | "percentile" | "basic"; readonly confidence: number },
): Interval {
  const sorted = values.toSorted();
  const tail = (1 - confidence) / 2;
  if (method === "basic")
    return { low: 2 * value - quantileOfSorted(sorted, 1 - tail), high: 2 * value - quantileOfSorted(sorted, tail) };
  const [first, last] = method === "bca" ? correctedShares(sorted, value, left, tail) : [tail, 1 - tail];
  return { low: quantileOfSorted(sorted, first), high: quantileOfSorted(sorted, last) };
}

/** Throws ParamsError unless confidence is between 0 and 1. */
export function checkConfidence(who: string, confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new ParamsError(`${who}: confidence must be above 0 and below 1, got ${confidence}`);
}

/** Shares at which BCa reads the sorted values. */
function correctedShares(sorted: Float64Array, value: number, left: Float64Array, tail: number): [number, number] {
  const below = sorted.reduce((count, each) => count + (each < value ? 1 : each === value ? 0.5 : 0), 0) / sorted.length;
  const bias = normalQuantile(below);
  const skew = acceleration(left);
  const corrected = (z: number): number => normalCdf(bias + (bias + z) / (1 - skew * (bias + z)));
  // all values on one side, or a statistic that never moves: there is nothing to correct by
  if (!Number.isFinite(bias) || Number.isNaN(skew)) return [tail, 1 - tail];
  return [corrected(normalQuantile(tail)), corrected(-normalQuantile(tail))];
}

/** Skewness of the jackknife's values / 6: how fast the standard error changes with the value. */
function acceleration(left: Float64Array): number {
  const centre = mean(left);
  let cubes = 0;
  let squares = 0;
  for (const each of left) {
    const off = centre - each;
    squares += off * off;
    cubes += off * off * off;
  }
  return cubes / (6 * squares * Math.sqrt(squares));
}
