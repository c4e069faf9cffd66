import { sharedFloat64 } from "../numeric/matrix.ts";

/** How far two rows lie from each other. */
export type MetricName = "euclidean" | "manhattan" | "minkowski" | "cosine";

/**
 * A metric in the reduced form that searches compare: squared for Euclidean, to the p-th power for Minkowski. Sums run over the columns
 * in their order, so that every search has the same bits.
 */
export interface Metric {
  /** Reduced distance of row a of x and row b of y, both of d columns. */
  reduced(x: Float64Array, a: number, y: Float64Array, b: number, d: number): number;
  /** One column's part in it, for the difference of the two values. */
  part(difference: number): number;
  /** The distance of a reduced distance. */
  distance(reduced: number): number;
}

const euclidean: Metric = {
  reduced(x, a, y, b, d) {
    let sum = 0;
    for (let i = a * d, j = b * d, end = i + d; i < end; i++, j++) sum += (x[i]! - y[j]!) * (x[i]! - y[j]!);
    return sum;
  },
  part: (difference) => difference * difference,
  distance: Math.sqrt,
};

const manhattan: Metric = {
  reduced(x, a, y, b, d) {
    let sum = 0;
    for (let i = a * d, j = b * d, end = i + d; i < end; i++, j++) sum += Math.abs(x[i]! - y[j]!);
    return sum;
  },
  part: Math.abs,
  distance: (reduced) => reduced,
};

/** 1 − the cosine of two rows of length 1; 1 where one of them is 0. */
const cosine: Metric = {
  reduced(x, a, y, b, d) {
    let sum = 0;
    for (let i = a * d, j = b * d, end = i + d; i < end; i++, j++) sum += x[i]! * y[j]!;
    return Math.max(0, 1 - sum);
  },
  part: () => 0,
  distance: (reduced) => reduced,
};

function minkowski(p: number): Metric {
  const part = (difference: number): number => power(Math.abs(difference), p);
  return {
    reduced(x, a, y, b, d) {
      let sum = 0;
      for (let i = a * d, j = b * d, end = i + d; i < end; i++, j++) sum += part(x[i]! - y[j]!);
      return sum;
    },
    part,
    distance: (reduced) => power(reduced, 1 / p),
  };
}

/** The metric of a name; p is Minkowski's exponent ≥ 1. Cosine takes rows of length 1. */
export function metricOf(name: MetricName, p: number): Metric {
  if (name === "cosine") return cosine;
  if (name === "manhattan" || (name === "minkowski" && p === 1)) return manhattan;
  if (name === "euclidean" || p === 2) return euclidean;
  return minkowski(p);
}

/** value to the power p for value ≥ 0, the same on every machine. */
function power(value: number, p: number): number {
  if (value === 0) return 0;
  if (!Number.isInteger(p) || p > 16) return Math.exp(p * Math.log(value));
  let product = value;
  for (let k = 1; k < p; k++) product *= value;
  return product;
}

/** Rows scaled to length 1, rows of zeros left as they are. O(n d). */
export function unitRows(x: Float64Array, d: number): Float64Array {
  const units = sharedFloat64(x.length);
  for (let row = 0; row < x.length; row += d) {
    let largest = 0;
    for (let j = 0; j < d; j++) largest = Math.max(largest, Math.abs(x[row + j]!));
    if (largest === 0) continue;
    // squares of values beyond 1e±150 would leave the range of 64 bits
    const scale = largest > 1e150 || largest < 1e-150 ? 1 / largest : 1;
    let sum = 0;
    for (let j = 0; j < d; j++) sum += x[row + j]! * scale * (x[row + j]! * scale);
    const norm = Math.sqrt(sum);
    for (let j = 0; j < d; j++) units[row + j] = (x[row + j]! * scale) / norm;
  }
  return units;
}
