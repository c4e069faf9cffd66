import { DataError } from "../base/errors.ts";

/** What is told of one threshold: shares and weighted counts of the rows at or above it. */
export interface ThresholdPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly specificity: number;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly mcc: number;
  /** Recall + specificity − 1, Youden's J. */
  readonly youden: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
  /** Share of the rows that are answered positive. */
  readonly positives: number;
}

/** Points of a curve at most. */
const mostPoints = 200;

/**
 * The figures at every threshold that divides the rows, ascending: at the lowest score every row is answered positive. O(n log n).
 * Throws DataError where a class has no row.
 */
export function thresholdPoints(
  scores: Float64Array,
  isPositive: readonly boolean[],
  weights?: Float64Array | undefined,
): ThresholdPoint[] {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let [tp, fp, tn, fn] = [0, 0, 0, 0];
  for (const [i, positive] of isPositive.entries()) {
    if (positive) tp += weights?.[i] ?? 1;
    else fp += weights?.[i] ?? 1;
  }
  if (tp === 0 || fp === 0)
    throw new DataError(`chooseThreshold: needs positive and negative rows, all are ${tp === 0 ? "negative" : "positive"}`);
  const points: ThresholdPoint[] = [];
  for (let at = 0; at < order.length; ) {
    const threshold = scores[order[at]!]!;
    points.push(pointOf(threshold, tp, fp, tn, fn));
    for (; at < order.length && scores[order[at]!] === threshold; at++) {
      const weight = weights?.[order[at]!] ?? 1;
      if (isPositive[order[at]!]) [tp, fn] = [tp - weight, fn + weight];
      else [fp, tn] = [fp - weight, tn + weight];
    }
  }
  return points;
}

function pointOf(threshold: number, tp: number, fp: number, tn: number, fn: number): ThresholdPoint {
  const recall = tp / (tp + fn);
  const specificity = tn / (tn + fp);
  const spread = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return {
    threshold,
    precision: tp + fp > 0 ? tp / (tp + fp) : 0,
    recall,
    f1: tp + fp + fn > 0 ? (2 * tp) / (2 * tp + fp + fn) : 0,
    specificity,
    accuracy: (tp + tn) / (tp + fp + tn + fn),
    balancedAccuracy: (recall + specificity) / 2,
    mcc: spread > 0 ? (tp * tn - fp * fn) / Math.sqrt(spread) : 0,
    youden: recall + specificity - 1,
    truePositives: tp,
    falsePositives: fp,
    trueNegatives: tn,
    falseNegatives: fn,
    positives: (tp + fp) / (tp + fp + tn + fn),
  };
}

/** The figures at any threshold: those of the lowest score that is not below it, or of no row where there is none. */
export function pointAt(points: readonly ThresholdPoint[], threshold: number): ThresholdPoint {
  const found = points.find((point) => point.threshold >= threshold);
  if (found) return { ...found, threshold };
  const { truePositives, falsePositives } = points[0]!;
  return pointOf(threshold, 0, 0, falsePositives, truePositives);
}

/** At most 200 points, evenly taken, the chosen one among them. */
export function thinned(points: readonly ThresholdPoint[], chosen?: ThresholdPoint): ThresholdPoint[] {
  if (points.length <= mostPoints) return [...points];
  const places = Array.from({ length: mostPoints }, (_, k) => Math.round((k * (points.length - 1)) / (mostPoints - 1)));
  if (chosen) places.push(points.indexOf(chosen));
  return [...new Set(places)].sort((a, b) => a - b).map((place) => points[place]!);
}
