import type { Label } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { accuracy, balancedAccuracy, f1, mcc, precision, recall } from "./classification.ts";
import { averagePrecision, brier, logLoss, rocAuc } from "./ranking-curves.ts";
import { explainedVariance, mae, mape, medianAbsoluteError, mse, r2, rmse } from "./regression.ts";

/** What a metric is computed from. */
export interface Scored {
  readonly yTrue: ArrayLike<Label>;
  readonly yPred: ArrayLike<Label>;
  /** Class probabilities (n × k, row-major) where the model has them. */
  readonly proba?: ArrayLike<number> | undefined;
  readonly classes?: readonly Label[] | undefined;
}

/** A metric by name, as runs, forms and leaderboards use it. */
export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly task: "classification" | "regression";
  readonly greaterIsBetter: boolean;
  /** Whether it needs class probabilities. */
  readonly needsProba: boolean;
  compute(scored: Scored): number;
}

type Compute = (scored: Scored) => number;

function labels(name: string, title: string, compute: Compute): Metric {
  return { name, title, task: "classification", greaterIsBetter: true, needsProba: false, compute };
}

function probabilities(
  name: string,
  title: string,
  greaterIsBetter: boolean,
  compute: (yTrue: ArrayLike<Label>, proba: ArrayLike<number>, options: { classes: readonly Label[] }) => number,
): Metric {
  return {
    name,
    title,
    task: "classification",
    greaterIsBetter,
    needsProba: true,
    compute: ({ yTrue, proba, classes }) => compute(yTrue, proba!, { classes: classes! }),
  };
}

function numbers(
  name: string,
  title: string,
  greaterIsBetter: boolean,
  compute: (yTrue: ArrayLike<number>, yPred: ArrayLike<number>) => number,
): Metric {
  return {
    name,
    title,
    task: "regression",
    greaterIsBetter,
    needsProba: false,
    compute: ({ yTrue, yPred }) => compute(yTrue as ArrayLike<number>, yPred as ArrayLike<number>),
  };
}

const all: readonly Metric[] = [
  labels("accuracy", "Accuracy", ({ yTrue, yPred }) => accuracy(yTrue, yPred)),
  labels("balanced_accuracy", "Balanced accuracy", ({ yTrue, yPred }) => balancedAccuracy(yTrue, yPred)),
  labels("f1_macro", "F1, macro", ({ yTrue, yPred }) => f1(yTrue, yPred, { average: "macro" })),
  labels("f1_weighted", "F1, weighted", ({ yTrue, yPred }) => f1(yTrue, yPred, { average: "weighted" })),
  labels("precision_macro", "Precision, macro", ({ yTrue, yPred }) => precision(yTrue, yPred, { average: "macro" })),
  labels("recall_macro", "Recall, macro", ({ yTrue, yPred }) => recall(yTrue, yPred, { average: "macro" })),
  labels("mcc", "Matthews correlation", ({ yTrue, yPred }) => mcc(yTrue, yPred)),
  probabilities("roc_auc", "ROC AUC", true, rocAuc),
  probabilities("average_precision", "Average precision", true, averagePrecision),
  probabilities("log_loss", "Log loss", false, logLoss),
  probabilities("brier", "Brier score", false, brier),
  numbers("r2", "R²", true, r2),
  numbers("rmse", "RMSE", false, rmse),
  numbers("mae", "MAE", false, mae),
  numbers("mse", "MSE", false, mse),
  numbers("mape", "MAPE", false, mape),
  numbers("median_absolute_error", "Median absolute error", false, medianAbsoluteError),
  numbers("explained_variance", "Explained variance", true, explainedVariance),
];

/** Every metric of a task, the usual ones first. */
export function metricsFor(task: "classification" | "regression"): readonly Metric[] {
  return all.filter((metric) => metric.task === task);
}

/** A metric of a task by name. Throws ParamsError with the nearest name. */
export function metricByName(name: string, task: "classification" | "regression"): Metric {
  const known = metricsFor(task);
  const metric = known.find((each) => each.name === name);
  if (!metric)
    throw new ParamsError(
      `no ${task} metric "${name}"${suggest(
        name,
        known.map((each) => each.name),
      )}`,
    );
  return metric;
}
