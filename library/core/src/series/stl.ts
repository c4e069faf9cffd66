import { DataError, ParamsError } from "../base/errors.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { type Loess, smooth, smoothAt } from "./loess.ts";
import { checkWhole, type SeriesValues, wholeNumbers } from "./values.ts";

/** A series in parts that add up to it (n each). */
export interface Decomposition {
  readonly trend: Float64Array;
  readonly seasonal: Float64Array;
  readonly residual: Float64Array;
  /** How much each value counted, 0 … 1: below 1 only where `robust`. */
  readonly weights: Float64Array;
  readonly period: number;
}

/** How a series is decomposed. */
export interface StlOptions {
  /** Rows of a season, 2 at least: 7 for daily values with a weekly course. */
  readonly period: number;
  /** Seasons that the seasonal part is smoothed over, odd, 3 at least; default 7. */
  readonly seasonal?: number | undefined;
  /** Rows that the trend is smoothed over, odd, above the period; default the least odd number above 1.5 period / (1 − 1.5 / seasonal). */
  readonly trend?: number | undefined;
  /** Rows of the low-pass filter, odd, above the period; default the least one. */
  readonly lowPass?: number | undefined;
  /** Lines (1, default) or constants (0) in each smoothing. */
  readonly seasonalDegree?: 0 | 1 | undefined;
  readonly trendDegree?: 0 | 1 | undefined;
  readonly lowPassDegree?: 0 | 1 | undefined;
  /** Whether values far from the rest lose their weight; default false. */
  readonly robust?: boolean | undefined;
  /** Passes for each set of weights; default 5, or 2 where robust. */
  readonly innerPasses?: number | undefined;
  /** New sets of weights; default 0, or 15 where robust. */
  readonly outerPasses?: number | undefined;
}

/**
 * Seasonal decomposition by loess (STL): trend, season and rest of values at even steps, two seasons at least. It looks at all values, the
 * later ones too: for a feature at t give it those before t. O(passes · n · spans).
 * Throws DataError for a missing value or a series of less than two seasons, ParamsError for spans that are even or too short.
 * Source: Cleveland, Cleveland, McRae & Terpenning (1990), Journal of Official Statistics 6(1). Oracle: statsmodels.tsa.seasonal.STL.
 * @example
 * const { trend, seasonal, residual } = ml.stl(sales.column("units"), { period: 7, robust: true });
 */
export function stl(values: SeriesValues, options: StlOptions): Decomposition {
  const plan = planOf(options);
  const y = wholeNumbers("stl", values, 4);
  if (y.length < 2 * plan.period)
    throw new DataError(`stl: needs two seasons at least, ${2 * plan.period} values for period ${plan.period}, got ${y.length}`);
  const n = y.length;
  const trend = new Float64Array(n);
  const seasonal = new Float64Array(n);
  let weights: Float64Array | undefined;
  for (let outer = 0; ; outer++) {
    for (let inner = 0; inner < plan.innerPasses; inner++) pass(y, trend, seasonal, plan, weights);
    if (outer >= plan.outerPasses) break;
    weights = robustWeights(y.map((value, i) => Math.abs(value - trend[i]! - seasonal[i]!)));
  }
  return {
    trend,
    seasonal,
    residual: y.map((value, i) => value - seasonal[i]! - trend[i]!),
    weights: weights ?? new Float64Array(n).fill(1),
    period: plan.period,
  };
}

interface Plan {
  readonly period: number;
  readonly seasonal: Loess;
  readonly trend: Loess;
  readonly lowPass: Loess;
  readonly innerPasses: number;
  readonly outerPasses: number;
}

function planOf(options: StlOptions): Plan {
  const { period, seasonal = 7, robust = false, seasonalDegree = 1, trendDegree = 1, lowPassDegree = 1 } = options;
  checkWhole("stl", "period", period, 2);
  checkOdd("seasonal", seasonal, 3);
  const trend = options.trend ?? oddFrom(Math.ceil((1.5 * period) / (1 - 1.5 / seasonal)));
  const lowPass = options.lowPass ?? oddFrom(period + 1);
  checkOdd("trend", trend, Math.max(3, period + 1));
  checkOdd("lowPass", lowPass, Math.max(3, period + 1));
  for (const [name, degree] of Object.entries({ seasonalDegree, trendDegree, lowPassDegree }))
    if (degree !== 0 && degree !== 1) throw new ParamsError(`stl: ${name} must be 0 or 1, got ${String(degree)}`);
  const { innerPasses = robust ? 2 : 5, outerPasses = robust ? 15 : 0 } = options;
  checkWhole("stl", "innerPasses", innerPasses, 1);
  checkWhole("stl", "outerPasses", outerPasses, 0);
  return {
    period,
    seasonal: { span: seasonal, degree: seasonalDegree },
    trend: { span: trend, degree: trendDegree },
    lowPass: { span: lowPass, degree: lowPassDegree },
    innerPasses,
    outerPasses,
  };
}

const oddFrom = (value: number): number => value + (value % 2 === 0 ? 1 : 0);

function checkOdd(name: string, value: number, least: number): void {
  checkWhole("stl", name, value, least);
  if (value % 2 === 0) throw new ParamsError(`stl: ${name} must be odd, got ${value}`);
}

/** One inner pass, steps 1 … 6 of the paper. */
function pass(y: Float64Array, trend: Float64Array, seasonal: Float64Array, plan: Plan, weights: Float64Array | undefined): void {
  const n = y.length;
  const { period } = plan;
  const cycles = smoothCycles(
    y.map((value, i) => value - trend[i]!),
    plan,
    weights,
  );
  const filtered = movingMean(movingMean(movingMean(cycles, period), period), 3);
  const low = new Float64Array(n);
  smooth(filtered, plan.lowPass, undefined, low);
  for (let i = 0; i < n; i++) seasonal[i] = cycles[period + i]! - low[i]!;
  smooth(
    y.map((value, i) => value - seasonal[i]!),
    plan.trend,
    weights,
    trend,
  );
}

/** Each place of the season smoothed over the seasons, and carried on by one at both ends (n + 2 · period). */
function smoothCycles(rest: Float64Array, { period, seasonal }: Plan, weights: Float64Array | undefined): Float64Array {
  const n = rest.length;
  const out = new Float64Array(n + 2 * period);
  for (let phase = 0; phase < period; phase++) {
    const count = Math.floor((n - phase - 1) / period) + 1;
    const every = (all: Float64Array): Float64Array => Float64Array.from({ length: count }, (_, m) => all[m * period + phase]!);
    const own = every(rest);
    const ownWeights = weights && every(weights);
    const smoothed = new Float64Array(count);
    smooth(own, seasonal, ownWeights, smoothed);
    const width = Math.min(seasonal.span, count);
    const before = smoothAt(own, 0, 0, width, seasonal, ownWeights);
    const after = smoothAt(own, count + 1, count - width, count, seasonal, ownWeights);
    out[phase] = Number.isNaN(before) ? smoothed[0]! : before;
    for (let m = 0; m < count; m++) out[(m + 1) * period + phase] = smoothed[m]!;
    out[(count + 1) * period + phase] = Number.isNaN(after) ? smoothed[count - 1]! : after;
  }
  return out;
}

/** Means of `width` values in a row (n − width + 1). */
function movingMean(values: Float64Array, width: number): Float64Array {
  const out = new Float64Array(values.length - width + 1);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    total += values[i]!;
    if (i >= width) total -= values[i - width]!;
    if (i >= width - 1) out[i - width + 1] = total / width;
  }
  return out;
}

/** Bisquare weights by distance in units of six median distances. */
function robustWeights(distances: Float64Array): Float64Array {
  const edge = 6 * quantileOfSorted(distances.toSorted(), 0.5);
  if (edge === 0) return new Float64Array(distances.length).fill(1);
  return distances.map((distance) => {
    if (distance <= 0.001 * edge) return 1;
    if (distance > 0.999 * edge) return 0;
    const share = distance / edge;
    return (1 - share * share) * (1 - share * share);
  });
}
