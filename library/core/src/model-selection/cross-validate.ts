import type { Classifier, FitOptions, Label, PredictorModel, Regressor, TableTask } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError } from "../base/errors.ts";
import { labelsOf } from "../base/inputs.ts";
import { poolSize } from "../base/pool.ts";
import type { Table } from "../data/table.ts";
import { metricByName, metricsFor } from "../metrics/registry.ts";
import { folds as foldsOf } from "../splits/split.ts";

/** How a model is cross-validated. */
export interface CrossValidateOptions extends TableTask, FitOptions {
  /** Default 5. */
  readonly folds?: number;
  /** Whether folds keep the classes' shares; default true for a classifier. */
  readonly stratified?: boolean;
  /** Metrics by name; default all of the task. */
  readonly metrics?: readonly string[];
  /** Default 42. */
  readonly seed?: number;
}

/** What one fold gave. */
export interface FoldScore {
  readonly metrics: Readonly<Record<string, number>>;
  readonly trainRows: number;
  readonly testRows: number;
  readonly fitMs: number;
  readonly predictMs: number;
}

/** Scores of a model over folds. */
export interface CrossValidation {
  readonly folds: readonly FoldScore[];
  /** Mean of each metric over the folds. */
  readonly mean: Readonly<Record<string, number>>;
  /** Standard deviation of each metric over the folds, divided by k − 1. */
  readonly sd: Readonly<Record<string, number>>;
  /** Prediction of each row by the model that did not see it; null for rows that no fold tests. */
  readonly outOfFold: readonly (Label | null)[];
  /** Class probabilities of each row (n × k, row-major), where the model has them. */
  readonly outOfFoldProba: Float64Array | null;
}

/**
 * Fits and scores an estimator on each fold. Folds run in parallel, each on one thread, and the result does not depend on how many.
 * Folds are stratified by the target for classifiers, whole groups where `group` is given, in order where `time` is.
 * Oracle: sklearn.model_selection.cross_validate.
 */
export async function crossValidate(
  estimator: Classifier | Regressor,
  table: Table,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  const {
    target,
    group,
    time,
    folds: k = 5,
    stratified = estimator.task === "classification",
    metrics,
    seed = 42,
    signal,
  } = options;
  const wanted = metrics?.map((name) => metricByName(name, estimator.task)) ?? metricsFor(estimator.task);
  const parts = foldsOf(table, { folds: k, seed, group, time, stratify: stratified && time === undefined ? target : undefined });
  const truth = targetOf(table, target);
  const outOfFold = new Array<Label | null>(table.rows).fill(null);
  let outOfFoldProba: Float64Array | null = null;
  const scores: FoldScore[] = [];
  let finished = 0;
  const runFold = async (index: number): Promise<void> => {
    const { train, test } = parts[index]!;
    const begin = performance.now();
    const { weight, features } = options;
    const task = {
      target,
      ...(features && { features }),
      ...(weight !== undefined && { weight }),
      ...(group !== undefined && { group }),
      ...(time !== undefined && { time }),
    };
    const model = (await estimator.fit(table.take(train), {
      ...task,
      ...(signal && { signal }),
      threads: 1,
      observer: {},
    })) as PredictorModel;
    const fitted = performance.now();
    const tested = table.take(test);
    const yPred = Array.from(model.predict(tested) as ArrayLike<Label>);
    const proba = model.task === "classification" ? model.predictProba(tested).data : undefined;
    const predicted = performance.now();
    const classes = model.task === "classification" ? model.classes : undefined;
    const yTrue = Array.from(test, (i) => truth[i]!);
    const values = wanted.map(({ name, compute }) => [name, compute({ yTrue, yPred, proba, classes })] as const);
    scores[index] = {
      metrics: Object.fromEntries(values),
      trainRows: train.length,
      testRows: test.length,
      fitMs: fitted - begin,
      predictMs: predicted - fitted,
    };
    if (proba && classes) outOfFoldProba ??= new Float64Array(table.rows * classes.length).fill(Number.NaN);
    for (const [at, i] of test.entries()) {
      outOfFold[i] = yPred[at]!;
      if (proba && classes)
        outOfFoldProba!.set(proba.subarray(at * classes.length, (at + 1) * classes.length), i * classes.length);
    }
    options.observer?.progress?.({ step: ++finished, steps: k, metrics: {}, elapsedMs: predicted - begin });
  };
  await inParallel(parts.length, Math.min(options.threads ?? poolSize(), poolSize()), runFold);
  const over = (of: (values: readonly number[]) => number): Record<string, number> =>
    Object.fromEntries(wanted.map(({ name }) => [name, of(scores.map((score) => score.metrics[name]!))]));
  return displayable("cross-validation", { folds: scores, mean: over(meanOf), sd: over(sdOf), outOfFold, outOfFoldProba });
}

/** The target's labels or numbers, none missing. */
export function targetOf(table: Table, target: string): readonly Label[] {
  const labels = labelsOf(table.column(target));
  const at = labels.indexOf(null);
  if (at >= 0) throw new DataError(`crossValidate: target "${target}" is missing in row ${at}; drop the rows without a target`);
  return labels as readonly Label[];
}

/** Runs pieces 0 … count − 1, so many at once; the first failure ends it. */
async function inParallel(count: number, width: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, count)) }, lane));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function sdOf(values: readonly number[]): number {
  const centre = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / (values.length - 1));
}
