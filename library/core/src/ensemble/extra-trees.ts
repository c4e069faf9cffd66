import { z } from "zod";
import { classifier, regressor } from "../base/estimator.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { maxFeaturesParam } from "../tree/tree-params.ts";
import {
  averageTrees,
  bootstrapParam,
  checkForest,
  type ForestState,
  forestClassWeightParam,
  forestParams,
  forestShares,
  growForest,
} from "./forest.ts";

/** What extra trees learn: all of them in one set of arrays. */
export type ExtraTreesState = ForestState;

/**
 * Extremely randomised trees: as a random forest, but each column that a split tries is cut at a place drawn between its lowest and its
 * highest value, and every tree sees all rows. O(trees · d' n) a level. Missing values go to a side that is drawn with the cut.
 * Source: Geurts, Ernst & Wehenkel (2006), Machine Learning 63(1). Oracle: sklearn.ensemble.ExtraTreesClassifier.
 */
export const extraTreesClassifier = classifier({
  name: "extra_trees",
  missing: true,
  params: () =>
    z.strictObject({
      criterion: z.enum(["gini", "entropy", "log_loss"]).default("gini").meta({ title: "Criterion" }),
      ...forestParams(),
      bootstrap: bootstrapParam().default(false),
      maxFeatures: maxFeaturesParam().default("sqrt"),
      classWeight: forestClassWeightParam(),
    }),
  fit: (x, y, params, context): ExtraTreesState => growForest("extra_trees", x, y, { ...params, splitter: "random" }, context),
  predictProba: (x, forest: ExtraTreesState): Matrix => forestShares(x, forest),
  importances: ({ featureImportances }: ExtraTreesState) => featureImportances,
  check: checkForest,
});

/**
 * Extremely randomised regression trees: the mean of trees whose cuts are drawn, each on all rows. Cost as the classifier's.
 * Source: Geurts, Ernst & Wehenkel (2006), Machine Learning 63(1). Oracle: sklearn.ensemble.ExtraTreesRegressor.
 */
export const extraTreesRegressor = regressor({
  name: "extra_trees",
  missing: true,
  params: () =>
    z.strictObject({
      criterion: z.enum(["squared_error", "absolute_error", "poisson"]).default("squared_error").meta({ title: "Criterion" }),
      ...forestParams(),
      bootstrap: bootstrapParam().default(false),
      maxFeatures: maxFeaturesParam().default("all"),
    }),
  fit: (x, y, params, context): ExtraTreesState => growForest("extra_trees", x, y, { ...params, splitter: "random" }, context),
  predict(x, forest: ExtraTreesState): Float64Array {
    const out = new Float64Array(x.rows);
    averageTrees(x, forest, out);
    return out;
  },
  importances: ({ featureImportances }: ExtraTreesState) => featureImportances,
  check: checkForest,
});
