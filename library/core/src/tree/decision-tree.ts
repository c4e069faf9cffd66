import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { classWeightParam, classWeights } from "../linear/class-weights.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import type { CriterionName } from "./criteria.ts";
import { type GrowOptions, growTree, type TreeArrays } from "./grow.ts";
import { addImportances, addTree, checkTree } from "./tree-arrays.ts";
import { checkMonotonic, countFeatures, maxFeaturesParam, monotonicParam, treeParams } from "./tree-params.ts";

/** What a decision tree learns. */
export type DecisionTreeState = TreeArrays;

const shared = () => ({
  splitter: z
    .enum(["best", "random"])
    .default("best")
    .meta({ title: "Splitter", description: "The best place to cut a column, or one drawn at random." }),
  ...treeParams(),
  maxFeatures: maxFeaturesParam().default("all"),
  monotonicCst: monotonicParam(),
  seed: z.int().min(0).default(42).meta({ title: "Seed", description: "Matters only where columns or cuts are drawn." }),
});

/** The rows that count: those of weight 0 are absent. */
export function weightedRows(n: number, weights: Float64Array | undefined): Int32Array {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return weights ? all.filter((i) => weights[i]! > 0) : all;
}

/**
 * A classification tree (CART): the best split of each node by Gini impurity or entropy. Of equal splits the lower column and the lower
 * threshold is taken. Rows with a missing value go to the side where they help most; where a column had none in the fit, to the side with
 * more rows. O(d n) a level. Source: Breiman et al. (1984). Oracle: sklearn.tree.DecisionTreeClassifier.
 */
export const decisionTreeClassifier = classifier({
  name: "decision_tree",
  missing: true,
  params: () =>
    z.strictObject({
      criterion: z.enum(["gini", "entropy", "log_loss"]).default("gini").meta({ title: "Criterion" }),
      ...shared(),
      classWeight: classWeightParam(),
    }),
  fit(x, y, params, context): DecisionTreeState {
    const { classWeight } = params;
    const given = context.weights;
    const weights =
      classWeight === "none" ? given : classWeights("decision_tree", y, context.classes, classWeight, given, "rows");
    return fitTree(x, y, params, weights, context);
  },
  predictProba(x, tree): Matrix {
    const data = sharedFloat64(x.rows * tree.outputs);
    addTree(x, tree, 0, data);
    return { rows: x.rows, columns: tree.outputs, data };
  },
  importances: (tree) => importancesOfTree(tree),
  check: checkTree,
});

/**
 * A regression tree (CART): the best split of each node by squared error, absolute error or Poisson deviance; a leaf answers the mean, for
 * absolute error the median. Missing values as in `decisionTreeClassifier`. O(d n) a level, O(d n log n) for absolute error.
 * Source: Breiman et al. (1984). Oracle: sklearn.tree.DecisionTreeRegressor.
 */
export const decisionTreeRegressor = regressor({
  name: "decision_tree",
  missing: true,
  params: () =>
    z.strictObject({
      criterion: z.enum(["squared_error", "absolute_error", "poisson"]).default("squared_error").meta({ title: "Criterion" }),
      ...shared(),
    }),
  fit: (x, y, params, context): DecisionTreeState => fitTree(x, y, params, context.weights, context),
  predict(x, tree): Float64Array {
    const out = new Float64Array(x.rows);
    addTree(x, tree, 0, out);
    return out;
  },
  importances: (tree) => importancesOfTree(tree),
  check: checkTree,
});

interface TreeParams extends Omit<GrowOptions, "maxDepth" | "maxFeatures" | "monotonic"> {
  readonly criterion: CriterionName;
  readonly maxDepth: number | null;
  readonly maxFeatures: "all" | "sqrt" | "log2" | number;
  readonly monotonicCst: readonly number[] | null;
  readonly seed: number;
}

function fitTree(
  x: Matrix,
  y: Float64Array,
  params: TreeParams,
  weights: Float64Array | undefined,
  { classes, checkpoint }: FitContext,
): DecisionTreeState {
  checkMonotonic("decision_tree", params.monotonicCst, x.columns, classes);
  const options: GrowOptions = {
    ...params,
    maxDepth: params.maxDepth ?? Infinity,
    maxFeatures: countFeatures("decision_tree", params.maxFeatures, x.columns),
    monotonic: params.monotonicCst,
  };
  return growTree(x, y, weightedRows(x.rows, weights), weights, classes, options, random(params.seed, "tree/0"), checkpoint);
}

function importancesOfTree(tree: TreeArrays): Float64Array {
  const columns = tree.feature.reduce((most, f) => Math.max(most, f), 0) + 1;
  const out = new Float64Array(columns);
  addImportances(tree, 0, tree.feature.length, out);
  return out;
}
