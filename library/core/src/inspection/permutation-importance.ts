import type { TableLike } from "../base/columns.ts";
import type { Fitted, Label, MatrixInput } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import { metricByName } from "../metrics/registry.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { mean, standardDeviation } from "../numeric/statistics.ts";
import { judge, metricOf, metricValue, type Truth } from "./judge.ts";
import {
  checkWhole,
  columnPlaces,
  type JudgedArrays,
  type JudgedColumns,
  type JudgedModel,
  readJudgedRows,
} from "./judged-rows.ts";
import { type AskOptions, askKeys, askOnThreads, defineQuestion, plainModel } from "./on-threads.ts";

/** How columns are permuted, and by what a model is judged. */
export interface PermutationOptions extends AskOptions {
  /** A metric of the model's task; default accuracy, R², or nDCG. */
  readonly metric?: MetricName;
  /** How often each column is permuted; default 5. */
  readonly repeats?: number;
  /** Default 42. */
  readonly seed?: number;
  /** The columns to permute, each by itself; default all of the model's. Columns in a list of their own are permuted together. */
  readonly features?: readonly (string | readonly string[])[];
}

/** What a model loses by one column, or by columns that are permuted together. */
export interface FeatureLoss {
  /** Name of the column; of several, with " + " between. */
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

/**
 * Permutation importance: how much worse a model's score gets on rows in which one column is put in random order. It asks any model, and
 * on rows that the model has not seen it tells what the model needs, where a forest's own importances tell what it used. A category is
 * permuted as one column; columns that stand in for each other share theirs, unless they are permuted together. Positive is a loss, also for
 * a metric where less is better. Rows: a table with the target among its columns, or x (n × d) and y (n); weights count in the metric.
 * Cost: d × repeats predictions of n rows, on all threads; the answer does not depend on how many. Throws ParamsError, ShapeError, and
 * DataError for a missing target. Source: Breiman (2001), Machine Learning 45(1), section 10.
 * Oracle: sklearn.inspection.permutation_importance.
 * @example
 * const needed = await ml.permutationImportance(model, test, { metric: "roc_auc", repeats: 10 });
 * await ml.permutationImportance(model, test, { features: ["age", ["height", "weight"]] });
 */
export async function permutationImportance(
  model: JudgedModel,
  table: TableLike,
  options?: PermutationOptions & JudgedColumns,
): Promise<PermutationImportance>;
export async function permutationImportance(
  model: JudgedModel,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: PermutationOptions & JudgedArrays,
): Promise<PermutationImportance>;
export async function permutationImportance(
  model: JudgedModel,
  data: TableLike | MatrixInput,
  second?: unknown,
  third?: unknown,
): Promise<PermutationImportance> {
  const who = "permutationImportance";
  const { rows, options } = readJudgedRows<PermutationOptions>(who, model, data, second, third, [
    ...askKeys,
    "metric",
    "repeats",
    "seed",
    "features",
  ]);
  const { repeats = 5, seed = 42 } = options;
  checkWhole(who, "repeats", repeats, 1);
  checkWhole(who, "seed", seed, 0);
  const metric = metricOf(who, model, options.metric);
  const features = (options.features ?? model.columns.map(({ name }) => name)).map((names) => [names].flat());
  if (features.some((names) => names.length === 0)) throw new ParamsError(`${who}: features must not hold an empty list`);
  const columns = features.map((names) => columnPlaces(who, model, names));
  const asked = plainModel(model);
  const shared: Permuted = {
    model: asked,
    metric: metric.name,
    x: rows.x,
    truth: truthOf(rows),
    features,
    columns,
    repeats,
    seed,
  };
  const [score, ...worse] = await askOnThreads<number>(
    "permutation importance",
    [model],
    shared,
    1 + columns.length * repeats,
    options,
  );
  const losses = features.map((names, f): FeatureLoss => {
    const values = worse
      .slice(f * repeats, (f + 1) * repeats)
      .map((value) => (metric.greaterIsBetter ? score! - value : value - score!));
    return { feature: names.join(" + "), mean: mean(values), sd: standardDeviation(values), values };
  });
  losses.sort((a, b) => b.mean - a.mean);
  return displayable("permutation-importance", { metric: metric.name, score: score!, repeats, features: losses });
}

function truthOf({ y, weights, groups }: Truth): Truth {
  return { y, weights, groups };
}

interface Permuted {
  readonly model: Fitted;
  readonly metric: string;
  readonly x: Matrix;
  readonly truth: Truth;
  /** Names of the columns that are permuted together. */
  readonly features: readonly (readonly string[])[];
  readonly columns: readonly (readonly number[])[];
  readonly repeats: number;
  readonly seed: number;
}

/** Piece 0 is the score of the rows as they are; the others one repeat of one feature. */
defineQuestion("permutation importance", ({ model, metric: name, x, truth, features, columns, repeats, seed }: Permuted) => {
  const metric = metricByName(name, model.task as "classification");
  const data = sharedFloat64(x.data.length);
  data.set(x.data);
  const moved: Matrix = { ...x, data };
  return (index: number): number => {
    if (index === 0) return metricValue(metric, model, judge(model, x), truth);
    const feature = Math.floor((index - 1) / repeats);
    const repeat = (index - 1) % repeats;
    const order = random(seed, `permutation/${features[feature]!.join("\0")}/${repeat}`).permutation(x.rows);
    const places = columns[feature]!;
    const copy = (from: (i: number) => number): void => {
      for (let i = 0; i < x.rows; i++) for (const j of places) data[i * x.columns + j] = x.data[from(i) * x.columns + j]!;
    };
    copy((i) => order[i]!);
    const score = metricValue(metric, model, judge(model, moved), truth);
    copy((i) => i);
    return score;
  };
});
