import type { Matrix } from "../numeric/matrix.ts";
import type { TreeArrays } from "./grow.ts";
import { addTree } from "./tree-arrays.ts";

/** Rows that go through all trees together, so that they stay in cache. */
const tile = 2048;

/**
 * Adds the leaf values of all trees, which begin at `roots` (and end at its last), to `out` (n × outputs). O(n trees depth). Where many
 * rows ask, the nodes are packed first: one line of cache for a step down instead of four.
 */
export function sumTrees(x: Matrix, trees: TreeArrays & { readonly roots: Int32Array }, out: Float64Array): void {
  const { roots, feature } = trees;
  const count = roots.length - 1;
  const isPacked = x.rows * count > feature.length / 4;
  for (let t = 0; t < count; t++) {
    const packed = isPacked ? pack(trees, roots[t]!, roots[t + 1]!) : undefined;
    for (let begin = 0; begin < x.rows; begin += tile) {
      const end = Math.min(x.rows, begin + tile);
      if (packed) addPacked(x, trees, roots[t]!, packed, out, begin, end);
      else addTree(x, trees, roots[t]!, out, begin, end);
    }
  }
}

/** A tree's nodes side by side, 16 bytes each: the threshold, 2 × column + side of missing values (−1 at a leaf), the right child. */
interface PackedTree {
  readonly threshold: Float64Array;
  readonly words: Int32Array;
}

/** Undefined where a left child does not follow its parent. */
function pack({ feature, threshold, left, right, missingLeft }: TreeArrays, root: number, end: number): PackedTree | undefined {
  const buffer = new ArrayBuffer(16 * (end - root));
  const packed = { threshold: new Float64Array(buffer), words: new Int32Array(buffer) };
  for (let node = root, at = 0; node < end; node++, at++) {
    const column = feature[node]!;
    packed.words[4 * at + 2] = -1;
    if (column < 0) continue;
    if (left[node] !== node + 1) return undefined;
    packed.threshold[2 * at] = threshold[node]!;
    packed.words[4 * at + 2] = 2 * column + (missingLeft ? missingLeft[node]! : 0);
    packed.words[4 * at + 3] = right[node]! - root;
  }
  return packed;
}

function addPacked(
  { data, columns }: Matrix,
  { value, outputs }: TreeArrays,
  root: number,
  { threshold, words }: PackedTree,
  out: Float64Array,
  begin: number,
  end: number,
): void {
  for (let i = begin; i < end; i++) {
    const row = i * columns;
    let node = 0;
    for (let question = words[2]!; question >= 0; question = words[4 * node + 2]!) {
      const cell = data[row + (question >> 1)]!;
      const isLeft = cell <= threshold[2 * node]! || ((question & 1) === 1 && Number.isNaN(cell));
      node = isLeft ? node + 1 : words[4 * node + 3]!;
    }
    for (let k = 0, at = (root + node) * outputs; k < outputs; k++) out[i * outputs + k]! += value[at + k]!;
  }
}
