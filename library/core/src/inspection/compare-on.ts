import type { TableLike } from "../base/columns.ts";
import type { Label } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import type { MetricInterval } from "../metrics/bootstrap-interval.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import { normalCdf } from "../numeric/normal.ts";
import { judge, metricOf, type Verdict } from "./judge.ts";
import { checkWhole, type JudgedColumns, type JudgedModel, readJudgedRows } from "./judged-rows.ts";
import { mcnemarP } from "./mcnemar.ts";
import { type IntervalOptions, intervalKeys, resampled } from "./metric-intervals.ts";
import { checkLoss, rowLosses, usualLoss } from "./row-losses.ts";

/** How two models are compared row by row. */
export interface CompareOnOptions extends Omit<IntervalOptions, "metrics">, JudgedColumns {
  /** A metric of the models' task; default accuracy, or R². */
  readonly metric?: MetricName;
  /** Rows that are told on which the models differ, at most; default 100. */
  readonly limit?: number;
}

/** A row on which two models differ. */
export interface Disagreement {
  readonly row: number;
  readonly true: Label;
  readonly a: Label;
  readonly b: Label;
  /** Loss of b − loss of a (log loss where there are probabilities): above 0 where a is better. */
  readonly gain: number;
}

/** Two models on the same rows: plain JSON. */
export interface PairComparison {
  readonly metric: string;
  readonly greaterIsBetter: boolean;
  readonly rows: number;
  readonly a: MetricInterval;
  readonly b: MetricInterval;
  /** a − b on the same resamples: what they have in common falls away. */
  readonly difference: MetricInterval;
  /** How likely a difference so far from 0 is where there is none: two-sided, by its standard error over the resamples. */
  readonly pValue: number;
  /** Of classifiers: rows that both got right, only one, none; and McNemar's exact test of the two in the middle. */
  readonly mcnemar: {
    readonly both: number;
    readonly onlyA: number;
    readonly onlyB: number;
    readonly neither: number;
    readonly pValue: number;
  } | null;
  /** How many rows the models answer differently. */
  readonly differing: number;
  /** Those where it matters most first. */
  readonly disagreements: readonly Disagreement[];
}

/**
 * Two models on the rows of one table: a metric of each with its interval, the difference on the same resamples (paired bootstrap), McNemar's
 * test for classifiers, and the rows on which they differ. O(resamples · n log n), on all threads. Throws ParamsError for models of different
 * tasks. Source: Dietterich (1998), Neural Computation 10(7).
 * @example
 * await ml.compareModelsOn(test, forest, boosting, { metric: "roc_auc" });
 */
export async function compareModelsOn(
  table: TableLike,
  a: JudgedModel,
  b: JudgedModel,
  options: CompareOnOptions = {},
): Promise<PairComparison> {
  const who = "compareModelsOn";
  const [first, second] = [a, b].map(
    (model) => readJudgedRows(who, model, table, options, undefined, [...intervalKeys, "metric", "limit"]).rows,
  ) as [Rows, Rows];
  if (a.task !== b.task) throw new ParamsError(`${who}: the models must have one task, got ${a.task} and ${b.task}`);
  if (JSON.stringify(a.classes) !== JSON.stringify(b.classes))
    throw new ParamsError(`${who}: the models must know the same classes, got ${String(a.classes)} and ${String(b.classes)}`);
  const { limit = 100 } = options;
  checkWhole(who, "limit", limit, 0, 100_000);
  const metric = metricOf(who, a, options.metric);
  metricOf(who, b, metric.name);
  const sides = [
    { model: a, rows: first, verdict: judge(a, first.x) },
    { model: b, rows: second, verdict: judge(b, second.x) },
  ] as const;
  const verdicts = sides.map(({ verdict }) => verdict) as [Verdict, Verdict];
  const interval = async (of: readonly Verdict[]): Promise<MetricInterval> =>
    (await resampled(who, a, of, first, [metric.name], options))[0]!;
  const [ofA, ofB, difference] = await Promise.all([
    interval(verdicts.slice(0, 1)),
    interval(verdicts.slice(1)),
    interval(verdicts),
  ]);
  const lossesBy = (name: string): [Float64Array, Float64Array] =>
    sides.map(
      ({ model, rows, verdict }) => rowLosses(checkLoss(who, model, name, verdict.proba !== undefined), verdict, rows.y).values,
    ) as [Float64Array, Float64Array];
  const losses = lossesBy(usualLoss(a));
  const hasProba = verdicts.every(({ proba }) => proba !== undefined);
  const answers = sides.map(({ model, verdict }) => answersIn(model, verdict)) as [Label[], Label[]];
  const truths = answersIn(a, { predicted: first.y, proba: undefined });
  const told = disagreements(answers, truths, hasProba ? lossesBy("log_loss") : losses);
  const comparison: PairComparison = {
    metric: metric.name,
    greaterIsBetter: metric.greaterIsBetter,
    rows: first.y.length,
    a: ofA,
    b: ofB,
    difference,
    pValue: differenceP(difference),
    mcnemar: a.task === "classification" ? mcnemarOf(losses) : null,
    differing: told.length,
    disagreements: told.slice(0, limit),
  };
  return displayable("pair-comparison", comparison);
}

type Rows = ReturnType<typeof readJudgedRows>["rows"];

function answersIn(model: JudgedModel, { predicted }: Verdict): Label[] {
  return Array.from(predicted, (value) => (model.task === "classification" ? model.classes[value]! : value));
}

function differenceP({ value, standardError }: MetricInterval): number {
  if (value === 0) return 1;
  return standardError > 0 ? 2 * normalCdf(-Math.abs(value / standardError)) : 0;
}

function mcnemarOf([a, b]: readonly [Float64Array, Float64Array]): NonNullable<PairComparison["mcnemar"]> {
  let [both, onlyA, onlyB, neither] = [0, 0, 0, 0];
  for (const [i, loss] of a.entries()) {
    if (loss === 0 && b[i] === 0) both++;
    else if (loss === 0) onlyA++;
    else if (b[i] === 0) onlyB++;
    else neither++;
  }
  return { both, onlyA, onlyB, neither, pValue: mcnemarP(onlyA, onlyB) };
}

function disagreements(
  [a, b]: readonly [Label[], Label[]],
  truths: readonly Label[],
  [lossA, lossB]: readonly [Float64Array, Float64Array],
): Disagreement[] {
  const found = a.flatMap((answer, row) =>
    answer === b[row] ? [] : [{ row, true: truths[row]!, a: answer, b: b[row]!, gain: lossB[row]! - lossA[row]! }],
  );
  return found.sort((p, q) => Math.abs(q.gain) - Math.abs(p.gain) || p.row - q.row);
}
