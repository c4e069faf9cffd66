import { mean, quantileOfSorted, standardDeviation, sum } from "../numeric/statistics.ts";
import { checkPairs, pairSlopes } from "./theil-sen.ts";

/** A number made of the values that are there in a window, and their times: rows, or days. */
export type WindowStatistic = (values: Float64Array, times: Float64Array) => number;

/** Names of the statistics that `rolling` knows. */
export type WindowStatisticName = "mean" | "median" | "min" | "max" | "std" | "sum" | "count" | "slope" | "theil_sen";

/** The statistics by name; NaN where there are too few values. `slope` is of least squares, `theil_sen` the median of all pairs'. */
export const windowStatistics: Readonly<Record<WindowStatisticName, WindowStatistic>> = {
  mean: (values) => mean(values),
  median: (values) => quantileOfSorted(values.toSorted(), 0.5),
  min: (values) => values.reduce((least, value) => Math.min(least, value), values[0] ?? Number.NaN),
  max: (values) => values.reduce((most, value) => Math.max(most, value), values[0] ?? Number.NaN),
  std: (values) => (values.length > 1 ? standardDeviation(values, 1) : Number.NaN),
  sum: (values) => sum(values),
  count: (values) => values.length,
  slope: leastSquaresSlope,
  theil_sen: (values, times) => {
    checkPairs("rolling: theil_sen", values.length);
    return quantileOfSorted(pairSlopes(times, values).sort(), 0.5);
  },
};

/** Slope of the line of least squares; NaN unless there are two different times. */
function leastSquaresSlope(values: Float64Array, times: Float64Array): number {
  const [at, height] = [mean(times), mean(values)];
  let [spread, together] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const off = times[i]! - at;
    spread += off * off;
    together += off * (values[i]! - height);
  }
  return spread > 0 ? together / spread : Number.NaN;
}
