import * as ml from "assay";
import type { ComparedMetric, FoldSpread } from "../contract/compare.ts";
import type { Run } from "../contract/training.ts";
import { type MetricValue, toMetricValue, toNumber } from "../contract/values.ts";
import { differ } from "./compare-params.ts";

/** The folds of a run's cross-validation. */
export interface RunFolds {
  /** Tells equal folds: data, rows, count, seed; null where it is not known. */
  readonly key: string | null;
  /** Values by metric, a value a fold. */
  readonly values: ReadonlyMap<string, readonly number[]>;
}

/**
 * The metrics of the runs side by side: signed differences from the baseline, the best, and for those of a cross-validation
 * (`cv_mean.…`) the spread over the folds and a test against the baseline. The last fold's own value (`cv.…`) says nothing of a
 * run and is left out.
 */
export function metricRows(runs: readonly Run[], folds: readonly RunFolds[], baseline: number): ComparedMetric[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].filter((name) => !name.startsWith("cv."));
  return names.sort(compareNames).map((name) => {
    const values = runs.map((run) => (Object.hasOwn(run.metrics, name) ? run.metrics[name]! : null));
    const bare = name.slice(name.indexOf(".") + 1);
    const greater = greaterIsBetter(bare);
    const folded = name.startsWith("cv_mean.");
    const own = folds.map(({ values }) => (folded ? values.get(bare) : undefined));
    return {
      name,
      values,
      differs: differ(values),
      greater_is_better: greater,
      best: bestOf(values, greater),
      deltas: values.map((value) => difference(value, values[baseline]!)),
      spread: own.map((each) => (each && each.length > 0 ? spreadOf(each) : null)),
      significance: own.map((each, k) => (each && k !== baseline ? testOf(bare, folds, k, baseline) : null)),
    };
  });
}

/** Those of the test before the others: they are what is asked for. */
function compareNames(a: string, b: string): number {
  const splits = ["test", "cv_mean", "validation", "train"];
  const rank = (name: string): number => {
    const place = splits.indexOf(name.slice(0, name.indexOf(".")));
    return place < 0 ? splits.length : place;
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** Whether more is better: as the metric of that name says, else by the words loss and error; null where nothing tells. */
export function greaterIsBetter(name: string): boolean | null {
  for (const task of ["classification", "regression"] as const) {
    const known = ml.metricsFor(task).find((metric) => metric.name === name);
    if (known) return known.greaterIsBetter;
  }
  return /loss|error|deviance|perplexity|(^|_)(mae|mse|rmse|mape)$/i.test(name) ? false : null;
}

function bestOf(values: readonly (MetricValue | null)[], greater: boolean | null): number | null {
  if (greater === null) return null;
  let best: number | null = null;
  for (const [k, value] of values.entries()) {
    if (typeof value !== "number") continue;
    if (best === null || (greater ? value > Number(values[best]) : value < Number(values[best]))) best = k;
  }
  return best;
}

function difference(value: MetricValue | null, from: MetricValue | null): number | null {
  if (value === null || from === null) return null;
  const delta = toNumber(value) - toNumber(from);
  return Number.isFinite(delta) ? delta : null;
}

function spreadOf(values: readonly number[]): FoldSpread {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
  return {
    mean: finite(mean),
    sd: values.length > 1 ? finite(Math.sqrt(squares / (values.length - 1))) : 0,
    folds: values.map(toMetricValue),
  };
}

/** The corrected resampled t-test of a run against the baseline, where both were scored on the same folds. */
function testOf(
  name: string,
  all: readonly RunFolds[],
  k: number,
  baseline: number,
): { p: number | null; reason: string | null } {
  const none = (reason: string) => ({ p: null, reason });
  const [own, base] = [all[k]!, all[baseline]!];
  const [values, against] = [own.values.get(name), base.values.get(name)];
  if (!values || !against) return none("the baseline has no folds of this metric");
  if (own.key === null || base.key === null) return none("the folds of one of the runs are not known");
  if (own.key !== base.key) return none("the runs were not scored on the same folds");
  if (values.length !== against.length || values.length < 2) return none(`${values.length} folds against ${against.length}`);
  const differences = values.map((value, fold) => value - against[fold]!);
  if (!differences.every(Number.isFinite)) return none("a fold has no finite value");
  return { p: ml.correctedResampledP(differences, 1 / (values.length - 1)), reason: null };
}
