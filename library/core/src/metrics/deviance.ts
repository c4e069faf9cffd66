import { DataError, ParamsError } from "../base/errors.ts";
import { checkPair, type WeightOptions } from "./inputs.ts";
import { type Loss, rowLosses } from "./regression.ts";
import { weightedMean } from "./row-mean.ts";

/**
 * Mean Tweedie deviance: 0 is the squared error, 1 Poisson's, 2 gamma's, 3 the inverse Gaussian's; 1 < power < 2 for amounts that are often
 * 0. O(n). Throws ParamsError for powers between 0 and 1, DataError where y is outside the distribution.
 * Source: Jørgensen (1987), JRSS B 49(2). Oracle: sklearn.metrics.mean_tweedie_deviance.
 */
export function tweedieDeviance(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { power = 0, weights }: WeightOptions & { readonly power?: number | undefined } = {},
): number {
  return weightedMean("tweedieDeviance", devianceRows("tweedieDeviance", yTrue, yPred, power), weights);
}

/** Mean Poisson deviance of counts; predictions must be above 0. O(n). Oracle: sklearn.metrics.mean_poisson_deviance. */
export function poissonDeviance(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return tweedieDeviance(yTrue, yPred, { ...options, power: 1 });
}

/** Mean gamma deviance of amounts above 0. O(n). Oracle: sklearn.metrics.mean_gamma_deviance. */
export function gammaDeviance(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions = {}): number {
  return tweedieDeviance(yTrue, yPred, { ...options, power: 2 });
}

/** Deviance of each row (n), where the distribution of the power allows the values. */
export function devianceRows(who: string, yTrue: ArrayLike<number>, yPred: ArrayLike<number>, power: number): Float64Array {
  if (Number.isNaN(power) || (power > 0 && power < 1)) throw new ParamsError(`${who}: power must be ≤ 0 or ≥ 1, got ${power}`);
  checkPair(who, yTrue, yPred, undefined);
  if (power >= 1) checkBound(who, "yTrue", yTrue, power < 2, power);
  if (power !== 0) checkBound(who, "yPred", yPred, false, power);
  return rowLosses(yTrue, yPred, devianceOf(power));
}

function devianceOf(p: number): Loss {
  if (p === 0) return (y, mu) => (y - mu) * (y - mu);
  if (p === 1) return (y, mu) => 2 * ((y > 0 ? y * Math.log(y / mu) : 0) - y + mu);
  if (p === 2) return (y, mu) => 2 * (Math.log(mu / y) + y / mu - 1);
  return (y, mu) => {
    const kept = p < 0 ? Math.max(0, y) : y;
    const first = kept > 0 ? raised(kept, 2 - p) / ((1 - p) * (2 - p)) : 0;
    return 2 * (first - (y * raised(mu, 1 - p)) / (1 - p) + raised(mu, 2 - p) / (2 - p));
  };
}

/** base^exponent for a base above 0, by logarithms: the same bits in every version of Node. */
function raised(base: number, exponent: number): number {
  return Math.exp(exponent * Math.log(base));
}

function checkBound(who: string, name: string, values: ArrayLike<number>, zeroAllowed: boolean, power: number): void {
  for (let i = 0; i < values.length; i++)
    if (!(values[i]! > 0 || (zeroAllowed && values[i] === 0)))
      throw new DataError(
        `${who}: ${name} must be ${zeroAllowed ? "≥" : "above"} 0 for power ${power}, got ${values[i]} in row ${i}`,
      );
}
