import type { Label } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { type ConfusionMatrix, checkLengths, confusionMatrix, sortedLabels, type WeightOptions } from "./confusion.ts";

/** How per-class scores become one: of the positive class, the mean over classes, over rows, or over classes weighted by rows. */
export type Average = "binary" | "macro" | "micro" | "weighted";

/** Options of precision, recall and F1. */
export interface AverageOptions extends WeightOptions {
  /** Default: binary for two classes, macro else. */
  readonly average?: Average;
  /** The class that `binary` looks at; default the last in sorted order. */
  readonly positive?: Label;
}

/** Precision, recall and F1 of one class or of an average. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows (weights) of the class. */
  readonly support: number;
}

/** Share of rows predicted right. */
export function accuracy(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, { weights }: WeightOptions = {}): number {
  checkLengths("accuracy", yTrue.length, yPred.length);
  let right = 0;
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights?.[i] ?? 1;
    if (yTrue[i] === yPred[i]) right += weight;
    total += weight;
  }
  return right / total;
}

/** Mean recall over the classes that are there. */
export function balancedAccuracy(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: WeightOptions = {}): number {
  const recalls = scoresByClass(confusionMatrix(yTrue, yPred, options)).filter(({ support }) => support > 0);
  return recalls.reduce((sum, { recall }) => sum + recall, 0) / recalls.length;
}

/** Share of the rows predicted as a class that are of it; 0 where none is. Oracle: sklearn.metrics.precision_score. */
export function precision(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions = {}): number {
  return averaged(yTrue, yPred, options).precision;
}

/** Share of the rows of a class that are predicted as it; 0 where there is none. Oracle: sklearn.metrics.recall_score. */
export function recall(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions = {}): number {
  return averaged(yTrue, yPred, options).recall;
}

/** Harmonic mean of precision and recall. Oracle: sklearn.metrics.f1_score. */
export function f1(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions = {}): number {
  return averaged(yTrue, yPred, options).f1;
}

/** Matthews' correlation of truth and prediction, for any number of classes; 0 where it is not defined. */
export function mcc(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: WeightOptions = {}): number {
  const { counts } = confusionMatrix(yTrue, yPred, options);
  const truth = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const predicted = counts.map((_, k) => counts.reduce((sum, row) => sum + row[k]!, 0));
  const total = truth.reduce((a, b) => a + b, 0);
  const right = counts.reduce((sum, row, k) => sum + row[k]!, 0);
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  const below = (total * total - dot(predicted, predicted)) * (total * total - dot(truth, truth));
  return below === 0 ? 0 : (right * total - dot(truth, predicted)) / Math.sqrt(below);
}

/** Precision, recall, F1 and support of every class and of the averages. Oracle: sklearn.metrics.classification_report. */
export function classificationReport(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: WeightOptions = {}) {
  const matrix = confusionMatrix(yTrue, yPred, options);
  const scores = scoresByClass(matrix);
  return {
    classes: matrix.labels.map((label, k) => ({ label, ...scores[k]! })),
    macro: average(matrix, scores, "macro"),
    weighted: average(matrix, scores, "weighted"),
    accuracy: accuracy(yTrue, yPred, options),
  };
}

function averaged(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions): ClassScores {
  checkLengths("f1", yTrue.length, yPred.length);
  const labels = sortedLabels(yTrue, yPred);
  const matrix = confusionMatrix(yTrue, yPred, { weights: options.weights, labels });
  const scores = scoresByClass(matrix);
  const kind = options.average ?? (labels.length <= 2 ? "binary" : "macro");
  if (kind !== "binary") return average(matrix, scores, kind);
  const positive = options.positive ?? labels.at(-1)!;
  const place = labels.indexOf(positive);
  if (place < 0) throw new ParamsError(`f1: positive must be one of ${labels.map(String).join(", ")}, got ${String(positive)}`);
  if (labels.length > 2) throw new ParamsError(`f1: average "binary" is for two classes, got ${labels.length}`);
  return scores[place]!;
}

function scoresByClass({ counts }: ConfusionMatrix): ClassScores[] {
  return counts.map((row, k) => {
    const support = row.reduce((a, b) => a + b, 0);
    return scoresOf(
      row[k]!,
      counts.reduce((sum, other) => sum + other[k]!, 0),
      support,
    );
  });
}

function scoresOf(right: number, predicted: number, support: number): ClassScores {
  return {
    precision: predicted > 0 ? right / predicted : 0,
    recall: support > 0 ? right / support : 0,
    f1: predicted + support > 0 ? (2 * right) / (predicted + support) : 0,
    support,
  };
}

function average({ counts }: ConfusionMatrix, scores: readonly ClassScores[], kind: Exclude<Average, "binary">): ClassScores {
  const support = scores.reduce((sum, score) => sum + score.support, 0);
  if (kind === "micro")
    return scoresOf(
      counts.reduce((sum, row, k) => sum + row[k]!, 0),
      support,
      support,
    );
  const share = (score: ClassScores): number => (kind === "macro" ? 1 / scores.length : score.support / support);
  const mean = (of: "precision" | "recall" | "f1"): number => scores.reduce((sum, score) => sum + share(score) * score[of], 0);
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1"), support };
}
