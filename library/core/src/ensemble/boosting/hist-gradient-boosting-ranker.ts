import { z } from "zod";
import { DataError } from "../../base/errors.ts";
import { ranker } from "../../base/estimator.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { type BoostRows, boost } from "./boost.ts";
import { checkBoostedTrees } from "./boosted-trees.ts";
import type { HistGradientBoostingState } from "./hist-gradient-boosting.ts";
import { gainImportances } from "./importances.ts";
import { lambdarankDriver, type Queries } from "./lambdarank.ts";
import { boostingParams, boostSettings } from "./params.ts";
import { rawScores } from "./predict.ts";

/**
 * Histogram gradient boosting that orders rows within queries (LambdaMART): labels are whole numbers 0 … 31, the larger the better; the gain of a label is 2^label − 1.
 * Rows of one query share the `group` column's value. O(trees · (n d · depth + Σ n_q · truncation)).
 * Source: Burges (2010), MSR-TR-2010-82. Oracle: lightgbm's lambdarank.
 */
export const histGradientBoostingRanker = ranker({
  name: "hist_gradient_boosting",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      truncation: z
        .int()
        .min(1)
        .default(30)
        .meta({ title: "Places of a list that count", description: "LightGBM's lambdarank_truncation_level." }),
      norm: z
        .boolean()
        .default(true)
        .meta({ title: "Scale the queries", description: "So that long lists do not rule; lambdarank_norm." }),
      ...boostingParams(),
    }),
  fit(x, y, params, context): HistGradientBoostingState {
    const bad = y.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label <= 31));
    if (bad >= 0)
      throw new DataError(
        `hist_gradient_boosting.fit: labels of a ranking must be whole numbers 0 … 31, got ${y[bad]} in row ${bad}`,
      );
    const { rows, queries } = byQuery(x, y, context.weights, context.groups!, params);
    const driver = lambdarankDriver(rows.targets.subarray(0, rows.rows), rows.weights, queries, params);
    const former = context.warmStart?.state as HistGradientBoostingState | undefined;
    const { trees, history } = boost(rows, boostSettings(params, x), driver, context, former);
    return { ...trees, history };
  },
  predict: (x, state): Float64Array => rawScores(state, x),
  importances: (state: HistGradientBoostingState) => gainImportances(state),
  check: (state: HistGradientBoostingState, columns) => checkBoostedTrees(state, columns),
});

/** Rows query by query, some whole queries held back for early stopping. Rows of weight 0 are absent. */
function byQuery(
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  groups: Int32Array,
  { earlyStopping, validationFraction, seed }: { earlyStopping: boolean; validationFraction: number; seed: number },
): { rows: BoostRows; queries: Queries } {
  const count = groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  const members = Array.from({ length: count }, (): number[] => []);
  for (const [i, group] of groups.entries()) if (weights?.[i] !== 0) members[group]!.push(i);
  const filled = members.filter(({ length }) => length > 0);
  const held = earlyStopping ? Math.min(filled.length - 1, Math.round(filled.length * validationFraction)) : 0;
  if (held > 0) random(seed, "validation/queries").shuffle(filled);
  const [measured, grown] = [filled.slice(0, held), filled.slice(held)];
  const order = Int32Array.from([...grown.flat(), ...measured.flat()]);
  const rows = grown.reduce((sum, { length }) => sum + length, 0);
  return {
    rows: {
      x,
      order,
      rows,
      targets: Float64Array.from(order, (i) => y[i]!),
      weights: weights && Float64Array.from(order.subarray(0, rows), (i) => weights[i]!),
    },
    queries: { starts: startsOf(grown), validationStarts: startsOf(measured) },
  };
}

function startsOf(queries: readonly (readonly number[])[]): Int32Array {
  const starts = new Int32Array(queries.length + 1);
  for (const [q, { length }] of queries.entries()) starts[q + 1] = starts[q]! + length;
  return starts;
}
