import { z } from "zod";
import { DataError, ParamsError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { checkScaler, type ScalerState, standardise, standardiseInto, unstandardise } from "./affine.ts";
import { presentValues } from "./column-values.ts";
import { isSpread, moments } from "./moments.ts";

/**
 * Centres each column on its mean and scales it to unit variance; row weights count. Missing cells stay missing. O(n d).
 * Oracle: sklearn.preprocessing.StandardScaler.
 */
export const standardScaler = transformer({
  name: "standard_scaler",
  missing: true,
  params: () =>
    z.strictObject({
      withMean: z.boolean().default(true).meta({ title: "Centre" }),
      withStd: z.boolean().default(true).meta({ title: "Scale to unit variance" }),
    }),
  fit(x, _, { withMean, withStd }, { weights, checkpoint }): ScalerState {
    const { mean, deviation, count } = moments(x, weights, checkpoint);
    const isScaled = (j: number): boolean => withStd && isSpread(deviation[j]!, mean[j]!, count[j]!);
    return {
      centre: withMean ? mean : new Float64Array(x.columns),
      scale: deviation.map((value, j) => (isScaled(j) ? value : 1)),
    };
  },
  transform: standardise,
  transformInto: (x, state, _, out, start, stride) => standardiseInto(x, state, out, start, stride),
  inverse: (x, state) => unstandardise("standard_scaler.inverseTransform", x, state),
  check: (state, columns) => checkScaler("standard_scaler", state, columns),
});

/**
 * Maps each column's range onto [low, high]. Missing cells stay missing; `clip` keeps rows outside the range of the fit within it. O(n d).
 * Oracle: sklearn.preprocessing.MinMaxScaler.
 */
export const minMaxScaler = transformer({
  name: "min_max_scaler",
  missing: true,
  params: () =>
    z.strictObject({
      low: z.number().default(0).meta({ title: "Smallest" }),
      high: z.number().default(1).meta({ title: "Largest" }),
      clip: z.boolean().default(false).meta({ title: "Keep later rows within" }),
    }),
  fit(x, _, { low, high }): ScalerState {
    if (low >= high) throw new ParamsError(`min_max_scaler: low must be < high, got ${low} and ${high}`);
    const { least, greatest } = ranges(x);
    const scale = new Float64Array(x.columns);
    const centre = new Float64Array(x.columns);
    for (let j = 0; j < x.columns; j++) {
      const range = greatest[j]! > least[j]! ? greatest[j]! - least[j]! : 1;
      if (range === Infinity) throw tooWide("min_max_scaler", x, j);
      scale[j] = range / (high - low);
      centre[j] = (Number.isFinite(least[j]!) ? least[j]! : 0) - low * scale[j]!;
    }
    return { centre, scale };
  },
  transform(x, state, { low, high, clip }): Matrix {
    const scaled = standardise(x, state);
    const { data } = scaled;
    if (clip) for (let k = 0; k < data.length; k++) data[k] = data[k]! < low ? low : data[k]! > high ? high : data[k]!;
    return scaled;
  },
  inverse: (x, state) => unstandardise("min_max_scaler.inverseTransform", x, state),
  check: (state, columns) => checkScaler("min_max_scaler", state, columns),
});

/** Divides each column by its greatest absolute value: zeros stay zeros. O(n d). Oracle: sklearn.preprocessing.MaxAbsScaler. */
export const maxAbsScaler = transformer({
  name: "max_abs_scaler",
  missing: true,
  params: () => z.strictObject({}),
  fit(x): ScalerState {
    const { least, greatest } = ranges(x);
    const scale = greatest.map((value, j) => Math.max(Math.abs(value), Math.abs(least[j]!)));
    return { centre: new Float64Array(x.columns), scale: scale.map((value) => (value > 0 && value < Infinity ? value : 1)) };
  },
  transform: standardise,
  transformInto: (x, state, _, out, start, stride) => standardiseInto(x, state, out, start, stride),
  inverse: (x, state) => unstandardise("max_abs_scaler.inverseTransform", x, state),
  check: (state, columns) => checkScaler("max_abs_scaler", state, columns),
});

/**
 * Centres each column on its median and scales it by the distance of two quantiles: outliers count little. Missing cells stay missing.
 * O(n d log n). Oracle: sklearn.preprocessing.RobustScaler.
 */
export const robustScaler = transformer({
  name: "robust_scaler",
  missing: true,
  params: () =>
    z.strictObject({
      withCentering: z.boolean().default(true).meta({ title: "Centre on the median" }),
      withScaling: z.boolean().default(true).meta({ title: "Scale by the distance of the quantiles" }),
      low: z.number().min(0).max(0.5).default(0.25).meta({ title: "Lower quantile" }),
      high: z.number().min(0.5).max(1).default(0.75).meta({ title: "Upper quantile" }),
    }),
  fit(x, _, { withCentering, withScaling, low, high }, { checkpoint }): ScalerState {
    const centre = new Float64Array(x.columns);
    const scale = new Float64Array(x.columns).fill(1);
    for (let j = 0; j < x.columns; j++) {
      checkpoint();
      const sorted = presentValues(x, j).sort();
      if (sorted.length === 0) continue;
      if (withCentering) centre[j] = quantileOfSorted(sorted, 0.5);
      const range = quantileOfSorted(sorted, high) - quantileOfSorted(sorted, low);
      if (range === Infinity || !Number.isFinite(centre[j]!)) throw tooWide("robust_scaler", x, j);
      if (withScaling && range > 10 * Number.EPSILON) scale[j] = range;
    }
    return { centre, scale };
  },
  transform: standardise,
  transformInto: (x, state, _, out, start, stride) => standardiseInto(x, state, out, start, stride),
  inverse: (x, state) => unstandardise("robust_scaler.inverseTransform", x, state),
  check: (state, columns) => checkScaler("robust_scaler", state, columns),
});

/** Least and greatest value of each column; +∞ and −∞ where every cell is missing. */
function ranges({ rows, columns, data }: Matrix): { least: Float64Array; greatest: Float64Array } {
  const least = new Float64Array(columns).fill(Infinity);
  const greatest = new Float64Array(columns).fill(-Infinity);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) {
      const value = data[at]!;
      if (value < least[j]!) least[j] = value;
      if (value > greatest[j]!) greatest[j] = value;
    }
  return { least, greatest };
}

function tooWide(who: string, x: Matrix, j: number): DataError {
  return new DataError(`${who}.fit: column "${x.names?.[j] ?? j}" spans more than 1.8e308; divide it by a constant first`);
}
