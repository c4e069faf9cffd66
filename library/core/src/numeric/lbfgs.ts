import { dot } from "./dot.ts";

/** A value at a point (d), its gradient written into `gradient` (d). */
type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** When to stop, and who hears of each step. */
interface MinimiseOptions {
  readonly maxIter: number;
  /** Stops when no part of the gradient is larger than this. */
  readonly tol: number;
  /** Pairs of differences kept; default 10. */
  readonly memory?: number;
  onStep?(step: number, value: number): void;
}

/** Where the minimisation ended. */
interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Minimises a smooth function by L-BFGS with a line search that meets the strong Wolfe conditions. O(memory · d) a step beside the
 * function itself. Source: Nocedal & Wright (2006), Numerical Optimization, algorithms 7.4, 7.5, 3.5, 3.6.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maxIter, tol, memory = 10, onStep }: MinimiseOptions,
): Minimum {
  const d = start.length;
  let point = start.slice();
  let gradient = new Float64Array(d);
  let value = objective(point, gradient);
  const history: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  let iterations = 0;
  while (largest(gradient) > tol && iterations < maxIter) {
    let direction = descend(gradient, history);
    if (dot(direction, gradient) >= 0) {
      history.length = 0;
      direction = gradient.map((part) => -part);
    }
    const first = history.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const found = lineSearch(objective, point, value, gradient, direction, first);
    if (!found) {
      if (history.length === 0) break;
      history.length = 0; // once more along the gradient itself
      continue;
    }
    const s = found.point.map((part, j) => part - point[j]!);
    const y = found.gradient.map((part, j) => part - gradient[j]!);
    const curvature = dot(s, y);
    if (curvature > 1e-10 * dot(y, y)) {
      history.push({ s, y, rho: 1 / curvature });
      if (history.length > memory) history.shift();
    }
    ({ point, value, gradient } = found);
    onStep?.(++iterations, value);
  }
  return { point, value, iterations, converged: largest(gradient) <= tol };
}

interface Probe {
  readonly point: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly step: number;
  readonly slope: number;
}

/** −H·gradient by the two-loop recursion. */
function descend(
  gradient: Float64Array,
  history: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array<ArrayBuffer> {
  const q = gradient.map((part) => -part);
  const alphas = new Float64Array(history.length);
  for (let k = history.length - 1; k >= 0; k--) {
    const { s, y, rho } = history[k]!;
    alphas[k] = rho * dot(s, q);
    for (let j = 0; j < q.length; j++) q[j]! -= alphas[k]! * y[j]!;
  }
  const last = history.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let j = 0; j < q.length; j++) q[j]! *= scale;
  }
  for (let k = 0; k < history.length; k++) {
    const { s, y, rho } = history[k]!;
    const beta = rho * dot(y, q);
    for (let j = 0; j < q.length; j++) q[j]! += (alphas[k]! - beta) * s[j]!;
  }
  return q;
}

const sufficient = 1e-4;
const flat = 0.9;

/** A step that meets the strong Wolfe conditions, or undefined when none is found in 40 probes. */
function lineSearch(
  objective: Objective,
  start: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: number,
): Probe | undefined {
  const slope = dot(gradient, direction);
  const probe = (step: number): Probe => {
    const point = Float64Array.from(start, (part, j) => part + step * direction[j]!);
    const own = new Float64Array(start.length);
    const at = objective(point, own);
    return { point, value: at, gradient: own, step, slope: dot(own, direction) };
  };
  const origin: Probe = { point: Float64Array.from(start), value, gradient: Float64Array.from(gradient), step: 0, slope };
  const tooHigh = ({ value: at, step }: Probe): boolean => !(at <= value + sufficient * step * slope);

  let low = origin;
  let high: Probe | undefined;
  let step = first;
  for (let tries = 0; tries < 40; tries++) {
    const here = probe(step);
    if (tooHigh(here) || here.value >= low.value) high = here;
    else if (Math.abs(here.slope) <= -flat * slope) return here;
    else {
      if (high ? here.slope * (high.step - low.step) >= 0 : here.slope >= 0) high = low;
      low = here;
    }
    step = high ? between(low, high) : 2 * step;
    if (high && Math.abs(high.step - low.step) < 1e-14 * Math.max(1, low.step)) break;
  }
  return low.step > 0 ? low : undefined;
}

/** The minimum of the parabola through both ends, kept away from them. */
function between(low: Probe, high: Probe): number {
  const width = high.step - low.step;
  const bend = high.value - low.value - low.slope * width;
  const share = bend > 0 ? (-low.slope * width) / (2 * bend) : 0.5;
  return low.step + width * Math.min(0.9, Math.max(0.1, Number.isFinite(share) ? share : 0.5));
}

function largest(a: Float64Array): number {
  let top = 0;
  for (let j = 0; j < a.length; j++) top = Math.max(top, Math.abs(a[j]!));
  return top;
}
