import { scoreFlag, tileRows } from "../../numeric/score-kernels.ts";
import { type BoostedTrees, nodeFlag } from "./boosted-trees.ts";

/** Trees as the scoring kernels walk them: siblings side by side, 16 bytes a node. */
export interface PackedTrees {
  /** Nodes: threshold or set, column and flags, left child (16 bytes each). */
  readonly nodes: Uint8Array;
  /** What each node adds. */
  readonly values: Float64Array;
  /** First node of each tree, in bytes. */
  readonly roots: Uint32Array;
  readonly outputs: Uint32Array;
  /** Whether every split is numeric and no value counts as missing but NaN. */
  readonly plain: boolean;
}

const packed = new WeakMap<BoostedTrees, PackedTrees>();

/** A model's trees packed, once. O(m). */
export function packTrees(model: BoostedTrees): PackedTrees {
  let found = packed.get(model);
  if (!found) {
    found = pack(model);
    packed.set(model, found);
  }
  return found;
}

function pack({ roots, output, feature, threshold, left, right, flags, value, setOffsets }: BoostedTrees): PackedTrees {
  const nodes = new ArrayBuffer(16 * feature.length);
  const numbers = new Float64Array(nodes);
  const words = new Uint32Array(nodes);
  const values = new Float64Array(feature.length);
  const places = new Uint32Array(roots.length);
  let used = 0;
  let plain = true;
  const queue = new Int32Array(feature.length);
  for (const [t, root] of roots.entries()) {
    places[t] = 16 * used;
    // breadth first: node `queue[k]` of the model becomes node k here, children in pairs
    let end = used;
    queue[end++] = root;
    for (let k = used; k < end; k++) {
      const from = queue[k]!;
      const f = feature[from]!;
      values[k] = value[from]!;
      if (f < 0) {
        numbers[2 * k] = Infinity;
        words[4 * k + 2] = 0;
        words[4 * k + 3] = 16 * k;
        continue;
      }
      const flag = flags[from]!;
      if (flag & nodeFlag.category) {
        const set = threshold[from]!;
        words[4 * k] = setOffsets[set]!;
        words[4 * k + 1] = setOffsets[set + 1]! - setOffsets[set]!;
      } else numbers[2 * k] = threshold[from]!;
      if (flag & (nodeFlag.category | nodeFlag.zeroIsMissing)) plain = false;
      words[4 * k + 2] =
        f * tileRows * 8 +
        (flag & nodeFlag.missingLeft ? scoreFlag.missingLeft : 0) +
        (flag & nodeFlag.category ? scoreFlag.category : 0) +
        (flag & nodeFlag.nanIsZero ? scoreFlag.nanIsZero : 0) +
        (flag & nodeFlag.zeroIsMissing ? scoreFlag.zeroIsMissing : 0);
      words[4 * k + 3] = 16 * end;
      queue[end++] = left[from]!;
      queue[end++] = right[from]!;
    }
    used = end;
  }
  return { nodes: new Uint8Array(nodes), values, roots: places, outputs: Uint32Array.from(output), plain };
}
