import type { Distribution, ParamValue, TrialParams } from "./distribution.ts";
import type { History } from "./history.ts";
import type { TrialRecord } from "./storage.ts";

/** Chooses parameters for the next trial. A sampler keeps nothing that it could not compute again from the history. */
export interface Sampler {
  /** Name over HTTP and in the database. */
  readonly name: string;
  /** Its options as JSON, defaults written out. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Chooses parameters that belong together, before the first is asked for; those it leaves out are chosen one by one. */
  together?(history: History, trial: TrialRecord): TogetherParams;
  /** Chooses one parameter. */
  suggest(history: History, trial: TrialRecord, name: string, distribution: Distribution): ParamValue;
  /** How many trials there are to try, where that is bounded (a grid). */
  readonly size?: number;
}

/** Parameters chosen together: their values, and what the sampler wants to remember of the trial. */
export interface TogetherParams {
  readonly params: TrialParams;
  readonly attributes?: Readonly<Record<string, unknown>>;
}
