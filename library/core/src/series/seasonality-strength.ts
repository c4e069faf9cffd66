import { variance } from "../numeric/statistics.ts";
import type { Decomposition } from "./stl.ts";

/** How much of a series its season and its trend are, 0 … 1 each. */
export interface SeriesStrength {
  /** Share of the variance without trend that the season takes away; 0.64 and above is commonly called seasonal. */
  readonly seasonal: number;
  /** Share of the variance without season that the trend takes away. */
  readonly trend: number;
}

/**
 * How strong the season and the trend of a decomposition are: max(0, 1 − Var(rest) / Var(rest + part)); 0 for a part of a series that does
 * not vary. O(n). Source: Wang, Smith & Hyndman (2006), Data Mining and Knowledge Discovery 13(3).
 * @example
 * ml.seasonalityStrength(ml.stl(values, { period: 7 })).seasonal
 */
export function seasonalityStrength({ trend, seasonal, residual }: Decomposition): SeriesStrength {
  return { seasonal: strength(seasonal, residual), trend: strength(trend, residual) };
}

function strength(part: Float64Array, residual: Float64Array): number {
  const both = variance(part.map((value, i) => value + residual[i]!));
  return both > 0 ? Math.max(0, 1 - variance(residual) / both) : 0;
}
