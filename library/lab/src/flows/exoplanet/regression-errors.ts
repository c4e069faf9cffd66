import type { Table } from "assay";
import type { SignalAnswers } from "./network.ts";

/** How far a network's periods and depths are off, on rows where both are known. */
interface RegressionErrors {
  /** Mean absolute error of the period, factors of ten. */
  readonly period_mae: number;
  /** Days; ruled by the longest periods. */
  readonly period_mae_days: number;
  /** Half of the rows are off by less than this share. */
  readonly period_median_relative: number;
  readonly depth_mae: number;
  readonly depth_mae_ppm: number;
  readonly depth_median_relative: number;
}

/** Errors of period and depth: in factors of ten, in their units, and the median share. */
export function regressionErrors(test: Table, { period, depth }: Pick<SignalAnswers, "period" | "depth">): RegressionErrors {
  const ofPeriod = errorsOf(test.values("period") as number[], period);
  const ofDepth = errorsOf(test.values("depth") as number[], depth);
  return {
    period_mae: ofPeriod.dex,
    period_mae_days: ofPeriod.mean,
    period_median_relative: ofPeriod.medianRelative,
    depth_mae: ofDepth.dex,
    depth_mae_ppm: ofDepth.mean,
    depth_median_relative: ofDepth.medianRelative,
  };
}

function errorsOf(truth: readonly number[], said: Float64Array): { dex: number; mean: number; medianRelative: number } {
  const n = truth.length;
  const dex = truth.reduce((sum, value, i) => sum + Math.abs(Math.log10(said[i]! / value)), 0) / n;
  const mean = truth.reduce((sum, value, i) => sum + Math.abs(said[i]! - value), 0) / n;
  const relative = truth.map((value, i) => Math.abs(said[i]! - value) / value).sort((a, b) => a - b);
  return { dex, mean, medianRelative: relative[Math.floor(n / 2)]! };
}
