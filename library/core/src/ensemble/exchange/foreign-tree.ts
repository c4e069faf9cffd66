import { DataError } from "../../base/errors.ts";

/** A tree as another library wrote it, nodes in preorder: a child comes after its parent. Its arrays have one entry a node (m). */
export interface ForeignTree {
  /** Column that a node asks for; −1 at a leaf. */
  readonly feature: Int32Array;
  /** Rows with x ≤ threshold go left; at a question for categories it is 0. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** See `nodeFlag`. */
  readonly flags: Uint8Array;
  /** Bits of the category codes that go left, by node; other codes go right. */
  readonly categories: ReadonlyMap<number, Uint32Array>;
  /** Output of a leaf; at other nodes the output had it been a leaf, where the file tells. */
  readonly value: Float64Array;
  /** What a split gained, 0 at leaves. */
  readonly gain: Float64Array;
  /** Sum of hessians of the training's rows in a node. */
  readonly weight: Float64Array;
  /** The training's rows in a node; their hessians where the file has no counts. */
  readonly count: Float64Array;
  /** Linear leaves, by node. */
  readonly linear: ReadonlyMap<number, LinearLeaf>;
}

/** A leaf that answers constant + Σ coefficient · x, and its plain value where one of the x is missing. */
export interface LinearLeaf {
  readonly constant: number;
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}

/**
 * The nodes that the root reaches, in preorder: `order[new] = old`. A leaf has left −1.
 * Throws DataError for a child outside the tree, and for a node with two parents, which any cycle has.
 */
export function preorder(where: string, left: Int32Array, right: Int32Array): Int32Array {
  const order = new Int32Array(left.length);
  const seen = new Uint8Array(left.length);
  const open = [0];
  let count = 0;
  while (open.length > 0) {
    const node = open.pop()!;
    order[count++] = node;
    seen[node] = 1;
    if (left[node]! < 0) continue;
    for (const child of [right[node]!, left[node]!]) {
      if (!(child > 0 && child < left.length))
        throw new DataError(`${where}: node ${node} must have children from 1 to ${left.length - 1}, got ${child}`);
      if (seen[child]) throw new DataError(`${where}: node ${child} must have one parent, got a second, ${node}`);
      seen[child] = 1;
      open.push(child);
    }
  }
  return order.subarray(0, count);
}

/** Places of the children in the new order. */
export function renumber(order: Int32Array, children: Int32Array): Int32Array {
  const places = new Int32Array(children.length).fill(-1);
  for (let k = 0; k < order.length; k++) places[order[k]!] = k;
  return Int32Array.from(order, (old) => (children[old]! < 0 ? -1 : places[children[old]!]!));
}
