import { z } from "zod";
import type { Spec } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { type Metric, metricByName } from "../metrics/registry.ts";
import { type Fold, kFold, stratifiedKFold } from "../splits/folds.ts";

/** Parameters of selectors that judge columns by cross-validation. */
export const foldParams = {
  folds: z.int().min(2).max(100).default(5).meta({ title: "Folds" }),
  metric: z.string().nullable().default(null).meta({ title: "Metric", description: "null: accuracy, or R²." }),
  seed: z
    .int()
    .min(0)
    .nullable()
    .default(42)
    .meta({ title: "Seed", description: "Shuffles the rows before the folds; null leaves them in order, as scikit-learn." }),
};

/** Folds of a selector: of each class alike where there are classes. Throws DataError for too few rows. */
export function selectorFolds(y: Float64Array, classes: number, folds: number, seed: number | null): readonly Fold[] {
  const options = { folds, ...(seed !== null && { seed }) };
  return [...(classes > 0 ? stratifiedKFold(y, options) : kFold(y.length, options))];
}

/** The metric that was chosen for an estimator. Throws ParamsError. */
export function selectorMetric(who: string, metric: string | null, { task, name }: Spec): Metric {
  if (task !== "classification" && task !== "regression") throw new ParamsError(`${who}: estimator must predict, got ${name}`);
  return metricByName(metric ?? (task === "classification" ? "accuracy" : "r2"), task);
}
