import { StoreError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { TreeArrays } from "./grow.ts";

/** Adds the leaf values of one tree (from node `root` on) to `out` (n × outputs). O(n depth). */
export function addTree(x: Matrix, tree: TreeArrays, root: number, out: Float64Array): void {
  const { feature, threshold, left, right, value, outputs } = tree;
  const { rows, columns, data } = x;
  for (let i = 0; i < rows; i++) {
    let node = root;
    for (let f = feature[node]!; f >= 0; f = feature[node]!)
      node = data[i * columns + f]! <= threshold[node]! ? left[node]! : right[node]!;
    for (let k = 0; k < outputs; k++) out[i * outputs + k]! += value[node * outputs + k]!;
  }
}

/** Adds what each column's splits took off the impurity (d), from node `root` to before `end`; shares of 1. */
export function addImportances(tree: TreeArrays, root: number, end: number, out: Float64Array): void {
  const own = new Float64Array(out.length);
  let total = 0;
  for (let node = root; node < end; node++) {
    const f = tree.feature[node]!;
    if (f < 0) continue;
    const [l, r] = [tree.left[node]!, tree.right[node]!];
    const gain =
      tree.weight[node]! * tree.impurity[node]! - tree.weight[l]! * tree.impurity[l]! - tree.weight[r]! * tree.impurity[r]!;
    own[f]! += gain;
    total += gain;
  }
  if (total > 0) for (let j = 0; j < out.length; j++) out[j]! += own[j]! / total;
}

/** Throws StoreError unless the arrays are trees: equal lengths, children after their parent, columns that exist. */
export function checkTree(tree: TreeArrays): void {
  const nodes = tree.feature?.length;
  const fits =
    nodes > 0 &&
    [tree.threshold, tree.left, tree.right, tree.impurity, tree.weight].every((array) => array?.length === nodes) &&
    tree.value?.length === nodes * tree.outputs;
  if (!fits) throw new StoreError("loadModel: the arrays of the tree have different lengths");
  for (let node = 0; node < nodes; node++) {
    if (tree.feature[node]! < 0) continue;
    for (const child of [tree.left[node]!, tree.right[node]!])
      if (!(child > node && child < nodes)) throw new StoreError(`loadModel: node ${node} of the tree has the child ${child}`);
  }
}
