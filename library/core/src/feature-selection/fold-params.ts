import { z } from "zod";
import type { FitContext, Spec } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { type PartData, shareData } from "../ensemble/part-rows.ts";
import { type Metric, metricByName } from "../metrics/registry.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type Fold, kFold, stratifiedKFold } from "../splits/folds.ts";
import { requireTarget, targetFor } from "./target-values.ts";

/** Parameters of selectors that judge columns by cross-validation. */
export const foldParams = () => ({
  folds: z.int().min(2).max(100).default(5).meta({ title: "Folds" }),
  metric: z.string().nullable().default(null).meta({ title: "Metric", description: "null: accuracy, or R²." }),
  seed: z
    .int()
    .min(0)
    .nullable()
    .default(42)
    .meta({ title: "Seed", description: "Shuffles the rows before the folds; null leaves them in order, as scikit-learn." }),
});

/** What such a selector is told. */
interface FoldParams {
  readonly estimator: Spec;
  readonly folds: number;
  readonly metric: string | null;
  readonly seed: number | null;
}

/** What such a selector judges columns on. */
interface FoldData {
  /** Rows that count, shared, and their target as the estimator learns it. */
  readonly data: PartData;
  /** Number of classes; 0 for numbers. */
  readonly classes: number;
  readonly folds: readonly Fold[];
  readonly metric: Metric;
}

/** Rows, folds and metric of a selector's fit. Throws ParamsError for a metric that is none, DataError for a target that cannot be learnt, or too few rows. */
export function foldData(who: string, x: Matrix, y: Float64Array, params: FoldParams, context: FitContext): FoldData {
  const { estimator, folds, seed } = params;
  const metric = metricFor(who, params.metric, estimator);
  const counted = requireTarget(who, x, y, context);
  const target = targetFor(who, estimator, counted.y, context.classes);
  const data = shareData({ ...counted, y: target.y });
  return { data, classes: target.classes, folds: foldsOf(data.y, target.classes, folds, seed), metric };
}

/** Of each class alike where there are classes. */
function foldsOf(y: Float64Array, classes: number, folds: number, seed: number | null): readonly Fold[] {
  const options = { folds, ...(seed !== null && { seed }) };
  return [...(classes > 0 ? stratifiedKFold(y, options) : kFold(y.length, options))];
}

function metricFor(who: string, metric: string | null, { task, name }: Spec): Metric {
  if (task !== "classification" && task !== "regression") throw new ParamsError(`${who}: estimator must predict, got ${name}`);
  return metricByName(metric ?? (task === "classification" ? "accuracy" : "r2"), task);
}
