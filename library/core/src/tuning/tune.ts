import type { Classifier, Label, MatrixInput, Regressor } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { isTable } from "../base/inputs.ts";
import { poolSize } from "../base/pool.ts";
import type { Table } from "../data/table.ts";
import type { Metric } from "../metrics/registry.ts";
import { chooseMetrics } from "../model-selection/chosen-metrics.ts";
import { guessTask } from "../model-selection/compare-models.ts";
import { readValidation } from "../model-selection/validation-rows.ts";
import { autoPreprocess } from "../preprocessing/auto-preprocess.ts";
import { wrongOption } from "./check-options.ts";
import { checkSpace } from "./check-space.ts";
import { createStudy } from "./create-study.ts";
import { defaultSpace } from "./default-space.ts";
import type { Space } from "./distribution.ts";
import { gridSampler } from "./grid-sampler.ts";
import type { OptimizeOptions } from "./optimize.ts";
import { scoreTrial } from "./score-trial.ts";
import type { Direction } from "./storage.ts";
import type { Study } from "./study.ts";
import { tpe } from "./tpe-sampler.ts";
import { type Tunable, type Tuned, tunedOf } from "./tunable.ts";
import {
  type ArrayTuneOptions,
  checkSearch,
  type ParamsOf,
  searchKeys,
  type TunedStudy,
  type TuneOptions,
  type TuneSearch,
} from "./tune-options.ts";

type Predictor = Classifier | Regressor;

/**
 * Searches an estimator's parameters by cross-validation: every trial is fitted and scored on the same folds, and its mean counts. Each fold is
 * a step that the pruner may end the trial at, or each rung of a `resource`. Folds run side by side on all threads, which changes nothing in the
 * result; `concurrency` runs trials side by side too, which does.
 *
 * An abort ends it within 100 ms: with the study where a trial has completed, with an AbortError where none has. So do the `seconds`: the trial
 * under way is then recorded as failed. A study of the same name in the same storage goes on where it stopped. Throws ParamsError, DataError,
 * and the last error of 20 failed trials in a row.
 *
 * @example
 * const study = await ml.tune(ml.randomForestClassifier, train, { target: "kind", trials: 30, metric: "roc_auc", sampler: ml.tpe({ seed: 7 }) });
 * const forest = await study.estimator().fit(train, { target: "kind" });
 */
export async function tune<const S extends Space, E extends Predictor>(
  make: (params: ParamsOf<S>) => E,
  table: Table,
  options: TuneOptions & { readonly space: S },
): Promise<TunedStudy<E>>;
export async function tune<const S extends Space, E extends Predictor>(
  make: (params: ParamsOf<S>) => E,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options: ArrayTuneOptions & { readonly space: S },
): Promise<TunedStudy<E>>;
export async function tune<E extends Predictor>(
  tunable: E | ((params?: never) => E),
  table: Table,
  options: TuneOptions,
): Promise<TunedStudy<E>>;
export async function tune<E extends Predictor>(
  tunable: E | ((params?: never) => E),
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: ArrayTuneOptions,
): Promise<TunedStudy<E>>;
export async function tune<E extends Predictor = Classifier>(
  name: string,
  table: Table,
  options: TuneOptions,
): Promise<TunedStudy<E>>;
export async function tune<E extends Predictor = Classifier>(
  name: string,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: ArrayTuneOptions,
): Promise<TunedStudy<E>>;
export async function tune(tunable: Tunable, table: Table, options: TuneOptions): Promise<Study>;
export async function tune(tunable: unknown, data: Table | MatrixInput, second: unknown, third?: unknown): Promise<Study> {
  const onTable = isTable(data);
  const options = ((onTable ? second : third) ?? {}) as TuneSearch & TuneOptions;
  checkSearch(options);
  const task = options.task ?? (onTable ? guessTask(data as Table, options.target, "tune") : undefined);
  const space = options.space ?? defaultSpaceOf(tunable as Tunable, task);
  checkSpace("tune", space);
  const table = onTable ? (data as Table) : undefined;
  const tuned = prepared(tunedOf("tune", tunable as Tunable, firstOf(space), task), table, options);
  const rows = readValidation("tune", tuned.base, data, second, third, searchKeys);
  const goals = metricsAsked(options, tuned.base.task);
  const metrics = chooseMetrics("tune", [...goals, ...(options.metrics ?? [])], tuned.base.task);
  const { resource, concurrency = 1 } = options;
  if (resource !== undefined) checkResource(resource, tuned, space);
  const study = await openStudy(tuned, space, metrics.all.slice(0, goals.length), options);
  if (options.earlier) await takeTrials(study, options.earlier, space, tuned);
  const threads = Math.max(1, Math.floor(Math.min(options.threads ?? poolSize(), poolSize()) / concurrency));
  try {
    const scoring = { tuned, rows, metrics, goals: goals.length, threads, resource };
    await study.optimize((trial, timeUp) => scoreTrial(trial, { ...scoring, timeUp }), budgetOf(study, space, options));
  } catch (error) {
    const isAbort = (error as Error).name === "AbortError";
    if (!isAbort || !study.trials.some(({ state }) => state === "completed")) throw error;
  }
  return study;
}

/** Where to search when nobody says so; what is no tunable is told of with that. */
function defaultSpaceOf(tunable: Tunable, task: "classification" | "regression" | undefined): Space {
  tunedOf("tune", tunable, {}, task);
  return defaultSpace(tunable as string, task);
}

/** Throws ParamsError for a resource that is no whole number of the estimator's. */
function checkResource(resource: string, { own }: Tuned, space: Space): void {
  const isSearched = Object.hasOwn(space, resource) && space[resource]!.type === "int";
  if (!isSearched && !Number.isSafeInteger(own(resource)))
    throw wrongOption("tune", "resource", "must be a parameter that holds a whole number", resource);
}

function budgetOf(study: Study, space: Space, options: TuneSearch & TuneOptions): OptimizeOptions {
  const { signal, observer, seconds, concurrency = 1, failures, onTrial, resume, trials, reuseDuplicates = true } = options;
  const total = trials ?? study.sampler.size ?? (seconds === undefined ? 50 : undefined);
  return {
    space,
    duplicates: reuseDuplicates ? "reuse" : "run",
    concurrency,
    ...(total !== undefined && { total }),
    ...(seconds !== undefined && { seconds }),
    ...(failures !== undefined && { failures }),
    ...(resume !== undefined && { resume }),
    ...(signal && { signal }),
    ...(observer && { observer }),
    ...(onTrial && { onTrial }),
  };
}

function metricsAsked({ metric }: TuneSearch, task: "classification" | "regression"): readonly (string | Metric)[] {
  const asked = metric ?? (task === "classification" ? "accuracy" : "r2");
  const list = Array.isArray(asked) ? asked : [asked];
  if (list.length === 0) throw wrongOption("tune", "metric", "must name at least one metric", metric);
  return list;
}

/** The steps that the columns need before the estimator, where they are wanted. */
function prepared(
  { base, make, own }: Tuned,
  table: Table | undefined,
  { preprocess, target, features, weight, group, time }: TuneOptions,
): Tuned {
  if (!preprocess) return { base, make, own };
  if (!table) throw new ParamsError("tune: preprocess needs a table; put the steps into a pipeline");
  const columns = features ?? table.names.filter((name) => ![target, weight, group, time].includes(name));
  const ready = <E extends Classifier | Regressor>(estimator: E): E =>
    autoPreprocess(estimator, table, columns, preprocess === true ? {} : preprocess);
  return { base: ready(base), make: (params) => ready(make(params)), own };
}

/** A value for every parameter that applies without a choice made: to find names that the estimator has not. */
function firstOf(space: Space): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    Object.entries(space)
      .filter(([, { when }]) => !when)
      .map(([name, entry]) => [name, entry.type === "categorical" ? entry.choices[0]! : entry.low]),
  );
}

async function openStudy(
  { base }: Tuned,
  space: Space,
  goals: readonly Metric[],
  { sampler, pruner, storage, name, attributes }: TuneSearch,
): Promise<Study> {
  const directions = goals.map(({ greaterIsBetter }): Direction => (greaterIsBetter ? "maximize" : "minimize"));
  const { task, name: algorithm, params } = base;
  const grid = sampler === "grid" || sampler === "grid_search" ? gridSampler({ space }) : sampler;
  return createStudy({
    directions,
    space,
    sampler: grid ?? tpe(),
    ...(pruner !== undefined && { pruner }),
    ...(storage && { storage }),
    name: name ?? (storage ? `${algorithm}-${crypto.randomUUID().slice(0, 8)}` : algorithm),
    attributes: {
      estimator: JSON.parse(JSON.stringify({ task, name: algorithm, params })),
      metrics: goals.map(({ name: metric }) => metric),
      ...attributes,
    },
  });
}

/** Completed trials of another study whose parameters are of this space, into a study that has none yet. */
async function takeTrials(study: Study, earlier: Study, space: Space, { make }: Tuned): Promise<void> {
  if (study.trials.length > 0) return;
  if (earlier.directions.join() !== study.directions.join())
    throw new ParamsError(
      `tune: earlier must have the directions ${study.directions.join(", ")}, got ${earlier.directions.join(", ")}`,
    );
  const trials = earlier.trialsOf(space).map((trial) => {
    const estimator = JSON.parse(JSON.stringify(make(trial.params ?? {})));
    return { ...trial, attributes: { ...trial.attributes, estimator } };
  });
  await study.addTrials(trials);
}
