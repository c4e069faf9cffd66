import { ParamsError } from "../base/errors.ts";
import { normalShare } from "../numeric/erfc.ts";
import { studentQuantile, studentTail } from "../numeric/student.ts";
import { shareInterval } from "./binomial-interval.ts";
import { checkConfidence, type Interval } from "./interval.ts";

/** Values of some rows in sums: enough for their mean and spread. */
export interface Sums {
  readonly count: number;
  readonly mean: number;
  /** About the mean, divided by count − 1. */
  readonly variance: number;
}

/** How much more one group has than another. */
export interface Effect extends Interval {
  readonly difference: number;
  /** Two-sided; holds where it is looked at once, at a size that was fixed before. */
  readonly pValue: number;
  readonly confidence: number;
}

/**
 * The difference of two shares, second minus first, with Newcombe's hybrid score interval and the score test's p. Throws ParamsError unless
 * 0 ≤ ones ≤ count, whole, count ≥ 1.
 * Source: Newcombe (1998), Statistics in Medicine 17, method 10. Oracle: statsmodels' confint_proportions_2indep(method="newcomb"),
 * scipy.stats.chi2_contingency(correction=False).
 * @example
 * ml.shareEffect({ ones: 200, count: 1000 }, { ones: 250, count: 1000 })   // 0.05 between 0.013 and 0.086, p 0.0074
 */
export function shareEffect(
  first: { readonly ones: number; readonly count: number },
  second: { readonly ones: number; readonly count: number },
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): Effect {
  const a = shareInterval(first.ones, first.count, { confidence });
  const b = shareInterval(second.ones, second.count, { confidence });
  const difference = b.value - a.value;
  const pooled = (first.ones + second.ones) / (first.count + second.count);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / first.count + 1 / second.count));
  return {
    difference,
    low: difference - Math.hypot(b.value - b.low, a.high - a.value),
    high: difference + Math.hypot(b.high - b.value, a.value - a.low),
    pValue: error > 0 ? Math.min(1, 2 * normalShare(-Math.abs(difference) / error)) : 1,
    confidence,
  };
}

/**
 * The difference of two means, second minus first, with Welch's t interval and p. Throws ParamsError unless both have two values.
 * Source: Welch (1947), Biometrika 34. Oracle: scipy.stats.ttest_ind(equal_var=False).
 */
export function meanEffect(first: Sums, second: Sums, { confidence = 0.95 }: { readonly confidence?: number } = {}): Effect {
  checkConfidence("meanEffect", confidence);
  for (const { count, mean, variance } of [first, second])
    if (!(count >= 2 && variance >= 0 && Number.isFinite(mean + variance)))
      throw new ParamsError(
        `meanEffect: needs two values on each side, finite, got count ${count}, mean ${mean}, variance ${variance}`,
      );
  const difference = second.mean - first.mean;
  const [u, v] = [first.variance / first.count, second.variance / second.count];
  const error = Math.sqrt(u + v);
  if (!(error > 0)) return { difference, low: difference, high: difference, pValue: difference === 0 ? 1 : 0, confidence };
  const df = ((u + v) * (u + v)) / ((u * u) / (first.count - 1) + (v * v) / (second.count - 1));
  const reach = studentQuantile((1 + confidence) / 2, df) * error;
  const pValue = Math.min(1, 2 * studentTail(Math.abs(difference) / error, df));
  return { difference, low: difference - reach, high: difference + reach, pValue, confidence };
}
