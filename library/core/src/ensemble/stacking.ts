import { z } from "zod";
import "./default-parts.ts";
import type { FitContext, Importance, Spec } from "../base/contract.ts";
import { StoreError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { crossFit, foldsOf, outOfFold } from "./out-of-fold.ts";
import { positiveRows, refuseMissing, shareData } from "./part-rows.ts";
import { checkParts, fitPart, type PartState, partImportances, partParam, partPredict, partProba, partsParam } from "./parts.ts";

/** What stacking learns. */
export interface StackingState {
  /** The estimators, each fitted on all rows. */
  readonly parts: readonly PartState[];
  /** The estimator that learned from the answers of the others. */
  readonly final: PartState;
  /** Names of the columns that the final estimator sees. */
  readonly features: readonly string[];
  /** Number of classes; 0 for numbers. */
  readonly classes: number;
}

const shared = () => ({
  folds: z
    .int()
    .min(2)
    .max(100)
    .default(5)
    .meta({ title: "Folds", description: "The final estimator learns from answers of fits that did not see the row." }),
  passthrough: z
    .boolean()
    .default(false)
    .meta({ title: "Pass the columns on", description: "The final estimator sees the input columns beside the answers." }),
});

/**
 * Classifiers whose probabilities are the columns of a final classifier, which learns from out-of-fold answers: rows in order, classes
 * alike in each fold. All fits run side by side on all threads. Cost: (folds + 1) fits of each estimator, and one of the final.
 * Source: Wolpert (1992), Neural Networks 5(2). Oracle: sklearn.ensemble.StackingClassifier.
 */
export const stackingClassifier = classifier({
  name: "stacking",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimators: partsParam("classification", ["logistic_regression", "random_forest"]),
      finalEstimator: partParam("classification").prefault("logistic_regression").meta({ title: "Final estimator" }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fit(x, y, params, context),
  predictProba(x, state: StackingState, { estimators, finalEstimator, passthrough }): Matrix {
    return partProba(state.final, finalEstimator, answersOf(x, state, estimators, passthrough), state.classes);
  },
  importances: (state, { finalEstimator }) => importancesOfFinal(state, finalEstimator),
  check: (state: StackingState, columns) => checkStacking(state, "classification", columns),
});

/**
 * Regressors whose predictions are the columns of a final regressor, which learns from out-of-fold answers of folds in the rows' order.
 * All fits run side by side on all threads. Cost: (folds + 1) fits of each estimator, and one of the final.
 * Source: Wolpert (1992), Neural Networks 5(2). Oracle: sklearn.ensemble.StackingRegressor.
 */
export const stackingRegressor = regressor({
  name: "stacking",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimators: partsParam("regression", ["ridge", "random_forest"]),
      finalEstimator: partParam("regression").prefault("ridge").meta({ title: "Final estimator" }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fit(x, y, params, context),
  predict(x, state: StackingState, { estimators, finalEstimator, passthrough }): Float64Array {
    return partPredict(state.final, finalEstimator, answersOf(x, state, estimators, passthrough));
  },
  importances: (state, { finalEstimator }) => importancesOfFinal(state, finalEstimator),
  check: (state: StackingState, columns) => checkStacking(state, "regression", columns),
});

interface Params {
  readonly estimators: readonly Spec[];
  readonly finalEstimator: Spec;
  readonly folds: number;
  readonly passthrough: boolean;
}

function* fit(x: Matrix, y: Float64Array, params: Params, context: FitContext): Generator<void, StackingState> {
  const { estimators, finalEstimator, passthrough } = params;
  const { classes } = context;
  refuseMissing(passthrough ? [...estimators, finalEstimator] : estimators, x);
  const data = positiveRows(shareData({ x, y, weights: context.weights }), context.checkpoint);
  const folds = foldsOf("stacking.fit", data, classes, params.folds);
  const { whole, byFold } = yield* crossFit(estimators, data, folds, context);
  const answers = estimators.map((spec, s) => outOfFold(byFold[s]!, spec, data, folds, context));
  const features = featureNames(estimators, classes, passthrough ? data.x.names! : []);
  const beside = sideBySide(answers, data.x, classes, passthrough);
  const final = yield* fitPart(finalEstimator, { ...data, x: { ...beside, names: features } }, context);
  return { parts: whole, final, features, classes };
}

/** The answers of all estimators for new rows, as the final estimator sees them. */
function answersOf(
  x: Matrix,
  { parts, features, classes }: StackingState,
  estimators: readonly Spec[],
  passthrough: boolean,
): Matrix {
  const answers = parts.map((part, s) =>
    classes > 0 ? partProba(part, estimators[s]!, x, classes).data : partPredict(part, estimators[s]!, x),
  );
  return { ...sideBySide(answers, x, classes, passthrough), names: features };
}

/** Answers (n × k each, or n) as columns: of two classes only the second, whose probability says it all; then x itself if it passes. */
function sideBySide(answers: readonly Float64Array[], x: Matrix, classes: number, passthrough: boolean): Matrix {
  const [width, first] = layout(classes);
  const kept = width - first;
  const own = answers.length * kept;
  const columns = own + (passthrough ? x.columns : 0);
  const data = sharedFloat64(x.rows * columns);
  for (let i = 0; i < x.rows; i++) {
    const at = i * columns;
    for (const [s, answer] of answers.entries())
      for (let k = 0; k < kept; k++) data[at + s * kept + k] = answer[i * width + first + k]!;
    if (passthrough) data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), at + own);
  }
  const levels = passthrough && x.levels ? [...new Array<undefined>(own).fill(undefined), ...x.levels] : undefined;
  return { rows: x.rows, columns, data, levels };
}

/** Columns of an estimator's answer, and the first of them that is kept. */
function layout(classes: number): [number, number] {
  return [classes || 1, classes === 2 ? 1 : 0];
}

/** `ridge`, `ridge 2` for a second one; with the class's place where there are several. */
function featureNames(estimators: readonly Spec[], classes: number, passed: readonly string[]): string[] {
  const [width, first] = layout(classes);
  const names = estimators.flatMap(({ name }, s) => {
    const former = estimators.slice(0, s).filter((other) => other.name === name).length;
    const own = former > 0 ? `${name} ${former + 1}` : name;
    return width - first === 1 ? [own] : Array.from({ length: width }, (_, k) => `${own}, class ${k + 1}`);
  });
  return [...names, ...passed];
}

function importancesOfFinal({ final, features }: StackingState, finalEstimator: Spec): readonly Importance[] | undefined {
  const values = partImportances(final, finalEstimator);
  return values && features.map((feature, j) => ({ feature, importance: values[j]! }));
}

function checkStacking(
  { parts, final, features, classes }: StackingState,
  task: "classification" | "regression",
  columns: number,
): void {
  checkParts("stacking", parts, { task, classes, columns });
  if (!Array.isArray(features) || !features.every((name) => typeof name === "string"))
    throw new StoreError("loadModel: the stacking must name each column of its final estimator");
  checkParts("stacking", [final], { task, classes, columns: features.length });
}
