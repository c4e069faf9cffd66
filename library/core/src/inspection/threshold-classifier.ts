import { z } from "zod";
import type { ClassifierModel, FitContext, Fitted, Label, Spec } from "../base/contract.ts";
import { DataError, ParamsError, StoreError } from "../base/errors.ts";
import { assertModel, classifier } from "../base/estimator.ts";
import { importancesOf, modelOf } from "../base/model.ts";
import { estimatorParam } from "../base/params.ts";
import { definitionOf } from "../base/registry.ts";
import { fitSlices, hasProba, lastStep, probaSync } from "../base/run.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkFitted } from "../preprocessing/fitted-part.ts";

/** What a classifier with a threshold of its own learns: the classifier. */
export interface ThresholdState {
  readonly fitted: Fitted;
}

/** Parameters of `thresholdClassifier`. */
export interface ThresholdParams {
  readonly estimator: Spec;
  readonly threshold: number;
  readonly positive: number;
}

/**
 * A classifier of two classes that answers the positive one where its probability is at least `threshold`, in place of 0.5; the
 * probabilities stay as they are. `positive` is the place of that class, 0 or 1, in sorted order. Cost: that of its classifier.
 * Oracle: sklearn.model_selection.FixedThresholdClassifier.
 */
export const thresholdClassifier = classifier({
  name: "fixed_threshold",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: estimatorParam().refine(({ task }) => task === "classification", "must be a classifier"),
      threshold: z.number().min(0).max(1).default(0.5).meta({ title: "Threshold", search: "linear" }),
      positive: z.int().min(0).max(1).default(1).meta({ title: "Place of the positive class" }),
    }),
  fit: fit as never,
  predict: (x: Matrix, state: ThresholdState, { threshold, positive }: ThresholdParams): Float64Array => {
    const proba = probaSync(state.fitted, x);
    return Float64Array.from({ length: x.rows }, (_, i) =>
      proba.data[2 * i + positive]! >= threshold ? positive : 1 - positive,
    );
  },
  predictProba: (x: Matrix, { fitted }: ThresholdState): Matrix => probaSync(fitted, x),
  importances: ({ fitted }: ThresholdState) => importancesOf(definitionOf(fitted), fitted),
  check({ fitted }: ThresholdState, columns: number, classes?: number): void {
    checkFitted("fixed_threshold", fitted, columns);
    if (classes !== undefined && classes !== 2) throw new StoreError(`fixed_threshold: must have two classes, got ${classes}`);
    if (fitted.task !== "classification" || !hasProba(fitted))
      throw new StoreError("fixed_threshold: the part must be a classifier with probabilities");
  },
});

function* fit(x: Matrix, y: Float64Array, { estimator }: ThresholdParams, context: FitContext): Generator<void, ThresholdState> {
  if (context.classes !== 2) throw new DataError(`fixed_threshold.fit: needs two classes, got ${context.classes}`);
  return { fitted: yield* fitSlices(estimator, x, y, context) };
}

/**
 * The same model, but answering `positive` (default the second class) where its probability is at least the threshold: a model of its own,
 * which can be saved. Throws ParamsError for a threshold outside 0 … 1, DataError for a model of more than two classes or without probabilities.
 * @example
 * const { threshold } = ml.chooseThreshold(model, validation, { maximise: "f1" });
 * const careful = ml.withThreshold(model, threshold);
 * await ml.saveModel(careful, "careful.assay");
 */
export function withThreshold<P, S, L extends Label>(
  model: ClassifierModel<P, S, L>,
  threshold: number,
  { positive = model.classes[1] as L }: { readonly positive?: L } = {},
): ClassifierModel<unknown, ThresholdState, L> {
  assertModel("withThreshold", model);
  const own = unwrapThreshold(model) as ClassifierModel<P, S, L>;
  const place = checkBinary("withThreshold", own, positive);
  if (!(threshold >= 0 && threshold <= 1)) throw new ParamsError(`withThreshold: threshold must be 0 … 1, got ${threshold}`);
  const { task, name, params, columns, target, classes, state } = own;
  const spec = thresholdClassifier({ estimator: { task, name, params }, threshold, positive: place });
  const fitted: Fitted = { task, name, params, columns, classes, state };
  const whole: Fitted = { task, name: spec.name, params: spec.params, columns, target, classes, state: { fitted } };
  return modelOf(definitionOf(spec), whole) as ClassifierModel<unknown, ThresholdState, L>;
}

/** The model behind a threshold; any other model as it is. */
export function unwrapThreshold<M extends Fitted>(model: M): M {
  if (model.name !== "fixed_threshold") return model;
  const { fitted } = model.state as ThresholdState;
  return modelOf(definitionOf(fitted), { ...fitted, target: model.target, classes: model.classes, columns: model.columns }) as M;
}

/** Place of the positive class of a model of two classes. Throws DataError, and ParamsError for a class that it has not. */
export function checkBinary(who: string, model: Fitted, positive: Label | undefined): number {
  const { task, classes } = model;
  if (task !== "classification" || classes?.length !== 2)
    throw new DataError(`${who}: needs a classifier of two classes, got ${task} of ${classes?.length ?? 0} classes`);
  if (!hasProba(model)) throw new DataError(`${who}: ${lastStep(model).name} has no probabilities`);
  const place = classes.indexOf(positive!);
  if (place < 0)
    throw new ParamsError(`${who}: positive must be one of ${classes.map(String).join(", ")}, got ${JSON.stringify(positive)}`);
  return place;
}
