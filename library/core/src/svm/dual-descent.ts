import type { Matrix } from "../numeric/matrix.ts";
import type { Random } from "../numeric/random.ts";

/** A linear support vector machine: ½‖w‖² + Σ loss, in the weights β of its rows. */
interface LinearDual {
  readonly x: Matrix;
  /** The rows that take part (l). */
  readonly rows: Int32Array;
  /** ±1 for classes, y for numbers (l). */
  readonly target: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** What a squared loss adds to the diagonal, 1 / (2 Cᵢ); 0 for the plain one (l). */
  readonly ridge: Float64Array;
  /** Half the width of the tube; 0 for classes. */
  readonly epsilon: number;
  /** The value of the column that stands for the intercept; 0 for none. */
  readonly bias: number;
}

/** Where the descent ended. */
export interface LinearDualSolution {
  /** Weights of the columns (d). */
  readonly coef: Float64Array;
  readonly intercept: number;
  /** Sweeps over the rows. */
  readonly iterations: number;
  readonly converged: boolean;
}

/** When to stop. */
interface LinearDualOptions {
  /** Stops when no row violates its optimality by more. */
  readonly tol: number;
  readonly maxIter: number;
}

/**
 * Dual coordinate descent: sweeps over the rows in random order, each β moved to its best, w = Σ βᵢxᵢ kept beside. Rows that lie at a
 * bound by more than the last sweep's largest violation are left out until the rest is done. O(n d) a sweep.
 * Source: Hsieh et al. (2008), "A dual coordinate descent method for large-scale linear SVM", ICML; Ho & Lin (2012), JMLR 13.
 */
export function descendDual(
  problem: LinearDual,
  { tol, maxIter }: LinearDualOptions,
  draw: Random,
  checkpoint: (sweep?: number, violation?: number) => void,
): LinearDualSolution {
  const { x, rows, target, low, high, ridge, epsilon, bias } = problem;
  const d = x.columns;
  const l = rows.length;
  const beta = new Float64Array(l);
  const w = new Float64Array(d);
  let wBias = 0;
  const bends = Float64Array.from(rows, (row, t) => {
    let sum = bias * bias + ridge[t]!;
    for (let at = row * d; at < (row + 1) * d; at++) sum += x.data[at]! * x.data[at]!;
    return sum;
  });
  const order = Int32Array.from(rows.keys());
  let active = l;
  let former = Infinity;
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIter) {
    iterations++;
    let worst = 0;
    draw.shuffle(order.subarray(0, active));
    for (let turn = 0; turn < active; turn++) {
      if ((turn & 1023) === 1023) checkpoint();
      const t = order[turn]!;
      const bend = bends[t]!;
      if (bend === 0) continue;
      const at = rows[t]! * d;
      let slope = wBias * bias - target[t]! + ridge[t]! * beta[t]!;
      for (let j = 0; j < d; j++) slope += w[j]! * x.data[at + j]!;
      const violation = violationOf(beta[t]!, slope, low[t]!, high[t]!, epsilon);
      if (violation < 0 && -violation > former) {
        active--;
        order[turn] = order[active]!;
        order[active] = t;
        turn--;
        continue;
      }
      worst = Math.max(worst, violation);
      const after = bestOf(beta[t]!, slope, bend, low[t]!, high[t]!, epsilon);
      const step = after - beta[t]!;
      if (step === 0) continue;
      beta[t] = after;
      for (let j = 0; j < d; j++) w[j]! += step * x.data[at + j]!;
      wBias += step * bias;
    }
    former = worst;
    checkpoint(iterations, worst);
    if (worst > tol) continue;
    converged = active === l;
    active = l;
    former = Infinity;
  }
  return { coef: w, intercept: wBias * bias, iterations, converged };
}

/** How far a row is from its optimality; negative: how firmly it lies at a bound or at 0. */
function violationOf(beta: number, slope: number, low: number, high: number, epsilon: number): number {
  if (beta >= high && beta > 0) return slope + epsilon;
  if (beta <= low && beta < 0) return epsilon - slope;
  if (beta > 0) return Math.abs(slope + epsilon);
  if (beta < 0) return Math.abs(slope - epsilon);
  return Math.max(high > 0 ? -(slope + epsilon) : -Infinity, low < 0 ? slope - epsilon : -Infinity);
}

/** The β that minimises ½ bend (β' − β)² + slope (β' − β) + ε|β'| between the bounds. */
function bestOf(beta: number, slope: number, bend: number, low: number, high: number, epsilon: number): number {
  const free = beta - slope / bend;
  const shrunk = Math.sign(free) * Math.max(0, Math.abs(free) - epsilon / bend);
  return Math.min(high, Math.max(low, shrunk));
}
