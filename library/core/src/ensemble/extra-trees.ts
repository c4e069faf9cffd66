import { classifier, regressor } from "../base/estimator.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkForest, type ForestState, forestMeans, forestShares, growForest } from "./forest.ts";
import { forestClassifierParams, forestRegressorParams } from "./forest-params.ts";

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
  params: () => forestClassifierParams(false),
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
  params: () => forestRegressorParams(false),
  fit: (x, y, params, context): ExtraTreesState => growForest("extra_trees", x, y, { ...params, splitter: "random" }, context),
  predict: (x, forest: ExtraTreesState): Float64Array => forestMeans(x, forest),
  importances: ({ featureImportances }: ExtraTreesState) => featureImportances,
  check: checkForest,
});
