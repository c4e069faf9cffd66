/**
 * An exponential moving average of the values, its first values not drawn to zero: m ← w·m + (1 − w)·v, m / (1 − wᵏ) after k values (Kingma and Ba,
 * 2015, section 3). Gaps stay gaps; a weight of 0 leaves the values as they are. Cost O(n).
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let kept = 1;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    kept *= weight;
    return mean / (1 - kept);
  });
}
