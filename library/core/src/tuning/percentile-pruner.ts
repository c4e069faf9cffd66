import { checkKeys } from "../base/check-keys.ts";
import { checkBetween, checkInteger } from "./check-options.ts";
import type { History } from "./history.ts";
import type { PrunableTrial, Pruner } from "./pruner.ts";
import { lastReport } from "./split-trials.ts";
import type { Intermediate } from "./storage.ts";

/** Options of `medianPruner`. */
export interface MedianPrunerOptions {
  /** Trials that must have completed before any is pruned; default 5. */
  readonly startupTrials?: number;
  /** Steps that every trial may take; default 0. */
  readonly warmupSteps?: number;
  /** Steps between two decisions; default 1. */
  readonly intervalSteps?: number;
  /** Reports of other trials that a step must have for a decision; default 1. */
  readonly minTrials?: number;
}

/** Options of `percentilePruner`. */
export interface PercentilePrunerOptions extends MedianPrunerOptions {
  /** Per cent of trials that are kept, from 0 to 100. */
  readonly percentile: number;
}

const known = ["startupTrials", "warmupSteps", "intervalSteps", "minTrials"];

/** Prunes a trial whose best report so far is worse than the median of the others at that step. Oracle: optuna.pruners.MedianPruner. */
export function medianPruner(options: MedianPrunerOptions = {}): Pruner {
  checkKeys("medianPruner", options, known);
  const { percentile: _, ...shown } = percentilePruner({ ...options, percentile: 50 }).options;
  return { ...percentilePruner({ ...options, percentile: 50 }), name: "median", options: shown };
}

/**
 * Prunes a trial whose best report so far is not among the best per cent of the completed trials' reports at that step.
 * O(completed trials) a decision. Oracle: optuna.pruners.PercentilePruner.
 */
export function percentilePruner(options: PercentilePrunerOptions): Pruner {
  checkKeys("percentilePruner", options, ["percentile", ...known]);
  const { percentile, startupTrials = 5, warmupSteps = 0, intervalSteps = 1, minTrials = 1 } = options;
  checkBetween("percentilePruner", { percentile }, 0, 100);
  checkInteger("percentilePruner", { startupTrials, warmupSteps }, 0);
  checkInteger("percentilePruner", { intervalSteps, minTrials }, 1);

  return {
    name: "percentile",
    options: { percentile, startupTrials, warmupSteps, intervalSteps, minTrials },
    shouldPrune(history: History, { intermediate }: PrunableTrial) {
      const completed = history.ended("completed");
      if (completed.length === 0 || completed.length < startupTrials) return false;
      const step = lastReport(intermediate)?.[0];
      if (step === undefined || step < warmupSteps) return false;
      if (!isFirstOfInterval(step, intermediate, warmupSteps, intervalSteps)) return false;
      const sign = history.directions[0] === "minimize" ? 1 : -1;
      const best = bestLoss(intermediate, sign);
      if (Number.isNaN(best)) return true;
      const others: number[] = [];
      for (const trial of completed) {
        const value = valueAt(trial.intermediate, step);
        if (value !== undefined) others.push(sign * value);
      }
      if (others.length < minTrials) return false;
      return best > percentileOf(others, percentile);
    },
  };
}

/** Whether no report before this one fell into the same interval of decisions. */
function isFirstOfInterval(step: number, intermediate: readonly Intermediate[], warmup: number, interval: number): boolean {
  const begin = Math.floor((step - warmup) / interval) * interval + warmup;
  let former = -1;
  for (const [other] of intermediate) if (other !== step && other > former) former = other;
  return former < begin;
}

/** The least loss of all reports; the last of a step counts, NaN only where all are NaN. */
function bestLoss(intermediate: readonly Intermediate[], sign: number): number {
  let best = Number.NaN;
  for (const value of new Map(intermediate).values()) if (!(best <= sign * value) && !Number.isNaN(value)) best = sign * value;
  return best;
}

/** The last report of a step. Reports come in order of steps nearly always: then the search from the step's own place is short. */
function valueAt(intermediate: readonly Intermediate[], step: number): number | undefined {
  for (let k = intermediate.length - 1; k >= 0; k--) if (intermediate[k]![0] === step) return intermediate[k]![1];
  return undefined;
}

/** The value below which a share of the values lies, NaN left out, between two by the line. */
function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = (percentile / 100) * (sorted.length - 1);
  const [low, share] = [Math.floor(at), at % 1];
  const [left, right] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return left === right ? left : left + share * (right - left);
}
