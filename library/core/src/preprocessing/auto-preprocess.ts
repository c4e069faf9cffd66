import { bears, partsOf } from "../base/bears.ts";
import type { TableLike } from "../base/columns.ts";
import type { Spec, Transformer } from "../base/contract.ts";
import { columnTransformer } from "./column-transformer.ts";
import { imputer } from "./imputer.ts";
import { oneHotEncoder } from "./one-hot-encoder.ts";
import { pipeline } from "./pipeline.ts";
import { minMaxScaler, robustScaler, standardScaler } from "./scalers.ts";

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

const scalers = {
  standard: () => standardScaler(),
  min_max: () => minMaxScaler(),
  robust: () => robustScaler(),
} as const;

/** What is put before an estimator beside what its columns need. */
export interface AutoPreprocessOptions {
  /** How numbers come to one scale; default "standard" where the algorithm measures distances, else "none". */
  readonly scaler?: keyof typeof scalers | "none";
  /** The last step before the estimator, as a selector of columns: it sees them filled, encoded and scaled as the estimator would. */
  readonly selector?: Transformer;
}

/**
 * The estimator behind the steps that its columns need: categories imputed and one-hot encoded, numbers imputed, scaled where the
 * algorithm measures distances; then a selector, where one is given. An estimator that needs none, or is a pipeline already, is given back as it is.
 */
export function autoPreprocess<E extends Spec>(
  estimator: E,
  table: TableLike,
  features: readonly string[],
  { scaler, selector }: AutoPreprocessOptions = {},
): E {
  if (estimator.name === "pipeline") return estimator;
  const { missing, categories } = bears(estimator);
  const hasCategories = features.some((name) => ["category", "text"].includes(table.column(name).kind));
  const steps: Transformer[] = [];
  if (hasCategories && !categories)
    steps.push(
      columnTransformer({
        parts: [{ columns: "category", transformer: pipeline(imputer({ strategy: "mode" }), oneHotEncoder()) }],
      }),
    );
  // also where no training cell is missing: a cell of the test or of a prediction may be
  if (!missing) steps.push(imputer({ strategy: "median" }));
  const scaling = scaler ?? (partsOf(estimator).some(({ name }) => wantsScaling.has(name)) ? "standard" : "none");
  if (scaling !== "none") {
    const bringing = scalers[scaling]();
    steps.push(
      hasCategories && categories ? columnTransformer({ parts: [{ columns: "number", transformer: bringing }] }) : bringing,
    );
  }
  if (selector) steps.push(selector);
  return steps.length === 0 ? estimator : ((pipeline as (...steps: Spec[]) => Spec)(...steps, estimator) as E);
}
