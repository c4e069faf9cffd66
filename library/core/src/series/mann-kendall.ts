import { quantileOfSorted } from "../numeric/statistics.ts";
import { type Alternative, checkAlternative, normalP } from "./kendall-tau.ts";
import { checkPairs, pairSlopes } from "./theil-sen.ts";
import { tieSizes } from "./tie-sizes.ts";
import { type SeriesValues, wholeNumbers } from "./values.ts";

/** Whether a series rises or falls throughout. */
export interface MannKendall {
  /** Pairs that rise less pairs that fall. */
  readonly score: number;
  /** Variance of the score where there is no trend, corrected for equal values. */
  readonly variance: number;
  readonly z: number;
  readonly pValue: number;
  /** Score over all pairs, −1 … 1 (τ_a); `kendallTau` has τ_b. */
  readonly tau: number;
  /** Median slope of all pairs, a row. */
  readonly slope: number;
  readonly alternative: Alternative;
}

/**
 * The Mann–Kendall test for a trend in values in the order of time, corrected for ties and for continuity: it asks for no law of the values.
 * With few values it finds little: in 12 values with 4 % noise a rise of ½ % a step shows (p < 0.05) less than once in four. A series that does not vary has
 * z = 0 and p = 1. O(n² log n).
 * Throws DataError for a missing value or fewer than 2, LimitError for more than 20,000.
 * Source: Mann (1945), Econometrica 13; Kendall (1975). Oracle: pymannkendall.original_test.
 * @example
 * ml.mannKendall([100, 102, 101, 104, 105, 107]).pValue   // 0.024
 */
export function mannKendall(
  values: SeriesValues,
  { alternative = "two-sided" }: { readonly alternative?: Alternative | undefined } = {},
): MannKendall {
  checkAlternative("mannKendall", alternative);
  const y = wholeNumbers("mannKendall", values, 2);
  const n = y.length;
  checkPairs("mannKendall", n);
  let score = 0;
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) score += Math.sign(y[i]! - y[j]!);
  const term = (size: number): number => size * (size - 1) * (2 * size + 5);
  const variance = (term(n) - tieSizes(y).reduce((sum, size) => sum + term(size), 0)) / 18;
  const z = score === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance);
  const slope = quantileOfSorted(pairSlopes(Float64Array.from(y.keys()), y).sort(), 0.5);
  return { score, variance, z, pValue: normalP(z, alternative), tau: (2 * score) / (n * (n - 1)), slope, alternative };
}
