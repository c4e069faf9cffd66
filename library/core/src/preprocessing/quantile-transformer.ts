import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { normalCdf, normalQuantile } from "../numeric/normal.ts";
import { random } from "../numeric/random.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { presentValues } from "./column-values.ts";
import { checkLists, requireWidth } from "./step-checks.ts";

/** What a quantile transformer learns. */
export interface QuantileState {
  /** Quantiles of each column at equal steps from 0 to 1; empty where every cell was missing (d). */
  readonly quantiles: readonly Float64Array[];
}

/** Normal output ends where the uniform one is so near 0 or 1 that the way back is lost. */
const bound = 1e-7;

/**
 * Maps each column by its own distribution function onto 0 … 1, or onto the normal distribution: monotone, and blind to outliers. Rows beyond
 * the fit's range take its ends; missing cells stay missing. Columns of more than `subsample` rows are learnt from a sample of them.
 * O(n d log q). Oracle: sklearn.preprocessing.QuantileTransformer.
 */
export const quantileTransformer = transformer({
  name: "quantile_transformer",
  missing: true,
  params: () =>
    z.strictObject({
      quantiles: z.int().min(2).max(100_000).default(1000).meta({ title: "Quantiles" }),
      output: z.enum(["uniform", "normal"]).default("uniform").meta({ title: "Distribution" }),
      subsample: z.int().min(10).default(10_000).meta({ title: "Rows to learn from" }),
      seed: z.int().min(0).default(42).meta({ title: "Seed" }),
    }),
  fit(x, _, { quantiles, subsample, seed }, { checkpoint }): QuantileState {
    const count = Math.max(1, Math.min(quantiles, x.rows));
    const shares = Float64Array.from({ length: count }, (_unused, k) => (count === 1 ? 0 : k / (count - 1)));
    const learn = (_unused: unknown, j: number): Float64Array => {
      checkpoint();
      const sorted = sampled(presentValues(x, j), subsample, seed).sort();
      if (sorted.length === 0) return new Float64Array(0);
      return shares.map((share) => quantileOfSorted(sorted, share));
    };
    return { quantiles: Array.from({ length: x.columns }, learn) };
  },
  transform: (x, { quantiles }, { output }): Matrix =>
    eachCell(x, (value, j) => {
      const uniform = shareBelow(quantiles[j]!, value, output === "normal" ? bound : 0);
      return output === "normal" ? normalOf(uniform) : uniform;
    }),
  inverse(x, { quantiles }, { output }): Matrix {
    requireWidth("quantile_transformer.inverseTransform", x, quantiles.length);
    return eachCell(x, (value, j) => {
      const share = output === "normal" ? normalCdf(value) : value;
      const own = quantiles[j]!;
      return own.length === 0 ? Number.NaN : quantileOfSorted(own, Math.min(1, Math.max(0, share)));
    });
  },
  check({ quantiles }, columns) {
    checkLists("quantile_transformer", { quantiles }, columns);
    for (const [j, own] of quantiles.entries())
      if (!(own instanceof Float64Array) || own.some((value, k) => Number.isNaN(value) || (k > 0 && value < own[k - 1]!)))
        throw new StoreError(`quantile_transformer: quantiles of column ${j} must ascend`);
  },
});

function sampled(values: Float64Array, rows: number, seed: number): Float64Array {
  if (values.length <= rows) return values;
  const order = random(seed, "quantile-transformer").permutation(values.length);
  return Float64Array.from({ length: rows }, (_, k) => values[order[k]!]!);
}

function eachCell(x: Matrix, map: (value: number, j: number) => number): Matrix {
  const data = sharedFloat64(x.data.length);
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) data[at] = Number.isNaN(x.data[at]) ? Number.NaN : map(x.data[at]!, j);
  return { ...x, data };
}

/** Share of the distribution below a value: linear between quantiles, the middle of a run of equal ones. */
function shareBelow(quantiles: Float64Array, value: number, within: number): number {
  const last = quantiles.length - 1;
  if (last < 0) return Number.NaN;
  if (within > 0 ? value - within < quantiles[0]! : value <= quantiles[0]!) return 0;
  if (within > 0 ? value + within > quantiles[last]! : value >= quantiles[last]!) return 1;
  const below = lastPlace(quantiles, value, false);
  const upto = lastPlace(quantiles, value, true);
  const step = 1 / last;
  const at = (k: number): number => {
    const width = quantiles[k + 1]! - quantiles[k]!;
    return k >= last ? 1 : (k + (width > 0 ? (value - quantiles[k]!) / width : 0)) * step;
  };
  return below === upto ? at(below) : ((below + 1) * step + upto * step) / 2;
}

/** Place of the last quantile that is less than the value, or equal to it too. */
function lastPlace(quantiles: Float64Array, value: number, equal: boolean): number {
  let low = 0;
  let high = quantiles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (quantiles[middle]! < value || (equal && quantiles[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const edge = bound - 2 ** -52;

function normalOf(share: number): number {
  const value = share <= 0 ? -Infinity : share >= 1 ? Infinity : normalQuantile(share);
  return Math.min(normalQuantile(1 - edge), Math.max(normalQuantile(edge), value));
}
