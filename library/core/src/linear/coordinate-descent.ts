import { dot } from "../numeric/dot.ts";
import type { Random } from "../numeric/random.ts";
import type { Gram } from "./gram.ts";

/** ½‖y − Xβ‖² + l1‖β‖₁ + ½ l2‖β‖², and how it is minimised. */
export interface Descent {
  readonly l1: number;
  readonly l2: number;
  /** Whether β ≥ 0 is asked. */
  readonly positive: boolean;
  /** Stops when the duality gap is below tol · ‖y‖². */
  readonly tol: number;
  readonly maxIter: number;
  /** Draws the next column; undefined goes through them in order. */
  readonly draw: Random | undefined;
  checkpoint(step: number, gap: number): void;
}

/** Where coordinate descent ended. */
export interface Descended {
  readonly coef: Float64Array;
  /** Primal less dual objective: an upper bound of how far the objective lies above its minimum. */
  readonly dualityGap: number;
  /** Sweeps over the columns. */
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Coordinate descent on the products XᵀX and Xᵀy: O(d²) a sweep, whatever the number of rows.
 * Source: Friedman, Hastie, Tibshirani (2010), "Regularization paths for generalized linear models via coordinate descent", JSS 33(1).
 */
export function descendGram({ gram, right, squares }: Gram, descent: Descent): Descended {
  const d = right.length;
  const fitted = new Float64Array(d); // XᵀXβ
  const slope = (j: number): number => right[j]! - fitted[j]!;
  const move = (j: number, change: number): void => {
    for (let k = 0; k < d; k++) fitted[k]! += change * gram[j * d + k]!;
  };
  const residuals = (coef: Float64Array): { readonly squares: number; readonly target: number } => {
    const target = squares - dot(coef, right);
    return { squares: target - dot(coef, right) + dot(coef, fitted), target };
  };
  const norms = Float64Array.from({ length: d }, (_, j) => gram[j * d + j]!);
  return sweep({ d, norms, squares, slope, move, residuals }, descent);
}

/** Coordinate descent on the residuals: O(n d) a sweep, for more columns than rows. `columns` holds X column-major (d × n). */
export function descendRows(columns: Float64Array, y: Float64Array, descent: Descent): Descended {
  const n = y.length;
  const d = columns.length / n;
  const residual = y.slice();
  const slope = (j: number): number => {
    let sum = 0;
    for (let i = 0, at = j * n; i < n; i++, at++) sum += columns[at]! * residual[i]!;
    return sum;
  };
  const move = (j: number, change: number): void => {
    for (let i = 0, at = j * n; i < n; i++, at++) residual[i]! -= change * columns[at]!;
  };
  const norms = Float64Array.from({ length: d }, (_, j) => {
    const column = columns.subarray(j * n, (j + 1) * n);
    return dot(column, column);
  });
  const residuals = () => ({ squares: dot(residual, residual), target: dot(residual, y) });
  return sweep({ d, norms, squares: dot(y, y), slope, move, residuals }, descent);
}

/** What a sweep needs of X and y. */
interface Side {
  readonly d: number;
  /** ‖xⱼ‖² (d). */
  readonly norms: Float64Array;
  /** ‖y‖². */
  readonly squares: number;
  /** xⱼ · residual. */
  slope(j: number): number;
  /** Takes a change of βⱼ into the residual. */
  move(j: number, change: number): void;
  /** ‖residual‖² and residual · y. */
  residuals(coef: Float64Array): { readonly squares: number; readonly target: number };
}

function sweep(side: Side, descent: Descent): Descended {
  const { d, norms, squares, slope, move } = side;
  const { l1, l2, positive, tol, maxIter, draw } = descent;
  const coef = new Float64Array(d);
  let gap = squares;
  let iterations = 0;
  for (let converged = squares === 0; !converged && iterations < maxIter; ) {
    iterations++;
    let largest = 0;
    let change = 0;
    for (let turn = 0; turn < d; turn++) {
      const j = draw ? draw.int(d) : turn;
      if (norms[j] === 0) continue;
      if ((turn & 63) === 63) descent.checkpoint(iterations, gap);
      const before = coef[j]!;
      const pull = slope(j) + norms[j]! * before;
      const shrunk = positive ? Math.max(0, pull - l1) : Math.sign(pull) * Math.max(0, Math.abs(pull) - l1);
      const after = shrunk / (norms[j]! + l2);
      if (after !== before) move(j, after - before);
      coef[j] = after;
      largest = Math.max(largest, Math.abs(after));
      change = Math.max(change, Math.abs(after - before));
    }
    // the gap costs a sweep: asked only when β has come to rest
    if (change <= tol * largest || iterations % 10 === 0 || iterations === maxIter) {
      gap = dualityGap(side, coef, descent);
      converged = gap <= tol * squares;
    }
    descent.checkpoint(iterations, gap);
  }
  return { coef, dualityGap: gap, iterations, converged: gap <= tol * squares };
}

/** The gap between the objective at β and the dual's at the residual, which is scaled to be feasible where l2 is 0. */
function dualityGap({ d, slope, residuals }: Side, coef: Float64Array, { l1, l2, positive }: Descent): number {
  const { squares, target } = residuals(coef);
  let primal = 0.5 * squares;
  let top = 0;
  let excess = 0;
  for (let j = 0; j < d; j++) {
    const pull = positive ? slope(j) : Math.abs(slope(j));
    const over = Math.max(0, pull - l1);
    top = Math.max(top, pull);
    excess += over * over;
    primal += l1 * Math.abs(coef[j]!) + 0.5 * l2 * coef[j]! * coef[j]!;
  }
  if (l2 > 0) return primal - (target - 0.5 * squares - excess / (2 * l2));
  const scale = top > l1 ? l1 / top : 1;
  return primal - (scale * target - 0.5 * scale * scale * squares);
}
