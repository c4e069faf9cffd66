import { checkKeys } from "../base/check-keys.ts";
import { ParamsError } from "../base/errors.ts";
import { nodeModule } from "../base/node-module.ts";
import { checkInteger } from "./check-options.ts";
import type { History } from "./history.ts";
import type { Pruner } from "./pruner.ts";
import { longestTrial, losesRung } from "./successive-halving-pruner.ts";

/** Options of `hyperbandPruner`. */
export interface HyperbandOptions {
  /** Steps up to the first rung of the hardest bracket; default 1. */
  readonly minResource?: number;
  /** Steps of a whole trial; default "auto": those of the first completed trial. */
  readonly maxResource?: number | "auto";
  /** One in so many goes on from a rung; default 3. */
  readonly reductionFactor?: number;
  /** Trials that a rung must have before any goes on; default 0. */
  readonly bootstrapCount?: number;
}

/** How the trials are shared out to brackets. */
interface Brackets {
  readonly budgets: readonly number[];
  readonly total: number;
}

/**
 * Hyperband: successive halving in several brackets, from one that prunes early to one that never does; a trial's bracket follows from the
 * study's name and its number. Source: Li et al. (2018), JMLR 18. Oracle: optuna.pruners.HyperbandPruner.
 */
export function hyperbandPruner(options: HyperbandOptions = {}): Pruner {
  checkKeys("hyperbandPruner", options, ["minResource", "maxResource", "reductionFactor", "bootstrapCount"]);
  const { minResource = 1, maxResource = "auto", reductionFactor = 3, bootstrapCount = 0 } = options;
  checkInteger("hyperbandPruner", { minResource }, 1);
  if (maxResource !== "auto") checkInteger("hyperbandPruner", { maxResource }, minResource);
  checkInteger("hyperbandPruner", { reductionFactor }, 2);
  checkInteger("hyperbandPruner", { bootstrapCount }, 0);
  if (bootstrapCount > 0 && maxResource === "auto")
    throw new ParamsError(`hyperbandPruner: bootstrapCount must be 0 with maxResource "auto", got ${bootstrapCount}`);
  const known = new WeakMap<History, Brackets>();

  const bracketsOf = (history: History): Brackets | undefined => {
    const found = known.get(history);
    if (found) return found;
    const longest = maxResource === "auto" ? longestTrial(history) : maxResource - 1;
    if (longest === undefined) return undefined;
    const made = brackets((longest + 1) / minResource, reductionFactor);
    known.set(history, made);
    return made;
  };

  return {
    name: "hyperband",
    options: { minResource, maxResource, reductionFactor, bootstrapCount },
    shouldPrune(history, trial) {
      const shares = bracketsOf(history);
      if (!shares) return false;
      const own = bracketOf(history.name, trial.number, shares);
      return losesRung(history, trial, {
        resource: minResource,
        reductionFactor,
        minEarlyStoppingRate: own,
        bootstrapCount,
        competes: ({ number }) => bracketOf(history.name, number, shares) === own,
      });
    },
  };
}

/** ⌊log_η(R/r)⌋ + 1 brackets; the earlier one prunes, the more trials it gets. */
function brackets(ratio: number, factor: number): Brackets {
  const count = Math.floor(Math.log(ratio) / Math.log(factor)) + 1;
  let power = 1;
  const budgets: number[] = [];
  for (let s = 0; s < count; s++, power *= factor) budgets.unshift(Math.ceil((count * power) / (s + 1)));
  return { budgets, total: budgets.reduce((a, b) => a + b, 0) };
}

function bracketOf(study: string, number: number, { budgets, total }: Brackets): number {
  let left = nodeModule("node:zlib").crc32(`${study}_${number}`) % total;
  for (const [bracket, budget] of budgets.entries()) {
    left -= budget;
    if (left < 0) return bracket;
  }
  return budgets.length - 1;
}
