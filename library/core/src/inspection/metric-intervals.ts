import type { TableLike } from "../base/columns.ts";
import type { Label, MatrixInput } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { hasProba } from "../base/run.ts";
import type { BootstrapOptions } from "../metrics/bootstrap.ts";
import { bootstrapDifference, bootstrapInterval, type MetricInterval } from "../metrics/bootstrap-interval.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import { type Metric, metricByName, metricsFor } from "../metrics/registry.ts";
import { judge, metricOf, metricValue, type Truth, type Verdict } from "./judge.ts";
import { type JudgedArrays, type JudgedColumns, type JudgedModel, readJudgedRows } from "./judged-rows.ts";
import { type AskOptions, askKeys, askOnThreads, defineQuestion } from "./on-threads.ts";

/** How intervals are drawn. */
export interface IntervalOptions extends AskOptions {
  /** Metrics by name; default the usual ones of the task. */
  readonly metrics?: readonly MetricName[];
  /** How often the rows are drawn anew; default 1000. */
  readonly resamples?: number;
  /** Share of intervals that hold the true value; default 0.95. */
  readonly confidence?: number;
  /** Default bca, corrected for bias and skew. */
  readonly method?: "bca" | "percentile" | "basic";
  /** Whether each class is drawn by itself, so that its number of rows stays; default false. */
  readonly stratified?: boolean;
  /** Default 42. */
  readonly seed?: number;
}

/** Names of the options. */
export const intervalKeys = [...askKeys, "metrics", "resamples", "confidence", "method", "stratified", "seed"];

/**
 * Metrics of a model with their confidence intervals: where they would lie if rows like these were drawn anew. Whole groups are drawn where
 * there are groups (`group`). One prediction, then O(resamples · n) a metric, on all threads. Metrics that are not defined on the rows are
 * left out. Source: Efron (1987), JASA 82(397).
 * @example
 * const intervals = await ml.metricIntervals(model, test, { metrics: ["roc_auc", "f1_macro"] });
 */
export async function metricIntervals(
  model: JudgedModel,
  table: TableLike,
  options?: IntervalOptions & JudgedColumns,
): Promise<MetricInterval[]>;
export async function metricIntervals(
  model: JudgedModel,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: IntervalOptions & JudgedArrays,
): Promise<MetricInterval[]>;
export async function metricIntervals(
  model: JudgedModel,
  data: TableLike | MatrixInput,
  second?: unknown,
  third?: unknown,
): Promise<MetricInterval[]> {
  const who = "metricIntervals";
  const { rows, options } = readJudgedRows<IntervalOptions>(who, model, data, second, third, intervalKeys);
  const wanted = options.metrics?.map((name) => metricOf(who, model, name)) ?? usualMetrics(model);
  return intervalsOf(who, model, judge(model, rows.x), rows, wanted, options);
}

/** The usual metrics of a model's task, without those that need probabilities where it has none. */
export function usualMetrics(model: JudgedModel): readonly Metric[] {
  return metricsFor(model.task).filter(({ needsProba }) => !needsProba || hasProba(model));
}

/** The same of what a model has said already. */
export async function intervalsOf(
  who: string,
  model: JudgedModel,
  verdict: Verdict,
  truth: Truth,
  metrics: readonly Metric[],
  options: IntervalOptions,
): Promise<MetricInterval[]> {
  const defined = metrics.filter((metric) => Number.isFinite(metricValue(metric, model, verdict, truth)));
  return resampled(
    who,
    model,
    [verdict],
    truth,
    defined.map(({ name }) => name),
    options,
  );
}

/** Intervals of metrics of one verdict, or of the difference of two on the same resamples. */
export async function resampled(
  who: string,
  model: JudgedModel,
  verdicts: readonly Verdict[],
  truth: Truth,
  metrics: readonly string[],
  { resamples, confidence, method, stratified = false, seed, ...ask }: IntervalOptions,
): Promise<MetricInterval[]> {
  if (stratified && truth.groups) throw new DataError(`${who}: rows are drawn either by class or by group, got both`);
  const { y, weights, groups } = truth;
  const settings = { resamples, confidence, method, seed };
  const task = model.task;
  const classes = model.classes?.map((_, k) => k);
  const shared: Resampled = { task, classes, verdicts, truth: { y, weights, groups }, metrics, stratified, settings };
  return askOnThreads<MetricInterval>("confidence intervals", [], shared, metrics.length, ask);
}

interface Resampled {
  readonly task: JudgedModel["task"];
  readonly classes: readonly number[] | undefined;
  /** One, or two whose difference is asked for. */
  readonly verdicts: readonly Verdict[];
  readonly truth: Truth;
  readonly metrics: readonly string[];
  readonly stratified: boolean;
  readonly settings: Pick<BootstrapOptions, "resamples" | "confidence" | "method" | "seed">;
}

defineQuestion("confidence intervals", ({ task, classes, verdicts, truth, metrics, stratified, settings }: Resampled) => {
  return (index: number): MetricInterval => {
    const metric = metricByName(metrics[index]!, task);
    const { y, weights, groups } = truth;
    const said = ({ predicted, proba }: Verdict): Float64Array => (metric.needsProba ? proba!.data : predicted);
    const options = { ...settings, classes, weights, groups, ...(stratified && { strata: y }) };
    const [a, b] = verdicts.map(said) as [Float64Array, Float64Array?];
    return b ? bootstrapDifference(metric, y, a, b, options) : bootstrapInterval(metric, y, a, options);
  };
});
