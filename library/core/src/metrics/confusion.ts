import type { Label } from "../base/contract.ts";
import { ShapeError } from "../base/errors.ts";

/** How often each class (row) was predicted as each (column). */
export interface ConfusionMatrix {
  /** Labels in sorted order (k). */
  readonly labels: readonly Label[];
  /** Weighted counts (k × k), truth by row. */
  readonly counts: readonly (readonly number[])[];
}

/** Row weights (n); default 1 each. */
export interface WeightOptions {
  readonly weights?: ArrayLike<number> | undefined;
}

/** Labels of both arrays, sorted: numbers and booleans by value, strings by code unit. */
export function sortedLabels(...lists: readonly ArrayLike<Label>[]): Label[] {
  const distinct = [...new Set(lists.flatMap((list) => Array.from(list)))];
  return distinct.sort((a, b) =>
    typeof a === "string" || typeof b === "string" ? (String(a) < String(b) ? -1 : 1) : Number(a) - Number(b),
  );
}

/** Counts of truth against prediction. O(n + k²). Throws ShapeError for arrays of different lengths. Oracle: sklearn.metrics.confusion_matrix. */
export function confusionMatrix(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { weights, labels = sortedLabels(yTrue, yPred) }: WeightOptions & { readonly labels?: readonly Label[] | undefined } = {},
): ConfusionMatrix {
  checkLengths("confusionMatrix", yTrue.length, yPred.length);
  const places = new Map(labels.map((label, k) => [label, k]));
  const counts = labels.map(() => new Array<number>(labels.length).fill(0));
  for (let i = 0; i < yTrue.length; i++) {
    const row = places.get(yTrue[i]!);
    const column = places.get(yPred[i]!);
    if (row !== undefined && column !== undefined) counts[row]![column]! += weights?.[i] ?? 1;
  }
  return { labels, counts };
}

/** Throws ShapeError unless both have rows, and as many. */
export function checkLengths(who: string, truth: number, prediction: number): void {
  if (truth !== prediction) throw new ShapeError(`${who}: yTrue has ${truth} rows but the prediction ${prediction}`);
  if (truth === 0) throw new ShapeError(`${who}: needs one row at least, got 0`);
}
