import { incompleteBeta } from "../numeric/special-functions.ts";

/**
 * McNemar's exact test: how likely it is that of the rows on which two models differ in being right so unequal parts fall to each, two-sided.
 * Source: McNemar (1947), Psychometrika 12. Oracle: statsmodels' mcnemar(exact=True).
 */
export function mcnemarP(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const least = Math.min(onlyA, onlyB);
  if (n === 0 || least * 2 >= n) return 1;
  // P(X ≤ least) of a fair coin thrown n times
  return Math.min(1, 2 * incompleteBeta(0.5, n - least, least + 1));
}
