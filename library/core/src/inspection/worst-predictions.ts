import type { TableLike } from "../base/columns.ts";
import type { Label, MatrixInput } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { cellOf } from "../data/column.ts";
import type { Cell } from "../data/table.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import { judge, type Verdict } from "./judge.ts";
import {
  checkWhole,
  type JudgedArrays,
  type JudgedColumns,
  type JudgedModel,
  type JudgedRows,
  readJudgedRows,
} from "./judged-rows.ts";
import { checkLoss, rowLosses } from "./row-losses.ts";

/** Which predictions are told, and what of their rows. */
export interface WorstOptions {
  /** Predictions at most; default 20. */
  readonly limit?: number;
  /** What makes them worst: log_loss, accuracy, brier; mae, mse. Default log_loss where there are probabilities, else accuracy; mae. */
  readonly metric?: MetricName;
  /** Columns of a table whose cells are told beside; default the model's first 12. */
  readonly columns?: readonly string[];
}

/** One prediction that went wrong. */
export interface WorstPrediction {
  /** Number of the row. */
  readonly row: number;
  readonly true: Label;
  readonly predicted: Label;
  /** Probability of the predicted class; null without probabilities and for numbers. */
  readonly confidence: number | null;
  /** Probability of the true class; null likewise. */
  readonly trueProbability: number | null;
  /** True − predicted, for numbers; else null. */
  readonly residual: number | null;
  readonly loss: number;
  /** Cells of the row by column; null where missing. */
  readonly cells: readonly (readonly [string, Cell])[];
}

/** The predictions of greatest loss: plain JSON. */
export interface WorstPredictions {
  readonly metric: string;
  readonly title: string;
  readonly rows: number;
  /** Greatest loss first; of equal losses in the order of the rows. */
  readonly predictions: readonly WorstPrediction[];
}

/**
 * The rows that a model got wrong most: where it was sure of another class, or furthest from the number. O(n log n) beside one prediction.
 * Throws DataError for unknown columns, ParamsError for a metric that is no mean over rows.
 * @example
 * ml.worstPredictions(model, test, { limit: 10, columns: ["age", "region"] });
 */
export function worstPredictions(model: JudgedModel, table: TableLike, options?: WorstOptions & JudgedColumns): WorstPredictions;
export function worstPredictions(
  model: JudgedModel,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: WorstOptions & JudgedArrays,
): WorstPredictions;
export function worstPredictions(
  model: JudgedModel,
  data: TableLike | MatrixInput,
  second?: unknown,
  third?: unknown,
): WorstPredictions {
  const who = "worstPredictions";
  const { rows, options } = readJudgedRows<WorstOptions>(who, model, data, second, third, ["limit", "metric", "columns"]);
  return displayable("worst-predictions", worstOf(who, model, rows, judge(model, rows.x), options));
}

/** The same of what a model has said already. */
export function worstOf(
  who: string,
  model: JudgedModel,
  rows: JudgedRows,
  verdict: Verdict,
  { limit = 20, metric: wanted, columns: names }: WorstOptions,
): WorstPredictions {
  checkWhole(who, "limit", limit, 1, 100_000);
  const { proba, predicted } = verdict;
  const usual = model.task !== "classification" ? "mae" : proba ? "log_loss" : "accuracy";
  const metric = checkLoss(who, model, wanted ?? usual, proba !== undefined);
  const { values, title } = rowLosses(metric, verdict, rows.y);
  const order = Int32Array.from(values.keys())
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .subarray(0, limit);
  const columns = rows.table ? shownColumns(who, rows.table, names, model) : [];
  const label = (value: number): Label => (model.task === "classification" ? model.classes[value]! : value);
  const predictions = Array.from(order, (row): WorstPrediction => {
    const [truth, answer] = [rows.y[row]!, predicted[row]!];
    return {
      row,
      true: label(truth),
      predicted: label(answer),
      confidence: proba ? proba.data[row * proba.columns + answer]! : null,
      trueProbability: proba ? proba.data[row * proba.columns + truth]! : null,
      residual: model.task === "classification" ? null : truth - answer,
      loss: values[row]!,
      cells: columns.map((name) => [name, cellOf(rows.table!.column(name), row)] as const),
    };
  });
  return { metric, title, rows: rows.y.length, predictions };
}

function shownColumns(
  who: string,
  table: TableLike,
  wanted: readonly string[] | undefined,
  model: JudgedModel,
): readonly string[] {
  const unknown = wanted?.find((name) => !table.names.includes(name));
  if (unknown !== undefined) throw new DataError(`${who}: no column "${unknown}"${suggest(unknown, table.names)}`);
  return wanted ?? model.columns.slice(0, 12).map(({ name }) => name);
}
