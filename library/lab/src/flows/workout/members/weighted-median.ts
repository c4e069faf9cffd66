/**
 * The weighted median of values in rising order: the first at which half of the weight is reached, the mean of two where it is reached exactly.
 * NaN for no weight. O(n).
 */
export function weightedMedian(sorted: ArrayLike<number>, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < sorted.length; i++) total += weights[i]!;
  if (!(total > 0)) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) {
    sum += weights[i]!;
    if (sum * 2 < total * (1 - 1e-12)) continue;
    if (sum * 2 > total * (1 + 1e-12)) return sorted[i]!;
    let next = i + 1;
    while (next < sorted.length && weights[next] === 0) next++;
    return next < sorted.length ? (sorted[i]! + sorted[next]!) / 2 : sorted[i]!;
  }
  return sorted[sorted.length - 1]!;
}
