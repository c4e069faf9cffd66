import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import type { Interval } from "../metrics/interval.ts";
import { type SeriesValues, wholeNumbers } from "./values.ts";

/** How far truths lie from predictions, as learned on rows that no fit saw; plain data. */
export interface ConformalRule {
  /** What is added to the prediction for the lower end, in units of y, or of the scale where `relative`; −∞ where rows are too few. */
  readonly below: number;
  /** The same for the upper end. */
  readonly above: number;
  readonly confidence: number;
  /** Whether ends are multiples of a scale that comes with each prediction. */
  readonly relative: boolean;
  /** Rows it was learned on. */
  readonly rows: number;
}

/** How a rule is learned. */
export interface ConformalOptions {
  /** Share of truths that intervals are to hold; default 0.9. */
  readonly confidence?: number | undefined;
  /** Equal distance on both sides (`symmetric`, default), or an equal share of truths left out on each (`asymmetric`). */
  readonly sides?: "symmetric" | "asymmetric" | undefined;
  /** How large an error is to be expected for each row (n), above 0, such as the last value: errors are measured in it. */
  readonly scale?: SeriesValues | undefined;
}

/**
 * Split-conformal prediction intervals from out-of-fold predictions: they hold the next truth with the confidence at least, whatever model
 * and law, as long as the order of rows and the next one says nothing (so not while errors grow). That is on average over rows, not for each kind of row.
 * The ends are ranks of errors, ⌈(n + 1) · confidence⌉ of |y − ŷ|; too few rows for that give infinite ends. O(n log n).
 * Throws ShapeError for different lengths, DataError for a missing value, no row, or a scale that is not above 0.
 * Source: Vovk, Gammerman & Shafer (2005); Lei et al. (2018), JASA 113(523); asymmetric: Linusson, Johansson & Löfström (2014).
 * @example
 * const rule = ml.conformalRule(truth, outOfFold, { confidence: 0.9 });
 * ml.conformalInterval(rule, 102.5)   // { low: 97.5, high: 107.5 }
 */
export function conformalRule(yTrue: SeriesValues, yPred: SeriesValues, options: ConformalOptions = {}): ConformalRule {
  const { confidence = 0.9, sides = "symmetric", scale } = options;
  if (!(confidence > 0 && confidence < 1))
    throw new ParamsError(`conformalRule: confidence must be above 0 and below 1, got ${String(confidence)}`);
  if (sides !== "symmetric" && sides !== "asymmetric")
    throw new ParamsError(`conformalRule: sides must be symmetric or asymmetric, got ${String(sides)}`);
  const truth = wholeNumbers("conformalRule: yTrue", yTrue, 1);
  const guess = wholeNumbers("conformalRule: yPred", yPred, 1);
  const units = scale === undefined ? new Float64Array(truth.length).fill(1) : wholeNumbers("conformalRule: scale", scale, 1);
  if (guess.length !== truth.length || units.length !== truth.length)
    throw new ShapeError(
      `conformalRule: yTrue has ${truth.length} rows, yPred ${guess.length}${scale === undefined ? "" : `, scale ${units.length}`}`,
    );
  const flat = units.findIndex((unit) => !(unit > 0));
  if (flat >= 0) throw new DataError(`conformalRule: scale must be above 0, got ${units[flat]} in row ${flat}`);
  const errors = truth.map((value, i) => (value - guess[i]!) / units[i]!);
  const common = { confidence, relative: scale !== undefined, rows: truth.length };
  if (sides === "symmetric") {
    const reach = upperRank(errors.map(Math.abs).sort(), confidence);
    return { below: -reach, above: reach, ...common };
  }
  const half = (1 + confidence) / 2;
  return { below: -upperRank(errors.map((error) => -error).sort(), half), above: upperRank(errors.sort(), half), ...common };
}

/** The interval of a rule about a prediction; `scale` is this prediction's own where the rule is relative. Throws ParamsError without it. */
export function conformalInterval({ below, above, relative }: ConformalRule, prediction: number, scale?: number): Interval {
  if (!Number.isFinite(prediction))
    throw new DataError(`conformalInterval: prediction must be finite, got ${String(prediction)}`);
  if (relative && !(scale !== undefined && scale > 0 && scale < Infinity))
    throw new ParamsError(`conformalInterval: the rule is relative and needs a scale above 0, got ${String(scale)}`);
  const unit = relative ? scale! : 1;
  return { low: prediction + below * unit, high: prediction + above * unit };
}

/** The sorted value that the next one does not pass with a share of chances at least; ∞ where there are too few. */
function upperRank(sorted: Float64Array, share: number): number {
  // shares such as 0.9 have no exact double: 10 × 0.9 is to be 9
  const rank = Math.ceil((sorted.length + 1) * share - 1e-9);
  return rank > sorted.length ? Number.POSITIVE_INFINITY : sorted[rank - 1]!;
}
