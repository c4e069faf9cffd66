import { z } from "zod";
import { DataError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { correlation } from "../data/profile-pairs.ts";
import { columnOf, type Matrix } from "../numeric/matrix.ts";
import { scoreColumns } from "./score-columns.ts";
import { checkSelection, descending, type SelectionState, selectionOf, takeSelected } from "./selection.ts";

/**
 * Keeps columns that go with the target and not with each other: from the strongest down, a column stays when its correlation with the target is
 * `threshold` at least and with no column that stays above `redundancy`. With the target: |r| of numbers, the correlation ratio η between a number
 * and a category, Cramér's V of two categories; between columns |r| of numbers, over the rows that have both. O(n d²).
 *
 * @example
 * const slim = await ml.correlationSelector({ redundancy: 0.9 }).fit(train, { target: "price" });
 * ml.selectedFeatures(slim).selected;
 */
export const correlationSelector = transformer({
  name: "correlation_selector",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      threshold: z.number().min(0).max(1).default(0).meta({ title: "With the target at least" }),
      redundancy: z.number().min(0).max(1).default(0.95).meta({ title: "With another column at most" }),
      maxFeatures: z.int().min(1).nullable().default(null).meta({ title: "Columns at most" }),
    }),
  fit(x, y, { threshold, redundancy, maxFeatures }, context): SelectionState {
    const measure = { score: "correlation", nNeighbors: 3, discrete: "auto", seed: 42 } as const;
    const { scores, pValues } = scoreColumns("correlation_selector.fit", x, y, measure, context);
    const order = Array.from(scores.keys()).sort((a, b) => descending(scores[a]!, scores[b]!) || a - b);
    const kept: number[] = [];
    const columns = new Map<number, Float64Array>();
    for (const j of order) {
      context.checkpoint();
      if (!(scores[j]! >= threshold) || kept.length === (maxFeatures ?? x.columns)) continue;
      const own = isNumber(x, j) ? columnOf(x, j) : undefined;
      const isRepeated = own && [...columns.values()].some((other) => Math.abs(correlation(own, other) ?? 0) > redundancy);
      if (isRepeated) continue;
      kept.push(j);
      if (own) columns.set(j, own);
    }
    if (kept.length === 0)
      throw new DataError(
        `correlation_selector.fit: no column's correlation with the target is ${threshold} at least, the greatest is ${scores[order[0]!]}`,
      );
    return selectionOf(kept, scores, pValues);
  },
  transform: (x, state) => takeSelected(x, state),
  importances: ({ scores }) => scores.map((score) => (Number.isNaN(score) ? 0 : score)),
  check: (state, columns) => checkSelection("correlation_selector", state, columns),
});

function isNumber({ levels }: Matrix, j: number): boolean {
  return levels?.[j] === undefined;
}
