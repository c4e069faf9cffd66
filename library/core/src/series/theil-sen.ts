import { DataError, LimitError, ParamsError, ShapeError } from "../base/errors.ts";
import { normalQuantile } from "../numeric/normal.ts";
import { sortDoubles } from "../numeric/sort-doubles.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { tieSizes } from "./tie-sizes.ts";
import { type SeriesValues, wholeNumbers } from "./values.ts";

/** A line through the medians. */
export interface TheilSenLine {
  /** Median slope of all pairs, in units of y for one of x. */
  readonly slope: number;
  /** Value at x = 0. */
  readonly intercept: number;
  /** Confidence interval of the slope; NaN ends where there are too many ties for one. */
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/** How a Theil–Sen line is found. */
export interface TheilSenOptions {
  /** Places of the values (n), in any order; default 0, 1, 2 … */
  readonly x?: SeriesValues | undefined;
  /** Confidence of the interval; default 0.95. */
  readonly confidence?: number | undefined;
  /** Intercept as median y − slope · median x (`separate`, default), or as the median of y − slope · x (`joint`). */
  readonly intercept?: "separate" | "joint" | undefined;
}

/** Values at most: n (n − 1) / 2 slopes are held at once, 1.6 GB of them. */
const mostValues = 20_000;

/**
 * The Theil–Sen slope: the median of the slopes of all pairs, which up to 29 % of wild values do not move; with Sen's interval.
 * O(n² log n) in time, O(n²) in memory. Throws DataError for a missing value, fewer than 2, or one single x,
 * LimitError for more than 20,000.
 * Source: Theil (1950); Sen (1968), JASA 63(324), equation 2.6. Oracle: scipy.stats.theilslopes.
 * @example
 * ml.theilSen([100, 102, 104, 180, 108])   // slope 2: the 180 counts for nothing
 */
export function theilSen(values: SeriesValues, options: TheilSenOptions = {}): TheilSenLine {
  const { confidence = 0.95, intercept = "separate" } = options;
  if (!(confidence > 0 && confidence < 1))
    throw new ParamsError(`theilSen: confidence must be above 0 and below 1, got ${confidence}`);
  if (intercept !== "separate" && intercept !== "joint")
    throw new ParamsError(`theilSen: intercept must be separate or joint, got ${String(intercept)}`);
  const y = wholeNumbers("theilSen", values, 2);
  const x = options.x === undefined ? Float64Array.from(y.keys()) : wholeNumbers("theilSen: x", options.x, 2);
  if (x.length !== y.length) throw new ShapeError(`theilSen: x has ${x.length} rows but values ${y.length}`);
  checkPairs("theilSen", y.length);
  const slopes = sortDoubles(pairSlopes(x, y));
  if (slopes.length === 0) throw new DataError(`theilSen: x must hold two different values, all ${x.length} are ${x[0]}`);
  const slope = quantileOfSorted(slopes, 0.5);
  const at = intercept === "joint" ? median(y.map((value, i) => value - slope * x[i]!)) : median(y) - slope * median(x);
  return { slope, intercept: at, ...slopeInterval(slopes, x, y, confidence), confidence };
}

/** Throws LimitError where the pairs of so many values are too many to hold. */
export function checkPairs(who: string, count: number): void {
  if (count > mostValues) throw new LimitError(`${who}: takes ${mostValues} values at most, got ${count}`);
}

/** Slopes of all pairs with different x. */
export function pairSlopes(x: Float64Array, y: Float64Array): Float64Array {
  const slopes = new Float64Array((x.length * (x.length - 1)) / 2);
  let count = 0;
  for (let i = 1; i < x.length; i++)
    for (let j = 0; j < i; j++) if (x[i] !== x[j]) slopes[count++] = (y[i]! - y[j]!) / (x[i]! - x[j]!);
  return slopes.subarray(0, count);
}

/** The slopes at the ranks between which Kendall's score lies with the confidence. */
function slopeInterval(
  slopes: Float64Array,
  x: Float64Array,
  y: Float64Array,
  confidence: number,
): { low: number; high: number } {
  const term = (n: number): number => n * (n - 1) * (2 * n + 5);
  const tied = [...tieSizes(x), ...tieSizes(y)].reduce((sum, size) => sum + term(size), 0);
  const reach = -normalQuantile((1 - confidence) / 2) * Math.sqrt((term(y.length) - tied) / 18);
  if (!Number.isFinite(reach)) return { low: Number.NaN, high: Number.NaN };
  const [low, high] = [halfToEven((slopes.length - reach) / 2) - 1, halfToEven((slopes.length + reach) / 2)];
  return { low: slopes[Math.max(0, low)]!, high: slopes[Math.min(slopes.length - 1, high)]! };
}

/** The nearest whole number; of two the even one, as numpy rounds. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const median = (values: Float64Array): number => quantileOfSorted(values.toSorted(), 0.5);
