import { quantile } from "../numeric/statistics.ts";
import { checkLengths, type WeightOptions } from "./confusion.ts";

/** Mean squared error, in squared units of y. */
export function mse(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return weightedMean("mse", yTrue, yPred, options, (truth, prediction) => (truth - prediction) * (truth - prediction));
}

/** Root of the mean squared error, in units of y. */
export function rmse(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return Math.sqrt(mse(yTrue, yPred, options));
}

/** Mean absolute error, in units of y. */
export function mae(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return weightedMean("mae", yTrue, yPred, options, (truth, prediction) => Math.abs(truth - prediction));
}

/** Mean absolute error relative to the truth (0.1 is ten per cent); huge where the truth is 0. Oracle: sklearn.metrics.mean_absolute_percentage_error. */
export function mape(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return weightedMean(
    "mape",
    yTrue,
    yPred,
    options,
    (truth, prediction) => Math.abs(truth - prediction) / Math.max(Math.abs(truth), Number.EPSILON),
  );
}

/** Median absolute error, in units of y. */
export function medianAbsoluteError(yTrue: ArrayLike<number>, yPred: ArrayLike<number>): number {
  checkLengths("medianAbsoluteError", yTrue.length, yPred.length);
  return quantile(
    Float64Array.from({ length: yTrue.length }, (_, i) => Math.abs(yTrue[i]! - yPred[i]!)),
    0.5,
  );
}

/** Share of the variance explained: 1 − squared error / squared deviation from the mean. A constant target gives 1 when met, else 0. */
export function r2(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  const centre = weightedMean("r2", yTrue, yPred, options, (truth) => truth);
  const spread = weightedMean("r2", yTrue, yPred, options, (truth) => (truth - centre) * (truth - centre));
  return share(mse(yTrue, yPred, options), spread);
}

/** As R², but blind to a constant error. Oracle: sklearn.metrics.explained_variance_score. */
export function explainedVariance(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  const bias = weightedMean("explainedVariance", yTrue, yPred, options, (truth, prediction) => truth - prediction);
  const centre = weightedMean("explainedVariance", yTrue, yPred, options, (truth) => truth);
  const off = weightedMean(
    "explainedVariance",
    yTrue,
    yPred,
    options,
    (truth, prediction) => (truth - prediction - bias) * (truth - prediction - bias),
  );
  return share(
    off,
    weightedMean("explainedVariance", yTrue, yPred, options, (truth) => (truth - centre) * (truth - centre)),
  );
}

/** Mean loss of a prediction of the `alpha` quantile, in units of y. Oracle: sklearn.metrics.mean_pinball_loss. */
export function pinball(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { alpha = 0.5, ...options }: WeightOptions & { readonly alpha?: number } = {},
): number {
  return weightedMean("pinball", yTrue, yPred, options, (truth, prediction) =>
    Math.max(alpha * (truth - prediction), (alpha - 1) * (truth - prediction)),
  );
}

function share(error: number, spread: number): number {
  if (spread === 0) return error === 0 ? 1 : 0;
  return 1 - error / spread;
}

function weightedMean(
  who: string,
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { weights }: WeightOptions,
  term: (truth: number, prediction: number) => number,
): number {
  checkLengths(who, yTrue.length, yPred.length);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * term(yTrue[i]!, yPred[i]!);
    total += weight;
  }
  return sum / total;
}
