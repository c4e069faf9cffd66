import * as ml from "assay";
import { quantities } from "./columns.ts";

/** Metrics by which models of signals are compared. */
const comparedMetrics = ["accuracy", "roc_auc", "f1_macro"] as const;

/** A model's metric on the test rows with its 95 % interval; whole stars are drawn anew. */
interface ComparedMetric {
  readonly model: string;
  readonly metric: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The columns that a transit curve is drawn from. */
const curveColumns = ["period", "duration", "depth", "impact"] as const;

/** Boosting on the same labels: on the four columns that curves are drawn from, and on all nine. */
const baselines: Readonly<Record<string, readonly string[]>> = { boosting_curve_columns: curveColumns, boosting: quantities };

/** Fits gradient boosting beside the network: the honest yardstick, on the same rows of the same stars. */
export async function fitBaselines(
  train: ml.Table,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal },
): Promise<ReadonlyMap<string, ml.ClassifierModel>> {
  const models = new Map<string, ml.ClassifierModel>();
  for (const [name, features] of Object.entries(baselines))
    models.set(
      name,
      await ml.histGradientBoostingClassifier({ seed }).fit(train, { target: "label", features, ...(signal && { signal }) }),
    );
  return models;
}

/** Each model's metrics on the test rows with intervals; whole stars are drawn, as they were split. */
export async function compareWithIntervals(
  models: ReadonlyMap<string, ml.ClassifierModel>,
  test: ml.Table,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ComparedMetric[]> {
  const compared: ComparedMetric[] = [];
  for (const [model, fitted] of models) {
    const options = { metrics: comparedMetrics, group: "star", ...(signal && { signal }) };
    for (const { metric, value, low, high } of await ml.metricIntervals(fitted, test, options))
      compared.push({ model, metric, value, low, high });
  }
  return compared;
}
