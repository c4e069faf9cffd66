import { checkKeys } from "../base/check-keys.ts";
import { ParamsError } from "../base/errors.ts";
import { checkInteger, wrongOption } from "./check-options.ts";
import type { Pruner } from "./pruner.ts";
import { lastReport } from "./split-trials.ts";

/** Options of `thresholdPruner`: at least one bound. */
export interface ThresholdPrunerOptions {
  /** A report below is pruned. */
  readonly lower?: number;
  /** A report above is pruned. */
  readonly upper?: number;
  /** Steps that every trial may take; default 0. */
  readonly warmupSteps?: number;
  /** Steps between two decisions; default 1. */
  readonly intervalSteps?: number;
}

/** Prunes a trial whose last report lies outside bounds, or is NaN. Oracle: optuna.pruners.ThresholdPruner. */
export function thresholdPruner(options: ThresholdPrunerOptions): Pruner {
  checkKeys("thresholdPruner", options, ["lower", "upper", "warmupSteps", "intervalSteps"]);
  const { lower = -Infinity, upper = Infinity, warmupSteps = 0, intervalSteps = 1 } = options;
  if (options.lower === undefined && options.upper === undefined)
    throw new ParamsError("thresholdPruner: give lower or upper, got neither");
  for (const [name, value] of Object.entries({ lower, upper }))
    if (typeof value !== "number" || Number.isNaN(value)) throw wrongOption("thresholdPruner", name, "must be a number", value);
  if (lower > upper) throw wrongOption("thresholdPruner", "lower", `must be at most upper, which is ${upper}`, lower);
  checkInteger("thresholdPruner", { warmupSteps }, 0);
  checkInteger("thresholdPruner", { intervalSteps }, 1);

  return {
    name: "threshold",
    options: { ...options, warmupSteps, intervalSteps },
    shouldPrune(_history, { intermediate }) {
      const last = lastReport(intermediate);
      if (!last || last[0] < warmupSteps) return false;
      const begin = Math.floor((last[0] - warmupSteps) / intervalSteps) * intervalSteps + warmupSteps;
      if (intermediate.some(([step]) => step !== last[0] && step >= begin)) return false;
      return !(last[1] >= lower && last[1] <= upper);
    },
  };
}
