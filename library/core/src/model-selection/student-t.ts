import { incompleteBeta } from "../numeric/special-functions.ts";

/** Two-sided p-value of a t statistic with `df` degrees of freedom. Source: Abramowitz & Stegun (1964), 26.7.1. */
export function studentP(t: number, df: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/**
 * The t statistic's p-value for paired scores of two models on shared folds, with the variance corrected for overlapping training sets:
 * (1/k + test rows / training rows) in place of 1/k. Source: Nadeau & Bengio (2003), Machine Learning 52(3).
 */
export function correctedResampledP(differences: readonly number[], testShare: number): number {
  const k = differences.length;
  const mean = differences.reduce((a, b) => a + b, 0) / k;
  const variance = differences.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (k - 1);
  if (variance === 0) return mean === 0 ? 1 : 0;
  return studentP(mean / Math.sqrt(variance * (1 / k + testShare)), k - 1);
}
