import { StoreError } from "../../base/errors.ts";
import { scoreFlag, tileRows } from "../../numeric/score-kernels.ts";
import { nodeFlag, type ScoredTrees } from "./boosted-trees.ts";

/** Trees as the scoring kernels walk them: in preorder, so that a left child follows its parent; 16 bytes a node. */
export interface PackedTrees {
  /** Nodes: threshold or set, column and flags, right child (16 bytes each). */
  readonly nodes: Uint8Array;
  /** What each node adds: `width` values. */
  readonly values: Float64Array;
  readonly width: number;
  /** First node of each tree, in bytes. */
  readonly roots: Uint32Array;
  /** The score that each tree adds to; where `width` is more than 1, the first of them. */
  readonly outputs: Uint32Array;
  /** Whether every split is numeric and no value counts as missing but NaN. */
  readonly plain: boolean;
}

const packed = new WeakMap<ScoredTrees, PackedTrees>();

/** A model's trees packed, once. O(m). */
export function packTrees(model: ScoredTrees): PackedTrees {
  let found = packed.get(model);
  if (!found) {
    found = packSome(model, 0, model.roots.length);
    packed.set(model, found);
  }
  return found;
}

/** The trees first … last − 1 packed, and not kept: for forests that are too large for that. O(m). */
export function packSome(model: ScoredTrees, first: number, last: number): PackedTrees {
  const { roots, feature, value, flags } = model;
  const begin = roots[first]!;
  const size = (roots[last] ?? feature.length) - begin;
  const width = value.length / feature.length;
  const nodes = new ArrayBuffer(16 * size);
  const values = new Float64Array(size * width);
  const places = {
    words: new Uint32Array(nodes),
    numbers: new Float64Array(nodes),
    from: new Int32Array(size),
    waiting: new Int32Array(size),
  };
  const packedRoots = new Uint32Array(last - first);
  let used = 0;
  for (let t = first; t < last; t++) {
    packedRoots[t - first] = 16 * used;
    used = packTree(model, roots[t]!, used, places);
  }
  let plain = true;
  for (let k = 0; k < used; k++) {
    const node = places.from[k]!;
    for (let c = 0; c < width; c++) values[k * width + c] = value[node * width + c]!;
    if ((flags[node]! & (nodeFlag.category | nodeFlag.zeroIsMissing)) !== 0 && feature[node]! >= 0) plain = false;
  }
  const outputs = Uint32Array.from(model.output.subarray(first, last), (output) => Math.max(0, output));
  return { nodes: new Uint8Array(nodes), values, width, roots: packedRoots, outputs, plain };
}

/** Room for packed nodes, the node of the model that each comes from, and those whose right side comes later. */
interface Places {
  readonly words: Uint32Array;
  readonly numbers: Float64Array;
  readonly from: Int32Array;
  readonly waiting: Int32Array;
}

/** Packs the tree below `root` from node `used` on and answers where it ends. */
function packTree(model: ScoredTrees, root: number, used: number, { words, numbers, from, waiting }: Places): number {
  const { feature, threshold, left, right, flags, setOffsets } = model;
  let top = 0;
  let node = root;
  for (let k = used; k < from.length; k++) {
    from[k] = node;
    const f = feature[node]!;
    if (f < 0) {
      numbers[2 * k] = Number.NaN;
      words[4 * k + 2] = 0;
      words[4 * k + 3] = 16 * k;
      if (top === 0) return k + 1;
      const above = waiting[--top]!;
      words[4 * above + 3] = 16 * (k + 1);
      node = right[from[above]!]!;
      continue;
    }
    const flag = flags[node]!;
    if (flag & nodeFlag.category) {
      const set = threshold[node]!;
      words[4 * k] = setOffsets[set]!;
      words[4 * k + 1] = setOffsets[set + 1]! - setOffsets[set]!;
    } else numbers[2 * k] = threshold[node]!;
    words[4 * k + 2] = f * tileRows * 8 + (flag === 0 ? 0 : scoreFlags(flag));
    waiting[top++] = k;
    node = left[node]!;
  }
  throw new StoreError(`predict: node ${node} of the trees has more than one parent`);
}

function scoreFlags(flag: number): number {
  return (
    (flag & nodeFlag.missingLeft ? scoreFlag.missingLeft : 0) +
    (flag & nodeFlag.category ? scoreFlag.category : 0) +
    (flag & nodeFlag.nanIsZero ? scoreFlag.nanIsZero : 0) +
    (flag & nodeFlag.zeroIsMissing ? scoreFlag.zeroIsMissing : 0)
  );
}
