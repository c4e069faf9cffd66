import * as ml from "assay";
import { type CompareModelsRequest, compareModelsRequest } from "../contract/selection.ts";
import { toMetricValue } from "../contract/values.ts";
import { datasetTable } from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";
import { type ActiveRun, changeRun, logMetrics } from "../tracking/index.ts";
import { boardOf, runOf, type TrackedLeaderboard, trackCandidate } from "./compare-runs.ts";
import { defineJobKind } from "./kinds.ts";
import { planTraining, type Training } from "./training.ts";

/** A comparison of models with everything decided. */
export interface ModelComparison {
  /** Dataset, columns, task and seed. */
  readonly training: Training;
  readonly experiment: string;
  readonly options: Omit<ml.CompareOptions, "target" | "features" | "signal" | "observer" | "onCandidate">;
}

/** A comparison of models elsewhere: a run for each, parts of the job's run. */
defineJobKind<CompareModelsRequest>({
  name: "compare",
  request: compareModelsRequest,
  plan: async (session, body) => {
    const { training } = await planComparison(session, body);
    return { request: { ...body, dataset_id: training.request.dataset_id }, run: runOf(training), memory: training.memory };
  },
  run: async (session, request, { runId, signal, log, progress }) => {
    const plan = await planComparison(session, request);
    const observer = { progress: ({ step, steps }: ml.Progress) => progress(step, steps) };
    const board = await runComparison(session, plan, runId!, { signal, observer, log });
    return boardOf(board);
  },
});

/** Checks a comparison before it begins: dataset, columns, models and metrics. Throws ParamsError or DataError naming the field. */
export async function planComparison(session: Session, body: CompareModelsRequest): Promise<ModelComparison> {
  const training = await planTraining(session, {
    dataset_id: body.dataset_id,
    target_column: body.target_column,
    feature_columns: body.feature_columns,
    task_type: body.task_type,
    group_column: body.group_column,
    time_column: body.time_column,
    random_seed: body.random_seed,
    algorithm: "dummy",
    cv_folds: body.cv,
  });
  const { task } = training;
  const metrics = naming("metrics", () => body.metrics?.map((name) => ml.metricByName(name, task).name));
  const metric = naming("metric", () => body.metric && ml.metricByName(body.metric, task).name);
  const models = naming("models", () =>
    typeof body.models === "string" ? body.models : body.models.map((model) => modelOf(model, task)),
  );
  return {
    training,
    experiment: body.experiment,
    options: {
      task,
      models,
      folds: body.cv,
      seed: body.random_seed,
      ...(metric && { metric }),
      ...(metrics && { metrics }),
      ...(body.repeats !== undefined && { repeats: body.repeats }),
      ...(body.stratified !== undefined && { stratified: body.stratified }),
      ...(body.group_column !== undefined && { group: body.group_column }),
      ...(body.time_column !== undefined && { time: body.time_column }),
      ...(body.timeout !== undefined && { seconds: body.timeout }),
      ...(body.candidate_timeout !== undefined && { candidateSeconds: body.candidate_timeout }),
    },
  };
}

/** How a comparison is followed. */
interface FollowOptions {
  readonly signal: AbortSignal | undefined;
  readonly observer: ml.Observer;
  log(message: string, level?: "info" | "warn"): void;
}

/**
 * Compares the models on the dataset's rows. Each that has ended is a run, a part of the parent: its parameters, its metrics of every fold (`cv`) and their
 * means (`cv_mean`), its error where it failed. An abort keeps the runs that are done.
 */
export async function runComparison(
  session: Session,
  { training, experiment, options }: ModelComparison,
  parentId: string,
  { signal, observer, log }: FollowOptions,
): Promise<TrackedLeaderboard> {
  const { request, features } = training;
  const target = request.target_column;
  const table = await datasetTable(session, request.dataset_id);
  const values = table.values(target);
  const known = table.take(Int32Array.from(values.keys()).filter((i) => values[i] !== null));
  if (known.rows < table.rows) log(`${table.rows - known.rows} rows have no ${target} and were left out`, "warn");
  const runs: Record<string, string> = Object.create(null);
  const board = await ml.compareModels(known, {
    ...options,
    target,
    features,
    observer,
    ...(signal && { signal }),
    async onCandidate(candidate) {
      if (signal?.aborted && !candidate.result) return; // it was not let finish
      runs[candidate.name] = await trackCandidate(session, training, experiment, parentId, candidate);
      log(`${candidate.name}: ${candidate.error ?? "done"}`, candidate.error === undefined ? "info" : "warn");
    },
  });
  signal?.throwIfAborted();
  for (const warning of board.warnings) log(warning, "warn");
  const best = board.rows.find(({ rank }) => rank === 1);
  if (best)
    await logMetrics(session, parentId, [
      { name: board.metric, split: "cv_mean", step: 0, value: toMetricValue(best.mean[board.metric]!) },
    ]);
  return Object.defineProperty(board, "runs", { value: { ...runs }, enumerable: true }) as TrackedLeaderboard;
}

/** Follows a comparison into the run that it is. */
export function intoRun(run: ActiveRun, signal: AbortSignal | undefined): FollowOptions {
  return {
    signal,
    observer: { progress: (event) => run.progress({ ...event, metrics: {} }) },
    log: (message, level = "info") => run[level](message),
  };
}

/** Describes the run of a comparison: dataset, columns, task, seed. */
export async function describeComparison(session: Session, runId: string, { training }: ModelComparison): Promise<void> {
  const { tags: _, ...said } = runOf(training);
  await changeRun(session, runId, said);
}

function modelOf(
  model: string | { readonly algorithm: string; readonly hyperparameters: Record<string, unknown> },
  task: ml.PredictTask,
) {
  if (typeof model !== "string") return ml.estimatorByName(model.algorithm, task, model.hyperparameters);
  ml.factoryByName(model, task);
  return model;
}

/** What a check throws, with the field of the request that it is about. */
function naming<T>(field: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw Object.assign(error as Error, { field });
  }
}
