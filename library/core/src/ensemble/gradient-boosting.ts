import { z } from "zod";
import { DataError, ParamsError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { softmaxRows } from "../linear/softmax.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { maxFeaturesParam, treeParams } from "../tree/tree-params.ts";
import { type BoostedStages, checkStages, rawPredictions, rawStages } from "./boosted-stages.ts";
import { classificationLoss } from "./class-losses.ts";
import { boost } from "./fit-stages.ts";
import { logistic } from "./logistic.ts";
import { type RegressionLoss, regressionLoss } from "./regression-losses.ts";
import { defineStages } from "./staged-predict.ts";

/** What gradient boosting learns: all its trees in one set of arrays, leaf values times the learning rate. */
export interface GradientBoostingState extends BoostedStages {
  /** Loss on the training rows after each stage (stages). */
  readonly trainScore: Float64Array;
  /** Loss on the rows held out for early stopping after each stage; empty without. */
  readonly validationScore: Float64Array;
  /** How much each stage lowers the loss on the rows that it did not see; empty where every stage sees all rows. */
  readonly oobImprovement: Float64Array;
  /** Share of each column in what the splits gained (d). */
  readonly featureImportances: Float64Array;
}

const shared = () => ({
  learningRate: z.number().min(0).max(10).default(0.1).meta({ title: "Learning rate", search: "log" }),
  nEstimators: z.int().min(1).max(100_000).default(100).meta({ title: "Stages", search: "linear" }),
  subsample: z.number().gt(0).max(1).default(1).meta({
    title: "Share of the rows drawn for a stage",
    description: "Below 1: stochastic gradient boosting.",
    search: "linear",
  }),
  criterion: z
    .enum(["friedman_mse", "squared_error"])
    .default("friedman_mse")
    .meta({ title: "Criterion", description: "Both choose the same splits." }),
  ...treeParams(),
  maxDepth: z.int().min(1).nullable().default(3).meta({ title: "Depth of a tree at most", search: "linear" }),
  maxFeatures: maxFeaturesParam().default("all"),
  init: z
    .enum(["prior", "zero"])
    .default("prior")
    .meta({ title: "First prediction", description: "prior: the best constant; zero: raw prediction 0." }),
  nIterNoChange: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .meta({ title: "Patience", description: "Stages without a better validation loss before it stops; empty: all stages." }),
  validationFraction: z.number().gt(0).lt(1).default(0.1).meta({ title: "Share of the rows held out for early stopping" }),
  tol: z.number().min(0).default(1e-4).meta({ title: "Least improvement of the validation loss", search: "log" }),
  seed: z
    .int()
    .min(0)
    .default(42)
    .meta({ title: "Seed", description: "Matters where rows, columns or held-out rows are drawn." }),
});

/**
 * Gradient boosting of regression trees by exact splits: each stage fits one tree a class (one for two classes) to the negative gradient
 * of the loss and sets its leaves by a line search. For many rows take `histGradientBoostingClassifier`.
 * O(stages · classes · d n log n · depth). Source: Friedman (2001), Annals of Statistics 29(5); Friedman (2002) for `subsample`.
 * Oracle: sklearn.ensemble.GradientBoostingClassifier.
 */
export const gradientBoostingClassifier = classifier({
  name: "gradient_boosting",
  missing: true,
  params: () =>
    z.strictObject({
      loss: z
        .enum(["log_loss", "exponential"])
        .default("log_loss")
        .meta({ title: "Loss", description: "exponential is AdaBoost's, for two classes." }),
      ...shared(),
    }),
  fit(x, y, params, context): GradientBoostingState {
    if (params.loss === "exponential" && context.classes !== 2)
      throw new ParamsError(`gradient_boosting.fit: loss "exponential" needs two classes, got ${context.classes}`);
    const present = new Set(y.filter((_, i) => context.weights?.[i] !== 0));
    if (present.size < 2)
      throw new DataError("gradient_boosting.fit: the rows with a weight above 0 must have two classes at least, they have 1");
    return boost(x, y, classificationLoss(params.loss, context.classes), params, context);
  },
  predictProba: (x, state: GradientBoostingState, { loss }) => probabilities(rawPredictions(x, state), x.rows, loss),
  importances: ({ featureImportances }: GradientBoostingState) => featureImportances,
  check: (state: GradientBoostingState, columns) => checkStages(state, columns),
});

/**
 * Gradient boosting of regression trees by exact splits: each stage fits a tree to the negative gradient of the loss and sets its leaves
 * by a line search. For many rows take `histGradientBoostingRegressor`. O(stages · d n log n · depth).
 * Source: Friedman (2001), Annals of Statistics 29(5). Oracle: sklearn.ensemble.GradientBoostingRegressor.
 */
export const gradientBoostingRegressor = regressor({
  name: "gradient_boosting",
  missing: true,
  params: () =>
    z.strictObject({
      loss: z.enum(["squared_error", "absolute_error", "huber", "quantile"]).default("squared_error").meta({ title: "Loss" }),
      alpha: z.number().gt(0).lt(1).default(0.9).meta({
        title: "Quantile α",
        description: "The quantile that is predicted, or the share of errors that Huber's loss squares.",
      }),
      ...shared(),
    }),
  fit(x, y, params, context): GradientBoostingState {
    const far = y.findIndex((value) => Math.abs(value) > 1e150);
    if (far >= 0) throw new DataError(`gradient_boosting.fit: y must lie within ±1e150, got ${y[far]} in row ${far}`);
    return boost(x, y, regressionLoss(params.loss, params.alpha), params, context);
  },
  predict: (x, state: GradientBoostingState) => rawPredictions(x, state),
  importances: ({ featureImportances }: GradientBoostingState) => featureImportances,
  check: (state: GradientBoostingState, columns) => checkStages(state, columns),
});

/** Class probabilities of raw predictions (outputs × n). */
function probabilities(raw: Float64Array, rows: number, loss: "log_loss" | "exponential"): Matrix {
  const outputs = rows === 0 ? 1 : raw.length / rows;
  const columns = Math.max(2, outputs);
  const data = sharedFloat64(rows * columns);
  const scale = loss === "exponential" ? 2 : 1;
  for (let i = 0; i < rows; i++) {
    if (outputs > 1) for (let k = 0; k < columns; k++) data[i * columns + k] = raw[k * rows + i]!;
    else {
      data[2 * i] = logistic(-scale * raw[i]!);
      data[2 * i + 1] = logistic(scale * raw[i]!);
    }
  }
  if (outputs > 1) softmaxRows(data, columns);
  return { rows, columns, data };
}

interface StagedParams {
  readonly loss: "log_loss" | "exponential" | RegressionLoss;
}

defineStages("gradient_boosting", function* (x: Matrix, state: GradientBoostingState, { loss }: StagedParams) {
  for (const raw of rawStages(x, state))
    yield loss === "log_loss" || loss === "exponential" ? probabilities(raw, x.rows, loss) : raw.slice();
});
