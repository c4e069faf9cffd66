import type { TableLike } from "../base/columns.ts";
import type { FitOptions, Label, MatrixInput } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import type { MetricInterval } from "../metrics/bootstrap-interval.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import type { Metric } from "../metrics/registry.ts";
import { metricFits } from "../metrics/registry.ts";
import { drawnTree } from "./drawn-tree.ts";
import { errorSlices, type SliceOptions } from "./error-slices.ts";
import { evaluateClassifier } from "./evaluate-classifier.ts";
import { evaluateRanker } from "./evaluate-ranker.ts";
import { evaluateRegressor } from "./evaluate-regressor.ts";
import type { Evaluation, TaskEvaluation } from "./evaluation.ts";
import { evaluationFigures } from "./evaluation-figures.ts";
import { judge, metricOf, metricValue, type Verdict } from "./judge.ts";
import { type JudgedArrays, type JudgedColumns, type JudgedModel, type JudgedRows, readJudgedRows } from "./judged-rows.ts";
import { type IntervalOptions, intervalsOf, usualMetrics } from "./metric-intervals.ts";
import { askKeys } from "./on-threads.ts";
import { type PermutationOptions, permutationImportance } from "./permutation-importance.ts";
import { sourceImportances } from "./source-columns.ts";
import { worstOf } from "./worst-predictions.ts";

/** What an evaluation tells. */
export interface EvaluateOptions {
  /** Metrics by name; default the usual ones of the task. */
  readonly metrics?: readonly MetricName[] | undefined;
}

/** What an evaluation tells that takes longer: it then comes as a promise, and can be ended. */
export interface LongOptions extends Pick<FitOptions, "signal" | "observer" | "threads"> {
  /** Confidence intervals of the metrics. */
  readonly intervals?: boolean | Omit<IntervalOptions, "metrics" | "signal" | "observer" | "threads">;
  /** What the model loses by each column. */
  readonly permutation?: boolean | Omit<PermutationOptions, "signal" | "observer" | "threads">;
  /** Slices of the table with more errors than the rest; needs a table. */
  readonly slices?: boolean | Omit<SliceOptions, "signal" | "observer" | "threads" | keyof JudgedColumns>;
}

/** Options by which an evaluation becomes a promise. */
export type AskedFor =
  | { readonly intervals: NonNullable<LongOptions["intervals"]> }
  | { readonly permutation: NonNullable<LongOptions["permutation"]> }
  | { readonly slices: NonNullable<LongOptions["slices"]> };

/**
 * How a model does on rows with a known target, as one value: every metric of its task, and for a classifier the report by class, the confusion
 * matrix, ROC and precision–recall curves, calibration, scores and thresholds; for a regressor the residuals; for a ranker its queries (name
 * them by `group`); for all the worst rows and the model's own importances. Rows: a table, or x (n × d) and y (n); row weights count
 * everywhere. With `intervals`, `permutation` or `slices` it takes longer, and is a promise. Plain data: it prints, posts and stores as JSON, and a
 * notebook draws it. O(k n log n) beside one prediction. Rows without a target are refused; so is a label that the model never learnt.
 * @example
 * ml.evaluate(model, test);
 * await ml.evaluate(model, test, { intervals: true, permutation: { repeats: 10 }, slices: { depth: 2 } });
 */
export function evaluate(
  model: JudgedModel,
  table: TableLike,
  options: EvaluateOptions & JudgedColumns & LongOptions & AskedFor,
): Promise<Evaluation>;
export function evaluate(model: JudgedModel, table: TableLike, options?: EvaluateOptions & JudgedColumns): Evaluation;
export function evaluate(
  model: JudgedModel,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options: EvaluateOptions & JudgedArrays & LongOptions & AskedFor,
): Promise<Evaluation>;
export function evaluate(
  model: JudgedModel,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: EvaluateOptions & JudgedArrays,
): Evaluation;
export function evaluate(
  model: JudgedModel,
  data: TableLike | MatrixInput,
  second?: unknown,
  third?: unknown,
): Evaluation | Promise<Evaluation> {
  const read = readJudgedRows<EvaluateOptions & LongOptions & JudgedColumns>(
    "evaluate",
    model,
    data,
    second,
    third,
    evaluateKeys,
  );
  const { rows, options } = read;
  const verdict = judge(model, rows.x);
  const wanted = wantedMetrics(model, verdict, rows, options.metrics);
  const plain = evaluated(model, rows, verdict, wanted);
  if (!options.intervals && !options.permutation && !options.slices) return withFigures(plain);
  return evaluateLong(model, rows, verdict, wanted, plain, options, { data, second, third });
}

/** Metrics of a model on rows by name: `evaluate` without report and figures. */
export function score(
  model: JudgedModel,
  table: TableLike,
  options: EvaluateOptions & JudgedColumns = {},
): Readonly<Record<string, number>> {
  const { rows } = readJudgedRows("score", model, table, options, undefined, ["metrics"]);
  const verdict = judge(model, rows.x);
  return valuesOf(wantedMetrics(model, verdict, rows, options.metrics), model, verdict, rows);
}

const evaluateKeys = ["metrics", "intervals", "permutation", "slices", ...askKeys];

type Plain = Omit<Evaluation, "figures">;

function wantedMetrics(
  model: JudgedModel,
  { predicted, proba }: Verdict,
  { y }: JudgedRows,
  names: readonly string[] | undefined,
): readonly Metric[] {
  if (names) return names.map((name) => metricOf("evaluate", model, name));
  const classes = model.classes?.map((_, k) => k);
  return usualMetrics(model).filter((metric) => metricFits(metric, { yTrue: y, yPred: predicted, proba: proba?.data, classes }));
}

function valuesOf(metrics: readonly Metric[], model: JudgedModel, verdict: Verdict, rows: JudgedRows): Record<string, number> {
  return Object.fromEntries(metrics.map((metric) => [metric.name, metricValue(metric, model, verdict, rows)]));
}

function evaluated(model: JudgedModel, rows: JudgedRows, verdict: Verdict, metrics: readonly Metric[]): Plain {
  const own = ofTask(model, verdict, rows);
  return {
    task: model.task,
    target: rows.target ?? model.target ?? "y",
    rows: rows.y.length,
    weighted: rows.weights !== undefined,
    metrics: valuesOf(metrics, model, verdict, rows),
    intervals: null,
    ...own,
    worst: worstOf("evaluate", model, rows, verdict, { limit: 10 }).predictions,
    importances: sourceImportances(model, rows.x),
    permutation: null,
    slices: null,
    tree: drawnTree(model),
  };
}

function ofTask(model: JudgedModel, verdict: Verdict, rows: JudgedRows): TaskEvaluation {
  switch (model.task) {
    case "classification":
      return evaluateClassifier(model, verdict, rows);
    case "regression":
      return evaluateRegressor(verdict, rows);
    case "ranking":
      return evaluateRanker(verdict, rows);
  }
}

/** The arguments as they were given, for the functions that read them again. */
interface Given {
  readonly data: TableLike | MatrixInput;
  readonly second: unknown;
  readonly third: unknown;
}

async function evaluateLong(
  model: JudgedModel,
  rows: JudgedRows,
  verdict: Verdict,
  metrics: readonly Metric[],
  plain: Plain,
  { intervals, permutation, slices, signal, observer, threads }: LongOptions,
  { data, second, third }: Given,
): Promise<Evaluation> {
  const ask = { ...(signal && { signal }), ...(observer && { observer }), ...(threads !== undefined && { threads }) };
  const also = <T extends object>(own: boolean | T): T => ({ ...(own === true ? {} : own), ...ask }) as T;
  const columns = rows.table ? (second as JudgedColumns) : {};
  const arrays = rows.table ? {} : (third as JudgedArrays);
  const roles = { target: columns.target, weight: columns.weight, group: columns.group };
  const notes = [...plain.notes];
  if (slices && !rows.table) notes.push("no slices: they are made of a table's columns");
  const found = {
    intervals: intervals ? byMetric(await intervalsOf("evaluate", model, verdict, rows, metrics, also(intervals))) : null,
    permutation: !permutation
      ? null
      : rows.table
        ? await permutationImportance(model, rows.table, { ...roles, ...also(permutation) })
        : await permutationImportance(model, data as MatrixInput, second as ArrayLike<Label>, {
            weights: arrays.weights,
            groups: arrays.groups,
            ...also(permutation),
          }),
    slices: slices && rows.table ? await errorSlices(model, rows.table, { ...roles, ...also(slices) }) : null,
  };
  return withFigures({ ...plain, ...found, notes });
}

function byMetric(intervals: readonly MetricInterval[]): Record<string, MetricInterval> {
  return Object.fromEntries(intervals.map((interval) => [interval.metric, interval]));
}

/** Figures are drawn when they are first looked at. */
function withFigures(plain: Plain): Evaluation {
  let figures: Evaluation["figures"] | undefined;
  const evaluation = Object.defineProperty({ ...plain }, "figures", {
    enumerable: true,
    get: () => {
      figures ??= evaluationFigures(plain);
      return figures;
    },
  }) as Evaluation;
  return displayable("evaluation", evaluation);
}
