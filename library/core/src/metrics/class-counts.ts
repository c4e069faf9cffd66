import type { Label } from "../base/contract.ts";
import { checkLengths, checkWeights, codesOf, sortedLabels } from "./inputs.ts";

/** What precision, recall, F1 and their kind are made of: three weighted counts a class (k). */
export interface ClassCounts {
  readonly labels: readonly Label[];
  /** Rows of the class that were predicted as it. */
  readonly right: Float64Array;
  /** Rows predicted as the class. */
  readonly predicted: Float64Array;
  /** Rows of the class. */
  readonly truth: Float64Array;
}

/**
 * Reads labels once and counts them under any row weights, O(n + k) each time. `labels` lead the list of classes; others that occur follow,
 * sorted.
 */
export function classCounter(
  who: string,
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  labels: readonly Label[] = [],
): (weights?: ArrayLike<number>) => ClassCounts {
  checkLengths(who, yTrue.length, yPred.length);
  const known = new Set(labels);
  const all = [...labels, ...sortedLabels(who, yTrue, yPred).filter((label) => !known.has(label))];
  const truthCodes = codesOf(who, yTrue, all);
  const predictedCodes = codesOf(who, yPred, all);
  return (weights) => {
    checkWeights(who, weights, truthCodes.length);
    const right = new Float64Array(all.length);
    const predicted = new Float64Array(all.length);
    const truth = new Float64Array(all.length);
    for (let i = 0; i < truthCodes.length; i++) {
      const weight = weights ? weights[i]! : 1;
      const code = truthCodes[i]!;
      truth[code]! += weight;
      predicted[predictedCodes[i]!]! += weight;
      if (code === predictedCodes[i]) right[code]! += weight;
    }
    return { labels: all, right, predicted, truth };
  };
}

/** Places of the classes that occur, in truth or prediction, with weight above 0. */
export function present({ predicted, truth }: ClassCounts): number[] {
  return Array.from(truth, (_, k) => k).filter((k) => truth[k]! > 0 || predicted[k]! > 0);
}

/** Weighted rows in all. */
export function totalOf({ truth }: ClassCounts): number {
  return truth.reduce((a, b) => a + b, 0);
}
