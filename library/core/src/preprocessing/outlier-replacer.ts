import { z } from "zod";
import { ParamsError, StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { columnOf, type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { presentValues } from "./column-values.ts";
import { statistic } from "./imputer.ts";
import { moments } from "./moments.ts";
import { checkLists } from "./step-checks.ts";

/** How outliers are told from other cells. */
export interface OutlierRule {
  /** Beyond the quartiles by k interquartile ranges, from the mean by k standard deviations, or outside low … high. */
  readonly method: "iqr" | "zscore" | "range";
  /** Default 1.5 for iqr, 3 for zscore. */
  readonly k?: number | undefined;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** What an outlier replacer learns: a cell outside low … high is an outlier. */
export interface OutlierState {
  /** Least cell that is none, one per column (d); −∞ where there is no bound. */
  readonly low: Float64Array;
  /** Greatest cell that is none (d). */
  readonly high: Float64Array;
  /** What an outlier becomes (d); NaN missing. Unused by clip. */
  readonly fill: Float64Array;
}

/**
 * Replaces cells that lie far from the others: clips them to the bounds, makes them missing, or gives them the mean, median or mode of the
 * cells within. Bounds are learnt from the rows of the fit. Missing cells stay missing, categories pass. O(n d), iqr O(n d log n).
 * Source: Tukey (1977), Exploratory Data Analysis, for the fences of iqr.
 */
export const outlierReplacer = transformer({
  name: "outlier_replacer",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      method: z.enum(["iqr", "zscore", "range"]).default("iqr").meta({ title: "Method" }),
      k: z.number().positive().max(1000).optional().meta({ title: "Width k", description: "Default 1.5 for iqr, 3 for zscore." }),
      low: z.number().optional().meta({ title: "Lowest", description: "For the method range." }),
      high: z.number().optional().meta({ title: "Highest", description: "For the method range." }),
      action: z.enum(["clip", "missing", "mean", "median", "mode"]).default("clip").meta({ title: "Outliers become" }),
    }),
  fit(x, _, { action, ...rule }): OutlierState {
    const { low, high } = outlierBounds(x, rule);
    const fill = new Float64Array(x.columns).fill(Number.NaN);
    if (action !== "clip" && action !== "missing")
      for (let j = 0; j < x.columns; j++) {
        const within = columnOf(x, j).filter((value) => value >= low[j]! && value <= high[j]!);
        if (within.length > 0) fill[j] = statistic(action, within);
      }
    return { low, high, fill };
  },
  transform(x, { low, high, fill }, { action }): Matrix {
    const data = sharedFloat64(x.data.length);
    for (let i = 0, at = 0; i < x.rows; i++)
      for (let j = 0; j < x.columns; j++, at++) {
        const value = x.data[at]!;
        const bound = value < low[j]! ? low[j]! : value > high[j]! ? high[j]! : Number.NaN;
        data[at] = Number.isNaN(bound) ? value : action === "clip" ? bound : fill[j]!;
      }
    return { ...x, data };
  },
  check({ low, high, fill }, columns) {
    checkLists("outlier_replacer", { low, high, fill }, columns);
    if (![low, high, fill].every((values) => values instanceof Float64Array))
      throw new StoreError("outlier_replacer: low, high and fill must be Float64Arrays");
  },
});

/** Bounds of each column; −∞ and +∞ for categories and columns without a value. Throws ParamsError for a range without bounds. */
export function outlierBounds(x: Matrix, { method, k, low, high }: OutlierRule): { low: Float64Array; high: Float64Array } {
  const bounds = { low: new Float64Array(x.columns).fill(-Infinity), high: new Float64Array(x.columns).fill(Infinity) };
  if (method === "range" && low === undefined && high === undefined)
    throw new ParamsError("outliers: the method range needs low or high");
  if (low !== undefined && high !== undefined && low > high)
    throw new ParamsError(`outliers: low must be ≤ high, got ${low} and ${high}`);
  const { mean, deviation, count } = method === "zscore" ? moments(x) : moments({ ...x, rows: 0 });
  for (let j = 0; j < x.columns; j++) {
    if (x.levels?.[j]) continue;
    let [from, to] = [low ?? -Infinity, high ?? Infinity];
    if (method === "zscore" && count[j]! > 0) {
      const reach = (k ?? 3) * deviation[j]!;
      [from, to] = [mean[j]! - reach, mean[j]! + reach];
    } else if (method === "iqr") {
      const sorted = presentValues(x, j).sort();
      if (sorted.length === 0) continue;
      const [first, third] = [quantileOfSorted(sorted, 0.25), quantileOfSorted(sorted, 0.75)];
      const reach = (k ?? 1.5) * (third - first);
      [from, to] = [first - reach, third + reach];
    }
    if (Number.isNaN(from) || Number.isNaN(to)) continue; // differences beyond 1.8e308: nothing lies outside
    bounds.low[j] = from;
    bounds.high[j] = to;
  }
  return bounds;
}
