import type { Label } from "../base/contract.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import type { ProbabilityOptions } from "./class-areas.ts";
import { checkLengths, checkProba, checkWeights, truthCodes, type WeightOptions } from "./inputs.ts";

/** How well probabilities are met, by bins of the probability; empty bins are left out. */
export interface CalibrationCurve {
  /** Mean predicted probability of the bin's rows. */
  readonly predicted: readonly number[];
  /** Share of positive rows in the bin. */
  readonly observed: readonly number[];
  /** Rows (weights) in the bin. */
  readonly counts: readonly number[];
  /** Where the bin begins and ends. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** How probabilities are binned. */
export interface CalibrationOptions extends WeightOptions {
  /** Default 10. */
  readonly bins?: number | undefined;
  /** Bins of the same width (default), or of about as many rows each, whatever they weigh. */
  readonly strategy?: "uniform" | "quantile" | undefined;
}

/**
 * Mean predicted probability against the share of positive rows by bins. O(n), by quantiles O(n log n). Throws DataError for probabilities
 * outside 0 … 1. Oracle: sklearn.calibration.calibration_curve (5 bins there by default).
 */
export function calibrationCurve(
  positive: ArrayLike<boolean | number>,
  proba: ArrayLike<number>,
  { bins = 10, strategy = "uniform", weights }: CalibrationOptions = {},
): CalibrationCurve {
  checkShares("calibrationCurve", positive.length, proba, weights);
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 10_000))
    throw new ParamsError(`calibrationCurve: bins must be a whole number 1 … 10000, got ${bins}`);
  const edges = edgesOf(proba, bins, strategy);
  const sums = { predicted: new Float64Array(bins), observed: new Float64Array(bins), counts: new Float64Array(bins) };
  for (let i = 0; i < proba.length; i++) {
    const bin = binOf(edges, proba[i]!);
    const weight = weights ? weights[i]! : 1;
    sums.predicted[bin]! += weight * proba[i]!;
    if (positive[i]) sums.observed[bin]! += weight;
    sums.counts[bin]! += weight;
  }
  const kept = Array.from(sums.counts, (_, b) => b).filter((b) => sums.counts[b]! > 0);
  return {
    predicted: kept.map((b) => sums.predicted[b]! / sums.counts[b]!),
    observed: kept.map((b) => sums.observed[b]! / sums.counts[b]!),
    counts: kept.map((b) => sums.counts[b]!),
    lower: kept.map((b) => edges[b]!),
    upper: kept.map((b) => edges[b + 1]!),
  };
}

/**
 * Expected calibration error: the mean distance between confidence and share of right rows over bins, weighted by rows. Of two classes by the
 * positive class's probability; of more by that of the most probable class and whether it is right. O(n k).
 * Source: Naeini, Cooper & Hauskrecht (2015), AAAI; Guo et al. (2017), ICML.
 */
export function expectedCalibrationError(
  yTrue: ArrayLike<Label>,
  proba: ArrayLike<number>,
  { classes, ...options }: ProbabilityOptions & CalibrationOptions,
): number {
  const k = classes.length;
  checkProba("expectedCalibrationError", yTrue.length, proba, k);
  const codes = truthCodes("expectedCalibrationError", yTrue, classes);
  const confidence = new Float64Array(codes.length);
  const right = new Uint8Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    let best = k === 2 ? 1 : 0;
    if (k > 2) for (let c = 1; c < k; c++) if (proba[i * k + c]! > proba[i * k + best]!) best = c;
    confidence[i] = proba[i * k + best]!;
    right[i] = Number(codes[i] === best);
  }
  const { predicted, observed, counts } = calibrationCurve(right, confidence, options);
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((sum, count, b) => sum + (count / total) * Math.abs(predicted[b]! - observed[b]!), 0);
}

function edgesOf(proba: ArrayLike<number>, bins: number, strategy: string): Float64Array {
  const shares = Float64Array.from({ length: bins + 1 }, (_, b) => (b === bins ? 1 : b * (1 / bins)));
  if (strategy === "uniform") return shares;
  if (strategy !== "quantile") throw new ParamsError(`calibrationCurve: strategy must be uniform or quantile, got ${strategy}`);
  const sorted = Float64Array.from(proba).sort();
  return shares.map((share) => quantileOfSorted(sorted, share));
}

/** Number of the bin: how many inner edges lie below the value. */
function binOf(edges: Float64Array, value: number): number {
  let low = 1;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A mean of shares may lie beyond 1 by a rounding. */
const slack = 1e-9;

function checkShares(who: string, rows: number, proba: ArrayLike<number>, weights: ArrayLike<number> | undefined): void {
  checkLengths(who, rows, proba.length);
  checkWeights(who, weights, rows);
  for (let i = 0; i < rows; i++)
    if (!(proba[i]! >= -slack && proba[i]! <= 1 + slack))
      throw new DataError(`${who}: probabilities must be 0 … 1, got ${proba[i]} in row ${i}`);
}
