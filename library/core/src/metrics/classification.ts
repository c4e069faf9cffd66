import type { Label } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { dot } from "../numeric/dot.ts";
import { type ClassCounts, classCounter, totalOf } from "./class-counts.ts";
import { type ConfusionOptions, confusionMatrix } from "./confusion.ts";
import { checkLengths, checkWeights, type WeightOptions } from "./inputs.ts";

/** Share of rows predicted right. O(n). Oracle: sklearn.metrics.accuracy_score. */
export function accuracy(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, { weights }: WeightOptions = {}): number {
  checkLengths("accuracy", yTrue.length, yPred.length);
  checkWeights("accuracy", weights, yTrue.length);
  let right = 0;
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights ? weights[i]! : 1;
    if (yTrue[i] === yPred[i]) right += weight;
    total += weight;
  }
  return right / total;
}

/** Share of rows predicted wrong: 1 − accuracy, for one label a row also the Hamming loss. Oracle: sklearn.metrics.hamming_loss, zero_one_loss. */
export function hammingLoss(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: WeightOptions = {}): number {
  return 1 - accuracy(yTrue, yPred, options);
}

/**
 * Mean recall over the classes that are there; adjusted, chance is 0 and perfection 1. O(n + k).
 * Source: Brodersen et al. (2010), ICPR. Oracle: sklearn.metrics.balanced_accuracy_score.
 */
export function balancedAccuracy(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { weights, adjusted = false }: WeightOptions & { readonly adjusted?: boolean } = {},
): number {
  return balancedAccuracyOf(classCounter("balancedAccuracy", yTrue, yPred)(weights), adjusted);
}

/**
 * Matthews' correlation of truth and prediction, for any number of classes; 0 where it is not defined. O(n + k).
 * Source: Gorodkin (2004), Computational Biology and Chemistry 28. Oracle: sklearn.metrics.matthews_corrcoef.
 */
export function mcc(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, { weights }: WeightOptions = {}): number {
  return mccOf(classCounter("mcc", yTrue, yPred)(weights));
}

/** Options of Cohen's κ. */
export interface KappaOptions extends ConfusionOptions {
  /** How far labels are apart in their order: all alike (default), by places, or by their squares. */
  readonly distance?: "none" | "linear" | "quadratic" | undefined;
}

/**
 * Cohen's κ: agreement beyond chance, 1 at most; NaN where chance leaves nothing to agree on. With a distance, near misses of ordered
 * labels count less. O(n + k²). Source: Cohen (1960), Educational and Psychological Measurement 20. Oracle: sklearn.metrics.cohen_kappa_score.
 */
export function cohenKappa(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { distance = "none", weights, labels }: KappaOptions = {},
): number {
  if (!["none", "linear", "quadratic"].includes(distance))
    throw new ParamsError(`cohenKappa: distance must be none, linear or quadratic, got ${String(distance)}`);
  const { counts } = confusionMatrix(yTrue, yPred, { weights, labels });
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = counts.map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0));
  const total = rows.reduce((a, b) => a + b, 0);
  let observed = 0;
  let expected = 0;
  for (const [i, row] of counts.entries())
    for (const [j, count] of row.entries()) {
      const apart = distance === "none" ? Number(i !== j) : distance === "linear" ? Math.abs(i - j) : (i - j) * (i - j);
      observed += apart * count;
      expected += (apart * rows[i]! * columns[j]!) / total;
    }
  return 1 - observed / expected;
}

/** Balanced accuracy from counts. */
export function balancedAccuracyOf({ right, truth }: ClassCounts, adjusted = false): number {
  let sum = 0;
  let classes = 0;
  for (let k = 0; k < truth.length; k++)
    if (truth[k]! > 0) {
      sum += right[k]! / truth[k]!;
      classes++;
    }
  const mean = sum / classes;
  return adjusted ? (mean - 1 / classes) / (1 - 1 / classes) : mean;
}

/** Matthews' correlation from counts. */
export function mccOf(counts: ClassCounts): number {
  const { right, predicted, truth } = counts;
  const total = totalOf(counts);
  const below = (total * total - dot(predicted, predicted)) * (total * total - dot(truth, truth));
  if (!(below > 0)) return 0;
  return (right.reduce((a, b) => a + b, 0) * total - dot(truth, predicted)) / Math.sqrt(below);
}

/** Cohen's κ without distances from counts. */
export function kappaOf(counts: ClassCounts): number {
  const total = totalOf(counts);
  const chance = counts.truth.reduce((sum, rows, k) => sum + rows * counts.predicted[k]!, 0) / total;
  return 1 - (total - counts.right.reduce((a, b) => a + b, 0)) / (total - chance);
}
