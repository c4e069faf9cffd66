import { decodeModel, encodeModel, type Matrix, type RegressorModel, randomForestRegressor } from "assay";
import type { Member, MemberKind, MemberState } from "./member.ts";
import { weightedMedian } from "./weighted-median.ts";

interface Trees {
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft?: Uint8Array;
}

/**
 * A random forest that answers the weighted median of the targets that share its leaves, not their mean: the score is absolute error, and most
 * changes are zero. Source: Meinshausen (2006), JMLR 7, quantile regression forests.
 */
export const forestMember: MemberKind = {
  async fit({ x, y, last }, { seed, signal }) {
    const forest = randomForestRegressor({ nEstimators: 200, minSamplesLeaf: 4, maxFeatures: 0.33, seed });
    const model = await forest.fit(x, y, { weights: last, ...(signal && { signal }) });
    const order = Int32Array.from(y.keys()).sort((a, b) => y[a]! - y[b]! || a - b);
    const leaves = new Float64Array(x.rows * (treesOf(model).roots.length - 1));
    for (const [place, i] of order.entries()) leaves.set(leavesOf(x, i, treesOf(model)), place * (leaves.length / x.rows));
    const arrays = { leaves, y: Float64Array.from(order, (i) => y[i]!), weights: Float64Array.from(order, (i) => last[i]!) };
    return open({ models: [encodeModel(model)], arrays });
  },
  open,
};

function open(state: MemberState): Member {
  const trees = treesOf(decodeModel<RegressorModel>(state.models[0]!));
  const { leaves, y, weights } = state.arrays as Readonly<Record<"leaves" | "y" | "weights", Float64Array>>;
  const { targets, starts, kinds, parts } = leafTargets(leaves, y, weights, trees);
  return {
    state,
    predict: (x) => {
      const out = new Float64Array(x.rows);
      const shares = new Float64Array(targets.length);
      for (let i = 0; i < x.rows; i++) {
        shares.fill(0);
        for (const leaf of leavesOf(x, i, trees)) {
          const end = starts[leaf + 1]!;
          for (let k = starts[leaf]!; k < end; k++) shares[kinds[k]!]! += parts[k]!;
        }
        out[i] = weightedMedian(targets, shares);
      }
      return out;
    },
  };
}

function treesOf(model: RegressorModel): Trees {
  return model.state as Trees;
}

/**
 * The different targets, rising, and for each node that is a leaf which of them its rows have, one behind the other, each with its part of the leaf's
 * weight; where each node's begin (nodes + 1). Most changes are zero: a leaf of a hundred rows has few targets.
 */
function leafTargets(leaves: Float64Array, y: Float64Array, weights: Float64Array, { roots, feature }: Trees) {
  const trees = roots.length - 1;
  const targets = Float64Array.from(new Set(y)); // y rises
  const kindOf = new Map([...targets].map((target, kind) => [target, kind]));
  const nodes = feature.length;
  const totals = new Float64Array(nodes);
  const inLeaf = new Array<Map<number, number>>(nodes); // holes where a node is no leaf
  for (const [k, leaf] of leaves.entries()) {
    const row = Math.floor(k / trees);
    const kind = kindOf.get(y[row]!)!;
    totals[leaf]! += weights[row]!;
    const own = (inLeaf[leaf] ??= new Map());
    own.set(kind, (own.get(kind) ?? 0) + weights[row]!);
  }
  const starts = new Int32Array(nodes + 1);
  for (let node = 0; node < nodes; node++) starts[node + 1] = starts[node]! + (inLeaf[node]?.size ?? 0);
  const kinds = Int32Array.from(inLeaf.flatMap((own) => [...own.keys()]));
  const parts = Float64Array.from(inLeaf.flatMap((own, leaf) => [...own.values()].map((weight) => weight / totals[leaf]!)));
  return { targets, starts, kinds, parts };
}

/** The leaf of each tree that a row comes to. */
function leavesOf({ data, columns }: Matrix, i: number, trees: Trees): Int32Array {
  const { roots, feature, threshold, left, right, missingLeft } = trees;
  const leaves = new Int32Array(roots.length - 1);
  for (let t = 0; t < leaves.length; t++) {
    let node = roots[t]!;
    while (left[node]! >= 0) {
      const value = data[i * columns + feature[node]!]!;
      const goesLeft = Number.isNaN(value) ? missingLeft?.[node] === 1 : value <= threshold[node]!;
      node = goesLeft ? left[node]! : right[node]!;
    }
    leaves[t] = node;
  }
  return leaves;
}
