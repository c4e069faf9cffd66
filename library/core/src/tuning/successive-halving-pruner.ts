import { checkKeys } from "../base/check-keys.ts";
import { ParamsError } from "../base/errors.ts";
import { checkInteger } from "./check-options.ts";
import type { History } from "./history.ts";
import type { PrunableTrial, Pruner } from "./pruner.ts";
import { lastReport } from "./split-trials.ts";
import type { TrialRecord } from "./storage.ts";

/** Options of `successiveHalvingPruner`. */
export interface SuccessiveHalvingOptions {
  /** Steps up to the first rung; default "auto": a hundredth of the first completed trial's. */
  readonly minResource?: number | "auto";
  /** One in so many goes on from a rung; each rung is so many times longer. Default 4. */
  readonly reductionFactor?: number;
  /** Rungs left out at the beginning; default 0. */
  readonly minEarlyStoppingRate?: number;
  /** Trials that a rung must have before any goes on; default 0. */
  readonly bootstrapCount?: number;
}

const known = ["minResource", "reductionFactor", "minEarlyStoppingRate", "bootstrapCount"];

/**
 * Asynchronous successive halving: at steps r, r η, r η² … a trial goes on only if it is among the best 1/η of those that came so far.
 * Source: Li et al. (2018), arXiv:1810.05934. Oracle: optuna.pruners.SuccessiveHalvingPruner.
 */
export function successiveHalvingPruner(options: SuccessiveHalvingOptions = {}): Pruner {
  checkKeys("successiveHalvingPruner", options, known);
  const { minResource = "auto", reductionFactor = 4, minEarlyStoppingRate = 0, bootstrapCount = 0 } = options;
  if (minResource !== "auto") checkInteger("successiveHalvingPruner", { minResource }, 1);
  checkInteger("successiveHalvingPruner", { reductionFactor }, 2);
  checkInteger("successiveHalvingPruner", { minEarlyStoppingRate, bootstrapCount }, 0);
  if (bootstrapCount > 0 && minResource === "auto")
    throw new ParamsError(`successiveHalvingPruner: bootstrapCount must be 0 with minResource "auto", got ${bootstrapCount}`);
  const estimates = new WeakMap<History, number>();

  return {
    name: "successive_halving",
    options: { minResource, reductionFactor, minEarlyStoppingRate, bootstrapCount },
    shouldPrune(history, trial) {
      const resource = minResource === "auto" ? estimated(history, estimates) : minResource;
      return (
        resource !== undefined && losesRung(history, trial, { resource, reductionFactor, minEarlyStoppingRate, bootstrapCount })
      );
    },
  };
}

/** The bounds of one bracket. */
interface Bracket {
  readonly resource: number;
  readonly reductionFactor: number;
  readonly minEarlyStoppingRate: number;
  readonly bootstrapCount: number;
  /** Whether another trial competes in this bracket; default every one. */
  readonly competes?: (trial: TrialRecord) => boolean;
}

/** Climbs the rungs that the trial's last step has reached; true where it loses one. */
export function losesRung(history: History, trial: PrunableTrial, bracket: Bracket): boolean {
  const last = lastReport(trial.intermediate);
  if (!last) return false;
  const [step, value] = last;
  const { resource, reductionFactor, minEarlyStoppingRate, bootstrapCount } = bracket;
  let rung = 0;
  let length = resource;
  for (let k = 0; k < minEarlyStoppingRate; k++) length *= reductionFactor;
  for (; Object.hasOwn(trial.attributes, rungName(rung)); rung++) length *= reductionFactor;
  for (; step >= length; rung++, length *= reductionFactor) {
    if (Number.isNaN(value)) return true;
    const name = rungName(rung);
    const rivals = rivalsAt(history, trial.number, name, bracket.competes);
    trial.setAttribute(name, String(value)); // as text: JSON has no Infinity
    rivals.push(value);
    if (rivals.length <= bootstrapCount) return true;
    const sign = history.directions[0] === "minimize" ? 1 : -1;
    const place = Math.max(0, Math.floor(rivals.length / reductionFactor) - 1);
    const losses = Float64Array.from(rivals, (rival) => sign * rival).sort();
    if (sign * value > losses[place]!) return true;
  }
  return false;
}

function rungName(rung: number): string {
  return `rung${rung}`;
}

/** Values with which other trials completed a rung. */
function rivalsAt(
  history: History,
  number: number,
  name: string,
  competes: (trial: TrialRecord) => boolean = () => true,
): number[] {
  const values: number[] = [];
  const look = (trial: TrialRecord): void => {
    const value = trial.attributes[name];
    if (value !== undefined && trial.number !== number && competes(trial)) values.push(Number(value));
  };
  for (const state of ["completed", "pruned", "failed"] as const) for (const trial of history.ended(state)) look(trial);
  for (const trial of history.running()) look(trial);
  return values;
}

/** A hundredth of the longest completed trial, once there is one. */
function estimated(history: History, estimates: WeakMap<History, number>): number | undefined {
  const known = estimates.get(history);
  if (known !== undefined) return known;
  const longest = longestTrial(history);
  if (longest === undefined) return undefined;
  const resource = Math.max(1, Math.floor(longest / 100));
  estimates.set(history, resource);
  return resource;
}

/** The greatest step that a completed trial ended with. */
export function longestTrial(history: History): number | undefined {
  let longest: number | undefined;
  for (const { intermediate } of history.ended("completed")) {
    const step = lastReport(intermediate)?.[0];
    if (step !== undefined && step > (longest ?? -1)) longest = step;
  }
  return longest;
}
