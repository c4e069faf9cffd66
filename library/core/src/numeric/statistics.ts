/** Sum with Neumaier's compensation: the error does not grow with the number of terms. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** Variance about the mean, divided by n − ddof. */
export function variance(values: ArrayLike<number>, ddof = 0): number {
  const centre = mean(values);
  const squares = Float64Array.from(values, (value) => (value - centre) * (value - centre));
  return sum(squares) / (values.length - ddof);
}

/** Standard deviation, divided by n − ddof. */
export function standardDeviation(values: ArrayLike<number>, ddof = 0): number {
  return Math.sqrt(variance(values, ddof));
}

/** Quantile of sorted values at a share of 0 … 1, linear between neighbours (numpy's default). NaN for no values. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (place - below);
}

/** Quantile of unsorted values, NaN left out. O(n log n). */
export function quantile(values: Float64Array, share: number): number {
  return quantileOfSorted(values.filter((value) => !Number.isNaN(value)).sort(), share);
}

/** Row weights n / (k · n_c) × own weight, so that every class counts the same in total. y holds class codes. */
export function balancedWeights(y: Float64Array, classes: number, weights?: Float64Array): Float64Array {
  const counts = new Float64Array(classes);
  for (const code of y) counts[code]!++;
  return Float64Array.from(y, (code, i) => (y.length / (classes * counts[code]!)) * (weights?.[i] ?? 1));
}
