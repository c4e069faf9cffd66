import type { Label } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { mean, standardDeviation } from "../numeric/statistics.ts";
import { type BootstrapOptions, jackknife, type Resampled, resample } from "./bootstrap.ts";
import { jackknifeCounts, resampleCounts } from "./bootstrap-counts.ts";
import { distinctRows } from "./distinct-rows.ts";
import { checkLengths, checkWeights } from "./inputs.ts";
import { checkConfidence, resampledInterval } from "./interval.ts";
import type { Metric, Reweighted } from "./metric.ts";
import { anyMetric } from "./registry.ts";

/** A metric with its confidence interval: plain data. */
export interface MetricInterval {
  readonly metric: string;
  /** The metric on the rows as they are. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  readonly method: "bca" | "percentile" | "basic";
  /** Standard deviation over the resamples. */
  readonly standardError: number;
  /** Mean over the resamples less the value. */
  readonly bias: number;
  readonly resamples: number;
  /** Resamples on which the metric is not defined (a class was not drawn); they are left out. */
  readonly undefinedResamples: number;
}

/** Options of an interval of a metric. */
export interface MetricIntervalOptions extends BootstrapOptions {
  /** Labels of the probability columns, for a metric of probabilities. */
  readonly classes?: readonly Label[] | undefined;
  readonly weights?: ArrayLike<number> | undefined;
}

/**
 * The confidence interval of a metric by drawing rows again: any metric by name, from predicted labels or numbers (n), or for a metric of
 * probabilities from these (n × k, row-major) with `classes`. Same seed, same bits. Rows are read once and then only weighted,
 * O(resamples · n); of labels without weights, strata and groups only the kinds of rows are drawn, O(n + resamples · kinds). Throws ParamsError for an unknown metric, DataError where the metric is not defined on the rows.
 * Source: Efron (1987), JASA 82(397). Oracle: scipy.stats.bootstrap.
 * @example
 * const { value, low, high } = ml.bootstrapInterval("f1_macro", ["a", "b", "b", "a"], ["a", "b", "a", "a"], { seed: 7 });
 */
export function bootstrapInterval(
  metric: string | Metric,
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  options: MetricIntervalOptions = {},
): MetricInterval {
  const chosen = anyMetric(metric);
  return intervalOf(chosen.name, "bootstrapInterval", sampleOf("bootstrapInterval", chosen, yTrue, [yPred], options), options);
}

/**
 * The confidence interval of metric(a) − metric(b), both on the same resamples: two models on the same rows. An interval without 0 says
 * that they differ. Throws as `bootstrapInterval`.
 */
export function bootstrapDifference(
  metric: string | Metric,
  yTrue: ArrayLike<Label>,
  a: ArrayLike<Label>,
  b: ArrayLike<Label>,
  options: MetricIntervalOptions = {},
): MetricInterval {
  const chosen = anyMetric(metric);
  return intervalOf(chosen.name, "bootstrapDifference", sampleOf("bootstrapDifference", chosen, yTrue, [a, b], options), options);
}

/** What is resampled: the value as it is, of each resample, and with each row left out. */
interface Sample {
  readonly value: number;
  resample(): Resampled;
  jackknife(): Float64Array;
}

/** Kinds of rows beyond which rows are drawn one by one. */
const kindsMost = 2000;

/** Of one prediction the metric, of two the difference. Of labels only the kinds of rows matter: these are drawn. */
function sampleOf(
  who: string,
  metric: Metric,
  yTrue: ArrayLike<Label>,
  predictions: readonly ArrayLike<Label>[],
  options: MetricIntervalOptions,
): Sample {
  const isOfLabels = metric.task === "classification" && !metric.needsProba;
  const isPlain = !options.weights && !options.strata && !options.groups;
  for (const yPred of predictions) if (!metric.needsProba) checkLengths(who, yTrue.length, yPred.length);
  const kinds = isOfLabels && isPlain ? distinctRows([yTrue, ...predictions], kindsMost) : undefined;
  if (kinds) {
    const { rows, counts } = kinds;
    const pick = (labels: ArrayLike<Label>): Label[] => Array.from(rows, (i) => labels[i]!);
    const [first, second] = predictions.map((yPred) => weighted(who, metric, pick(yTrue), pick(yPred), options));
    const statistic = (weights: Float64Array): number => first!(weights) - (second?.(weights) ?? 0);
    return {
      value: statistic(counts),
      resample: () => resampleCounts(counts, statistic, options),
      jackknife: () => jackknifeCounts(counts, statistic),
    };
  }
  const [first, second] = predictions.map((yPred) => weighted(who, metric, yTrue, yPred, options));
  const statistic: Reweighted = (weights) => first!(weights) - (second?.(weights) ?? 0);
  return {
    value: statistic(),
    resample: () => resample(yTrue.length, statistic, options),
    jackknife: () => jackknife(yTrue.length, statistic, options),
  };
}

/** The metric under how often each row was drawn, times its own weight. */
function weighted(
  who: string,
  metric: Metric,
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { classes, weights, groups }: MetricIntervalOptions,
): Reweighted {
  if (metric.needsProba && !classes)
    throw new ParamsError(`${who}: ${metric.name} needs probabilities (n × k) with { classes }, got no classes`);
  const proba = metric.needsProba ? (yPred as ArrayLike<number>) : undefined;
  if (proba && classes) checkLengths(who, yTrue.length, proba.length / classes.length);
  checkWeights(who, weights, yTrue.length);
  const value = metric.prepare({ yTrue, yPred: proba ? [] : yPred, proba, classes, groups });
  if (!weights) return value;
  const product = new Float64Array(yTrue.length);
  return (drawn) => {
    let total = 0;
    for (let i = 0; i < product.length; i++) total += product[i] = weights[i]! * (drawn ? drawn[i]! : 1);
    return total > 0 ? value(product) : Number.NaN;
  };
}

function intervalOf(metric: string, who: string, sample: Sample, options: BootstrapOptions): MetricInterval {
  const { confidence = 0.95, method = "bca", resamples = 1000 } = options;
  checkConfidence(who, confidence);
  if (!["bca", "percentile", "basic"].includes(method))
    throw new ParamsError(`${who}: method must be bca, percentile or basic, got ${String(method)}`);
  const { value } = sample;
  if (!Number.isFinite(value)) throw new DataError(`${who}: ${metric} must be defined on the rows, it is ${value}`);
  const { values, undefinedResamples } = sample.resample();
  if (values.length === 0) throw new DataError(`${who}: ${metric} is defined on none of ${resamples} resamples; give strata`);
  const left = method === "bca" ? sample.jackknife() : new Float64Array(0);
  return displayable("metric-interval", {
    metric,
    value,
    ...resampledInterval(values, value, left, { method, confidence }),
    confidence,
    method,
    standardError: standardDeviation(values, Math.min(1, values.length - 1)),
    bias: mean(values) - value,
    resamples,
    undefinedResamples,
  });
}
