import { choleskySolve } from "../numeric/cholesky.ts";

/**
 * The β ≥ 0 that minimises βᵀGβ − 2 βᵀb (G d × d, positive semi-definite), by the active set method of Lawson and Hanson: a column
 * joins by the steepest slope, and leaves when the solution would make it negative. O(d³) a step.
 * Source: Bro & De Jong (1997), "A fast non-negativity-constrained least squares algorithm", J. Chemometrics 11. Oracle: scipy.optimize.nnls.
 */
export function nonNegative(gram: Float64Array, right: Float64Array, checkpoint: () => void): Float64Array {
  const d = right.length;
  const beta = new Float64Array(d);
  let passive: number[] = [];
  const tolerance = 1e-13 * right.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  for (let round = 0; round < 3 * d; round++) {
    checkpoint();
    const slopes = Float64Array.from({ length: d }, (_, j) => (passive.includes(j) ? 0 : right[j]! - dotRow(gram, beta, j)));
    const best = slopes.reduce((top, slope, j) => (slope > slopes[top]! ? j : top), 0);
    if (!(slopes[best]! > tolerance)) break;
    passive = inside(gram, right, beta, [...passive, best]);
  }
  return beta;
}

/** Moves β to the solution over the passive columns, dropping those that reach 0 on the way; the ones that remain. */
function inside(gram: Float64Array, right: Float64Array, beta: Float64Array, columns: readonly number[]): number[] {
  const d = right.length;
  const trial = choleskySolve(
    Float64Array.from(columns.flatMap((i) => columns.map((j) => gram[i * d + j]!))),
    Float64Array.from(columns, (j) => right[j]!),
  );
  const shares = columns.map((j, k) => (trial[k]! > 0 ? 1 : beta[j]! / (beta[j]! - trial[k]!)));
  const share = Math.min(1, ...shares);
  for (const [k, j] of columns.entries())
    beta[j] = shares[k]! < 1 && shares[k] === share ? 0 : beta[j]! + share * (trial[k]! - beta[j]!);
  const kept = columns.filter((j) => beta[j]! > 0);
  return kept.length < columns.length && kept.length > 0 ? inside(gram, right, beta, kept) : kept;
}

function dotRow(gram: Float64Array, beta: Float64Array, row: number): number {
  let sum = 0;
  for (let j = 0; j < beta.length; j++) sum += gram[row * beta.length + j]! * beta[j]!;
  return sum;
}
