import { StoreError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { TreeArrays } from "./grow.ts";

/**
 * Adds the leaf values of one tree (from node `root` on) to `out` (n × outputs), for the rows from `begin` to before `end`. Missing values
 * go where the tree says. O(n depth).
 */
export function addTree(x: Matrix, tree: TreeArrays, root: number, out: Float64Array, begin = 0, end = x.rows): void {
  const { feature, threshold, left, right, missingLeft, value, outputs } = tree;
  const { columns, data } = x;
  for (let i = begin; i < end; i++) {
    let node = root;
    for (let f = feature[node]!; f >= 0; f = feature[node]!) {
      const cell = data[i * columns + f]!;
      const isLeft = cell <= threshold[node]! || (Number.isNaN(cell) && missingLeft?.[node] === 1);
      node = isLeft ? left[node]! : right[node]!;
    }
    for (let k = 0; k < outputs; k++) out[i * outputs + k]! += value[node * outputs + k]!;
  }
}

/** The same tree with its nodes in preorder, left before right; nodes that the root does not reach are left out. */
export function inPreorder(tree: TreeArrays): TreeArrays {
  const order: number[] = [];
  const place = new Int32Array(tree.feature.length);
  const stack = [0];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    place[node] = order.push(node) - 1;
    if (tree.feature[node]! >= 0) stack.push(tree.right[node]!, tree.left[node]!);
  }
  const child = (side: Int32Array): Int32Array =>
    Int32Array.from(order, (node) => (tree.feature[node]! < 0 ? -1 : place[side[node]!]!));
  const { outputs, missingLeft } = tree;
  return {
    feature: Int32Array.from(order, (node) => tree.feature[node]!),
    threshold: Float64Array.from(order, (node) => tree.threshold[node]!),
    left: child(tree.left),
    right: child(tree.right),
    ...(missingLeft && { missingLeft: Uint8Array.from(order, (node) => missingLeft[node]!) }),
    value: Float64Array.from({ length: order.length * outputs }, (_, at) => {
      const k = at % outputs;
      return tree.value[order[(at - k) / outputs]! * outputs + k]!;
    }),
    outputs,
    impurity: Float64Array.from(order, (node) => tree.impurity[node]!),
    weight: Float64Array.from(order, (node) => tree.weight[node]!),
  };
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

/**
 * Throws StoreError unless the arrays are trees: of their kinds and of equal lengths, children after their parent, columns that exist, and,
 * where the model's number of classes is given (0 for regression), a value for each of them.
 */
export function checkTree(tree: TreeArrays, columns = Infinity, classes?: number): void {
  const { feature, threshold, left, right, missingLeft, impurity, weight, value, outputs } = tree;
  const nodes = feature instanceof Int32Array ? feature.length : 0;
  const isWhole =
    nodes > 0 &&
    [left, right].every((array) => array instanceof Int32Array && array.length === nodes) &&
    [threshold, impurity, weight].every((array) => array instanceof Float64Array && array.length === nodes) &&
    (missingLeft === undefined || (missingLeft instanceof Uint8Array && missingLeft.length === nodes)) &&
    value instanceof Float64Array &&
    value.length === nodes * outputs;
  if (!isWhole) throw new StoreError("loadModel: the arrays of the tree have different lengths");
  if (classes !== undefined && outputs !== Math.max(1, classes))
    throw new StoreError(`loadModel: the leaves of the tree must hold ${Math.max(1, classes)} values, got ${outputs}`);
  if (missingLeft?.some((side) => side > 1)) throw new StoreError("loadModel: missingLeft of the tree must hold 0 or 1");
  for (let node = 0; node < nodes; node++) {
    if (feature[node]! < 0) continue;
    if (feature[node]! >= columns)
      throw new StoreError(`loadModel: node ${node} of the tree asks column ${feature[node]} of ${columns}`);
    for (const child of [left[node]!, right[node]!])
      if (!(child > node && child < nodes)) throw new StoreError(`loadModel: node ${node} of the tree has the child ${child}`);
  }
}
