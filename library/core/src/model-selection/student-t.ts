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

/** Regularised incomplete beta Iₓ(a, b) by its continued fraction (Lentz). Source: Press et al. (2007), Numerical Recipes, §6.4. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let sum = d;
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    sum *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    sum *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * sum;
}

/** ln Γ(x) for x > 0 by Lanczos' series. Source: Lanczos (1964), SIAM J. Numer. Anal. 1. */
function logGamma(x: number): number {
  const terms = [
    76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.001208650973866179, -0.000005395239384953,
  ];
  const base = x + 5.5;
  const series = terms.reduce((sum, term, k) => sum + term / (x + k + 1), 1.000000000190015);
  return (x + 0.5) * Math.log(base) - base + Math.log((2.5066282746310007 * series) / x);
}
