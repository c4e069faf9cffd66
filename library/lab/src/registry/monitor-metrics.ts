import { DataError, type Label, metricFits, metricsFor, type PredictTask, shareInterval } from "assay";
import type { ModelPerformance } from "../contract/monitoring.ts";
import { toMetricValue } from "../contract/values.ts";

/** A row that was predicted and whose true value is known by now. */
export interface KnownRow {
  readonly predicted: Label;
  readonly actual: Label;
  /** By class, where the model gave probabilities. */
  readonly proba: readonly number[] | null;
}

type Metrics = ModelPerformance["metrics"];

const normal95 = 1.959_963_984_540_054;

/**
 * The usual metrics of known rows, with 95 % intervals where they have a closed form: accuracy by Wilson, MAE by the normal law of its mean, RMSE by the
 * delta method. Rows whose answer is of another type than the task's are left out. O(n).
 */
export function metricsOf(rows: readonly KnownRow[], task: PredictTask, classes: readonly Label[] | null): Metrics {
  if (rows.length === 0) return {};
  return task === "regression" ? numberMetricsOf(rows) : classMetricsOf(rows, classes ?? []);
}

function classMetricsOf(rows: readonly KnownRow[], classes: readonly Label[]): Metrics {
  const right = rows.filter(({ predicted, actual }) => predicted === actual).length;
  const { value, low, high } = shareInterval(right, rows.length);
  const known = rows.every(({ actual }) => classes.includes(actual)) && classes.length > 0;
  const proba =
    known && rows.every((row) => row.proba?.length === classes.length) ? rows.flatMap((row) => row.proba!) : undefined;
  const scored = {
    yTrue: rows.map((row) => row.actual),
    yPred: rows.map((row) => row.predicted),
    ...(known && { classes }),
    ...(proba && { proba }),
  };
  return { ...usualMetrics("classification", scored), accuracy: { value, low, high } };
}

function numberMetricsOf(all: readonly KnownRow[]): Metrics {
  const rows = all.filter(({ predicted, actual }) => Number.isFinite(predicted) && Number.isFinite(actual));
  if (rows.length === 0) return {};
  const errors = rows.map(({ predicted, actual }) => Number(predicted) - Number(actual));
  const mae = meanWithError(errors.map(Math.abs));
  const mse = meanWithError(errors.map((error) => error * error));
  const bias = meanWithError(errors);
  const rmse = Math.sqrt(mse.mean);
  const scored = { yTrue: rows.map(({ actual }) => actual), yPred: rows.map(({ predicted }) => predicted) };
  return {
    ...usualMetrics("regression", scored),
    mae: around(mae.mean, mae.error),
    rmse: around(rmse, rmse > 0 ? mse.error / (2 * rmse) : 0),
    bias: around(bias.mean, bias.error),
  };
}

function usualMetrics(task: "classification" | "regression", scored: Parameters<typeof metricFits>[1]): Metrics {
  const metrics: Metrics = {};
  for (const metric of metricsFor(task))
    if (metricFits(metric, scored))
      metrics[metric.name] = { value: toMetricValue(orNaN(() => metric.compute(scored))), low: null, high: null };
  return metrics;
}

/** Few rows may hold one class only, of which some metrics say nothing. */
function orNaN(compute: () => number): number {
  try {
    return compute();
  } catch (error) {
    if (error instanceof DataError) return Number.NaN;
    throw error;
  }
}

function meanWithError(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, error: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN };
}

function around(value: number, error: number): Metrics[string] {
  const reach = normal95 * error;
  return Number.isFinite(reach)
    ? { value: toMetricValue(value), low: value - reach, high: value + reach }
    : { value: toMetricValue(value), low: null, high: null };
}
