import * as ml from "assay";
import type {
  CrossValidateAnswer,
  CrossValidateRequest,
  LearningCurveAnswer,
  LearningCurveRequest,
} from "../contract/validation.ts";
import { toMetricValue } from "../contract/values.ts";
import { datasetTable } from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";
import { planTraining } from "./training.ts";

/** A model and the rows that it is scored on. */
interface Validation {
  readonly dataset: string;
  readonly task: ml.PredictTask;
  readonly estimator: ml.Classifier | ml.Regressor;
  /** The rows that have a target. */
  readonly table: ml.Table;
  readonly options: ml.CrossValidateOptions;
}

/**
 * Scores an algorithm on folds of a stored dataset; nothing is stored. Fits run on worker threads. Throws ParamsError or DataError naming the
 * field, and the signal's reason at an abort.
 */
export async function crossValidateDataset(
  session: Session,
  request: CrossValidateRequest,
  signal?: AbortSignal,
): Promise<Omit<CrossValidateAnswer, "status">> {
  const { dataset, task, estimator, table, options } = await planValidation(session, request, signal);
  const metrics = request.metrics?.map((name) => metricOf("metrics", name, task));
  const scores = await ml.crossValidate(estimator, table, {
    ...options,
    ...(metrics && { metrics }),
    ...(request.repeats !== undefined && { repeats: request.repeats }),
    outOfFold: request.out_of_fold,
  });
  return {
    dataset,
    task_type: task,
    preprocessing: stepsOf(estimator),
    metrics: Object.keys(scores.mean).map((name) => ({
      name,
      mean: toMetricValue(scores.mean[name]!),
      sd: toMetricValue(scores.sd[name]!),
      folds: scores.folds.map((fold) => toMetricValue(fold.metrics[name]!)),
    })),
    folds: scores.folds.map(({ trainRows, testRows, fitMs, predictMs }) => ({
      train_rows: trainRows,
      test_rows: testRows,
      fit_ms: fitMs,
      predict_ms: predictMs,
    })),
    out_of_fold: request.out_of_fold ? [...scores.outOfFold] : null,
  };
}

/** Scores of an algorithm on folds of a stored dataset as it learns from ever more rows; nothing is stored. Throws as `crossValidateDataset`. */
export async function learningCurveOfDataset(
  session: Session,
  request: LearningCurveRequest,
  signal?: AbortSignal,
): Promise<Omit<LearningCurveAnswer, "status">> {
  const { dataset, task, estimator, table, options } = await planValidation(session, request, signal);
  const curve = await ml.learningCurve(estimator, table, {
    ...options,
    ...(request.metric !== undefined && { metric: metricOf("metric", request.metric, task) }),
    ...(request.sizes && { sizes: request.sizes }),
  });
  const { data, layout } = ml.plotLearningCurve(curve);
  return {
    dataset,
    task_type: task,
    metric: curve.metric,
    greater_is_better: curve.greaterIsBetter,
    rows: [...curve.x],
    train_mean: curve.trainMean.map(toMetricValue),
    train_sd: curve.trainSd.map(toMetricValue),
    test_mean: curve.testMean.map(toMetricValue),
    test_sd: curve.testSd.map(toMetricValue),
    fit_ms: [...curve.fitMs],
    figure: JSON.parse(JSON.stringify({ data, layout })),
  };
}

async function planValidation(
  session: Session,
  { cv, ...request }: Omit<CrossValidateRequest, "metrics" | "out_of_fold" | "repeats">,
  signal: AbortSignal | undefined,
): Promise<Validation> {
  const { dataset_id, target_column, preprocessing, random_seed, stratified, group_column, time_column } = request;
  const { request: planned, task, features, estimator } = await planTraining(session, { ...request, dataset_id, cv_folds: cv });
  const whole = await datasetTable(session, planned.dataset_id);
  const values = whole.values(target_column);
  const table = whole.take(Int32Array.from(values.keys()).filter((i) => values[i] !== null));
  return {
    dataset: planned.dataset_id,
    task,
    estimator: preprocessing === "auto" ? ml.autoPreprocess(estimator, table, features) : estimator,
    table,
    options: {
      target: target_column,
      features,
      folds: cv,
      seed: random_seed,
      ...(stratified !== undefined && { stratified }),
      ...(group_column !== undefined && { group: group_column }),
      ...(time_column !== undefined && { time: time_column }),
      ...(signal && { signal }),
    },
  };
}

function metricOf(field: string, name: string, task: ml.PredictTask): string {
  try {
    return ml.metricByName(name, task).name;
  } catch (error) {
    throw Object.assign(error as Error, { field, value: name });
  }
}

/** The steps before the model, as `imputer → standardScaler`. */
function stepsOf({ name, params }: ml.Spec): string {
  if (name !== "pipeline") return "none";
  return (params["steps"] as readonly ml.Spec[])
    .slice(0, -1)
    .map((step) => step.name)
    .join(" → ");
}
