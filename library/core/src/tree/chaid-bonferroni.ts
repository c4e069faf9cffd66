import { logGamma } from "../numeric/special-functions.ts";

/**
 * ln of the number of ways in which c categories make r groups, by which the p-value of the best way is multiplied: among all of them, or,
 * where the merging was exhaustive, of the pairs it compared. Missing values are a category that may join any group of an ordered column.
 * O(c r) without order. Source: Kass (1980), Applied Statistics 29(2); Biggs, de Ville & Suen (1991), J. Applied Statistics 18(1).
 */
export function logBonferroni(c: number, r: number, isOrdered: boolean, hasMissing: boolean, exhaustive: boolean): number {
  if (r < 2 || c < 2) return 0;
  if (exhaustive) return Math.log(isOrdered ? (c * (c - 1)) / 2 : (c * (c * c - 1)) / 6);
  if (!isOrdered) return logStirling(c, r);
  if (!hasMissing) return logChoose(c - 1, r - 1);
  return logSum(logChoose(c - 2, r - 2), Math.log(r) + logChoose(c - 2, r - 1));
}

/** ln of the ways to take k of n. */
function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  return k === 0 || k === n ? 0 : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** ln of the Stirling number of the second kind, by S(c, r) = r S(c − 1, r) + S(c − 1, r − 1); rᶜ / r! where no other term is left. */
function logStirling(c: number, r: number): number {
  if (c > r * (Math.log(r) + 40)) return c * Math.log(r) - logGamma(r + 1);
  const row = new Float64Array(r + 1).fill(-Infinity);
  row[0] = 0;
  for (let i = 1; i <= c; i++) {
    for (let j = Math.min(i, r); j >= 1; j--) row[j] = logSum(Math.log(j) + row[j]!, row[j - 1]!);
    row[0] = -Infinity;
  }
  return row[r]!;
}

/** ln(eᵃ + eᵇ). */
function logSum(a: number, b: number): number {
  const [less, more] = a < b ? [a, b] : [b, a];
  return less === -Infinity ? more : more + Math.log1p(Math.exp(less - more));
}
