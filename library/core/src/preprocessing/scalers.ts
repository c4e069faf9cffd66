import { z } from "zod";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { columnValues } from "./imputer.ts";

/** What a scaler learns: x becomes (x − centre) / scale. */
export interface ScalerState {
  /** What is subtracted, one per column (d). */
  readonly centre: Float64Array;
  /** What is divided by, one per column (d); 1 for a constant column. */
  readonly scale: Float64Array;
}

/**
 * Centres each column on its mean and scales it to unit variance; row weights count. Missing cells stay missing. O(n d).
 * Oracle: sklearn.preprocessing.StandardScaler.
 */
export const standardScaler = transformer({
  name: "standard_scaler",
  missing: true,
  params: z.strictObject({
    withMean: z.boolean().default(true).meta({ title: "Centre" }),
    withStd: z.boolean().default(true).meta({ title: "Scale to unit variance" }),
  }),
  fit(x, _, { withMean, withStd }, { weights }): ScalerState {
    const centre = new Float64Array(x.columns);
    const scale = new Float64Array(x.columns).fill(1);
    for (let j = 0; j < x.columns; j++) {
      const { mean, variance } = moments(columnValues(x, j), weights);
      if (withMean) centre[j] = mean;
      if (withStd && isSpread(variance, mean, x.rows)) scale[j] = Math.sqrt(variance);
    }
    return { centre, scale };
  },
  transform: (x, state) => apply(x, state),
  inverse: (x, state) => revert(x, state),
});

/**
 * Maps each column's range onto [low, high]. Missing cells stay missing. O(n d).
 * Oracle: sklearn.preprocessing.MinMaxScaler.
 */
export const minMaxScaler = transformer({
  name: "min_max_scaler",
  missing: true,
  params: z.strictObject({
    low: z.number().default(0).meta({ title: "Smallest" }),
    high: z.number().default(1).meta({ title: "Largest" }),
  }),
  fit(x, _, { low, high }): ScalerState {
    const centre = new Float64Array(x.columns);
    const scale = new Float64Array(x.columns);
    for (let j = 0; j < x.columns; j++) {
      let min = Infinity;
      let max = -Infinity;
      for (const value of columnValues(x, j)) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
      const range = max > min ? max - min : 1;
      scale[j] = range / (high - low);
      centre[j] = (Number.isFinite(min) ? min : 0) - low * scale[j]!;
    }
    return { centre, scale };
  },
  transform: (x, state) => apply(x, state),
  inverse: (x, state) => revert(x, state),
});

/**
 * Centres each column on its median and scales it by its interquartile range: outliers count little. Missing cells stay missing.
 * O(n d log n). Oracle: sklearn.preprocessing.RobustScaler.
 */
export const robustScaler = transformer({
  name: "robust_scaler",
  missing: true,
  params: z.strictObject({
    withCentering: z.boolean().default(true).meta({ title: "Centre on the median" }),
    withScaling: z.boolean().default(true).meta({ title: "Scale by the interquartile range" }),
  }),
  fit(x, _, { withCentering, withScaling }): ScalerState {
    const centre = new Float64Array(x.columns);
    const scale = new Float64Array(x.columns).fill(1);
    for (let j = 0; j < x.columns; j++) {
      const sorted = columnValues(x, j)
        .filter((value) => !Number.isNaN(value))
        .sort();
      if (sorted.length === 0) continue;
      if (withCentering) centre[j] = quantileOfSorted(sorted, 0.5);
      const range = quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25);
      if (withScaling && range > 10 * Number.EPSILON) scale[j] = range;
    }
    return { centre, scale };
  },
  transform: (x, state) => apply(x, state),
  inverse: (x, state) => revert(x, state),
});

function moments(values: Float64Array, weights: Float64Array | undefined): { mean: number; variance: number } {
  let total = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    if (weight === 0 || Number.isNaN(values[i])) continue;
    total += weight;
    const delta = values[i]! - mean;
    mean += (weight / total) * delta;
    squares += weight * delta * (values[i]! - mean);
  }
  return { mean, variance: total > 0 ? squares / total : 0 };
}

/** Whether a variance is more than rounding of a constant column. */
function isSpread(variance: number, mean: number, rows: number): boolean {
  const rounding = rows * Number.EPSILON * Math.abs(mean);
  return variance > rows * Number.EPSILON * variance + rounding * rounding;
}

function apply(x: Matrix, { centre, scale }: ScalerState): Matrix {
  const data = sharedFloat64(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (x.data[i]! - centre[i % x.columns]!) / scale[i % x.columns]!;
  return { ...x, data };
}

function revert(x: Matrix, { centre, scale }: ScalerState): Matrix {
  const data = sharedFloat64(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = x.data[i]! * scale[i % x.columns]! + centre[i % x.columns]!;
  return { ...x, data };
}
