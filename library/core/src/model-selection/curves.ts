import type { Classifier, Label, MatrixInput, Regressor } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { estimatorFromSpec } from "../base/estimator.ts";
import { isTable } from "../base/inputs.ts";
import { withParams } from "../base/with-params.ts";
import type { Table } from "../data/table.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import { metricByName } from "../metrics/registry.ts";
import { random } from "../numeric/random.ts";
import { deviationOf, meanOf } from "./chosen-metrics.ts";
import type { ArrayCrossValidateOptions, CrossValidateOptions } from "./cross-validate.ts";
import { type FoldFit, foldFitsOnPool } from "./fold-fits.ts";
import { readValidation, type ValidationRows } from "./validation-rows.ts";

type CurveOptions<O> = Omit<O, "metrics" | "returnTrain" | "outOfFold"> & {
  /** Default accuracy, or R². */
  readonly metric?: MetricName;
};

/** Which sizes a learning curve looks at. */
export interface LearningCurveOptions {
  /** Shares of the training rows (up to 1), or numbers of rows; default 0.1, 0.325, 0.55, 0.775, 1. */
  readonly sizes?: readonly number[];
  /** Whether the training rows are put in random order before the first of them are taken; default true. */
  readonly shuffled?: boolean;
}

/** Which parameter a validation curve changes. */
export interface ValidationCurveOptions {
  /** As `maxDepth`, or `ridge.alpha` for a step of a pipeline. */
  readonly param: string;
  readonly values: readonly unknown[];
}

/** Scores as the training rows grow, or as a parameter changes: g places, k folds. */
export interface Curve<V = number> {
  readonly kind: "learning" | "validation";
  readonly metric: string;
  readonly greaterIsBetter: boolean;
  /** What is on the x axis: "training rows", or the parameter. */
  readonly param: string;
  /** Numbers of training rows, or the parameter's values (g). */
  readonly x: readonly V[];
  /** Scores on the training rows (g × k). */
  readonly train: readonly (readonly number[])[];
  /** Scores on the test rows (g × k). */
  readonly test: readonly (readonly number[])[];
  /** Means over the folds (g). */
  readonly trainMean: readonly number[];
  readonly testMean: readonly number[];
  /** Standard deviations over the folds, divided by k − 1 (g). */
  readonly trainSd: readonly number[];
  readonly testSd: readonly number[];
  /** Mean time of a fit (g). */
  readonly fitMs: readonly number[];
}

/**
 * Scores of an estimator that learns from ever more rows: does it want more data (the curves still approach), or another model (they have met)? All
 * fits in parallel, |sizes| × folds of them. Throws ParamsError for sizes that no fold has. Oracle: sklearn.model_selection.learning_curve.
 *
 * @example
 * const curve = await ml.learningCurve(ml.randomForestClassifier(), train, { target: "species", sizes: [0.2, 0.5, 1] });
 * ml.plotLearningCurve(curve);
 */
export async function learningCurve(
  estimator: Classifier | Regressor,
  table: Table,
  options: CurveOptions<CrossValidateOptions> & LearningCurveOptions,
): Promise<Curve>;
export async function learningCurve(
  estimator: Classifier | Regressor,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: CurveOptions<ArrayCrossValidateOptions> & LearningCurveOptions,
): Promise<Curve>;
export async function learningCurve(
  estimator: Classifier | Regressor,
  data: Table | MatrixInput,
  second: unknown,
  third?: unknown,
): Promise<Curve> {
  const rows = readValidation("learningCurve", estimator, data, second, third, ["metric", "errorScore", "sizes", "shuffled"]);
  const options = ((isTable(data) ? second : third) ?? {}) as CurveOptions<CrossValidateOptions> & LearningCurveOptions;
  const { shuffled = true, seed } = options;
  const sizes = sizesOf(options.sizes ?? [0.1, 0.325, 0.55, 0.775, 1], Math.min(...rows.folds.map(({ train }) => train.length)));
  const orders = rows.folds.map(({ train }, f) => {
    const order = train.slice();
    if (shuffled) random(seed ?? 42, `learning-curve/${f}`).shuffle(order);
    return order;
  });
  const fits = sizes.flatMap((size) =>
    rows.folds.map(({ test }, f): FoldFit => {
      return { spec: 0, train: orders[f]!.slice(0, size).sort(), test, name: `fold ${f + 1}, ${size} rows` };
    }),
  );
  return curveOf("learning", "training rows", sizes, [estimator], fits, rows, options);
}

/**
 * Scores of an estimator as one of its parameters changes: where both curves are low it is too stiff, where they part it learns by heart. All fits in
 * parallel, |values| × folds of them. Throws ParamsError for a parameter that is not there or a value it cannot have.
 * Oracle: sklearn.model_selection.validation_curve.
 *
 * @example
 * await ml.validationCurve(ml.decisionTreeRegressor(), train, { target: "price", param: "maxDepth", values: [2, 4, 8, 16] });
 */
export async function validationCurve(
  estimator: Classifier | Regressor,
  table: Table,
  options: CurveOptions<CrossValidateOptions> & ValidationCurveOptions,
): Promise<Curve<unknown>>;
export async function validationCurve(
  estimator: Classifier | Regressor,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options: CurveOptions<ArrayCrossValidateOptions> & ValidationCurveOptions,
): Promise<Curve<unknown>>;
export async function validationCurve(
  estimator: Classifier | Regressor,
  data: Table | MatrixInput,
  second: unknown,
  third?: unknown,
): Promise<Curve<unknown>> {
  const rows = readValidation("validationCurve", estimator, data, second, third, ["metric", "errorScore", "param", "values"]);
  const options = ((isTable(data) ? second : third) ?? {}) as CurveOptions<CrossValidateOptions> & ValidationCurveOptions;
  const { param, values } = options;
  if (!Array.isArray(values) || values.length === 0)
    throw new ParamsError(`validationCurve: values must hold one value at least, got ${JSON.stringify(values)}`);
  const specs = values.map((value) => estimatorFromSpec<Classifier | Regressor>(withParams(estimator, { [param]: value })));
  const fits = specs.flatMap((_, spec) =>
    rows.folds.map(({ train, test }, f): FoldFit => ({ spec, train, test, name: `fold ${f + 1}` })),
  );
  return curveOf("validation", param, values, specs, fits, rows, options);
}

async function curveOf<V>(
  kind: Curve["kind"],
  param: string,
  places: readonly V[],
  specs: readonly (Classifier | Regressor)[],
  fits: readonly FoldFit[],
  rows: ValidationRows,
  { metric: name, errorScore = "raise" }: CurveOptions<CrossValidateOptions>,
): Promise<Curve<V>> {
  const { task } = specs[0]!;
  const metric = metricByName(name ?? (task === "classification" ? "accuracy" : "r2"), task);
  const questions = { specs, fits, metrics: [metric.name], onTrain: true, answers: false, keepErrors: errorScore !== "raise" };
  const answers = await foldFitsOnPool(rows.input, questions, rows.options);
  const k = rows.folds.length;
  const byPlace = places.map((_, p) => answers.slice(p * k, (p + 1) * k));
  const train = byPlace.map((own) => own.map(({ trainScores }) => trainScores[0]!));
  const test = byPlace.map((own) => own.map(({ scores }) => scores[0]!));
  return displayable("curve", {
    kind,
    metric: metric.name,
    greaterIsBetter: metric.greaterIsBetter,
    param,
    x: places,
    train,
    test,
    trainMean: train.map(meanOf),
    testMean: test.map(meanOf),
    trainSd: train.map(deviationOf),
    testSd: test.map(deviationOf),
    fitMs: byPlace.map((own) => meanOf(own.map(({ fitMs }) => fitMs))),
  });
}

/** Numbers of training rows, each once, ascending. */
function sizesOf(sizes: readonly number[], most: number): number[] {
  if (sizes.length === 0) throw new ParamsError("learningCurve: sizes must hold one size at least, got none");
  const areShares = sizes.every((size) => size <= 1);
  const rows = sizes.map((size) => {
    if (!(size > 0 && (areShares || Number.isInteger(size))))
      throw new ParamsError(`learningCurve: sizes must be shares of 0 to 1, or whole numbers of rows, got ${size}`);
    const count = areShares ? Math.max(1, Math.trunc(size * most)) : size;
    if (count > most)
      throw new DataError(`learningCurve: sizes must be at most the training rows of the smallest fold, ${most}, got ${size}`);
    return count;
  });
  return [...new Set(rows)].sort((a, b) => a - b);
}
