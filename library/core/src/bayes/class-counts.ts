import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";

/** Parameters that every naive Bayes of counts has. */
export const countParams = {
  alpha: z
    .number()
    .min(0)
    .max(1e6)
    .default(1)
    .meta({ title: "Smoothing α", description: "Added to every count; below 1e-10 counts as 1e-10.", search: "log" }),
  fitPrior: z
    .boolean()
    .default(true)
    .meta({ title: "Learn class priors", description: "Otherwise all classes are equally probable beforehand." }),
  classPrior: z
    .array(z.number().min(0).max(1))
    .nullable()
    .default(null)
    .meta({ title: "Class priors", description: "One for each class in sorted order, summing to 1." }),
};

/** Smoothing that keeps logarithms finite. */
export function smoothing(alpha: number): number {
  return Math.max(alpha, 1e-10);
}

/** Sums of the columns in each class (k × d), and the weight of each class (k). */
export interface ClassCounts {
  readonly featureCount: Float64Array;
  readonly classCount: Float64Array;
}

/**
 * Weighted sums of each column in each class. O(n d). `threshold` counts values above it as 1, others as 0; without it the values
 * themselves are counted and must be ≥ 0, as `bound` says 0 … 1 at most. Throws DataError with the place.
 */
export function classCounts(
  who: string,
  { rows, columns: d, data: x, names }: Matrix,
  y: Float64Array,
  { classes, weights, checkpoint }: FitContext,
  threshold: number | null = null,
  bound: "counts" | "binary" = "counts",
): ClassCounts {
  const featureCount = new Float64Array(classes * d);
  const classCount = new Float64Array(classes);
  const isOne = (value: number): boolean => value === 0 || value === 1;
  for (let i = 0; i < rows; i++) {
    if ((i & 16383) === 0) checkpoint();
    const weight = weights?.[i] ?? 1;
    const at = y[i]! * d;
    const row = i * d;
    classCount[y[i]!]! += weight;
    for (let j = 0; j < d; j++) {
      const value = x[row + j]!;
      if (threshold !== null) {
        if (value > threshold) featureCount[at + j]! += weight;
      } else {
        if (value < 0 || (bound === "binary" && !isOne(value)))
          throw new DataError(
            `${who}: x must be ${bound === "binary" ? "0 or 1 without binarize" : "≥ 0"}, got ${value} in row ${i}, column "${names?.[j] ?? `x${j}`}"`,
          );
        featureCount[at + j]! += weight * value;
      }
    }
  }
  return { featureCount, classCount };
}
