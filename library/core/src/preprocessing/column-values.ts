import type { Matrix } from "../numeric/matrix.ts";

/** The cells of column j that are not missing, in the order of the rows. */
export function presentValues({ rows, columns, data }: Matrix, j: number): Float64Array {
  const values = new Float64Array(rows);
  let count = 0;
  for (let i = 0, at = j; i < rows; i++, at += columns) if (!Number.isNaN(data[at])) values[count++] = data[at]!;
  return values.subarray(0, count);
}

/** The most frequent value, the smallest of equals. O(n log n). */
export function mostFrequent(values: Float64Array): number {
  const sorted = values.slice().sort();
  let best = Number.NaN;
  let most = 0;
  for (let begin = 0, end = 0; begin < sorted.length; begin = end) {
    while (end < sorted.length && sorted[end] === sorted[begin]) end++;
    if (end - begin > most) {
      most = end - begin;
      best = sorted[begin]!;
    }
  }
  return best;
}
