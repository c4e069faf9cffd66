import { ParamsError } from "../base/errors.ts";
import { tweedieDeviance } from "./deviance.ts";
import { checkPair, type WeightOptions } from "./inputs.ts";
import { pinballLoss } from "./pinball.ts";
import { losses, meanLoss, rowLosses } from "./regression.ts";
import { weightedMean, weightedQuantile } from "./row-mean.ts";

/**
 * Share of the variance explained: 1 − squared error / squared deviation from the mean. A constant target gives 1 when met, else 0; one row
 * gives NaN. O(n). Oracle: sklearn.metrics.r2_score.
 */
export function r2(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, { weights }: WeightOptions = {}): number {
  checkPair("r2", yTrue, yPred, weights);
  if (yTrue.length < 2) return Number.NaN;
  const truth = Float64Array.from(yTrue);
  return share(weightedMean("r2", rowLosses(yTrue, yPred, losses.squared), weights), spreadOf(truth, weights));
}

/**
 * R² less what `columns` columns explain by chance: 1 − (1 − R²)(n − 1) / (n − columns − 1); NaN where no degree of freedom is left.
 * Rows count by their number, not their weights. Source: Ezekiel (1930), Methods of Correlation Analysis.
 */
export function adjustedR2(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { columns, ...options }: WeightOptions & { readonly columns: number },
): number {
  if (!(Number.isInteger(columns) && columns >= 0))
    throw new ParamsError(`adjustedR2: columns must be a whole number ≥ 0, got ${columns}`);
  const free = yTrue.length - columns - 1;
  return free > 0 ? 1 - ((1 - r2(yTrue, yPred, options)) * (yTrue.length - 1)) / free : Number.NaN;
}

/** As R², but blind to a constant error. O(n). Oracle: sklearn.metrics.explained_variance_score. */
export function explainedVariance(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, { weights }: WeightOptions = {}): number {
  checkPair("explainedVariance", yTrue, yPred, weights);
  const errors = rowLosses(yTrue, yPred, (truth, prediction) => truth - prediction);
  return share(spreadOf(errors, weights), spreadOf(Float64Array.from(yTrue), weights));
}

/** Share of the absolute error explained beyond always answering the median; NaN for one row. O(n log n). Oracle: sklearn.metrics.d2_absolute_error_score. */
export function d2AbsoluteError(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return d2Pinball(yTrue, yPred, options);
}

/**
 * Share of the pinball loss explained beyond always answering the quantile; NaN for one row. O(n log n).
 * Oracle: sklearn.metrics.d2_pinball_score.
 */
export function d2Pinball(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { alpha = 0.5, weights }: WeightOptions & { readonly alpha?: number | undefined } = {},
): number {
  const loss = pinballLoss("d2Pinball", alpha);
  const error = meanLoss("d2Pinball", yTrue, yPred, { weights }, loss);
  if (yTrue.length < 2) return Number.NaN;
  const truth = Float64Array.from(yTrue);
  const middle = weightedQuantile(truth, weights, alpha);
  return share(
    error,
    weightedMean(
      "d2Pinball",
      truth.map((value) => loss(value, middle)),
      weights,
    ),
  );
}

/**
 * Share of the Tweedie deviance explained beyond always answering the mean; NaN for one row. O(n). Throws as `tweedieDeviance`.
 * Oracle: sklearn.metrics.d2_tweedie_score.
 */
export function d2Tweedie(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { power = 0, weights }: WeightOptions & { readonly power?: number | undefined } = {},
): number {
  const error = tweedieDeviance(yTrue, yPred, { power, weights });
  if (yTrue.length < 2) return Number.NaN;
  const truth = Float64Array.from(yTrue);
  const centre = weightedMean("d2Tweedie", truth, weights);
  return share(
    error,
    tweedieDeviance(
      truth,
      truth.map(() => centre),
      { power, weights },
    ),
  );
}

/** Weighted variance about the weighted mean. */
export function spreadOf(values: Float64Array, weights: ArrayLike<number> | undefined): number {
  const centre = weightedMean("r2", values, weights);
  const squares = new Float64Array(values.length);
  for (let i = 0; i < squares.length; i++) squares[i] = (values[i]! - centre) * (values[i]! - centre);
  return weightedMean("r2", squares, weights);
}

/** 1 − error / spread; where there is no spread 1 without error, else 0. */
export function share(error: number, spread: number): number {
  if (spread === 0) return error === 0 ? 1 : 0;
  return 1 - error / spread;
}
