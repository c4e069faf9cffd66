import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { presentValues } from "./column-values.ts";
import { checkLists, requireWidth } from "./step-checks.ts";

/** What a discretizer learns. */
export interface BinsState {
  /** Ascending edges of each column's bins, one more than bins; empty where every cell was missing (d). */
  readonly edges: readonly Float64Array[];
}

/**
 * Turns each number into the number of its bin, 0 … bins − 1. Bins are of equal width (`uniform`), of equally many rows (`quantile`) or
 * around the centres of k-means. Rows beyond the edges fall into the outer bins, missing cells stay missing. Bins narrower than 1e-8 are
 * merged: a column of few values has fewer. Inverse: the middle of the bin. O(n d log n).
 * Oracle: sklearn.preprocessing.KBinsDiscretizer(encode="ordinal").
 */
export const kBinsDiscretizer = transformer({
  name: "k_bins_discretizer",
  missing: true,
  params: () =>
    z.strictObject({
      bins: z.int().min(2).max(1000).default(5).meta({ title: "Bins" }),
      strategy: z.enum(["quantile", "uniform", "kmeans"]).default("quantile").meta({ title: "Strategy" }),
    }),
  fit(x, _, { bins, strategy }, { checkpoint }): BinsState {
    const edges = Array.from({ length: x.columns }, (_unused, j) => {
      checkpoint();
      const sorted = presentValues(x, j).sort();
      if (sorted.length === 0) return new Float64Array(0);
      if (sorted[0] === sorted.at(-1)) return Float64Array.of(sorted[0]!, sorted[0]!); // constant: one bin
      return edgesOf(sorted, bins, strategy);
    });
    return { edges };
  },
  transform(x, { edges }): Matrix {
    const data = sharedFloat64(x.data.length);
    for (let i = 0, at = 0; i < x.rows; i++)
      for (let j = 0; j < x.columns; j++, at++) {
        const value = x.data[at]!;
        data[at] = Number.isNaN(value) || edges[j]!.length === 0 ? Number.NaN : binOf(edges[j]!, value);
      }
    return { ...x, data };
  },
  inverse(x, { edges }): Matrix {
    requireWidth("k_bins_discretizer.inverseTransform", x, edges.length);
    const data = sharedFloat64(x.data.length);
    for (let i = 0, at = 0; i < x.rows; i++)
      for (let j = 0; j < x.columns; j++, at++) {
        const bin = x.data[at]!;
        data[at] = edges[j]![bin]! / 2 + edges[j]![bin + 1]! / 2;
      }
    return { ...x, data };
  },
  check({ edges }, columns) {
    checkLists("k_bins_discretizer", { edges }, columns);
    for (const [j, list] of edges.entries())
      if (!(list instanceof Float64Array) || list.some((edge, k) => !Number.isFinite(edge) || (k > 0 && edge < list[k - 1]!)))
        throw new StoreError(`k_bins_discretizer: edges of column ${j} must be finite and ascend`);
  },
});

/** Number of inner edges that are ≤ the value: bins hold their lower edge. */
function binOf(edges: Float64Array, value: number): number {
  let low = 1;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function edgesOf(sorted: Float64Array, bins: number, strategy: "quantile" | "uniform" | "kmeans"): Float64Array {
  const uniform = uniformEdges(sorted[0]!, sorted.at(-1)!, bins);
  if (strategy === "uniform") return uniform;
  const edges = strategy === "quantile" ? quantileEdges(sorted, bins) : kMeansEdges(sorted, uniform);
  return edges.filter((edge, k) => k === 0 || edge - edges[k - 1]! > 1e-8);
}

function uniformEdges(least: number, greatest: number, bins: number): Float64Array {
  const step = greatest / bins - least / bins;
  return Float64Array.from({ length: bins + 1 }, (_, k) => (k === bins ? greatest : least + k * step));
}

/** Quantiles by the inverse of the distribution function, averaged where it is flat (numpy's averaged_inverted_cdf). */
function quantileEdges(sorted: Float64Array, bins: number): Float64Array {
  const n = sorted.length;
  return Float64Array.from({ length: bins + 1 }, (_, k) => {
    const place = (n * k) / bins;
    const above = Math.min(n - 1, Math.floor(place));
    const below = place === Math.floor(place) ? Math.max(0, above - (place < n ? 1 : 0)) : above;
    return sorted[below]! / 2 + sorted[above]! / 2;
  });
}

/** Borders half-way between centres that Lloyd's steps reach from the middles of equal bins. */
function kMeansEdges(sorted: Float64Array, uniform: Float64Array): Float64Array {
  const bins = uniform.length - 1;
  const centres = Float64Array.from({ length: bins }, (_, k) => uniform[k]! / 2 + uniform[k + 1]! / 2);
  const sums = new Float64Array(sorted.length + 1);
  for (let i = 0; i < sorted.length; i++) sums[i + 1] = sums[i]! + sorted[i]!;
  const borders = new Int32Array(bins + 1);
  for (let step = 0; step < 300; step++) {
    let moved = false;
    for (let k = 1; k <= bins; k++) {
      let at = borders[k - 1]!;
      const border = k === bins ? Infinity : centres[k - 1]! / 2 + centres[k]! / 2;
      while (at < sorted.length && sorted[at]! <= border) at++;
      if (borders[k] !== at) moved = true;
      borders[k] = at;
    }
    if (!moved) break;
    for (let k = 0; k < bins; k++) {
      const count = borders[k + 1]! - borders[k]!;
      if (count > 0) centres[k] = (sums[borders[k + 1]!]! - sums[borders[k]!]!) / count;
    }
  }
  const inner = Array.from({ length: bins - 1 }, (_, k) => centres[k]! / 2 + centres[k + 1]! / 2);
  return Float64Array.of(sorted[0]!, ...inner, sorted.at(-1)!);
}
