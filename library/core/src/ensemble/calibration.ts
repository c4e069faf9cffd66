import { z } from "zod";
import "./default-parts.ts";
import type { TableLike } from "../base/columns.ts";
import type { ClassifierModel, FitContext, Label, MatrixInput, Spec } from "../base/contract.ts";
import { DataError, ShapeError, StoreError } from "../base/errors.ts";
import { classifier } from "../base/estimator.ts";
import { isTable } from "../base/inputs.ts";
import { modelOf } from "../base/model.ts";
import { definitionOf } from "../base/registry.ts";
import { labelsOf } from "../base/targets.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { addCalibrated, type CalibrationMethod, type Calibrator, checkCalibrator, fitCalibrator } from "./calibrators.ts";
import { crossFit, foldsOf, outOfFold } from "./out-of-fold.ts";
import { positiveRows, refuseMissing, shareData, takeRows } from "./part-rows.ts";
import { checkParts, type PartState, partParam, partProba } from "./parts.ts";

/** What a calibrated classifier learns: classifiers, and how to put right what each says. */
export interface CalibratedState {
  readonly parts: readonly PartState[];
  /** One for each part; their answers are averaged. */
  readonly calibrators: readonly Calibrator[];
  readonly classes: number;
}

/**
 * A classifier whose probabilities agree with how often they come true. With `ensemble` the classifier is fitted on the training rows of
 * each fold and calibrated on its test rows, and all pairs are averaged; without, one calibration is learned from all out-of-fold
 * probabilities and put behind a classifier of all rows. It looks at probabilities, where scikit-learn takes a decision function if
 * there is one. Of several classes each is calibrated against the rest, then they are made to sum to 1. Fits: one a fold, without `ensemble` one more.
 * Source: Platt (1999); Zadrozny & Elkan (2002); Guo et al. (2017). Oracle: sklearn.calibration.CalibratedClassifierCV.
 */
export const calibratedClassifier = classifier({
  name: "calibrated",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: partParam("classification").prefault("random_forest").meta({ title: "Estimator" }),
      method: z
        .enum(["sigmoid", "isotonic", "temperature"])
        .default("sigmoid")
        .meta({ title: "Method", description: "isotonic needs about 1000 rows or more." }),
      folds: z.int().min(2).max(100).default(5).meta({ title: "Folds" }),
      ensemble: z.boolean().default(true).meta({ title: "Average the folds' classifiers" }),
    }),
  fit: (x, y, params, context) => fit(x, y, params, context),
  predictProba(x, { parts, calibrators, classes }: CalibratedState, { estimator }): Matrix {
    const data = sharedFloat64(x.rows * classes);
    for (const [p, part] of parts.entries()) addCalibrated(partProba(part, estimator, x, classes), calibrators[p]!, data);
    for (let i = 0; i < data.length; i++) data[i]! /= parts.length;
    return { rows: x.rows, columns: classes, data };
  },
  check({ parts, calibrators, classes }: CalibratedState, columns): void {
    checkParts("calibrated", parts, { task: "classification", classes, columns });
    if (!Array.isArray(calibrators) || calibrators.length !== parts.length)
      throw new StoreError("loadModel: the calibrated classifier must have a calibration for each part");
    for (const calibrator of calibrators) checkCalibrator(calibrator, classes);
  },
});

interface Params {
  readonly estimator: Spec;
  readonly method: CalibrationMethod;
  readonly folds: number;
  readonly ensemble: boolean;
}

function* fit(x: Matrix, y: Float64Array, params: Params, context: FitContext): Generator<void, CalibratedState> {
  const { estimator, method, ensemble } = params;
  const { classes } = context;
  refuseMissing([estimator], x);
  const data = positiveRows(shareData({ x, y, weights: context.weights }), context.checkpoint);
  const folds = foldsOf("calibrated.fit", data, classes, params.folds);
  const { whole, byFold } = yield* crossFit([estimator], data, folds, context, !ensemble);
  if (!ensemble) {
    const answers = outOfFold(byFold[0]!, estimator, data, folds, context);
    const proba = { rows: data.y.length, columns: classes, data: answers };
    return { parts: whole, calibrators: [fitCalibrator(method, proba, data.y, data.weights)], classes };
  }
  const calibrators = folds.map(({ test }, f) => {
    const tested = takeRows(data, test, context.checkpoint);
    return fitCalibrator(method, partProba(byFold[0]![f]!, estimator, tested.x, classes), tested.y, tested.weights);
  });
  return { parts: byFold[0]!, calibrators, classes };
}

/** How a fitted model is calibrated. */
export interface CalibrateOptions {
  /** Default sigmoid. */
  readonly method?: CalibrationMethod;
  /** Row weights ≥ 0 (n). */
  readonly weights?: ArrayLike<number>;
}

/**
 * A fitted classifier, calibrated on rows that it has not seen: a model of its own, which holds the classifier. The rows' labels may be
 * any of the classes. O(n k) beside the prediction. Throws DataError for a label that the model does not know.
 * Oracle: sklearn.calibration.CalibratedClassifierCV(FrozenEstimator(model)).
 *
 * @example
 * const model = await ml.randomForestClassifier().fit(train, { target: "class" });
 * const calibrated = ml.calibrateModel(model, test, { target: "class", method: "isotonic" });
 */
export function calibrateModel<L extends Label>(
  model: ClassifierModel<unknown, unknown, L>,
  table: TableLike,
  options: CalibrateOptions & { readonly target: string },
): ClassifierModel<unknown, CalibratedState, L>;
export function calibrateModel<L extends Label>(
  model: ClassifierModel<unknown, unknown, L>,
  x: MatrixInput,
  y: ArrayLike<L>,
  options?: CalibrateOptions,
): ClassifierModel<unknown, CalibratedState, L>;
export function calibrateModel(
  model: ClassifierModel,
  data: TableLike | MatrixInput,
  second: unknown,
  third?: unknown,
): ClassifierModel {
  const fromTable = isTable(data);
  const options = ((fromTable ? second : third) ?? {}) as CalibrateOptions & { readonly target: string };
  const labels = fromTable ? labelsOf(data.column(options.target)) : Array.from(second as ArrayLike<Label>);
  const proba = model.predictProba(data);
  if (labels.length !== proba.rows) throw new ShapeError(`calibrateModel: x has ${proba.rows} rows but y has ${labels.length}`);
  const codes = Float64Array.from(labels, (label) => model.classes.indexOf(label!));
  const unknown = codes.indexOf(-1);
  if (unknown >= 0)
    throw new DataError(
      `calibrateModel: the model knows the classes ${model.classes.join(", ")}, got ${String(labels[unknown])} in row ${unknown}`,
    );
  const { method = "sigmoid" } = options;
  const weights = options.weights && checkWeights("calibrateModel", options.weights, proba.rows);
  const classes = model.classes.length;
  const part = {
    name: model.name,
    state: model.state,
    columns: model.columns.length,
    classes: Int32Array.from({ length: classes }, (_, k) => k),
  };
  const spec = calibratedClassifier({
    estimator: { task: model.task, name: model.name, params: model.params },
    method,
    ensemble: false,
  });
  const calibrator = fitCalibrator(method, proba, codes, weights);
  const state: CalibratedState = { parts: [part], calibrators: [calibrator], classes };
  const { task, name, params } = spec;
  const { columns, target, classes: own } = model;
  return modelOf(definitionOf(spec), { task, name, params, columns, target, classes: own, state }) as ClassifierModel;
}

function checkWeights(who: string, weights: ArrayLike<number>, rows: number): Float64Array {
  if (weights.length !== rows) throw new ShapeError(`${who}: x has ${rows} rows but weights has ${weights.length}`);
  const bad = Array.from(weights).findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (bad >= 0) throw new DataError(`${who}: weights must be ≥ 0 and finite, got ${weights[bad]} in row ${bad}`);
  return Float64Array.from(weights);
}
