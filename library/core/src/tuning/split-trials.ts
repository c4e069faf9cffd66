import type { History } from "./history.ts";
import { chooseSpread, referencePoint } from "./hypervolume.ts";
import { lossesOf, paretoRanks } from "./pareto.ts";
import type { TrialRecord } from "./storage.ts";

/** Trials worth following, and the others; both by number. */
export interface SplitTrials {
  readonly below: readonly TrialRecord[];
  readonly above: readonly TrialRecord[];
}

/**
 * Divides completed and pruned trials: the best `count` go below. Completed ones come first, by value (or by rank and hypervolume, for
 * several objectives), then pruned ones, those that came farther first. O(n) for few below, O(n²) for several objectives.
 * Oracle: optuna.samplers._tpe.sampler._split_trials.
 */
export function splitTrials(history: History, count: number): SplitTrials {
  const completed = history.ended("completed");
  const pruned = history.ended("pruned");
  const good = new Set<TrialRecord>(history.directions.length > 1 ? bestRanked(history, count) : bestValued(history, count));
  if (good.size < count)
    for (const trial of prunedInOrder(pruned, history.directions[0] === "minimize" ? 1 : -1).slice(0, count - good.size))
      good.add(trial);
  const all = pruned.length === 0 ? completed : [...completed, ...pruned].sort((a, b) => a.number - b.number);
  const below: TrialRecord[] = [];
  const above: TrialRecord[] = [];
  for (const trial of all) (good.has(trial) ? below : above).push(trial);
  return { below, above };
}

/** The best by value, of equal ones the earlier; a short list is kept in order. */
function bestValued(history: History, count: number): TrialRecord[] {
  const sign = history.directions[0] === "minimize" ? 1 : -1;
  const best: TrialRecord[] = [];
  const loss = (trial: TrialRecord): number => sign * trial.values![0]!;
  for (const trial of history.ended("completed")) {
    if (best.length === count && (count === 0 || loss(trial) >= loss(best[count - 1]!))) continue;
    let at = best.length;
    while (at > 0 && loss(best[at - 1]!) > loss(trial)) at--;
    best.splice(at, 0, trial);
    if (best.length > count) best.pop();
  }
  return best;
}

/** Whole fronts while they fit; of the one that does not, the points that together dominate most. */
function bestRanked({ directions, ended }: History, count: number): TrialRecord[] {
  const completed = ended("completed");
  if (count >= completed.length) return [...completed];
  const losses = lossesOf(
    completed.map(({ values }) => values!),
    directions,
  );
  const ranks = paretoRanks(losses);
  const chosen: number[] = [];
  for (let rank = 0; chosen.length < count; rank++) {
    const front = [...ranks.keys()].filter((k) => ranks[k] === rank);
    if (chosen.length + front.length <= count) chosen.push(...front);
    else {
      const points = front.map((k) => losses[k]!);
      chosen.push(...chooseSpread(points, count - chosen.length, referencePoint(points)).map((at) => front[at]!));
    }
  }
  return chosen.map((k) => completed[k]!);
}

/** The farther a pruned trial came the better; at the same step, by its last value. */
function prunedInOrder(pruned: readonly TrialRecord[], sign: number): TrialRecord[] {
  const scored = pruned.map((trial) => ({ trial, score: prunedScore(trial, sign) }));
  scored.sort((a, b) => (a.score[0] === b.score[0] ? compare(a.score[1], b.score[1]) : a.score[0] - b.score[0]));
  return scored.map(({ trial }) => trial);
}

function prunedScore({ intermediate }: TrialRecord, sign: number): readonly [number, number] {
  const last = lastReport(intermediate);
  if (!last) return [1, 0];
  return [-last[0], Number.isNaN(last[1]) ? Infinity : sign * last[1]];
}

/** The report of the greatest step; of several for it, the last. */
export function lastReport(intermediate: TrialRecord["intermediate"]): readonly [number, number] | undefined {
  let last = intermediate[0];
  for (const report of intermediate) if (report[0] >= last![0]) last = report;
  return last;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
