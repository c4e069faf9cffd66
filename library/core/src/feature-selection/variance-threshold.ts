import { z } from "zod";
import { DataError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { columnOf } from "../numeric/matrix.ts";
import { mean } from "../numeric/statistics.ts";
import { checkSelection, type SelectionState, selectionOf, takeSelected } from "./selection.ts";

/**
 * Keeps the columns whose variance (divided by n) is above a threshold; at 0 all that vary at all. Missing cells are left out; of a category
 * the variance of its codes counts. Needs no target. O(n d). Oracle: sklearn.feature_selection.VarianceThreshold.
 */
export const varianceThreshold = transformer({
  name: "variance_threshold",
  missing: true,
  categories: true,
  params: () => z.strictObject({ threshold: z.number().min(0).default(0).meta({ title: "Variance above" }) }),
  fit(x, _, { threshold }, { weights, checkpoint }): SelectionState {
    const scores = new Float64Array(x.columns);
    for (let j = 0; j < x.columns; j++) {
      checkpoint();
      const values = columnOf(x, j).filter((value, i) => !Number.isNaN(value) && weights?.[i] !== 0);
      scores[j] = spreadOf(values, threshold);
    }
    const selected = Array.from(scores.keys()).filter((j) => scores[j]! > threshold);
    if (selected.length === 0)
      throw new DataError(
        `variance_threshold.fit: no column's variance is above ${threshold}, the greatest is ${Math.max(...scores)}`,
      );
    return selectionOf(selected, scores);
  },
  transform: (x, state) => takeSelected(x, state),
  check: (state, columns) => checkSelection("variance_threshold", state, columns),
});

/** Variance; at threshold 0 the range where it is smaller, so that rounding makes no constant vary. */
function spreadOf(values: Float64Array, threshold: number): number {
  if (values.length === 0) return 0;
  const centre = mean(values);
  let squares = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    squares += (value - centre) * (value - centre);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const variance = squares / values.length;
  return threshold === 0 ? Math.min(variance, high - low) : variance;
}
