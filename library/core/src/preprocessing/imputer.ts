import { z } from "zod";
import { DataError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { mean, quantileOfSorted } from "../numeric/statistics.ts";

/** What an imputer learns. */
export interface ImputerState {
  /** What replaces a missing cell, one per column (d); a category's is a code. */
  readonly fill: Float64Array;
}

/**
 * Replaces missing cells column by column. A category's cell becomes its most frequent level whatever the strategy, but for `constant`.
 * A column without any value is filled with 0. O(n d), median O(n d log n). Oracle: sklearn.impute.SimpleImputer.
 */
export const imputer = transformer({
  name: "imputer",
  missing: true,
  categories: true,
  params: z.strictObject({
    strategy: z.enum(["mean", "median", "mode", "min", "max", "constant"]).default("median").meta({ title: "Strategy" }),
    value: z.number().default(0).meta({ title: "Constant", description: "For the strategy constant." }),
    addIndicator: z
      .boolean()
      .default(false)
      .meta({ title: "Add indicators", description: "A column of 0 and 1 for each that may be missing." }),
  }),
  fit(x, _, { strategy, value }): ImputerState {
    const fill = new Float64Array(x.columns);
    for (let j = 0; j < x.columns; j++) {
      const present = columnValues(x, j).filter((cell) => !Number.isNaN(cell));
      if (strategy === "constant" && !x.levels?.[j]) fill[j] = value;
      else if (present.length > 0) fill[j] = statistic(x.levels?.[j] ? "mode" : strategy, present);
    }
    return { fill };
  },
  transform(x, { fill }, { addIndicator }): Matrix {
    const columns = addIndicator ? 2 * x.columns : x.columns;
    const data = sharedFloat64(x.rows * columns);
    for (let i = 0; i < x.rows; i++)
      for (let j = 0; j < x.columns; j++) {
        const value = x.data[i * x.columns + j]!;
        const absent = Number.isNaN(value);
        data[i * columns + j] = absent ? fill[j]! : value;
        if (addIndicator) data[i * columns + x.columns + j] = absent ? 1 : 0;
      }
    const indicators = addIndicator ? x.names!.map((name) => `${name} missing`) : [];
    const levels = x.levels && [...x.levels, ...indicators.map(() => undefined)];
    return { rows: x.rows, columns, data, names: [...x.names!, ...indicators], levels };
  },
});

/** Column j of a matrix (n). */
export function columnValues({ rows, columns, data }: Matrix, j: number): Float64Array {
  const values = new Float64Array(rows);
  for (let i = 0; i < rows; i++) values[i] = data[i * columns + j]!;
  return values;
}

function statistic(strategy: "mean" | "median" | "mode" | "min" | "max" | "constant", values: Float64Array): number {
  switch (strategy) {
    case "mean":
      return mean(values);
    case "median":
      return quantileOfSorted(values.sort(), 0.5);
    case "min":
      return values.reduce((a, b) => Math.min(a, b));
    case "max":
      return values.reduce((a, b) => Math.max(a, b));
    case "mode":
      return mostFrequent(values);
    default:
      throw new DataError(`imputer: no statistic for ${strategy}`);
  }
}

/** The most frequent value, the smallest of equals. */
function mostFrequent(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a - b)[0]![0];
}
