import type { MetricValue, ModelVersion } from "assay-lab/contract";

const known = ["accuracy", "f1_macro", "f1", "roc_auc", "r2", "rmse", "mae"];
const splits = ["train", "cv", "validation", "test", ""];

/** Names of metrics that any of the versions has, without the split before them. */
export function metricNames(versions: readonly ModelVersion[]): string[] {
  return [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics).map((key) => partsOf(key)[1])))].sort();
}

/** The metric that most readers look for first. */
export function bestKnown(names: readonly string[]): string | undefined {
  return known.find((name) => names.includes(name)) ?? names[0];
}

/** The splits that have a metric, from training to test. */
export function splitsOf(versions: readonly ModelVersion[], metric: string): string[] {
  return allSplits(versions).filter((split) => versions.some((version) => metricOf(version, split, metric) !== undefined));
}

/** The splits that have any metric, from training to test. */
export function allSplits(versions: readonly ModelVersion[]): string[] {
  const found = versions.flatMap(({ metrics }) => Object.keys(metrics).map((key) => partsOf(key)[0]));
  const place = (split: string) => (splits.includes(split) ? splits.indexOf(split) : splits.length);
  return [...new Set(found)].sort((a, b) => place(a) - place(b));
}

/** A version's metric of a split; without a split its name stands alone. */
export function metricOf({ metrics }: ModelVersion, split: string, metric: string): MetricValue | undefined {
  return metrics[split === "" ? metric : `${split}.${metric}`];
}

function partsOf(key: string): [split: string, metric: string] {
  const at = key.indexOf(".");
  return at < 0 ? ["", key] : [key.slice(0, at), key.slice(at + 1)];
}
