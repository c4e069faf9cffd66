import { sharedFloat64 } from "../numeric/matrix.ts";
import type { SparseRows } from "./interactions.ts";

/** How interactions are weighed before items are compared. */
interface WeightOptions {
  readonly weighting: "cosine" | "tfidf" | "bm25";
  readonly k1: number;
  readonly b: number;
}

/**
 * Weights of the interactions of items (rows) by users. `cosine`: the values; `tfidf`: √value · idf of the user, log m − log(1 + n) for a user with n of m items;
 * both then to length 1 an item. `bm25`: value (k₁ + 1) / (k₁ (1 − b + b · length / mean length) + value) · idf, an item's length being the sum of its values.
 * Source: Robertson & Zaragoza (2009), "The probabilistic relevance framework". Oracle: implicit.nearest_neighbours.
 */
export function itemWeights(byItem: SparseRows, users: number, { weighting, k1, b }: WeightOptions): Float64Array {
  const { offsets, codes, values } = byItem;
  const items = offsets.length - 1;
  const taken = new Int32Array(users);
  for (const user of codes) taken[user]!++;
  const rarity = Float64Array.from(taken, (count) => Math.log(items) - Math.log(1 + count));
  const total = values.reduce((a, each) => a + each, 0);
  const weights = sharedFloat64(values.length);
  for (let j = 0; j < items; j++) {
    const from = offsets[j]!;
    const to = offsets[j + 1]!;
    let length = 0;
    for (let k = from; k < to; k++) length += values[k]!;
    const share = k1 * (1 - b + (b * length * items) / total);
    let squares = 0;
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      const idf = rarity[codes[k]!]!;
      const weight =
        weighting === "cosine"
          ? value
          : weighting === "tfidf"
            ? Math.sqrt(value) * idf
            : ((value * (k1 + 1)) / (share + value)) * idf;
      weights[k] = weight;
      squares += weight * weight;
    }
    if (weighting !== "bm25" && squares > 0) for (let k = from; k < to; k++) weights[k]! /= Math.sqrt(squares);
  }
  return weights;
}
