import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { labelMetrics } from "./label-metrics.ts";
import type { Metric, MetricTask, Scored } from "./metric.ts";
import { numberMetrics } from "./number-metrics.ts";
import { queryMetrics } from "./query-metrics.ts";
import { scoreMetrics } from "./score-metrics.ts";

export type { Metric, MetricTask, Reweighted, Scored } from "./metric.ts";

const all: readonly Metric[] = [
  ...[...labelMetrics, ...scoreMetrics].sort((a, b) => Number(b.isUsual) - Number(a.isUsual)),
  ...numberMetrics,
  ...queryMetrics,
];

/** Other names that people know metrics by, mostly scikit-learn's. */
const aliases: Readonly<Record<string, string>> = {
  auc: "roc_auc",
  roc_auc_ovr: "roc_auc",
  roc_auc_ovr_weighted: "roc_auc_weighted",
  ap: "average_precision",
  pr_auc: "average_precision",
  logloss: "log_loss",
  cross_entropy: "log_loss",
  brier_score: "brier",
  brier_score_loss: "brier",
  matthews_corrcoef: "mcc",
  kappa: "cohen_kappa",
  d2_log_loss_score: "d2_log_loss",
  d2_brier_score: "d2_brier",
  top_k_accuracy: "top_2_accuracy",
  ece: "expected_calibration_error",
  r2_score: "r2",
  mean_squared_error: "mse",
  root_mean_squared_error: "rmse",
  mean_absolute_error: "mae",
  mean_absolute_percentage_error: "mape",
  mean_squared_log_error: "msle",
  root_mean_squared_log_error: "rmsle",
  mean_poisson_deviance: "poisson_deviance",
  mean_gamma_deviance: "gamma_deviance",
  d2_absolute_error_score: "d2_absolute_error",
};

/** The usual metrics of a task: those that are computed when nobody asks for certain ones, defined on whatever a model answers. */
export function metricsFor(task: MetricTask): readonly Metric[] {
  return all.filter((metric) => metric.task === task && metric.isUsual);
}

/** Every metric of a task, the usual ones first. */
export function allMetrics(task: MetricTask): readonly Metric[] {
  return all.filter((metric) => metric.task === task);
}

/** Whether a metric is defined for these answers: probabilities where it needs them, and values of its domain. O(n). */
export function metricFits({ needsProba, domain }: Metric, { yTrue, yPred, proba, classes }: Scored): boolean {
  if (needsProba && !(proba && classes)) return false;
  if (domain === "all") return true;
  if (domain === "two classes") return (classes?.length ?? new Set([...Array.from(yTrue), ...Array.from(yPred)]).size) === 2;
  const isAbove = (bound: number, values: ArrayLike<unknown>): boolean =>
    Array.from(values).every((value) => Number(value) > bound);
  if (domain === "above -1") return isAbove(-1, yTrue) && isAbove(-1, yPred);
  return isAbove(domain === "above 0" ? 0 : -Number.MIN_VALUE, yTrue) && isAbove(0, yPred);
}

/**
 * A metric of a task by name: ours (`roc_auc`, also written `rocAuc`), or scikit-learn's (`neg_log_loss`); a metric itself is given back.
 * Throws ParamsError with the nearest name.
 */
export function metricByName(name: string | Metric, task: MetricTask): Metric {
  if (typeof name !== "string") {
    if (name.task === task) return name;
    throw new ParamsError(`metric ${name.name} is for ${name.task}, the task is ${task}`);
  }
  const metric = find(name, allMetrics(task));
  if (!metric)
    throw new ParamsError(
      `no ${task} metric "${name}"${suggest(
        name,
        allMetrics(task).map((each) => each.name),
      )}`,
    );
  return metric;
}

/** A metric of whatever task by name. Throws ParamsError with the nearest name. */
export function anyMetric(name: string | Metric): Metric {
  if (typeof name !== "string") return name;
  const metric = find(name, all);
  if (!metric)
    throw new ParamsError(
      `no metric "${name}"${suggest(
        name,
        all.map((each) => each.name),
      )}`,
    );
  return metric;
}

function find(name: string, known: readonly Metric[]): Metric | undefined {
  const snake = name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  const plain = snake.replace(/^neg_/, "");
  const wanted = Object.hasOwn(aliases, plain) ? aliases[plain] : plain;
  return known.find((metric) => metric.name === name) ?? known.find((metric) => metric.name === wanted);
}
