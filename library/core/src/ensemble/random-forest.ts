import { classifier, regressor } from "../base/estimator.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkForest, type ForestState, forestMeans, forestShares, growForest } from "./forest.ts";
import { forestClassifierParams, forestRegressorParams } from "./forest-params.ts";

/** What a random forest learns: all its trees in one set of arrays. */
export type RandomForestState = ForestState;

/**
 * A random forest of classification trees: each grown on a bootstrap, each split tries some of the columns; the mean of the trees'
 * class probabilities is the answer. Trees grow in parallel; the result does not depend on the number of threads. Missing values as in
 * `decisionTreeClassifier`. O(trees · d' n) a level. Source: Breiman (2001), Machine Learning 45(1).
 * Oracle: sklearn.ensemble.RandomForestClassifier.
 */
export const randomForestClassifier = classifier({
  name: "random_forest",
  missing: true,
  params: () => forestClassifierParams(true),
  fit: (x, y, params, context): RandomForestState => growForest("random_forest", x, y, params, context),
  predictProba: (x, forest: RandomForestState): Matrix => forestShares(x, forest),
  importances: ({ featureImportances }: RandomForestState) => featureImportances,
  check: checkForest,
});

/**
 * A random forest of regression trees: the mean of trees that were each grown on a bootstrap. Trees grow in parallel; the result does
 * not depend on the number of threads. Cost as the classifier's. Source: Breiman (2001), Machine Learning 45(1). Oracle: sklearn.ensemble.RandomForestRegressor.
 */
export const randomForestRegressor = regressor({
  name: "random_forest",
  missing: true,
  params: () => forestRegressorParams(true),
  fit: (x, y, params, context): RandomForestState => growForest("random_forest", x, y, params, context),
  predict: (x, forest: RandomForestState): Float64Array => forestMeans(x, forest),
  importances: ({ featureImportances }: RandomForestState) => featureImportances,
  check: checkForest,
});
