import type { ParallelDimension } from "assay-lab/contract";

/** How strongly a parameter and a metric go together over the runs. */
export interface Association {
  name: string;
  /** 0 to 1. */
  strength: number;
  /** Of a number: whether the metric rises or falls with it; null of a category. */
  rises: boolean | null;
  /** Runs that have both. */
  runs: number;
}

/** Runs below which nothing is told. */
const runsLeast = 4;

/**
 * Parameters by how strongly they go together with a metric: of a number Spearman's |ρ|, of a category the correlation ratio η of the metric's
 * ranks. It tells what went together in these runs, not what caused what. Cost O(p · n · (log n + levels)).
 */
export function associations(params: readonly ParallelDimension[], metric: ParallelDimension): Association[] {
  const found = params.flatMap((param): Association[] => {
    const pairs = param.values.flatMap((value, i) => {
      const score = metric.values[i];
      return value === null || score === null || score === undefined ? [] : [[value, score] as const];
    });
    if (pairs.length < runsLeast) return [];
    const scores = ranks(pairs.map(([, score]) => score));
    const values = pairs.map(([value]) => value);
    const rho = param.kind === "number" ? correlation(ranks(values), scores) : correlationRatio(values, scores);
    if (!Number.isFinite(rho)) return [];
    return [{ name: param.name, strength: Math.abs(rho), rises: param.kind === "number" ? rho > 0 : null, runs: pairs.length }];
  });
  return found.sort((a, b) => b.strength - a.strength);
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const found = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) found[order[k]!] = (from + 1 + to) / 2;
    from = to;
  }
  return found;
}

/** Pearson's r; NaN where one side does not vary. */
function correlation(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  const both = x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0);
  return both / Math.sqrt(squares(x, meanX) * squares(y, meanY));
}

/** η: the root of the share of the variance that lies between the levels; NaN where there is one level only. */
function correlationRatio(levels: readonly number[], y: readonly number[]): number {
  const whole = mean(y);
  const found = [...new Set(levels)];
  if (found.length < 2) return Number.NaN;
  const between = found.reduce((sum, level) => {
    const members = y.filter((_, i) => levels[i] === level);
    const off = mean(members) - whole;
    return sum + members.length * off * off;
  }, 0);
  return Math.sqrt(between / squares(y, whole));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squares(values: readonly number[], about: number): number {
  return values.reduce((sum, value) => sum + (value - about) * (value - about), 0);
}
