import type { Label } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { checkLengths, type WeightOptions } from "./confusion.ts";

/** True against false positive rate at every threshold, from the strictest. */
export interface RocCurve {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  /** The first is +Infinity: nothing is positive. */
  readonly thresholds: readonly number[];
}

/** Precision against recall at every threshold, from the most lenient; the last point is (1, 0). */
export interface PrecisionRecallCurve {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly thresholds: readonly number[];
}

interface Steps {
  readonly truePositives: number[];
  readonly falsePositives: number[];
  readonly thresholds: number[];
}

/** Cumulated positives above each distinct score, from the highest. O(n log n). */
function cumulate(
  who: string,
  positive: ArrayLike<boolean>,
  scores: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): Steps {
  checkLengths(who, positive.length, scores.length);
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const steps: Steps = { truePositives: [], falsePositives: [], thresholds: [] };
  let right = 0;
  let wrong = 0;
  for (const [k, i] of order.entries()) {
    if (positive[i]) right += weights?.[i] ?? 1;
    else wrong += weights?.[i] ?? 1;
    if (k + 1 < order.length && scores[order[k + 1]!] === scores[i]) continue;
    steps.truePositives.push(right);
    steps.falsePositives.push(wrong);
    steps.thresholds.push(scores[i]!);
  }
  return steps;
}

/** The ROC curve of a score for the positive rows. Throws DataError where one of the two classes is absent. Oracle: sklearn.metrics.roc_curve. */
export function rocCurve(positive: ArrayLike<boolean>, scores: ArrayLike<number>, { weights }: WeightOptions = {}): RocCurve {
  const { truePositives, falsePositives, thresholds } = cumulate("rocCurve", positive, scores, weights);
  const right = truePositives.at(-1)!;
  const wrong = falsePositives.at(-1)!;
  if (right === 0 || wrong === 0)
    throw new DataError(`rocCurve: needs positive and negative rows, all are ${right === 0 ? "negative" : "positive"}`);
  return {
    falsePositiveRate: [0, ...falsePositives.map((count) => count / wrong)],
    truePositiveRate: [0, ...truePositives.map((count) => count / right)],
    thresholds: [Infinity, ...thresholds],
  };
}

/** Area under the ROC curve of one score, by trapezoids. */
export function binaryRocAuc(positive: ArrayLike<boolean>, scores: ArrayLike<number>, options: WeightOptions = {}): number {
  const { falsePositiveRate: x, truePositiveRate: y } = rocCurve(positive, scores, options);
  let area = 0;
  for (let k = 1; k < x.length; k++) area += ((x[k]! - x[k - 1]!) * (y[k]! + y[k - 1]!)) / 2;
  return area;
}

/** Options of metrics on class probabilities. */
export interface ProbabilityOptions extends WeightOptions {
  /** Labels of the probability columns (k). */
  readonly classes: readonly Label[];
}

/**
 * Area under the ROC curve from class probabilities (n × k, row-major): of the last class for two, the mean of one-vs-rest for more.
 * NaN where a class has no row. Oracle: sklearn.metrics.roc_auc_score(multi_class="ovr").
 */
export function rocAuc(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, options: ProbabilityOptions): number {
  return overClasses("rocAuc", yTrue, proba, options, (positive, scores) =>
    hasBoth(positive) ? binaryRocAuc(positive, scores, options) : Number.NaN,
  );
}

/** Mean precision over the recall steps, as `rocAuc` over the classes. Oracle: sklearn.metrics.average_precision_score. */
export function averagePrecision(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, options: ProbabilityOptions): number {
  return overClasses("averagePrecision", yTrue, proba, options, (positive, scores) => {
    if (!positive.includes(true)) return Number.NaN;
    const { precision, recall } = precisionRecallCurve(positive, scores, options);
    let sum = 0;
    for (let k = 0; k + 1 < recall.length; k++) sum += (recall[k]! - recall[k + 1]!) * precision[k]!;
    return sum;
  });
}

/** The precision–recall curve of a score for the positive rows. Oracle: sklearn.metrics.precision_recall_curve. */
export function precisionRecallCurve(
  positive: ArrayLike<boolean>,
  scores: ArrayLike<number>,
  { weights }: WeightOptions = {},
): PrecisionRecallCurve {
  const { truePositives, falsePositives, thresholds } = cumulate("precisionRecallCurve", positive, scores, weights);
  const right = truePositives.at(-1)!;
  if (right === 0) throw new DataError("precisionRecallCurve: needs positive rows, there are none");
  const precision = truePositives.map((count, k) => count / (count + falsePositives[k]!));
  const recall = truePositives.map((count) => count / right);
  return { precision: [...precision.reverse(), 1], recall: [...recall.reverse(), 0], thresholds: thresholds.reverse() };
}

/** −mean log probability of the true class; probabilities are kept off 0 and 1. Oracle: sklearn.metrics.log_loss. */
export function logLoss(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, { classes, weights }: ProbabilityOptions): number {
  checkLengths("logLoss", yTrue.length, proba.length / classes.length);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights?.[i] ?? 1;
    const probability = proba[i * classes.length + placeOf("logLoss", classes, yTrue[i]!)]!;
    sum -= weight * Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
    total += weight;
  }
  return sum / total;
}

/** Mean squared difference of probability and truth: of the positive class for two classes, summed over the classes for more. */
export function brier(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, { classes, weights }: ProbabilityOptions): number {
  const k = classes.length;
  checkLengths("brier", yTrue.length, proba.length / k);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights?.[i] ?? 1;
    const truth = placeOf("brier", classes, yTrue[i]!);
    for (let c = k === 2 ? 1 : 0; c < k; c++) {
      const off = proba[i * k + c]! - (c === truth ? 1 : 0);
      sum += weight * off * off;
    }
    total += weight;
  }
  return sum / total;
}

function overClasses(
  who: string,
  yTrue: ArrayLike<Label>,
  proba: ArrayLike<number>,
  { classes }: ProbabilityOptions,
  score: (positive: boolean[], scores: number[]) => number,
): number {
  const k = classes.length;
  checkLengths(who, yTrue.length, proba.length / k);
  const one = (c: number): number =>
    score(
      Array.from(yTrue, (label) => label === classes[c]),
      Array.from({ length: yTrue.length }, (_, i) => proba[i * k + c]!),
    );
  if (k === 2) return one(1);
  return classes.reduce((sum: number, _, c) => sum + one(c), 0) / k;
}

function hasBoth(positive: readonly boolean[]): boolean {
  return positive.includes(true) && positive.includes(false);
}

function placeOf(who: string, classes: readonly Label[], label: Label): number {
  const place = classes.indexOf(label);
  if (place < 0)
    throw new DataError(
      `${who}: label ${JSON.stringify(label)} is not one of the model's classes ${classes.map(String).join(", ")}`,
    );
  return place;
}
