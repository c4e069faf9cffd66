import { ParamsError } from "../base/errors.ts";
import { normalShare } from "../numeric/erfc.ts";
import { normalQuantile } from "../numeric/normal.ts";

/** What an experiment shall find, and how surely. */
export interface SampleSizeOptions {
  /** The difference that shall not be missed, in the metric's own unit; its sign does not matter. */
  readonly effect: number;
  /** The share that the first group has now, for shares; this or `sd`. */
  readonly baseline?: number | undefined;
  /** Standard deviation of a value, for means. */
  readonly sd?: number | undefined;
  /** Chance of finding it where it is there. Default 0.8. */
  readonly power?: number | undefined;
  /** Default 0.95. */
  readonly confidence?: number | undefined;
  /** Share of rows that go into the second group. Default 0.5. */
  readonly ratio?: number | undefined;
}

/** Rows that each group needs. */
export interface SampleSize {
  readonly first: number;
  readonly second: number;
  readonly total: number;
}

/**
 * How many rows two groups need to find a difference, by the normal law, two-sided, for one look at the end; looks in between by
 * `sequentialEffect` need about half as many again. Throws ParamsError for what is no share, power or effect.
 * Source: Fleiss (1981), Statistical Methods for Rates and Proportions, §3. Oracle: statsmodels' power_proportions_2indep
 * and NormalIndPower.
 * @example
 * ml.sampleSize({ baseline: 0.1, effect: 0.01 })   // 14 751 rows in each group
 */
export function sampleSize(options: SampleSizeOptions): SampleSize {
  const { power = 0.8, confidence = 0.95, ratio = 0.5 } = options;
  const spread = spreadOf(options);
  for (const [name, share] of Object.entries({ power, confidence, ratio }))
    if (!(share > 0 && share < 1)) throw new ParamsError(`sampleSize: ${name} must be above 0 and below 1, got ${share}`);
  const reach =
    -normalQuantile((1 - confidence) / 2) * Math.sqrt(spread.none / (1 - ratio) + spread.none / ratio) +
    normalQuantile(power) * Math.sqrt(spread.first / (1 - ratio) + spread.second / ratio);
  const total = (reach / options.effect) * (reach / options.effect);
  if (!(reach > 0 && total <= Number.MAX_SAFE_INTEGER))
    throw new ParamsError(`sampleSize: no number of rows gives power ${power} at confidence ${confidence}`);
  const [first, second] = [Math.ceil((1 - ratio) * total - 1e-9), Math.ceil(ratio * total - 1e-9)];
  return { first, second, total: first + second };
}

/** The chance that so many rows in all find the difference: the inverse of `sampleSize`. Throws ParamsError. */
export function powerOf(total: number, options: Omit<SampleSizeOptions, "power">): number {
  const { confidence = 0.95, ratio = 0.5 } = options;
  const spread = spreadOf(options);
  if (!(total > 0)) throw new ParamsError(`powerOf: total must be above 0, got ${total}`);
  for (const [name, share] of Object.entries({ confidence, ratio }))
    if (!(share > 0 && share < 1)) throw new ParamsError(`powerOf: ${name} must be above 0 and below 1, got ${share}`);
  const reach = -normalQuantile((1 - confidence) / 2) * Math.sqrt(spread.none / (1 - ratio) + spread.none / ratio);
  const error = Math.sqrt(spread.first / (1 - ratio) + spread.second / ratio);
  const z = (Math.abs(options.effect) * Math.sqrt(total) - reach) / error;
  if (Number.isNaN(z)) throw new ParamsError(`powerOf: effect ${options.effect} and the spread are beyond what doubles hold`);
  return normalShare(z);
}

/** Variances of a value: where there is no difference, and in each group where there is. */
function spreadOf({ effect, baseline, sd }: SampleSizeOptions): {
  readonly none: number;
  readonly first: number;
  readonly second: number;
} {
  if (!(Number.isFinite(effect) && effect !== 0))
    throw new ParamsError(`sampleSize: effect must be a number other than 0, got ${effect}`);
  if ((baseline === undefined) === (sd === undefined))
    throw new ParamsError("sampleSize: needs either baseline, for shares, or sd, for means");
  if (sd !== undefined) {
    if (!(sd > 0 && Number.isFinite(sd))) throw new ParamsError(`sampleSize: sd must be above 0, got ${sd}`);
    return { none: sd * sd, first: sd * sd, second: sd * sd };
  }
  const share = baseline!;
  const other = share + effect;
  if (!(share > 0 && share < 1 && other > 0 && other < 1))
    throw new ParamsError(`sampleSize: baseline and baseline + effect must be above 0 and below 1, got ${share} and ${other}`);
  const middle = (share + other) / 2;
  return { none: middle * (1 - middle), first: share * (1 - share), second: other * (1 - other) };
}
