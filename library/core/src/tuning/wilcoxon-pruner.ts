import { checkKeys } from "../base/check-keys.ts";
import { normalShare } from "../numeric/erfc.ts";
import { checkBetween, checkInteger } from "./check-options.ts";
import type { Pruner } from "./pruner.ts";

/** Options of `wilcoxonPruner`. */
export interface WilcoxonPrunerOptions {
  /** Below this probability of a chance difference a trial is pruned; default 0.1. */
  readonly pThreshold?: number;
  /** Common steps before any trial is pruned; default 0, and never less than 2. */
  readonly startupSteps?: number;
}

/**
 * Prunes a trial that is worse than the best one on their common steps (folds, instances), by the signed-rank test: for objectives that are a
 * mean over steps, as cross-validation is. Oracle: optuna.pruners.WilcoxonPruner.
 */
export function wilcoxonPruner(options: WilcoxonPrunerOptions = {}): Pruner {
  checkKeys("wilcoxonPruner", options, ["pThreshold", "startupSteps"]);
  const { pThreshold = 0.1, startupSteps = 0 } = options;
  checkBetween("wilcoxonPruner", { pThreshold }, 0, 1);
  checkInteger("wilcoxonPruner", { startupSteps }, 0);

  return {
    name: "wilcoxon",
    options: { pThreshold, startupSteps },
    comparesSteps: true,
    shouldPrune(history, trial) {
      const own = new Map(trial.intermediate);
      const best = new Map(history.best()?.intermediate);
      if (own.size === 0 || best.size === 0 || ![...own.values(), ...best.values()].every(Number.isFinite)) return false;
      const sign = history.directions[0] === "minimize" ? 1 : -1;
      const worse = [...own].filter(([step]) => best.has(step)).map(([step, value]) => sign * (value - best.get(step)!));
      if (worse.length < Math.max(2, startupSteps)) return false;
      const isBetterInMean = sign * meanOf(best) >= sign * meanOf(own);
      return !isBetterInMean && signedRankP(worse) < pThreshold;
    },
  };
}

function meanOf(values: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const value of values.values()) sum += value;
  return sum / values.size;
}

/**
 * One-sided p-value of differences being greater than 0: exact up to 50 of them (13 where some are equal or 0), else by the normal
 * approximation. Zeros count half. Oracle: scipy.stats.wilcoxon(alternative="greater", zero_method="zsplit").
 */
export function signedRankP(differences: readonly number[]): number {
  const n = differences.length;
  const sizes = differences.map(Math.abs);
  const order = sizes.map((_, k) => k).sort((a, b) => sizes[a]! - sizes[b]!);
  const doubled = new Int32Array(n); // twice the mean rank, a whole number
  let tieTerm = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && sizes[order[to]!] === sizes[order[from]!]) to++;
    for (let at = from; at < to; at++) doubled[order[at]!] = from + 1 + to;
    const tied = to - from;
    tieTerm += tied * tied * tied - tied;
  }
  let plus = 0;
  for (let k = 0; k < n; k++) plus += differences[k]! > 0 ? doubled[k]! : differences[k] === 0 ? doubled[k]! / 2 : 0;
  const plain = tieTerm === 0 && !sizes.includes(0);
  if (n <= (plain ? 50 : 13)) return exactP(doubled, sizes, plus);
  const mean = (n * (n + 1)) / 4;
  const sd = Math.sqrt((n * (n + 1) * (2 * n + 1) - tieTerm / 2) / 24);
  return normalShare((mean - plus / 2) / sd);
}

/** Share of all assignments of signs whose sum of positive ranks is at least as large. O(n · sum of ranks). */
function exactP(doubled: Int32Array, sizes: readonly number[], plus: number): number {
  const zeros = doubled.reduce((sum, rank, k) => sum + (sizes[k] === 0 ? rank / 2 : 0), 0);
  const signed = doubled.filter((_, k) => sizes[k] !== 0);
  const most = signed.reduce((sum, rank) => sum + rank, 0);
  const share = new Float64Array(most + 1);
  share[0] = 1;
  let reach = 0;
  for (const rank of signed) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--) share[sum] = 0.5 * share[sum]! + (sum >= rank ? 0.5 * share[sum - rank]! : 0);
  }
  let p = 0;
  for (let sum = Math.max(0, Math.ceil(plus - zeros)); sum <= most; sum++) p += share[sum]!;
  return Math.min(1, p);
}
