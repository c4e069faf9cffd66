import { ParamsError } from "../base/errors.ts";
import { firstOfInstant } from "./instants.ts";
import { dayMs, type SeriesTimes, type SeriesValues, seriesNumbers, seriesTimes } from "./values.ts";

/** How fast the past is forgotten: by rows, or by days. */
export interface ExponentialMeanOptions {
  /** Weight of the last value against all before it, above 0, at most 1. */
  readonly alpha?: number | undefined;
  /** Days after which a value weighs half; needs `times`. */
  readonly halfLifeDays?: number | undefined;
  /** Instants of the values (n), rising or equal; rows of the same instant do not see each other. */
  readonly times?: SeriesTimes | undefined;
}

/**
 * The exponentially weighted mean of the values before each row (n): weights (1 − α)ᵏ for the value k rows back, or ½^(days / half-life),
 * in shares of 1. A missing value counts as a row that passed. NaN where nothing came before. O(n).
 * Throws ParamsError unless alpha or halfLifeDays is given. Oracle: pandas.Series.ewm(adjust=True).mean().
 * @example
 * ml.exponentialMean([50, 52.5, 55], { alpha: 0.5 })   // NaN, 50, 51.67
 */
export function exponentialMean(values: SeriesValues, options: ExponentialMeanOptions): Float64Array {
  const numbers = seriesNumbers("exponentialMean", values);
  const n = numbers.length;
  const instants = options.times === undefined ? undefined : seriesTimes("exponentialMean", options.times, n);
  const keeps = keptShare(options, instants);
  const first = instants ? firstOfInstant(instants) : Int32Array.from(numbers.keys());
  const out = new Float64Array(n).fill(Number.NaN);
  // the mean of rows 0 … i, of those that are there, and what they weigh in all
  const means = new Float64Array(n);
  for (let i = 0, mean = Number.NaN, weight = 0; i < n; i++) {
    weight *= keeps(i);
    const value = numbers[i]!;
    if (!Number.isNaN(value)) {
      weight += 1;
      mean = Number.isNaN(mean) ? value : mean + (value - mean) / weight;
    }
    means[i] = mean;
    if (first[i]! > 0) out[i] = means[first[i]! - 1]!;
  }
  return out;
}

/** Gives the share of its weight that the past keeps from the row before to a row. */
function keptShare({ alpha, halfLifeDays }: ExponentialMeanOptions, instants: Float64Array | undefined): (row: number) => number {
  if ((alpha === undefined) === (halfLifeDays === undefined))
    throw new ParamsError(`exponentialMean: takes alpha or halfLifeDays, got ${alpha === undefined ? "neither" : "both"}`);
  if (alpha !== undefined) {
    if (!(alpha > 0 && alpha <= 1)) throw new ParamsError(`exponentialMean: alpha must be above 0 and at most 1, got ${alpha}`);
    return () => 1 - alpha;
  }
  if (!(halfLifeDays! > 0 && halfLifeDays! < Infinity))
    throw new ParamsError(`exponentialMean: halfLifeDays must be above 0, got ${halfLifeDays}`);
  if (!instants) throw new ParamsError("exponentialMean: halfLifeDays needs times, one instant for each value");
  return (row) => (row === 0 ? 0 : Math.exp((-Math.LN2 * (instants[row]! - instants[row - 1]!)) / (halfLifeDays! * dayMs)));
}
