import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { mean, quantileOfSorted } from "../numeric/statistics.ts";
import { mostFrequent, presentValues } from "./column-values.ts";
import { checkLists } from "./step-checks.ts";

/** What an imputer learns. */
export interface ImputerState {
  /** What replaces a missing cell, one per column (d); a category's is a code. NaN leaves the cell missing. */
  readonly fill: Float64Array;
}

/**
 * Replaces missing cells column by column. A category's cell becomes its most frequent level whatever the statistic; of `constant` it
 * takes level number 0. A column without any value is filled with 0, a category without any level stays missing. `forward_fill` and
 * `backward_fill` take the nearest cell above or below; where there is none the cell stays missing.
 * O(n d), median O(n d log n). Oracle: sklearn.impute.SimpleImputer.
 */
export const imputer = transformer({
  name: "imputer",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      strategy: z
        .enum(["mean", "median", "mode", "min", "max", "constant", "forward_fill", "backward_fill"])
        .default("median")
        .meta({ title: "Strategy" }),
      value: z.number().default(0).meta({ title: "Constant", description: "For the strategy constant." }),
      addIndicator: z
        .boolean()
        .default(false)
        .meta({ title: "Add indicators", description: "A column of 0 and 1 for each that may be missing." }),
    }),
  fit(x, _, { strategy, value }, { checkpoint }): ImputerState {
    const fill = new Float64Array(x.columns);
    for (let j = 0; j < x.columns; j++) {
      checkpoint();
      const levels = x.levels?.[j];
      if (strategy === "forward_fill" || strategy === "backward_fill") fill[j] = Number.NaN;
      else if (levels) fill[j] = strategy === "constant" && levels.length > 0 ? 0 : mostFrequent(presentValues(x, j));
      else fill[j] = strategy === "constant" ? value : statistic(strategy, presentValues(x, j));
    }
    return { fill };
  },
  transform(x, { fill }, { strategy, addIndicator }): Matrix {
    const filled = sharedFloat64(x.data.length);
    filled.set(x.data);
    if (strategy === "forward_fill") fillFromNeighbour(filled, x.columns, 1);
    else if (strategy === "backward_fill") fillFromNeighbour(filled, x.columns, -1);
    else
      for (let i = 0, at = 0; i < x.rows; i++)
        for (let j = 0; j < x.columns; j++, at++) if (Number.isNaN(filled[at])) filled[at] = fill[j]!;
    return addIndicator ? withIndicators(x, filled) : { ...x, data: filled };
  },
  check({ fill }, columns) {
    checkLists("imputer", { fill }, columns);
    if (!(fill instanceof Float64Array) || fill.some((value) => Math.abs(value) === Infinity))
      throw new StoreError("imputer: state fill must be finite numbers");
  },
});

/** A statistic of values, none missing; 0 for no values. Sorts the array for the median. */
export function statistic(strategy: "mean" | "median" | "mode" | "min" | "max", values: Float64Array): number {
  if (values.length === 0) return 0;
  switch (strategy) {
    case "mean": {
      const found = mean(values);
      return Number.isFinite(found) ? found : mean(values.map((value) => value / values.length)) * values.length;
    }
    case "median":
      return middle(values.sort());
    case "min":
      return values.reduce((a, b) => Math.min(a, b));
    case "max":
      return values.reduce((a, b) => Math.max(a, b));
    case "mode":
      return mostFrequent(values);
  }
}

/** The median of sorted values, also where their difference overflows. */
function middle(sorted: Float64Array): number {
  const found = quantileOfSorted(sorted, 0.5);
  return Number.isFinite(found) ? found : sorted[sorted.length / 2 - 1]! / 2 + sorted[sorted.length / 2]! / 2;
}

/** Missing cells take the last value before them (direction 1) or after them (−1) in their column. */
function fillFromNeighbour(data: Float64Array, columns: number, direction: 1 | -1): void {
  const step = direction * columns;
  const begin = direction === 1 ? columns : data.length - columns - 1;
  for (let at = begin; at >= 0 && at < data.length; at += direction) if (Number.isNaN(data[at])) data[at] = data[at - step]!;
}

function withIndicators(x: Matrix, filled: Float64Array): Matrix {
  const columns = 2 * x.columns;
  const data = sharedFloat64(x.rows * columns);
  for (let i = 0, from = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, from++) {
      data[i * columns + j] = filled[from]!;
      data[i * columns + x.columns + j] = Number.isNaN(x.data[from]) ? 1 : 0;
    }
  const indicators = x.names!.map((name) => `${name} missing`);
  const levels = x.levels && [...x.levels, ...indicators.map(() => undefined)];
  return { rows: x.rows, columns, data, names: [...x.names!, ...indicators], levels };
}
