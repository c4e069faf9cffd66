import type { TableLike } from "../../base/columns.ts";
import type { Fitted, MatrixInput } from "../../base/contract.ts";
import { DataError } from "../../base/errors.ts";
import { readPredict } from "../../base/inputs.ts";
import { definitionOf } from "../../base/registry.ts";
import { checkPredict } from "../../base/run.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { TreeWalk, type WalkedTrees } from "../tree-shap.ts";
import { type BoostedTrees, goesLeft } from "./boosted-trees.ts";

/** What each column adds to each raw score: base + Σ values = the score. */
export interface ShapValues {
  /** Mean score of the rows that the trees were grown on (outputs). */
  readonly base: Float64Array;
  /** One matrix a score: rows × columns, columns named. */
  readonly values: readonly Matrix[];
}

/**
 * SHAP values of boosted trees by the trees' own rows (path-dependent TreeSHAP). Values are in units of the raw score: log-odds, logarithms of the mean, or the target's.
 * O(n · trees · leaves · depth²). Throws DataError for a model that is no boosted trees; `ml.explain` takes others too, and pipelines.
 * Source: Lundberg, Erion, Lee (2018), "Consistent individualized feature attribution for tree ensembles". Oracle: lightgbm's pred_contrib.
 */
export function shapValues(model: Fitted, data: TableLike | MatrixInput): ShapValues {
  if (model.name !== "hist_gradient_boosting")
    throw new DataError(`shapValues: needs a model of hist_gradient_boosting, got ${model.name}`);
  const trees = model.state as BoostedTrees;
  const { x } = readPredict("shapValues", model.columns, data);
  checkPredict(definitionOf(model), model, x);
  const { base, contributions } = boostedShap(trees, x);
  const names = model.columns.map(({ name }) => name);
  return { base, values: contributions.map((data) => ({ rows: x.rows, columns: x.columns, data, names })) };
}

/** The same of rows as the trees take them: the mean scores (outputs), and for each score what the columns add (n × d). */
export function boostedShap(
  trees: BoostedTrees,
  x: Matrix,
): { readonly base: Float64Array; readonly contributions: readonly Float64Array[] } {
  if (trees.weights || trees.linear)
    throw new DataError("shapValues: needs trees with a value in each leaf, this model has linear parts");
  const { outputs } = trees;
  const contributions = Array.from({ length: outputs }, () => new Float64Array(x.rows * x.columns));
  const base = trees.base.slice();
  const counts = new Float64Array(outputs);
  const walked = walkedTrees(trees);
  const cells = trees.single ? Float64Array.from(Float32Array.from(x.data)) : x.data;
  for (let t = 0; t < trees.roots.length; t++) {
    const own = trees.output[t]!;
    const scores = own < 0 ? Array.from({ length: outputs }, (_, k) => k) : [own];
    const walk = new TreeWalk(walked(t), trees.roots[t]!);
    const out = scores.map((k) => contributions[k]!);
    for (const [at, k] of scores.entries()) {
      base[k]! += walk.mean[at]!;
      counts[k]!++;
    }
    for (let i = 0; i < x.rows; i++) walk.add(cells.subarray(i * x.columns, (i + 1) * x.columns), out, i * x.columns);
  }
  if (trees.average)
    for (let k = 0; k < outputs; k++) {
      const count = Math.max(1, counts[k]!);
      base[k]! /= count;
      for (let at = 0; at < contributions[k]!.length; at++) contributions[k]![at]! /= count;
    }
  return { base, contributions };
}

/** Each tree with the rows that reached its nodes: counted where the model says, else the sums of its hessians. */
function walkedTrees(trees: BoostedTrees): (tree: number) => WalkedTrees {
  const { feature, left, right, value, count, weight, roots, output, outputs } = trees;
  const goes = (node: number, cell: number): boolean => goesLeft(trees, node, cell);
  const width = output.includes(-1) ? outputs : 1;
  return (tree) => ({ feature, left, right, value, width, cover: count[roots[tree]!]! > 0 ? count : weight, goesLeft: goes });
}
