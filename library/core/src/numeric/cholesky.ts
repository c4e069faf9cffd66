import { Matrix as DenseMatrix, pseudoInverse } from "ml-matrix";

/**
 * Solves A x = b for a symmetric positive semi-definite A (d × d, lower triangle given row-major, overwritten).
 * By Cholesky, O(d³ / 6); where A is singular to working precision, the least-norm solution by the pseudo-inverse, O(d³).
 */
export function choleskySolve(a: Float64Array, b: Float64Array): Float64Array {
  return choleskySolver(a, b.length)(b);
}

/** The same for one A and many b: A is taken apart once, each b then costs O(d²). */
export function choleskySolver(a: Float64Array, d: number): (b: Float64Array) => Float64Array {
  const original = a.slice();
  return factorise(a, d) ? (b) => substitute(a, b) : (b) => leastNorm(original, b);
}

/** L Lᵀ x = b. */
function substitute(a: Float64Array, b: Float64Array): Float64Array {
  const d = b.length;
  const x = b.slice();
  for (let i = 0; i < d; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= a[i * d + k]! * x[k]!;
    x[i] = sum / a[i * d + i]!;
  }
  for (let i = d - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < d; k++) sum -= a[k * d + i]! * x[k]!;
    x[i] = sum / a[i * d + i]!;
  }
  return x;
}

/** A = L Lᵀ in place; false when a pivot vanishes beside its diagonal. */
function factorise(a: Float64Array, d: number): boolean {
  for (let i = 0; i < d; i++) {
    const diagonal = a[i * d + i]!;
    for (let j = 0; j <= i; j++) {
      let sum = a[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * d + k]! * a[j * d + k]!;
      if (i !== j) a[i * d + j] = sum / a[j * d + j]!;
      else if (sum > diagonal * d * Number.EPSILON) a[i * d + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

function leastNorm(lower: Float64Array, b: Float64Array): Float64Array {
  const d = b.length;
  const full = DenseMatrix.zeros(d, d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) full.set(i, j, lower[Math.max(i, j) * d + Math.min(i, j)]!);
  const solution = pseudoInverse(full).mmul(DenseMatrix.columnVector(b));
  return Float64Array.from(solution.getColumn(0));
}
