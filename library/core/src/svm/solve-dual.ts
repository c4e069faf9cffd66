import { type DualMemory, type DualProblem, openDual } from "./dual-memory.ts";

/** When to stop, and how much memory rows may take. */
export interface DualOptions {
  /** Stops when no pair of rows violates the optimality by more. */
  readonly tol: number;
  /** Steps at most; −1 for ten million, or a hundred a row where that is more. */
  readonly maxIter: number;
  readonly cacheMb: number;
  readonly shrinking: boolean;
}

/** What the solver finds. */
interface DualSolution {
  /** Weights of the rows (l), 0 for those that are no support vectors. */
  readonly beta: Float64Array;
  /** The decision value is Σ βᵢ K(xᵢ, x) − rho. */
  readonly rho: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Sequential minimal optimisation: moves the pair of rows that promises most by the second order, until none violates the optimality by
 * more than `tol`. Once kernel rows outgrow their memory, rows at a bound that
 * cannot move soon are left out for a time (shrinking). O(l d) a row of the kernel that is not
 * kept, O(l) a step; steps grow faster than l.
 * Source: Platt (1998); Fan, Chen, Lin (2005), "Working set selection using second order information", JMLR 6; Chang & Lin (2011),
 * LIBSVM, ACM TIST 2(3). Here α and α* of a row are one β, so that regression has l variables and not 2 l.
 */
export function solveDual(
  who: string,
  problem: DualProblem,
  { tol, maxIter, cacheMb, shrinking }: DualOptions,
  checkpoint: (iterations?: number, gap?: number) => void,
): DualSolution {
  const memory = openDual(who, problem, cacheMb);
  const { size, kernel, cache, values, place, answer } = memory;
  values.set(problem.target);
  for (let t = 0; t < size; t++) setShifts(memory, t, problem.epsilon);
  const period = Math.min(size, 1000);
  let active = size;
  let iterations = 0;
  let work = 0;
  let gap = Infinity;
  let restored = false;
  let untilShrink = period;
  const most = maxIter < 0 ? Math.max(10_000_000, 100 * size) : maxIter;
  while (iterations < most) {
    if (shrinking && cache.crowded() && --untilShrink <= 0) {
      untilShrink = period;
      if (!restored && gap <= 10 * tol) {
        restored = true;
        restore(memory, active, checkpoint);
        active = size;
      }
      active = shrink(memory, active);
    }
    const i = kernel.svmFirst(place.values, place.up, active, place.answer);
    const top = answer[0]!;
    const even = active + (active & 1);
    const rowI = i < 0 ? 0 : cache.row(i, even);
    const j = i < 0 ? -1 : kernel.svmSecond(place.values, place.down, place.diagonal, rowI, active, i, top, place.answer);
    gap = i < 0 ? 0 : top - answer[0]!;
    if (j < 0 || gap < tol) {
      if (active === size) break;
      restore(memory, active, checkpoint);
      active = size;
      untilShrink = 2; // a step with all rows before any is left out again
      continue;
    }
    const rowJ = cache.row(j, even);
    const step = move(memory, i, j, memory.floats[rowI / 4 + j]!);
    kernel.svmMove(place.values, rowI, rowJ, 0, even, step);
    setShifts(memory, i, problem.epsilon);
    setShifts(memory, j, problem.epsilon);
    iterations++;
    work += active * (8 + problem.x.columns);
    if (work > 4_000_000) {
      work = 0;
      checkpoint(iterations, gap);
    }
  }
  if (active < size) restore(memory, active, checkpoint);
  const beta = new Float64Array(size);
  for (let t = 0; t < size; t++) beta[memory.order[t]!] = memory.beta[t]!;
  return { beta, rho: offset(memory), iterations, converged: gap < tol };
}

/** Moves βᵢ up and βⱼ down by the step that maximises the dual, no further than a bound or a change of sign; the step. */
function move({ values, up, down, beta, low, high, diagonal }: DualMemory, i: number, j: number, k: number): number {
  const fall = values[i]! + up[i]! - values[j]! - down[j]!;
  const bend = Math.max(1e-12, diagonal[i]! + diagonal[j]! - 2 * k);
  const roomI = up[i]! > 0 ? -beta[i]! : high[i]! - beta[i]!;
  const roomJ = down[j]! < 0 ? beta[j]! : beta[j]! - low[j]!;
  const step = Math.min(fall / bend, roomI, roomJ);
  beta[i] = step === roomI ? (up[i]! > 0 ? 0 : high[i]!) : beta[i]! + step;
  beta[j] = step === roomJ ? (down[j]! < 0 ? 0 : low[j]!) : beta[j]! - step;
  return step;
}

/** The slopes of one variable from where its β lies. */
function setShifts({ beta, low, high, up, down }: DualMemory, t: number, epsilon: number): void {
  const value = beta[t]!;
  up[t] = value >= high[t]! ? -Infinity : value < 0 ? epsilon : -epsilon;
  down[t] = value <= low[t]! ? Infinity : value > 0 ? -epsilon : epsilon;
}

/** Puts variables that can violate nothing behind the active ones; how many stay active. */
function shrink({ values, up, down, swap }: DualMemory, active: number): number {
  let top = -Infinity;
  let least = Infinity;
  for (let t = 0; t < active; t++) {
    top = Math.max(top, values[t]! + up[t]!);
    least = Math.min(least, values[t]! + down[t]!);
  }
  const idle = (t: number): boolean => values[t]! + up[t]! < least && values[t]! + down[t]! > top;
  let end = active;
  for (let t = 0; t < end; t++) {
    if (!idle(t)) continue;
    end--;
    while (end > t && idle(end)) end--;
    if (end > t) swap(t, end);
  }
  return end;
}

/** The values of the variables that were left out, from the start. */
function restore(memory: DualMemory, active: number, checkpoint: (iterations?: number, gap?: number) => void): void {
  const { size, kernel, cache, beta, values, target, place } = memory;
  if (active === size) return;
  const from = active & ~1;
  const kept = values[from]!;
  for (let t = from; t < size; t++) values[t] = target[t]!;
  const end = size + (size & 1);
  for (let s = 0; s < size; s++) {
    if (beta[s] === 0) continue;
    checkpoint();
    kernel.svmMove(place.values, cache.row(s, end), place.zeros, from, end, beta[s]!);
  }
  if (from < active) values[from] = kept;
}

/** ρ: minus the mean slope of the free rows; the middle of what the bounds allow where none is free. */
function offset({ size, values, up, down }: DualMemory): number {
  let sum = 0;
  let free = 0;
  let top = -Infinity;
  let least = Infinity;
  for (let t = 0; t < size; t++) {
    const above = values[t]! + up[t]!;
    const below = values[t]! + down[t]!;
    if (above === below) {
      sum += above;
      free++;
    }
    top = Math.max(top, above);
    least = Math.min(least, below);
  }
  if (free > 0) return -sum / free;
  return -(top + least) / 2;
}
