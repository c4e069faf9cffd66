import type { TreeArrays } from "./grow.ts";

/** Trees in one set of arrays. */
export interface JoinedTrees extends TreeArrays {
  /** Where each tree begins, and behind the last where it ends (trees + 1). */
  readonly roots: Int32Array;
}

/** Trees one behind the other in one set of arrays; those of `former` come first. O(m) for m nodes. */
export function joinTrees(trees: readonly TreeArrays[], former?: JoinedTrees): JoinedTrees {
  const begin = former?.roots ?? Int32Array.of(0);
  const roots = new Int32Array(begin.length + trees.length);
  roots.set(begin);
  for (const [t, tree] of trees.entries()) roots[begin.length + t] = roots[begin.length + t - 1]! + tree.feature.length;
  const nodes = roots.at(-1)!;
  const all: readonly TreeArrays[] = former ? [former, ...trees] : trees;
  const { outputs } = all[0]!;
  const joined = {
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    value: new Float64Array(nodes * outputs),
    outputs,
    impurity: new Float64Array(nodes),
    weight: new Float64Array(nodes),
    roots,
  };
  let at = 0;
  for (const tree of all) {
    for (const name of ["feature", "threshold", "impurity", "weight"] as const) joined[name].set(tree[name], at);
    if (tree.missingLeft) joined.missingLeft.set(tree.missingLeft, at);
    joined.value.set(tree.value, at * outputs);
    shiftChildren(tree.left, at, joined.left);
    shiftChildren(tree.right, at, joined.right);
    at += tree.feature.length;
  }
  return joined;
}

/** Children of a tree whose root goes to `at`. */
function shiftChildren(children: Int32Array, at: number, out: Int32Array): void {
  for (let node = 0; node < children.length; node++) {
    const child = children[node]!;
    out[at + node] = child < 0 ? -1 : at + child;
  }
}
