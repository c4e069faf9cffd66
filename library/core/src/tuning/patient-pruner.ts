import { checkKeys } from "../base/check-keys.ts";
import { checkBetween, checkInteger } from "./check-options.ts";
import type { Pruner } from "./pruner.ts";

/** Options of `patientPruner`. */
export interface PatientPrunerOptions {
  /** Steps without improvement that are forgiven. */
  readonly patience: number;
  /** What counts as improvement; default 0. */
  readonly minDelta?: number;
}

/**
 * Lets another pruner decide only after a trial has not improved for some steps; without another, prunes then.
 * Oracle: optuna.pruners.PatientPruner.
 */
export function patientPruner(pruner: Pruner | undefined, options: PatientPrunerOptions): Pruner {
  checkKeys("patientPruner", options, ["patience", "minDelta"]);
  const { patience, minDelta = 0 } = options;
  checkInteger("patientPruner", { patience }, 0);
  checkBetween("patientPruner", { minDelta }, 0, Infinity);

  return {
    name: "patient",
    options: { ...(pruner && { pruner: { name: pruner.name, ...pruner.options } }), patience, minDelta },
    shouldPrune(history, trial) {
      const reports = [...new Map(trial.intermediate)].sort(([a], [b]) => a - b);
      if (reports.length <= patience + 1) return false;
      const sign = history.directions[0] === "minimize" ? 1 : -1;
      const least = (part: typeof reports): number =>
        part.reduce((best, [, value]) => (Number.isNaN(value) || best <= sign * value ? best : sign * value), Number.NaN);
      const before = least(reports.slice(0, -patience - 1));
      const after = least(reports.slice(-patience - 1));
      return before + minDelta < after && (pruner?.shouldPrune(history, trial) ?? true);
    },
  };
}
