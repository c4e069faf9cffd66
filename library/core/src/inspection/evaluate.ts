import type { ClassifierModel, Importance, Label, PredictorModel, RegressorModel } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { assertModel } from "../base/estimator.ts";
import { labelsOf } from "../base/inputs.ts";
import type { Table } from "../data/table.ts";
import { classificationReport } from "../metrics/classification.ts";
import { type ConfusionMatrix, confusionMatrix } from "../metrics/confusion.ts";
import { binaryRocAuc, precisionRecallCurve, rocCurve } from "../metrics/ranking-curves.ts";
import { metricsFor } from "../metrics/registry.ts";
import { plotConfusion, plotPrecisionRecall, plotRoc } from "../plots/classification-plots.ts";
import type { Figure } from "../plots/figure.ts";
import { plotImportance, plotResiduals } from "../plots/model-plots.ts";

/** A figure with its name and title. */
export interface NamedFigure {
  readonly name: "confusion" | "roc" | "precision_recall" | "importance" | "residuals";
  readonly title: string;
  readonly figure: Figure;
}

/** How a model did on rows: plain data, drawn in a notebook and in the panels. */
export interface Evaluation {
  readonly task: "classification" | "regression";
  readonly target: string;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Precision, recall, F1 and rows of each class. */
  readonly classes: readonly {
    readonly label: Label;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
  readonly confusion: ConfusionMatrix | null;
  readonly importances: readonly Importance[] | null;
  readonly figures: readonly NamedFigure[];
}

/**
 * Every metric of the task, the report by class, importances and the figures of a model on a table. Rows without a target are refused.
 * Throws DataError for a label that the model never learnt.
 */
export function evaluate(
  model: PredictorModel,
  table: Table,
  { target = model.target }: { readonly target?: string | undefined } = {},
): Evaluation {
  assertModel("evaluate", model);
  if (target === undefined) throw new ParamsError("evaluate: the model was fitted on arrays, so needs { target }");
  const labels = labelsOf(table.column(target));
  const missing = labels.indexOf(null);
  if (missing >= 0)
    throw new DataError(`evaluate: target "${target}" is missing in row ${missing}; drop the rows without a target`);
  const truth = labels as readonly Label[];
  const importances = model.importances() ?? null;
  const drawn: NamedFigure[] = importances
    ? [{ name: "importance", title: "Feature importance", figure: plotImportance(importances) }]
    : [];
  const own =
    model.task === "classification"
      ? evaluateClassifier(model, table, truth)
      : evaluateRegressor(model, table, truth as readonly number[]);
  return displayable("evaluation", { target, rows: table.rows, importances, ...own, figures: [...own.figures, ...drawn] });
}

/** Metrics of a model on a table by name: `evaluate` without report and figures. */
export function score(
  model: PredictorModel,
  table: Table,
  options: { readonly target?: string } = {},
): Readonly<Record<string, number>> {
  return evaluate(model, table, options).metrics;
}

type Own = Pick<Evaluation, "task" | "metrics" | "classes" | "confusion" | "figures">;

function evaluateClassifier(model: ClassifierModel, table: Table, truth: readonly Label[]): Own {
  const { classes } = model;
  const known = new Set<Label>(classes);
  const odd = truth.findIndex((label) => !known.has(label));
  if (odd >= 0)
    throw new DataError(
      `evaluate: label ${JSON.stringify(truth[odd])} in row ${odd} is not one of the model's classes ${classes.map(String).join(", ")}`,
    );
  const proba = model.predictProba(table).data;
  const yPred = model.predict(table);
  const metrics = Object.fromEntries(
    metricsFor("classification").map(({ name, compute }) => [name, compute({ yTrue: truth, yPred, proba, classes })]),
  );
  const confusion = confusionMatrix(truth, yPred, { labels: classes });
  const shown = classes.length === 2 ? [1] : classes.map((_, k) => k).slice(0, 12);
  const curves = shown.flatMap((k) => {
    const positive = truth.map((label) => label === classes[k]);
    if (!positive.includes(true) || !positive.includes(false)) return [];
    const scores = truth.map((_, i) => proba[i * classes.length + k]!);
    return [{ name: String(classes[k]), positive, scores }];
  });
  const figures: NamedFigure[] = [{ name: "confusion", title: "Confusion matrix", figure: plotConfusion(confusion) }];
  if (curves.length > 0) {
    const roc = curves.map(({ name, positive, scores }) => ({
      name,
      curve: rocCurve(positive, scores),
      auc: binaryRocAuc(positive, scores),
    }));
    const pr = curves.map(({ name, positive, scores }) => {
      const curve = precisionRecallCurve(positive, scores);
      const averagePrecision = curve.recall
        .slice(1)
        .reduce((sum, recall, k) => sum + (curve.recall[k]! - recall) * curve.precision[k]!, 0);
      return { name, curve, averagePrecision };
    });
    figures.push(
      { name: "roc", title: "ROC curve", figure: plotRoc(roc) },
      { name: "precision_recall", title: "Precision–recall curve", figure: plotPrecisionRecall(pr) },
    );
  }
  const report = classificationReport(truth, yPred).classes.filter(({ label }) => known.has(label));
  return { task: "classification", metrics, classes: report, confusion, figures };
}

function evaluateRegressor(model: RegressorModel, table: Table, truth: readonly number[]): Own {
  if (typeof truth[0] !== "number")
    throw new DataError(`evaluate: the target must hold numbers, got ${JSON.stringify(truth[0])} in row 0`);
  const yPred = model.predict(table);
  const metrics = Object.fromEntries(
    metricsFor("regression").map(({ name, compute }) => [name, compute({ yTrue: truth, yPred })]),
  );
  return {
    task: "regression",
    metrics,
    classes: [],
    confusion: null,
    figures: [{ name: "residuals", title: "Residuals", figure: plotResiduals(yPred, truth) }],
  };
}
