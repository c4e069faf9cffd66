import type { Fitted } from "../base/contract.ts";
import type { BoostedStages } from "../ensemble/boosted-stages.ts";
import type { BoostedTrees } from "../ensemble/boosting/index.ts";
import { boostedShap } from "../ensemble/boosting/shap.ts";
import type { ForestState } from "../ensemble/forest.ts";
import { TreeWalk, type WalkedTrees } from "../ensemble/tree-shap.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { DecisionTreeState } from "../tree/decision-tree.ts";
import type { TreeArrays } from "../tree/grow.ts";

/** What the columns of rows add to each of a model's own scores. */
export interface OwnContributions {
  /** Mean score (outputs). */
  readonly base: Float64Array;
  /** Of each output what the columns add (n × d). */
  readonly contributions: readonly Float64Array[];
}

/** What a part of a model tells of rows as it takes them; each kind of model has its own. */
export type Explainer = (model: Fitted, x: Matrix) => OwnContributions;

/** Explainers of the models that are made of trees, by name. */
export const treeExplainers: Readonly<Record<string, Explainer>> = {
  decision_tree: (model, x) => explainTree(model.state as DecisionTreeState, x),
  random_forest: (model, x) => explainForest(model.state as ForestState, x),
  extra_trees: (model, x) => explainForest(model.state as ForestState, x),
  gradient_boosting: (model, x) => explainStages(model.state as BoostedStages, x),
  hist_gradient_boosting: (model, x) => boostedShap(model.state as BoostedTrees, x),
};

/** A tree's nodes as TreeSHAP walks them: their cover is the weight of their rows. */
function walked(tree: TreeArrays): WalkedTrees {
  const { feature, left, right, value, outputs, weight, threshold, missingLeft } = tree;
  const goesLeft = (node: number, cell: number): boolean =>
    cell <= threshold[node]! || (Number.isNaN(cell) && missingLeft?.[node] === 1);
  return { feature, left, right, value, width: outputs, cover: weight, goesLeft };
}

function explainTree(tree: DecisionTreeState, x: Matrix): OwnContributions {
  const contributions = Array.from({ length: tree.outputs }, () => new Float64Array(x.data.length));
  return { base: addWalk(new TreeWalk(walked(tree), 0), x, contributions), contributions };
}

function explainForest(forest: ForestState, x: Matrix): OwnContributions {
  const trees = forest.roots.length - 1;
  const contributions = Array.from({ length: forest.outputs }, () => new Float64Array(x.data.length));
  const base = new Float64Array(forest.outputs);
  const all = walked(forest);
  for (let t = 0; t < trees; t++)
    for (const [k, mean] of addWalk(new TreeWalk(all, forest.roots[t]!), x, contributions).entries()) base[k]! += mean / trees;
  for (const values of contributions) for (let at = 0; at < values.length; at++) values[at]! /= trees;
  return { base, contributions };
}

function explainStages(stages: BoostedStages, x: Matrix): OwnContributions {
  const base = stages.prior.slice();
  const contributions = Array.from(base, () => new Float64Array(x.data.length));
  const all = walked(stages);
  for (let t = 0; t + 1 < stages.roots.length; t++) {
    const k = t % base.length;
    base[k]! += addWalk(new TreeWalk(all, stages.roots[t]!), x, [contributions[k]!])[0]!;
  }
  return { base, contributions };
}

/** Adds a tree's contributions for all rows; answers its mean. */
function addWalk(walk: TreeWalk, x: Matrix, out: readonly Float64Array[]): Float64Array {
  for (let i = 0; i < x.rows; i++) walk.add(x.data.subarray(i * x.columns, (i + 1) * x.columns), out, i * x.columns);
  return walk.mean;
}
