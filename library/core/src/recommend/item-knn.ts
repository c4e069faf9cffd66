import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { countOf } from "./ids.ts";
import { type SparseRows, transposed } from "./interactions.ts";
import { itemKnnWork, openItemKnn } from "./item-knn-memory.ts";
import { itemWeights } from "./item-weights.ts";
import { recommender } from "./recommender.ts";

/** What item-kNN learns: each item's nearest items, ascending by code, with how alike they are. */
export interface ItemKnnState extends SparseRows {}

/**
 * Item-kNN: items are alike where the same users took them, by the cosine of their weighted users (`cosine`, `tfidf`) or the product (`bm25`), times
 * n / (n + shrinkage) for n common users. A user's score of an item is the sum over the user's items, value times likeness, where the item is among the
 * `nNeighbors` nearest of the user's. O(Σ n²) for users of n items, on all threads. Source: Sarwar et al. (2001), "Item-based collaborative filtering
 * recommendation algorithms", WWW; Bell & Koren (2007), ICDM, for the shrinkage. Oracle: implicit.nearest_neighbours.
 */
export const itemKnn = recommender({
  name: "item_knn",
  params: () =>
    z.strictObject({
      nNeighbors: z.number().int().min(1).max(10_000).default(100).meta({ title: "Neighbours of an item", search: "log" }),
      weighting: z.enum(["cosine", "tfidf", "bm25"]).default("cosine").meta({ title: "Weighting" }),
      shrinkage: z
        .number()
        .min(0)
        .max(1e6)
        .default(0)
        .meta({ title: "Shrinkage", description: "More: items that few users have in common count as less alike." }),
      k1: z
        .number()
        .min(0)
        .max(1000)
        .default(1.2)
        .meta({ title: "BM25 k₁", description: "How soon more of the same counts no more." }),
      b: z.number().min(0).max(1).default(0.75).meta({ title: "BM25 b", description: "How much popular items are held back." }),
    }),
  fit(x, { nNeighbors, shrinkage, ...weighing }, context): ItemKnnState {
    const items = countOf(x.items);
    const byItem = transposed(x, items);
    const weighted = { ...byItem, values: itemWeights(byItem, countOf(x.users), weighing) };
    const byUser = transposed(weighted, countOf(x.users));
    const plan = openItemKnn(weighted, byUser, { nNeighbors, shrinkage, threads: context.threads });
    const pieces = plan.begin.length - 1;
    return joined(
      context.parallel<ItemKnnState>(itemKnnWork, plan, pieces, (done) => context.checkpoint(done, pieces)),
      items,
    );
  },
  scorer: (known, { offsets, codes, values }) => {
    const items = countOf(known.items);
    const likeness = (from: number, to: number): number => {
      for (let k = offsets[from]!; k < offsets[from + 1]!; k++) if (codes[k] === to) return values[k]!;
      return 0;
    };
    return {
      scores(history) {
        const sums = new Float64Array(items);
        for (let h = 0; h < history.codes.length; h++) {
          const item = history.codes[h]!;
          for (let k = offsets[item]!; k < offsets[item + 1]!; k++) sums[codes[k]!]! += history.values[h]! * values[k]!;
        }
        return sums;
      },
      similar(item) {
        const scores = new Float64Array(items).fill(-Infinity);
        for (let k = offsets[item]!; k < offsets[item + 1]!; k++) scores[codes[k]!] = values[k]!;
        return scores;
      },
      shares: (history, item) => Float64Array.from(history.codes, (code, h) => history.values[h]! * likeness(code, item)),
    };
  },
  check({ offsets, codes, values }, _, items) {
    const isArrays = offsets instanceof Int32Array && codes instanceof Int32Array && values instanceof Float64Array;
    const isWhole = isArrays && offsets.length === items + 1 && offsets[0] === 0 && offsets[items] === codes.length;
    if (!(isWhole && values.length === codes.length && offsets.every((at, j) => j === 0 || at >= offsets[j - 1]!)))
      throw new StoreError(`loadModel: item_knn's neighbours must be lists of ${items} items`);
    if (!(codes.every((code) => code >= 0 && code < items) && values.every(Number.isFinite)))
      throw new StoreError(`loadModel: item_knn's neighbours must be codes below ${items} with finite likeness`);
  },
});

/** Lists one after the other. */
function joined(parts: readonly ItemKnnState[], rows: number): ItemKnnState {
  const size = parts.reduce((sum, { codes }) => sum + codes.length, 0);
  const offsets = new Int32Array(rows + 1);
  const codes = new Int32Array(size);
  const values = new Float64Array(size);
  let row = 0;
  let place = 0;
  for (const part of parts) {
    codes.set(part.codes, place);
    values.set(part.values, place);
    for (let r = 1; r < part.offsets.length; r++) offsets[++row] = place + part.offsets[r]!;
    place += part.codes.length;
  }
  return { offsets, codes, values };
}
