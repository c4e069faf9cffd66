import { Matrix as DenseMatrix, SingularValueDecomposition } from "ml-matrix";
import type { Matrix } from "../numeric/matrix.ts";
import type { Centres } from "./centres.ts";
import { gramOf } from "./gram.ts";
import { nonNegative } from "./non-negative.ts";

/** A triangle R (d × d, upper, row-major) and c (d) with ‖Xβ − y‖² = ‖Rβ − c‖² + const for every β. */
interface Triangle {
  readonly r: Float64Array;
  readonly c: Float64Array;
}

/** The weights of least squares; with `positive` all ≥ 0, by the active set method on the Gram matrix. */
export function leastSquaresWeights(
  who: string,
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  centre: Centres,
  { positive, tol }: { readonly positive: boolean; readonly tol: number },
  checkpoint: () => void,
): Float64Array {
  if (!positive) return leastSquares(x, y, weights, centre, tol, checkpoint);
  const { gram, right } = gramOf(who, x, y, weights, centre, checkpoint);
  return nonNegative(gram, right, checkpoint);
}

/**
 * The β of least norm among those that minimise Σ wᵢ (yᵢ − ȳ − (xᵢ − x̄)·β)²; singular values below `tol` times the largest count as 0.
 * n ≥ d: Householder QR over blocks of rows, O(n d²) time and O(d²) memory, then back substitution, or where R is near singular its
 * singular value decomposition. n < d: singular value decomposition, O(n² d).
 * Source: Golub & Van Loan (2013), Matrix Computations, §5.2, §5.5, §5.6.
 */
export function leastSquares(
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  centre: Centres,
  tol: number,
  checkpoint: () => void,
): Float64Array {
  if (x.rows < x.columns) {
    const { rows, target } = weightedRows(x, y, weights, centre, 0, x.rows);
    return leastNorm(DenseMatrix.from1DArray(x.columns, x.rows, rows).transpose(), target, tol);
  }
  const { r, c } = triangle(x, y, weights, centre, checkpoint);
  return backSubstitute(r, c, tol) ?? leastNorm(DenseMatrix.from1DArray(c.length, c.length, r), c, tol);
}

/** R and Qᵀy of the centred, weighted rows, for n ≥ d. O(n d²). */
function triangle(
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  centre: Centres,
  checkpoint: () => void,
): Triangle {
  const d = x.columns;
  const r = new Float64Array(d * d);
  const c = new Float64Array(d);
  const height = Math.max(64, Math.ceil(32_768 / d));
  for (let begin = 0; begin < x.rows; begin += height) {
    const block = weightedRows(x, y, weights, centre, begin, Math.min(x.rows, begin + height));
    absorb(r, c, block.rows, block.target, checkpoint);
  }
  return { r, c };
}

/** Rows begin … end − 1, centred and times √w: column-major, column j at `rows[j · height]`. */
function weightedRows(
  { columns: d, data }: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  { means, target: mean }: Centres,
  begin: number,
  end: number,
): { rows: Float64Array; target: Float64Array } {
  const height = end - begin;
  const rows = new Float64Array(d * height);
  const target = new Float64Array(height);
  for (let i = 0; i < height; i++) {
    const root = Math.sqrt(weights?.[begin + i] ?? 1);
    const at = (begin + i) * d;
    for (let j = 0; j < d; j++) rows[j * height + i] = root * (data[at + j]! - means[j]!);
    target[i] = root * (y[begin + i]! - mean);
  }
  return { rows, target };
}

/** One Householder reflection a column turns [R; block] into [R'; 0]; the block is overwritten. */
function absorb(r: Float64Array, c: Float64Array, block: Float64Array, target: Float64Array, checkpoint: () => void): void {
  const d = c.length;
  const height = target.length;
  for (let j = 0; j < d; j++) {
    checkpoint();
    const column = block.subarray(j * height, (j + 1) * height);
    const pivot = r[j * d + j]!;
    const squares = dot(column, column);
    if (squares === 0) continue;
    const norm = Math.sqrt(pivot * pivot + squares);
    const head = pivot > 0 ? pivot + norm : pivot - norm;
    const tau = 2 / (head * head + squares);
    r[j * d + j] = pivot > 0 ? -norm : norm;
    for (let k = j + 1; k < d; k++) {
      const other = block.subarray(k * height, (k + 1) * height);
      const share = tau * (head * r[j * d + k]! + dot(column, other));
      r[j * d + k]! -= share * head;
      subtract(other, share, column);
    }
    const share = tau * (head * c[j]! + dot(column, target));
    c[j]! -= share * head;
    subtract(target, share, column);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let even = 0;
  let odd = 0;
  const pairs = a.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    even += a[i]! * b[i]!;
    odd += a[i + 1]! * b[i + 1]!;
  }
  return pairs < a.length ? even + odd + a[pairs]! * b[pairs]! : even + odd;
}

function subtract(from: Float64Array, share: number, column: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i]! -= share * column[i]!;
}

/** R⁻¹c, or undefined unless ‖R‖·‖R⁻¹‖ in the Frobenius norm proves that no singular value lies below the tolerance. */
function backSubstitute(r: Float64Array, c: Float64Array, tol: number): Float64Array | undefined {
  const d = c.length;
  const inverse = new Float64Array(d * d);
  for (let i = d - 1; i >= 0; i--) {
    const pivot = r[i * d + i]!;
    if (pivot === 0) return undefined;
    inverse[i * d + i] = 1 / pivot;
    for (let k = i + 1; k < d; k++) {
      let sum = 0;
      for (let j = i + 1; j <= k; j++) sum += r[i * d + j]! * inverse[j * d + k]!;
      inverse[i * d + k] = -sum / pivot;
    }
  }
  if (!(Math.sqrt(dot(r, r)) * Math.sqrt(dot(inverse, inverse)) * tol < 1)) return undefined;
  const beta = new Float64Array(d);
  for (let i = d - 1; i >= 0; i--) {
    let sum = c[i]!;
    for (let k = i + 1; k < d; k++) sum -= r[i * d + k]! * beta[k]!;
    beta[i] = sum / r[i * d + i]!;
  }
  return beta;
}

/** V Σ⁺ Uᵀ c. */
function leastNorm(a: DenseMatrix, c: Float64Array, tol: number): Float64Array {
  const d = a.columns;
  const beta = new Float64Array(d);
  if (!a.to1DArray().every(Number.isFinite)) return beta.fill(Number.NaN);
  const {
    leftSingularVectors: u,
    rightSingularVectors: v,
    diagonal,
  } = new SingularValueDecomposition(a, { autoTranspose: true });
  for (const [k, value] of diagonal.entries()) {
    if (!(value > tol * diagonal[0]!)) continue;
    let share = 0;
    for (let i = 0; i < c.length; i++) share += u.get(i, k) * c[i]!;
    for (let j = 0; j < d; j++) beta[j]! += (share / value) * v.get(j, k);
  }
  return beta;
}
