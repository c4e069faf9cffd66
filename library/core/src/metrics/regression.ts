import { DataError } from "../base/errors.ts";
import { checkLengths, checkPair, type WeightOptions } from "./inputs.ts";
import { weightedMean, weightedQuantile } from "./row-mean.ts";

/** Loss of one row. */
export type Loss = (truth: number, prediction: number) => number;

/** Losses of one row by name: what the means below are means of. */
export const losses = {
  squared: (truth, prediction) => (truth - prediction) * (truth - prediction),
  absolute: (truth, prediction) => Math.abs(truth - prediction),
  relative: (truth, prediction) => Math.abs(truth - prediction) / Math.max(Math.abs(truth), Number.EPSILON),
  squaredLog: (truth, prediction) => {
    const off = Math.log1p(truth) - Math.log1p(prediction);
    return off * off;
  },
} satisfies Record<string, Loss>;

/** Mean squared error, in squared units of y. O(n). Oracle: sklearn.metrics.mean_squared_error. */
export function mse(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return meanLoss("mse", yTrue, yPred, options, losses.squared);
}

/** Root of the mean squared error, in units of y. O(n). Oracle: sklearn.metrics.root_mean_squared_error. */
export function rmse(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return Math.sqrt(meanLoss("rmse", yTrue, yPred, options, losses.squared));
}

/** Mean absolute error, in units of y. O(n). Oracle: sklearn.metrics.mean_absolute_error. */
export function mae(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return meanLoss("mae", yTrue, yPred, options, losses.absolute);
}

/** Mean absolute error relative to the truth (0.1 is ten per cent); huge where the truth is 0. O(n). Oracle: sklearn.metrics.mean_absolute_percentage_error. */
export function mape(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return meanLoss("mape", yTrue, yPred, options, losses.relative);
}

/** Mean squared error of log(1 + y). O(n). Throws DataError for values of −1 or less. Oracle: sklearn.metrics.mean_squared_log_error. */
export function msle(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  checkAbove("msle", yTrue, yPred, -1);
  return meanLoss("msle", yTrue, yPred, options, losses.squaredLog);
}

/** Root of `msle`. O(n). Oracle: sklearn.metrics.root_mean_squared_log_error. */
export function rmsle(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  checkAbove("rmsle", yTrue, yPred, -1);
  return Math.sqrt(meanLoss("rmsle", yTrue, yPred, options, losses.squaredLog));
}

/** Median absolute error, in units of y. O(n log n). Oracle: sklearn.metrics.median_absolute_error. */
export function medianAbsoluteError(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, { weights }: WeightOptions = {}): number {
  checkPair("medianAbsoluteError", yTrue, yPred, weights);
  const errors = rowLosses(yTrue, yPred, losses.absolute);
  return weightedQuantile(errors, weights, 0.5);
}

/** The largest absolute error, in units of y; rows of weight 0 do not count. O(n). Oracle: sklearn.metrics.max_error. */
export function maxError(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, { weights }: WeightOptions = {}): number {
  checkPair("maxError", yTrue, yPred, weights);
  let most = 0;
  for (let i = 0; i < yTrue.length; i++) if (!weights || weights[i]! > 0) most = Math.max(most, Math.abs(yTrue[i]! - yPred[i]!));
  return most;
}

/** Loss of each row (n). */
export function rowLosses(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, loss: Loss): Float64Array {
  const found = new Float64Array(yTrue.length);
  for (let i = 0; i < found.length; i++) found[i] = loss(yTrue[i]!, yPred[i]!);
  return found;
}

/** Mean loss of checked rows. */
export function meanLoss(
  who: string,
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { weights }: WeightOptions,
  loss: Loss,
): number {
  checkPair(who, yTrue, yPred, weights);
  return weightedMean(who, rowLosses(yTrue, yPred, loss), weights);
}

/** Throws DataError unless all values are above a bound. */
export function checkAbove(who: string, yTrue: ArrayLike<number>, yPred: ArrayLike<number>, bound: number): void {
  checkLengths(who, yTrue.length, yPred.length);
  for (const [name, values] of [
    ["yTrue", yTrue],
    ["yPred", yPred],
  ] as const)
    for (let i = 0; i < values.length; i++)
      if (!(values[i]! > bound)) throw new DataError(`${who}: ${name} must be above ${bound}, got ${values[i]} in row ${i}`);
}
