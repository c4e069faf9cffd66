import type { TaskType } from "assay-lab/contract";
import type { NewExperiment, ParamsSchema } from "../routes";
import type { NewComparison, NewSearch } from "../study-routes";
import { defaultsOf } from "./params-form";
import { spaceOf } from "./range-draft";
import { stopsEarly } from "./stops-early";
import { type Draft, featuresOf, requestOf } from "./use-draft";

/** The hyperparameters that are not as the algorithm has them by itself. */
function chosenOf(values: Record<string, unknown>, schema: ParamsSchema | null): Record<string, unknown> {
  const usual = schema ? defaultsOf(schema) : {};
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name])),
  );
}

/** The request of the training that the draft stands for: a hyperparameter that is as the algorithm has it by itself is left to it. */
export function trainingRequestOf(draft: Draft, task: TaskType, schema: ParamsSchema | null): NewExperiment {
  const request = requestOf(draft, task);
  return { ...request, hyperparameters: chosenOf(request.hyperparameters, schema), ...stoppingOf(draft, schema) };
}

/** What the draft says of ending early, for an algorithm that can. */
function stoppingOf({ stopping, patience }: Draft, schema: ParamsSchema | null): Partial<NewExperiment> {
  if (stopping === "" || !stopsEarly(schema)) return {};
  const waits = stopping === "yes" && !Number.isNaN(patience);
  return { early_stopping: stopping === "yes", ...(waits ? { early_stopping_patience: patience } : {}) };
}

/** The request of the search that the draft stands for. */
export function searchRequestOf(draft: Draft, task: TaskType, schema: ParamsSchema | null): NewSearch {
  const { name, run_name, hyperparameters, cv_folds: _, ...training } = requestOf(draft, task);
  const { usual, ranges, sampler, pruner, trials, minutes, folds, metric, workers } = draft.search;
  const space = usual || !schema ? undefined : spaceOf(ranges, schema);
  const fixed = Object.entries(chosenOf(hyperparameters, schema)).filter(([key]) => !space || !Object.hasOwn(space, key));
  return {
    ...training,
    experiment: name,
    ...(run_name ? { run_name } : {}),
    hyperparameters: Object.fromEntries(fixed),
    ...stoppingOf(draft, schema),
    ...(space ? { space } : {}),
    sampler,
    ...(pruner === "nop" ? {} : { pruner }),
    ...(Number.isNaN(trials) ? {} : { n_trials: trials }),
    ...(Number.isNaN(minutes) ? {} : { timeout: minutes * 60 }),
    cv: folds,
    ...(metric ? { metric } : {}),
    workers,
  };
}

/** The request of the comparison that the draft stands for. */
export function comparisonRequestOf(draft: Draft, task: TaskType): NewComparison {
  const { models, names, folds, minutes, metric } = draft.comparison;
  return {
    dataset_id: draft.datasetId,
    target_column: draft.target,
    feature_columns: featuresOf(draft),
    task_type: task,
    models: models === "named" ? [...names] : models,
    cv: folds,
    ...(metric ? { metric } : {}),
    ...(Number.isNaN(minutes) ? {} : { timeout: minutes * 60 }),
    ...(task === "classification" ? { stratified: draft.stratified && draft.group === "" } : {}),
    ...(draft.group ? { group_column: draft.group } : {}),
    random_seed: draft.seed,
    experiment: draft.experiment.trim(),
    run_name: draft.runName.trim() || `leaderboard of ${draft.target}`,
  };
}
