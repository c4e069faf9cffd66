import type { Label } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import { allMetrics, type Metric, metricByName, metricsFor } from "../metrics/registry.ts";
import type { FoldAnswer } from "./fold-fits.ts";

/** Metrics by name, or of one's own. */
export type MetricChoice = readonly (MetricName | Metric)[];

/** The metrics that were chosen: those of the library are computed where the folds are fitted, one's own here. */
export interface ChosenMetrics {
  readonly all: readonly Metric[];
  /** Names of the library's. */
  readonly named: readonly string[];
  readonly own: readonly Metric[];
}

/** Checks a choice of metrics; default the usual ones of the task. Throws ParamsError with the nearest name, for another task, or a name taken twice. */
export function chooseMetrics(
  who: string,
  choice: MetricChoice | undefined,
  task: "classification" | "regression",
): ChosenMetrics {
  const all = choice?.map((each) => (typeof each === "string" ? metricByName(each, task) : each)) ?? metricsFor(task);
  for (const [k, metric] of all.entries()) {
    if (metric.task !== task) throw new ParamsError(`${who}: metric ${metric.name} is of ${metric.task}, the task is ${task}`);
    if (all.findIndex(({ name }) => name === metric.name) !== k)
      throw new ParamsError(`${who}: metrics hold ${metric.name} twice`);
  }
  const isNamed = (metric: Metric): boolean => allMetrics(task).includes(metric);
  return { all, named: all.filter(isNamed).map(({ name }) => name), own: all.filter((metric) => !isNamed(metric)) };
}

/** A fold's metrics by name, in the order they were chosen. */
export function metricsOf(
  { all, named, own }: ChosenMetrics,
  scores: Float64Array,
  answer: Pick<FoldAnswer, "predicted" | "proba" | "error">,
  truth: readonly Label[],
  classes: readonly Label[] | null,
): Record<string, number> {
  const byName = new Map(named.map((name, m) => [name, scores[m]!]));
  const { predicted, proba, error } = answer;
  if (own.length > 0 && error === null) {
    const yPred = classes ? Array.from(predicted, (code) => classes[code]!) : Array.from(predicted);
    const scored = { yTrue: truth, yPred, ...(classes && { classes, proba: proba.length > 0 ? proba : undefined }) };
    for (const metric of own)
      byName.set(metric.name, metric.needsProba && proba.length === 0 ? Number.NaN : metric.compute(scored));
  }
  return Object.fromEntries(all.map(({ name }) => [name, byName.get(name) ?? Number.NaN]));
}

/** Mean over the folds, by metric. */
export function meansOf(names: readonly string[], folds: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, meanOf(folds.map((fold) => fold[name]!))]));
}

/** Standard deviation over the folds, divided by k − 1, by metric. */
export function deviationsOf(
  names: readonly string[],
  folds: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, deviationOf(folds.map((fold) => fold[name]!))]));
}

/** Arithmetic mean. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Standard deviation, divided by k − 1. */
export function deviationOf(values: readonly number[]): number {
  const centre = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / (values.length - 1));
}
