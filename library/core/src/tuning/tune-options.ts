import type { ArrayOptions, TableTask } from "../base/contract.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import type { Metric } from "../metrics/registry.ts";
import type { FoldChoice } from "../model-selection/choose-folds.ts";
import type { ArrayRows } from "../model-selection/validation-rows.ts";
import type { AutoPreprocessOptions } from "../preprocessing/auto-preprocess.ts";
import { checkBetween, checkInteger } from "./check-options.ts";
import type { StudyOptions } from "./create-study.ts";
import type { Space } from "./distribution.ts";
import type { OptimizeOptions } from "./optimize.ts";
import type { TrialRecord } from "./storage.ts";
import type { Study } from "./study.ts";

/** How an estimator is tuned. */
export interface TuneSearch
  extends Pick<StudyOptions, "pruner" | "storage" | "name" | "attributes">,
    Pick<OptimizeOptions, "seconds" | "concurrency" | "failures" | "onTrial" | "resume">,
    FoldChoice {
  /** Default TPE, for several metrics too; "grid" walks the space. */
  readonly sampler?: StudyOptions["sampler"];
  /** Trials of the study at most, those of an earlier call by the same name counted; default 50 where there are no `seconds`. */
  readonly trials?: number;
  /** Default: where people search this algorithm, see `defaultSpace`. */
  readonly space?: Space;
  /** What is searched for, or several at once; default accuracy, or R². */
  readonly metric?: MetricName | Metric | readonly (MetricName | Metric)[];
  /** Further metrics to be recorded with every trial, as `attributes.metrics`. */
  readonly metrics?: readonly (MetricName | Metric)[];
  /** For an algorithm by name; default as the target asks. */
  readonly task?: "classification" | "regression";
  /** Whether the steps that the columns need (impute, encode, scale) are put before the estimator, or which; default false. For a table. */
  readonly preprocess?: boolean | AutoPreprocessOptions;
  /** Whether parameters that a completed trial had already take its value, without another fit; default true. */
  readonly reuseDuplicates?: boolean;
  /** Completed trials of an earlier study to begin with, as far as they are of this space. */
  readonly earlier?: Study;
  /**
   * A whole number that a fit takes longer by, as "nEstimators" or "maxIter": with a pruner, a trial is fitted on all folds with 10, then 30,
   * 90 … of it, and may end at each; a whole trial takes half as long again. Default: a trial may end after each fold.
   */
  readonly resource?: string;
}

/** How an estimator is tuned on a table. */
export interface TuneOptions extends TuneSearch, TableTask, Pick<ArrayOptions, "signal" | "observer" | "threads"> {}

/** How an estimator is tuned on arrays. */
export interface ArrayTuneOptions extends TuneSearch, Omit<ArrayRows, "warmStart" | "snapshots"> {}

/** A study that knows what it is of. */
export type TunedStudy<E> = {
  /** The tuned estimator with a trial's parameters, default the best's. */
  estimator(trial?: Pick<TrialRecord, "params"> & Partial<Pick<TrialRecord, "attributes">>): E;
} & Study;

/** The parameters that a trial has of a space. */
export type ParamsOf<S extends Space> = {
  readonly [K in keyof S]:
    | (S[K] extends { readonly type: "categorical"; readonly choices: readonly (infer C)[] } ? C : number)
    | (S[K] extends { readonly when: object } ? undefined : never);
};

/** Options of a search, beside those of a validation. */
export const searchKeys = Object.keys({
  sampler: true,
  pruner: true,
  storage: true,
  name: true,
  attributes: true,
  seconds: true,
  concurrency: true,
  failures: true,
  onTrial: true,
  resume: true,
  trials: true,
  space: true,
  metric: true,
  metrics: true,
  task: true,
  preprocess: true,
  reuseDuplicates: true,
  earlier: true,
  resource: true,
} satisfies Record<Exclude<keyof TuneSearch, keyof FoldChoice>, true>);

/** Throws ParamsError for a budget that is none. */
export function checkSearch({ trials, seconds, concurrency, failures }: TuneSearch): void {
  for (const [name, value] of Object.entries({ trials, concurrency }))
    if (value !== undefined) checkInteger("tune", { [name]: value }, 1);
  if (seconds !== undefined) checkBetween("tune", { seconds }, 0, Infinity);
  if (failures !== undefined && failures !== Infinity) checkInteger("tune", { failures }, 1);
}
