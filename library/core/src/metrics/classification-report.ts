import type { Label } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { classCounter, present } from "./class-counts.ts";
import type { WeightOptions } from "./inputs.ts";
import {
  type Average,
  averageShare,
  type ClassScores,
  fShare,
  precisionShare,
  recallShare,
  scoresByClass,
} from "./precision-recall.ts";

/** Scores of one class, with its label. */
export interface LabelledScores extends ClassScores {
  readonly label: Label;
}

/** Precision, recall, F1 and support of every class and of the averages: plain data, a table in a notebook. */
export interface ClassificationReport {
  readonly classes: readonly LabelledScores[];
  readonly macro: ClassScores;
  readonly weighted: ClassScores;
  /** Over the listed classes together; the accuracy where all classes are listed. */
  readonly micro: ClassScores;
  /** Share of rows predicted right. */
  readonly accuracy: number;
}

/** Options of a classification report. */
export interface ReportOptions extends WeightOptions {
  /** The classes to list; default all that occur. */
  readonly labels?: readonly Label[] | undefined;
  /** What 0 / 0 gives: 0 (default), 1, or NaN, which averages leave out. */
  readonly zeroDivision?: number | undefined;
}

/**
 * Precision, recall, F1 and support of every class and of the averages. O(n + k). Oracle: sklearn.metrics.classification_report.
 * @example
 * const report = ml.classificationReport(["a", "b", "b"], ["a", "a", "b"]);
 * ml.classificationReportText(report);
 */
export function classificationReport(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { weights, labels, zeroDivision = 0 }: ReportOptions = {},
): ClassificationReport {
  const counts = classCounter("classificationReport", yTrue, yPred, labels)(weights);
  const scores = scoresByClass(counts, zeroDivision);
  const listed = labels?.map((_, k) => k) ?? present(counts);
  const support = listed.reduce((sum, k) => sum + counts.truth[k]!, 0);
  const average = (kind: Exclude<Average, "binary">): ClassScores => ({
    precision: averageShare(counts, precisionShare, kind, listed, zeroDivision),
    recall: averageShare(counts, recallShare, kind, listed, zeroDivision),
    f1: averageShare(counts, fShare(1), kind, listed, zeroDivision),
    support,
  });
  return displayable("classification-report", {
    classes: listed.map((k) => ({ label: counts.labels[k]!, ...scores[k]! })),
    macro: average("macro"),
    weighted: average("weighted"),
    micro: average("micro"),
    accuracy: counts.right.reduce((a, b) => a + b, 0) / counts.truth.reduce((a, b) => a + b, 0),
  });
}

/** A report as text, line for line as scikit-learn prints it where rows weigh 1. */
export function classificationReportText(
  report: ClassificationReport,
  { decimals = 2 }: { readonly decimals?: number } = {},
): string {
  const { classes, macro, weighted, micro, accuracy } = report;
  const total = macro.support;
  const isWhole = classes.every(({ support }) => Number.isInteger(support));
  const width = Math.max("weighted avg".length, decimals, ...classes.map(({ label }) => String(label).length));
  const rows = (support: number): string => (isWhole ? String(support) : support.toFixed(Math.max(1, decimals)));
  const share = (value: number): string => (Number.isNaN(value) ? "nan" : value.toFixed(decimals));
  const line = (name: string, { precision, recall, f1, support }: ClassScores): string =>
    [
      name.padStart(width),
      " ",
      ...[precision, recall, f1].map((value) => ` ${share(value).padStart(9)}`),
      ` ${rows(support).padStart(9)}`,
    ].join("");
  const head = ["precision", "recall", "f1-score", "support"].map((name) => ` ${name.padStart(9)}`).join("");
  const isAll = Math.abs(micro.f1 - accuracy) < 1e-12 && Math.abs(micro.precision - accuracy) < 1e-12;
  const all = isAll
    ? `${"accuracy".padStart(width)} ${" ".padStart(10)}${" ".padStart(10)} ${share(accuracy).padStart(9)} ${rows(total).padStart(9)}`
    : line("micro avg", micro);
  return [
    `${" ".repeat(width)} ${head}`,
    "",
    ...classes.map((each) => line(String(each.label), each)),
    "",
    all,
    line("macro avg", macro),
    line("weighted avg", weighted),
    "",
  ].join("\n");
}
