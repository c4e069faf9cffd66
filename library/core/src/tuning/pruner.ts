import type { History } from "./history.ts";
import type { Intermediate } from "./storage.ts";

/** A running trial, as a pruner sees it. */
export interface PrunableTrial {
  readonly number: number;
  /** Its reports so far, in the order they came. */
  readonly intermediate: readonly Intermediate[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Remembers something of this trial that later decisions need. */
  setAttribute(name: string, value: unknown): void;
}

/** Says of a running trial whether it is worth going on. */
export interface Pruner {
  /** Name over HTTP and in the database. */
  readonly name: string;
  /** Its options as JSON, defaults written out. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether it compares trials step by step, so that each step, as a fold, is reported by itself; else the mean so far is. */
  readonly comparesSteps?: boolean;
  /** Whether the trial should end now, by its last report. */
  shouldPrune(history: History, trial: PrunableTrial): boolean;
}

/** Never prunes. */
export function nopPruner(): Pruner {
  return { name: "nop", options: {}, shouldPrune: () => false };
}
