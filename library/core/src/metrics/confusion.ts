import type { Label } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { checkLengths, checkWeights, codesOf, sortedLabels, type WeightOptions } from "./inputs.ts";

/** Over what the cells of a confusion matrix are shares: of the true class, of the predicted class, of all rows. */
export type Normalise = "true" | "pred" | "all";

/** How often each class (row) was predicted as each (column). */
export interface ConfusionMatrix {
  /** Labels in sorted order, or as given (k). */
  readonly labels: readonly Label[];
  /** Weighted counts, or shares where normalised (k × k), truth by row. */
  readonly counts: readonly (readonly number[])[];
  readonly normalise?: Normalise;
}

/** Options of a confusion matrix. */
export interface ConfusionOptions extends WeightOptions {
  /** The classes to count, in this order; rows with others are left out. Default all that occur, sorted. */
  readonly labels?: readonly Label[] | undefined;
  /** Shares in place of counts; a class without rows has 0. */
  readonly normalise?: Normalise | undefined;
}

/**
 * Counts of truth against prediction. O(n + k²). Throws ShapeError for arrays of different lengths, DataError for missing labels and where
 * none of the given labels is in yTrue. Oracle: sklearn.metrics.confusion_matrix.
 * @example
 * ml.confusionMatrix(["cat", "dog", "dog"], ["cat", "cat", "dog"]).counts   // [[1, 0], [1, 1]]
 */
export function confusionMatrix(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { weights, labels = sortedLabels("confusionMatrix", yTrue, yPred), normalise }: ConfusionOptions = {},
): ConfusionMatrix {
  checkLengths("confusionMatrix", yTrue.length, yPred.length);
  checkWeights("confusionMatrix", weights, yTrue.length);
  const k = labels.length;
  const truth = codesOf("confusionMatrix", yTrue, labels);
  const predicted = codesOf("confusionMatrix", yPred, labels);
  if (!truth.some((code) => code >= 0))
    throw new DataError(`confusionMatrix: one of the labels must be in yTrue, got ${labels.map(String).join(", ")}`);
  const counts = Array.from({ length: k }, () => new Array<number>(k).fill(0));
  for (let i = 0; i < truth.length; i++)
    if (truth[i]! >= 0 && predicted[i]! >= 0) counts[truth[i]!]![predicted[i]!]! += weights ? weights[i]! : 1;
  return normalise ? { labels, counts: shares(counts, normalise), normalise } : { labels, counts };
}

function shares(counts: readonly (readonly number[])[], normalise: Normalise): number[][] {
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = counts.map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0));
  const all = rows.reduce((a, b) => a + b, 0);
  const below = (i: number, j: number): number => (normalise === "true" ? rows[i]! : normalise === "pred" ? columns[j]! : all);
  return counts.map((row, i) => row.map((count, j) => (below(i, j) > 0 ? count / below(i, j) : 0)));
}
