import { setImmediate } from "node:timers/promises";
import type { TableLike } from "../base/columns.ts";
import type { Label, MatrixInput, PredictorModel } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { assertModel } from "../base/estimator.ts";
import { isTable, labelsOf, readMatrix } from "../base/inputs.ts";
import { takeColumn } from "../data/column.ts";
import { type Metric, metricByName } from "../metrics/registry.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { mean, standardDeviation } from "../numeric/statistics.ts";

/** How columns are permuted, and by what a model is judged. */
export interface PermutationOptions {
  /** A metric of the model's task; default accuracy, or R². */
  readonly metric?: string;
  /** How often each column is permuted; default 5. */
  readonly repeats?: number;
  /** Default 42. */
  readonly seed?: number;
  /** The columns to permute; default all of the model's. */
  readonly features?: readonly string[];
  /** Ends the work between two predictions with an AbortError. */
  readonly signal?: AbortSignal;
}

/** What a model loses by one column. */
export interface FeatureLoss {
  readonly feature: string;
  /** Mean loss of score over the repeats, in units of the metric. */
  readonly mean: number;
  /** Standard deviation over the repeats (divided by their number, as numpy's). */
  readonly sd: number;
  /** Loss of each repeat. */
  readonly values: readonly number[];
}

/** What a model loses when one column at a time tells it nothing. */
export interface PermutationImportance {
  readonly metric: string;
  /** The metric on the rows as they are. */
  readonly score: number;
  readonly repeats: number;
  /** Largest mean first. */
  readonly features: readonly FeatureLoss[];
}

/** Rows that a model can be asked about, as they are or with one column in another order. */
interface Rows {
  readonly rows: number;
  readonly whole: TableLike | Matrix;
  permuted(column: number, order: Int32Array): TableLike | Matrix;
}

/**
 * Permutation importance: how much worse a model's score gets on rows in which one column is put in random order. It asks any model, and
 * on rows that the model has not seen it tells what the model needs, where a forest's own importances tell what it used. A category is
 * permuted as one column. Positive is a loss, also for a metric where less is better; columns that stand in for each other share theirs.
 * Rows: a table with the target among its columns, or x (n × d) and y (n). Cost: d × repeats predictions of n rows; the thread is let go
 * between them. Throws ParamsError, ShapeError, and DataError for a missing target.
 * Source: Breiman (2001), Machine Learning 45(1), section 10. Oracle: sklearn.inspection.permutation_importance.
 * @example
 * const needed = await ml.permutationImportance(model, test, { metric: "roc_auc", repeats: 10 });
 * ml.plotPermutationImportance(needed);
 */
export async function permutationImportance(
  model: PredictorModel,
  table: TableLike,
  options?: PermutationOptions & { readonly target?: string },
): Promise<PermutationImportance>;
export async function permutationImportance(
  model: PredictorModel,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: PermutationOptions,
): Promise<PermutationImportance>;
export async function permutationImportance(
  model: PredictorModel,
  data: TableLike | MatrixInput,
  second: unknown = {},
  third: PermutationOptions = {},
): Promise<PermutationImportance> {
  assertModel("permutationImportance", model);
  const onTable = isTable(data);
  const options = (onTable ? second : third) as PermutationOptions & { readonly target?: string };
  const { repeats = 5, seed = 42, signal } = options;
  atLeast("repeats", repeats, 1);
  atLeast("seed", seed, 0);
  const metric = metricByName(options.metric ?? (model.task === "classification" ? "accuracy" : "r2"), model.task);
  const rows = onTable ? rowsOfTable(model, data) : rowsOfMatrix(readMatrix("permutationImportance", data));
  const truth = onTable ? targetOf(data, options.target ?? model.target) : Array.from(second as ArrayLike<Label>);
  if (truth.length !== rows.rows)
    throw new ShapeError(`permutationImportance: x has ${rows.rows} rows but y has ${truth.length}`);
  const columns = columnsOf(model, options.features);
  const score = scoreOf(model, metric, rows.whole, truth);
  const features: FeatureLoss[] = [];
  for (const [feature, column] of columns) {
    const values: number[] = [];
    const draw = random(seed, `permutation/${feature}`);
    for (let repeat = 0; repeat < repeats; repeat++) {
      signal?.throwIfAborted();
      const worse = scoreOf(model, metric, rows.permuted(column, draw.permutation(rows.rows)), truth);
      values.push(metric.greaterIsBetter ? score - worse : worse - score);
      await setImmediate();
    }
    features.push({ feature, mean: mean(values), sd: standardDeviation(values), values });
  }
  features.sort((a, b) => b.mean - a.mean);
  return displayable("permutation-importance", { metric: metric.name, score, repeats, features });
}

function atLeast(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new ParamsError(`permutationImportance: ${name} must be a whole number ≥ ${least}, got ${value}`);
}

/** Names and numbers of the columns to permute. */
function columnsOf(model: PredictorModel, features: readonly string[] | undefined): (readonly [string, number])[] {
  const places = new Map(model.columns.map(({ name }, j) => [name, j]));
  return (features ?? [...places.keys()]).map((feature) => {
    const column = places.get(feature);
    if (column === undefined)
      throw new ParamsError(
        `permutationImportance: features must be columns of the model (${[...places.keys()].join(", ")}), got "${feature}"`,
      );
    return [feature, column] as const;
  });
}

function targetOf(table: TableLike, target: string | undefined): readonly Label[] {
  if (target === undefined)
    throw new ParamsError("permutationImportance: the model was fitted on arrays, so a table needs { target }");
  const labels = labelsOf(table.column(target));
  const missing = labels.indexOf(null);
  if (missing >= 0)
    throw new DataError(`permutationImportance: target "${target}" is missing in row ${missing}; drop the rows without a target`);
  return labels as readonly Label[];
}

function rowsOfTable(model: PredictorModel, table: TableLike): Rows {
  return {
    rows: table.rows,
    whole: table,
    permuted(column, order) {
      const permuted = model.columns[column]!.name;
      const moved = takeColumn(table.column(permuted), order);
      return { rows: table.rows, names: table.names, column: (name) => (name === permuted ? moved : table.column(name)) };
    },
  };
}

function rowsOfMatrix(x: Matrix): Rows {
  return {
    rows: x.rows,
    whole: x,
    permuted(column, order) {
      const data = sharedFloat64(x.data.length);
      data.set(x.data);
      for (let i = 0; i < x.rows; i++) data[i * x.columns + column] = x.data[order[i]! * x.columns + column]!;
      return { ...x, data };
    },
  };
}

function scoreOf(model: PredictorModel, metric: Metric, x: TableLike | Matrix, yTrue: readonly Label[]): number {
  if (model.task === "regression") return metric.compute({ yTrue, yPred: model.predict(x) });
  return metric.needsProba
    ? metric.compute({ yTrue, yPred: [], proba: model.predictProba(x).data, classes: model.classes })
    : metric.compute({ yTrue, yPred: model.predict(x) });
}
