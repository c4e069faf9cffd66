import { z } from "zod";
import type { FitContext, Spec } from "../base/contract.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { estimatorParam } from "../base/params.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { mean, quantile } from "../numeric/statistics.ts";
import { columnWeights, fitWithin } from "./model-weights.ts";
import { checkSelection, descending, type SelectionState, selectionOf, takeSelected } from "./selection.ts";
import { requireTarget, targetFor } from "./target-values.ts";

const who = "select_from_model.fit";

/**
 * Keeps the columns that a model makes most of: its importances, or the size of its weights, against a threshold. Cost: one fit of the model.
 * `threshold`: a number, "mean", "median" or a multiple as "1.25*mean"; "auto" is the mean, for a lasso 1e-5.
 * Oracle: sklearn.feature_selection.SelectFromModel.
 *
 * @example
 * ml.pipeline(ml.selectFromModel({ estimator: ml.extraTreesClassifier(), threshold: "median" }), ml.svc());
 */
export const selectFromModel = transformer({
  name: "select_from_model",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: estimatorParam().meta({ title: "Model" }),
      threshold: z
        .union([
          z.number(),
          z
            .string()
            .regex(
              /^\s*(auto|((\d+\.?\d*|\.\d+)\s*\*\s*)?(mean|median))\s*$/,
              'must be a number, "mean", "median" or as "1.25*mean"',
            ),
        ])
        .nullable()
        .default("auto")
        .meta({ title: "Threshold", description: "A number, mean, median, 1.25*mean; null: none, maxFeatures decides." }),
      maxFeatures: z.int().min(1).nullable().default(null).meta({ title: "Columns at most" }),
    }),
  *fit(x: Matrix, y: Float64Array, { estimator, threshold, maxFeatures }, context: FitContext): Generator<void, SelectionState> {
    if (threshold === null && maxFeatures === null)
      throw new ParamsError(`${who}: needs a threshold or maxFeatures, got neither`);
    if (maxFeatures !== null && maxFeatures > x.columns)
      throw new ParamsError(`${who}: maxFeatures must be at most the number of columns, ${x.columns}, got ${maxFeatures}`);
    const data = requireTarget(who, x, y, context);
    const target = targetFor(who, estimator, data.y, context.classes);
    const fitted = yield* fitWithin(estimator, { ...data, y: target.y }, target.classes, context);
    const scores = columnWeights(who, fitted, "absolute");
    const bound = boundOf(threshold, scores, estimator);
    const order = Array.from(scores.keys()).sort((a, b) => descending(scores[a]!, scores[b]!) || a - b);
    const selected = order.slice(0, maxFeatures ?? x.columns).filter((j) => scores[j]! >= bound);
    if (selected.length === 0)
      throw new DataError(`${who}: no column reaches the threshold ${bound}, the greatest is ${scores[order[0]!]}`);
    return selectionOf(selected, scores);
  },
  transform: (x, state) => takeSelected(x, state),
  importances: ({ scores }) => scores,
  check: (state, columns) => checkSelection("select_from_model", state, columns),
});

function boundOf(threshold: number | string | null, scores: Float64Array, estimator: Spec): number {
  if (threshold === null) return -Infinity;
  if (typeof threshold === "number") return threshold;
  const text = threshold.trim();
  if (text === "auto") return estimator.name === "lasso" || estimator.params["penalty"] === "l1" ? 1e-5 : mean(scores);
  const [factor, of] = text.includes("*") ? text.split("*").map((part) => part.trim()) : ["1", text];
  return Number(factor) * (of === "mean" ? mean(scores) : quantile(scores, 0.5));
}
