import type { Classifier, FitOptions, Label, PredictorModel, Regressor, TableTask } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError } from "../base/errors.ts";
import { labelsOf } from "../base/inputs.ts";
import { poolSize } from "../base/pool.ts";
import type { Table } from "../data/table.ts";
import { metricByName, metricsFor } from "../metrics/registry.ts";
import type { Matrix } from "../numeric/matrix.ts";
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
  /** All labels of the target in sorted order (k), for a classifier; else null. */
  readonly classes: readonly Label[] | null;
  /** Class probabilities of each row (n × k, row-major, in the order of `classes`): NaN for rows that no fold tests, null for a regressor. */
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
  const classes = estimator.task === "classification" ? sortedLabels(truth) : null;
  const outOfFold = new Array<Label | null>(table.rows).fill(null);
  const outOfFoldProba = classes && new Float64Array(table.rows * classes.length).fill(Number.NaN);
  const scores: FoldScore[] = [];
  const stop = new AbortController();
  const fitOptions = {
    ...tableTask(options),
    threads: 1,
    observer: {},
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  };
  const start = performance.now();
  let finished = 0;
  const runFold = async (index: number): Promise<void> => {
    const { train, test } = parts[index]!;
    const [known, tested] = [table.take(train), table.take(test)];
    const begin = performance.now();
    const model = (await estimator.fit(known, fitOptions)) as PredictorModel;
    const fitted = performance.now();
    const yPred = Array.from(model.predict(tested) as ArrayLike<Label>);
    const proba =
      classes && model.task === "classification" ? spread(model.predictProba(tested), model.classes, classes) : undefined;
    const predicted = performance.now();
    const scored = { yTrue: Array.from(test, (i) => truth[i]!), yPred, proba, classes: classes ?? undefined };
    scores[index] = {
      metrics: Object.fromEntries(wanted.map(({ name, compute }) => [name, compute(scored)])),
      trainRows: train.length,
      testRows: test.length,
      fitMs: fitted - begin,
      predictMs: predicted - fitted,
    };
    for (const [at, i] of test.entries()) {
      outOfFold[i] = yPred[at]!;
      if (proba && classes)
        outOfFoldProba!.set(proba.subarray(at * classes.length, (at + 1) * classes.length), i * classes.length);
    }
    options.observer?.progress?.({ step: ++finished, steps: parts.length, metrics: {}, elapsedMs: performance.now() - start });
  };
  await inParallel(parts.length, Math.min(options.threads ?? poolSize(), poolSize()), runFold, stop);
  const over = (of: (values: readonly number[]) => number): Record<string, number> =>
    Object.fromEntries(wanted.map(({ name }) => [name, of(scores.map((score) => score.metrics[name]!))]));
  return displayable("cross-validation", {
    folds: scores,
    mean: over(meanOf),
    sd: over(sdOf),
    outOfFold,
    classes,
    outOfFoldProba,
  });
}

/** The target's labels or numbers, none missing. */
export function targetOf(table: Table, target: string): readonly Label[] {
  const labels = labelsOf(table.column(target));
  const at = labels.indexOf(null);
  if (at >= 0) throw new DataError(`crossValidate: target "${target}" is missing in row ${at}; drop the rows without a target`);
  return labels as readonly Label[];
}

/** The columns' parts of the options, without the keys that are not given. */
function tableTask({ target, features, weight, group, time }: TableTask): TableTask {
  return {
    target,
    ...(features && { features }),
    ...(weight !== undefined && { weight }),
    ...(group !== undefined && { group }),
    ...(time !== undefined && { time }),
  };
}

/** Different labels in the order of a model's `classes`. */
function sortedLabels(labels: readonly Label[]): Label[] {
  return [...new Set(labels)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A model's probabilities in columns for all classes; a class that its fold did not hold has 0. */
function spread({ rows, data }: Matrix, from: readonly Label[], to: readonly Label[]): Float64Array {
  const out = new Float64Array(rows * to.length);
  for (const [k, label] of from.entries()) {
    const at = to.indexOf(label);
    for (let i = 0; i < rows; i++) out[i * to.length + at] = data[i * from.length + k]!;
  }
  return out;
}

/** Runs pieces 0 … count − 1, so many at once; the first failure aborts the others and is thrown once all have ended. */
async function inParallel(
  count: number,
  width: number,
  run: (index: number) => Promise<void>,
  stop: AbortController,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (next < count && failures.length === 0)
      await run(next++).catch((error) => {
        failures.push(error);
        stop.abort();
      });
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, count)) }, lane));
  if (failures.length > 0) throw failures[0];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function sdOf(values: readonly number[]): number {
  const centre = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / (values.length - 1));
}
