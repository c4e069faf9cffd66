/** Probability of a logit, without overflow. */
export function logistic(score: number): number {
  if (score >= 0) return 1 / (1 + Math.exp(-score));
  const grown = Math.exp(score);
  return grown / (1 + grown);
}

/** log(1 + exp(score)), without overflow. */
export function softplus(score: number): number {
  return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
}
