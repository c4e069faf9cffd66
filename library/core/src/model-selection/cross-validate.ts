import type { Classifier, FitOptions, Label, MatrixInput, Regressor, TableTask } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import type { Table } from "../data/table.ts";
import type { FoldChoice } from "./choose-folds.ts";
import { type ChosenMetrics, chooseMetrics, deviationsOf, type MetricChoice, meansOf, metricsOf } from "./chosen-metrics.ts";
import { type FoldAnswer, foldFitsOnPool } from "./fold-fits.ts";
import { type ArrayRows, readValidation, type ValidationRows } from "./validation-rows.ts";

/** How a model is scored over folds. */
export interface ValidationOptions extends FitOptions, FoldChoice {
  /** Metrics by name, or of one's own; default the usual ones of the task. */
  readonly metrics?: MetricChoice;
  /** Whether the training rows are scored too; default false. */
  readonly returnTrain?: boolean;
  /** Whether each row's prediction is kept; default true. */
  readonly outOfFold?: boolean;
  /** What becomes of a fold that fails: "raise" (default) ends all with its error, NaN gives the fold NaN and its message. */
  readonly errorScore?: "raise" | number;
}

/** How a model is cross-validated on a table. */
export interface CrossValidateOptions extends ValidationOptions, TableTask {}

/** How a model is cross-validated on arrays. */
export interface ArrayCrossValidateOptions extends ValidationOptions, ArrayRows {}

/** What one fold gave. */
export interface FoldScore {
  readonly metrics: Readonly<Record<string, number>>;
  /** The metrics on the rows that it learned from, where they were asked for. */
  readonly trainMetrics: Readonly<Record<string, number>> | null;
  readonly trainRows: number;
  readonly testRows: number;
  /** Time of the fit on the clock: on one thread, but for algorithms that take idle ones in the last round of folds. */
  readonly fitMs: number;
  readonly predictMs: number;
  /** Why the fold has no scores; null where it has. */
  readonly error: string | null;
}

/** Scores of a model over folds. */
export interface CrossValidation {
  readonly folds: readonly FoldScore[];
  /** Mean of each metric over the folds. */
  readonly mean: Readonly<Record<string, number>>;
  /** Standard deviation of each metric over the folds, divided by k − 1. */
  readonly sd: Readonly<Record<string, number>>;
  /** Prediction of each row by the first model that did not see it; null for rows that no fold tests. Empty where it was not asked for. */
  readonly outOfFold: readonly (Label | null)[];
  /** All labels of the target in sorted order (k), for a classifier; else null. */
  readonly classes: readonly Label[] | null;
  /** Class probabilities of each row (n × k, row-major, in the order of `classes`): NaN for rows that no fold tests, null where there are none. */
  readonly outOfFoldProba: Float64Array | null;
}

/**
 * Fits and scores an estimator on each fold. Fits and predictions run on worker threads, fold beside fold; the result does not depend on how many.
 * Folds are stratified by the target for classifiers, whole groups where `group` is given, in order where `time` is; metrics do not count
 * row weights. Throws ParamsError, ShapeError, DataError for folds that cannot be had and for the first fold that fails.
 * Oracle: sklearn.model_selection.cross_validate.
 *
 * @example
 * const scores = await ml.crossValidate(ml.ridge({ alpha: 2 }), train, { target: "price", folds: 10, metrics: ["rmse", "r2"] });
 * scores.mean["rmse"];
 */
export async function crossValidate(
  estimator: Classifier | Regressor,
  table: Table,
  options: CrossValidateOptions,
): Promise<CrossValidation>;
export async function crossValidate(
  estimator: Classifier | Regressor,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: ArrayCrossValidateOptions,
): Promise<CrossValidation>;
export async function crossValidate(
  estimator: Classifier | Regressor,
  data: Table | MatrixInput,
  second: unknown,
  third?: unknown,
): Promise<CrossValidation> {
  const rows = readValidation("crossValidate", estimator, data, second, third, scoreKeys);
  const options = ((Array.isArray(data) || "data" in data ? third : second) ?? {}) as ValidationOptions;
  return validateRows(estimator, rows, options);
}

/** Options of scores, beside those of every validation. */
const scoreKeys = ["metrics", "returnTrain", "outOfFold", "errorScore"];

/** Out-of-fold predictions alone: each row's answer by the model that did not see it. */
export interface CrossValPredictions extends Pick<CrossValidation, "classes"> {
  /** Predicted labels or numbers (n); null for rows that no fold tests. */
  readonly predicted: readonly (Label | null)[];
  /** Class probabilities (n × k, row-major): NaN for rows that no fold tests, null where there are none. */
  readonly proba: Float64Array | null;
}

/** What each row is predicted to be by the model that did not see it. As `crossValidate`. Oracle: sklearn.model_selection.cross_val_predict. */
export async function crossValPredict(
  estimator: Classifier | Regressor,
  table: Table,
  options: Omit<CrossValidateOptions, "metrics" | "returnTrain" | "outOfFold">,
): Promise<CrossValPredictions>;
export async function crossValPredict(
  estimator: Classifier | Regressor,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: Omit<ArrayCrossValidateOptions, "metrics" | "returnTrain" | "outOfFold">,
): Promise<CrossValPredictions>;
export async function crossValPredict(
  estimator: Classifier | Regressor,
  data: Table | MatrixInput,
  second: unknown,
  third?: unknown,
): Promise<CrossValPredictions> {
  const rows = readValidation("crossValPredict", estimator, data, second, third, ["errorScore"]);
  const options = ((Array.isArray(data) || "data" in data ? third : second) ?? {}) as ValidationOptions;
  const { outOfFold, outOfFoldProba, classes } = await validateRows(estimator, rows, {
    ...options,
    metrics: [],
    outOfFold: true,
  });
  return { predicted: outOfFold, proba: outOfFoldProba, classes };
}

/** Cross-validates on rows that are read and split already. */
async function validateRows(
  estimator: Classifier | Regressor,
  rows: ValidationRows,
  { metrics, returnTrain = false, outOfFold = true, errorScore = "raise" }: ValidationOptions,
): Promise<CrossValidation> {
  if (errorScore !== "raise" && typeof errorScore !== "number")
    throw new ParamsError(`crossValidate: errorScore must be "raise" or a number, got ${String(errorScore)}`);
  const chosen = chooseMetrics("crossValidate", metrics, estimator.task);
  const answers = await foldFitsOnPool(
    rows.input,
    {
      specs: [estimator],
      fits: rows.folds.map(({ train, test }, k) => ({ spec: 0, train, test, name: `fold ${k + 1}` })),
      metrics: chosen.named,
      onTrain: returnTrain,
      answers: outOfFold || chosen.own.length > 0,
      keepErrors: errorScore !== "raise",
    },
    rows.options,
  );
  const folds = answers.map((answer, k) => foldScore(answer, rows, k, chosen, returnTrain, errorScore));
  const names = chosen.all.map(({ name }) => name);
  const scored = folds.map((fold) => fold.metrics);
  return displayable("cross-validation", {
    folds,
    mean: meansOf(names, scored),
    sd: deviationsOf(names, scored),
    outOfFold: outOfFold ? predictionsOf(answers, rows) : [],
    classes: rows.classes,
    outOfFoldProba: outOfFold ? probabilitiesOf(answers, rows) : null,
  });
}

function foldScore(
  answer: FoldAnswer,
  { folds, truth, classes }: ValidationRows,
  k: number,
  chosen: ChosenMetrics,
  returnTrain: boolean,
  errorScore: "raise" | number,
): FoldScore {
  const { train, test } = folds[k]!;
  const { fitMs, predictMs, error } = answer;
  const failed = (): Record<string, number> => Object.fromEntries(chosen.all.map(({ name }) => [name, errorScore as number]));
  const tested = Array.from(chosen.own.length > 0 ? test : [], (i) => truth[i]!);
  return {
    metrics: error === null ? metricsOf(chosen, answer.scores, answer, tested, classes) : failed(),
    trainMetrics: returnTrain
      ? error === null
        ? Object.fromEntries(chosen.named.map((name, m) => [name, answer.trainScores[m]!]))
        : failed()
      : null,
    trainRows: train.length,
    testRows: test.length,
    fitMs,
    predictMs,
    error,
  };
}

function predictionsOf(answers: readonly FoldAnswer[], { rows, folds, classes }: ValidationRows): (Label | null)[] {
  const out = new Array<Label | null>(rows).fill(null);
  for (const [k, { predicted, error }] of answers.entries())
    if (error === null)
      for (const [at, i] of folds[k]!.test.entries()) out[i] ??= classes ? classes[predicted[at]!]! : predicted[at]!;
  return out;
}

function probabilitiesOf(answers: readonly FoldAnswer[], { rows, folds, classes }: ValidationRows): Float64Array | null {
  if (!classes || !answers.some(({ proba }) => proba.length > 0)) return null;
  const k = classes.length;
  const out = new Float64Array(rows * k).fill(Number.NaN);
  for (const [f, { proba }] of answers.entries())
    if (proba.length > 0)
      for (const [at, i] of folds[f]!.test.entries())
        if (Number.isNaN(out[i * k])) out.set(proba.subarray(at * k, (at + 1) * k), i * k);
  return out;
}
