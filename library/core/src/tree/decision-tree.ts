import { z } from "zod";
import { ParamsError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { balancedWeights } from "../numeric/statistics.ts";
import { growTree, type TreeArrays } from "./grow.ts";
import { addImportances, addTree, checkTree } from "./tree-arrays.ts";

/** What a decision tree learns. */
export type DecisionTreeState = TreeArrays;

/** Parameters that every tree has. */
export const treeParams = {
  maxDepth: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .meta({ title: "Depth at most", description: "Empty: until the leaves are pure." }),
  minSamplesSplit: z.int().min(2).default(2).meta({ title: "Rows to split a node, at least" }),
  minSamplesLeaf: z.int().min(1).default(1).meta({ title: "Rows in a leaf, at least" }),
  minImpurityDecrease: z.number().min(0).default(0).meta({ title: "Impurity decrease of a split, at least" }),
};

/** How many columns a split tries: all, the root, the logarithm, a number of them or a share. */
export const maxFeaturesParam = z
  .union([z.enum(["all", "sqrt", "log2"]), z.number().gt(0)])
  .meta({ title: "Columns tried at a split", description: "all, sqrt, log2, a whole number of columns, or a share below 1." });

/** The number of columns that `maxFeatures` means for d columns. */
export function countFeatures(who: string, maxFeatures: "all" | "sqrt" | "log2" | number, d: number): number {
  if (maxFeatures === "all") return d;
  if (maxFeatures === "sqrt") return Math.max(1, Math.floor(Math.sqrt(d)));
  if (maxFeatures === "log2") return Math.max(1, Math.floor(Math.log2(d)));
  if (maxFeatures < 1) return Math.max(1, Math.floor(maxFeatures * d));
  if (!Number.isInteger(maxFeatures))
    throw new ParamsError(`${who}: maxFeatures must be a whole number or a share below 1, got ${maxFeatures}`);
  return Math.min(d, maxFeatures);
}

const seed = z
  .int()
  .min(0)
  .default(42)
  .meta({ title: "Seed", description: "Matters only where splits try some of the columns." });

/** The rows that count: those of weight 0 are absent. */
export function weightedRows(n: number, weights: Float64Array | undefined): Int32Array {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return weights ? all.filter((i) => weights[i]! > 0) : all;
}

/**
 * A classification tree (CART): the best split of each node by Gini impurity or entropy. Of equal splits the lower column and the lower
 * threshold is taken. O(d n log n) a level. Source: Breiman et al. (1984). Oracle: sklearn.tree.DecisionTreeClassifier.
 */
export const decisionTreeClassifier = classifier({
  name: "decision_tree",
  params: z.strictObject({
    criterion: z.enum(["gini", "entropy", "log_loss"]).default("gini").meta({ title: "Criterion" }),
    ...treeParams,
    maxFeatures: maxFeaturesParam.default("all"),
    classWeight: z.enum(["none", "balanced"]).default("none").meta({ title: "Class weights" }),
    seed,
  }),
  fit(x, y, params, { classes, weights, checkpoint }): DecisionTreeState {
    const own = params.classWeight === "balanced" ? balancedWeights(y, classes, weights) : weights;
    const options = {
      ...params,
      maxDepth: params.maxDepth ?? Infinity,
      maxFeatures: countFeatures("decision_tree", params.maxFeatures, x.columns),
    };
    return growTree(x, y, weightedRows(x.rows, own), own, classes, options, random(params.seed, "tree/0"), checkpoint);
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
 * A regression tree (CART): the best split of each node by squared error; a leaf answers the mean. O(d n log n) a level.
 * Source: Breiman et al. (1984). Oracle: sklearn.tree.DecisionTreeRegressor.
 */
export const decisionTreeRegressor = regressor({
  name: "decision_tree",
  params: z.strictObject({
    criterion: z.enum(["squared_error"]).default("squared_error").meta({ title: "Criterion" }),
    ...treeParams,
    maxFeatures: maxFeaturesParam.default("all"),
    seed,
  }),
  fit(x, y, params, { weights, checkpoint }): DecisionTreeState {
    const options = {
      ...params,
      maxDepth: params.maxDepth ?? Infinity,
      maxFeatures: countFeatures("decision_tree", params.maxFeatures, x.columns),
    };
    return growTree(x, y, weightedRows(x.rows, weights), weights, 0, options, random(params.seed, "tree/0"), checkpoint);
  },
  predict(x, tree): Float64Array {
    const out = new Float64Array(x.rows);
    addTree(x, tree, 0, out);
    return out;
  },
  importances: (tree) => importancesOfTree(tree),
  check: checkTree,
});

function importancesOfTree(tree: TreeArrays): Float64Array {
  const columns = tree.feature.reduce((most, f) => Math.max(most, f), 0) + 1;
  const out = new Float64Array(columns);
  addImportances(tree, 0, tree.feature.length, out);
  return out;
}
