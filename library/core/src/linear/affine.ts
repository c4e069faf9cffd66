import type { Matrix } from "../numeric/matrix.ts";

/** x·coef + intercept for every row (n). O(n d). */
export function affine({ rows, columns, data }: Matrix, coef: Float64Array, intercept: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = intercept;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * coef[j]!;
    out[i] = sum;
  }
  return out;
}
