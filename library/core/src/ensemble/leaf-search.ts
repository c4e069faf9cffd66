import type { Matrix } from "../numeric/matrix.ts";
import type { TreeArrays } from "../tree/grow.ts";
import { addTree } from "../tree/tree-arrays.ts";
import type { BoostingLoss } from "./boosting-loss.ts";

/** What the leaves of a tree are set from. */
interface LeafSearch {
  readonly x: Matrix;
  readonly y: Float64Array;
  /** Raw predictions before the stage (outputs × n). */
  readonly raw: Float64Array;
  /** Negative gradients that the stage learnt from (outputs × n). */
  readonly gradient: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly loss: BoostingLoss;
  /** Which output the tree is of. */
  readonly output: number;
  /** The rows that the tree was grown on. */
  readonly rows: Int32Array;
  readonly learningRate: number;
}

/**
 * Sets each leaf to the step of least loss for its rows, times the learning rate: step 5 of Friedman's algorithm 1. In place.
 * O(n depth), with a sort of each leaf's rows for quantiles.
 */
export function searchLeaves(tree: TreeArrays, search: LeafSearch): void {
  const { x, y, raw, gradient, weights, loss, output, rows, learningRate } = search;
  const { value, left } = tree;
  if (loss.leaf) {
    const [own, ownRaw] = [gradient, raw].map((all) => all.subarray(output * x.rows, (output + 1) * x.rows));
    const { places, begin } = rowsByLeaf(x, tree, rows);
    for (let node = 0; node < value.length; node++)
      if (left[node]! < 0 && begin[node]! < begin[node + 1]!)
        value[node] = loss.leaf(y, ownRaw!, own!, output, { places, begin: begin[node]!, end: begin[node + 1]! }, weights);
  }
  for (let node = 0; node < value.length; node++) value[node]! *= learningRate;
}

/** Rows ordered by the leaf they fall into, and where each node's begin (m + 1). */
function rowsByLeaf(x: Matrix, tree: TreeArrays, rows: Int32Array): { places: Int32Array; begin: Int32Array } {
  const nodes = tree.value.length;
  const leaf = new Float64Array(x.rows);
  addTree(x, { ...tree, value: Float64Array.from({ length: nodes }, (_, node) => node) }, 0, leaf);
  const begin = new Int32Array(nodes + 1);
  for (const i of rows) begin[leaf[i]! + 1]!++;
  for (let node = 0; node < nodes; node++) begin[node + 1]! += begin[node]!;
  const next = begin.slice();
  const places = new Int32Array(rows.length);
  for (const i of rows) places[next[leaf[i]!]!++] = i;
  return { places, begin };
}
