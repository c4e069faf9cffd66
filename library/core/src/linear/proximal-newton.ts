import { choleskySolve } from "../numeric/cholesky.ts";

/** A smooth convex loss of p parameters plus Σ lⱼ|θⱼ|. */
export interface Composite {
  /** The smooth part's value; its gradient (p) is written. */
  value(theta: Float64Array, gradient: Float64Array): number;
  /** The smooth part's second derivatives (p × p, both triangles) where `value` was asked last. */
  hessian(): Float64Array;
  /** lⱼ ≥ 0 (p). */
  readonly l1: Float64Array;
}

/** When to stop, and who hears of each step. */
interface NewtonOptions {
  readonly maxIter: number;
  /** Stops when no part of the least subgradient is larger than this. */
  readonly tol: number;
  onStep(step: number, value: number): void;
}

/**
 * Newton's method for a composite objective: each step minimises the quadratic model plus the L1 term, by Cholesky where there is none
 * and by coordinate descent where there is, and is halved until the objective falls. O(p³) or O(p²) a sweep beside the Hessian itself.
 * Source: Lee, Sun, Saunders (2014), "Proximal Newton-type methods for minimizing composite functions", SIAM J. Optim. 24(3).
 */
export function proximalNewton(
  composite: Composite,
  start: Float64Array,
  { maxIter, tol, onStep }: NewtonOptions,
): { readonly point: Float64Array; readonly iterations: number; readonly converged: boolean } {
  const { l1 } = composite;
  const smooth = l1.every((weight) => weight === 0);
  let point = start.slice();
  let gradient = new Float64Array(start.length);
  let value = composite.value(point, gradient) + penalty(point, l1);
  let iterations = 0;
  while (violation(point, gradient, l1) > tol && iterations < maxIter) {
    const hessian = composite.hessian();
    const step = smooth
      ? choleskySolve(
          hessian,
          gradient.map((part) => -part),
        )
      : descend(hessian, gradient, point, l1);
    const found = halve(composite, point, step, value, gradient);
    if (!found) break;
    ({ point, gradient, value } = found);
    onStep(++iterations, value);
  }
  return { point, iterations, converged: violation(point, gradient, l1) <= tol };
}

/** The largest part of the least subgradient. */
function violation(point: Float64Array, gradient: Float64Array, l1: Float64Array): number {
  let top = 0;
  for (let j = 0; j < point.length; j++) {
    const slope = gradient[j]!;
    const weight = l1[j]!;
    const part = point[j] === 0 ? Math.max(0, Math.abs(slope) - weight) : Math.abs(slope + Math.sign(point[j]!) * weight);
    top = Math.max(top, part);
  }
  return top;
}

function penalty(point: Float64Array, l1: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < point.length; j++) sum += l1[j]! * Math.abs(point[j]!);
  return sum;
}

/** The step that minimises gᵀδ + ½ δᵀHδ + Σ lⱼ|θⱼ + δⱼ| by coordinate descent. */
function descend(hessian: Float64Array, gradient: Float64Array, point: Float64Array, l1: Float64Array): Float64Array {
  const p = point.length;
  const step = new Float64Array(p);
  const slopes = gradient.slice(); // g + Hδ
  for (let sweep = 0; sweep < 1000; sweep++) {
    let change = 0;
    let largest = 0;
    for (let j = 0; j < p; j++) {
      const bend = hessian[j * p + j]!;
      if (bend <= 0) continue;
      const before = point[j]! + step[j]!;
      const pull = before - slopes[j]! / bend;
      const after = Math.sign(pull) * Math.max(0, Math.abs(pull) - l1[j]! / bend);
      largest = Math.max(largest, Math.abs(after));
      if (after === before) continue;
      const move = after - before;
      step[j]! += move;
      change = Math.max(change, Math.abs(move));
      for (let k = 0; k < p; k++) slopes[k]! += move * hessian[j * p + k]!;
    }
    if (change <= 1e-13 * largest) break;
  }
  // what the sweeps set to 0 is 0 behind the addition too
  for (let j = 0; j < p; j++) if (Math.abs(point[j]! + step[j]!) <= 1e-16 * Math.abs(point[j]!)) step[j] = -point[j]!;
  return step;
}

/** The first of 1, ½, ¼, … of the step by which the objective falls as much as its slope promises; undefined after 40. */
function halve(composite: Composite, point: Float64Array, step: Float64Array, value: number, gradient: Float64Array) {
  const { l1 } = composite;
  const target = point.map((part, j) => part + step[j]!);
  let slope = penalty(target, l1) - penalty(point, l1);
  for (let j = 0; j < point.length; j++) slope += gradient[j]! * step[j]!;
  // near the minimum the fall drowns in rounding
  const rounding = 1e-15 * Math.abs(value);
  for (let share = 1, tries = 0; tries < 40; tries++, share /= 2) {
    const next = point.map((part, j) => (share === 1 ? target[j]! : part + share * step[j]!));
    const own = new Float64Array(point.length);
    const at = composite.value(next, own) + penalty(next, l1);
    if (at <= value + 1e-4 * share * slope + rounding) return { point: next, gradient: own, value: at };
  }
  return undefined;
}
