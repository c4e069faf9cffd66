import type { TableLike } from "../base/columns.ts";
import type { Spec, Transformer } from "../base/contract.ts";
import { definitionOf } from "../base/registry.ts";
import { columnTransformer } from "./column-transformer.ts";
import { oneHotEncoder } from "./encoders.ts";
import { imputer } from "./imputer.ts";
import { pipeline } from "./pipeline.ts";
import { standardScaler } from "./scalers.ts";

/** Algorithms that measure distances or penalise weights: columns must be on one scale. */
const wantsScaling = new Set([
  "logistic_regression",
  "ridge",
  "lasso",
  "elastic_net",
  "svm",
  "linear_svm",
  "knn",
  "neural_network",
]);

/**
 * The estimator behind the steps that its columns need: categories imputed and one-hot encoded, numbers imputed, scaled where the
 * algorithm measures distances. An estimator that needs none, or is a pipeline already, is given back as it is.
 */
export function autoPreprocess<E extends Spec>(estimator: E, table: TableLike, features: readonly string[]): E {
  if (estimator.name === "pipeline") return estimator;
  const { missing, categories } = definitionOf(estimator);
  const kinds = features.map((name) => table.column(name));
  const hasCategories = kinds.some(({ kind }) => kind === "category" || kind === "text");
  const hasMissing = kinds.some(
    (column) =>
      column.kind !== "category" &&
      column.kind !== "text" &&
      column.values.some((value) => Number.isNaN(value) || (column.kind === "boolean" && value === 255)),
  );
  const steps: Transformer[] = [];
  if (hasCategories && !categories)
    steps.push(
      columnTransformer({
        parts: [{ columns: "category", transformer: pipeline(imputer({ strategy: "mode" }), oneHotEncoder()) }],
      }),
    );
  if (hasMissing && !missing) steps.push(imputer({ strategy: "median" }));
  if (wantsScaling.has(estimator.name)) steps.push(standardScaler());
  return steps.length === 0 ? estimator : ((pipeline as (...steps: Spec[]) => Spec)(...steps, estimator) as E);
}
