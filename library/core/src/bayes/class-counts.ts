import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import type { BayesKernels } from "../numeric/bayes-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";

/** Parameters that every naive Bayes of counts has. */
export const countParams = () => ({
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
});

/** Smoothing that keeps logarithms finite. */
export function smoothing(alpha: number): number {
  return Math.max(alpha, 1e-10);
}

/** Sums of the columns in each class (k × d), and the weight of each class (k). */
interface ClassCounts {
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
  const chunkRows = Math.max(1, Math.floor(100_000 / d));
  const layout = new Layout();
  const at = {
    x: layout.reserve(8 * chunkRows * d),
    labels: layout.reserve(8 * chunkRows),
    weights: layout.reserve(8 * chunkRows),
    sums: layout.reserve(8 * classes * d),
  };
  const memory = openMemory("naive Bayes", layout, rows);
  const kernel = kernels<BayesKernels>(memory);
  const view = (place: Pointer, length: number) => new Float64Array(memory.buffer, place, length);
  const [values, labels, shares] = [view(at.x, chunkRows * d), view(at.labels, chunkRows), view(at.weights, chunkRows).fill(1)];
  const classCount = new Float64Array(classes);
  for (let from = 0; from < rows; from += chunkRows) {
    checkpoint();
    const to = Math.min(rows, from + chunkRows);
    const part = x.subarray(from * d, to * d);
    if (threshold === null) values.set(part);
    else for (let i = 0; i < part.length; i++) values[i] = part[i]! > threshold ? 1 : 0;
    labels.set(y.subarray(from, to));
    if (weights) shares.set(weights.subarray(from, to));
    const least = kernel.classSums(at.x, at.labels, at.weights, to - from, d, at.sums);
    if (threshold === null && (least < 0 || bound === "binary")) requireCounts(who, part, from, d, bound, names);
    for (let i = from; i < to; i++) classCount[y[i]!]! += weights?.[i] ?? 1;
  }
  return { featureCount: view(at.sums, classes * d).slice(), classCount };
}

/** Throws DataError with the place of the first value below 0, or other than 0 and 1. */
function requireCounts(
  who: string,
  part: Float64Array,
  from: number,
  d: number,
  bound: "counts" | "binary",
  names: readonly string[] | undefined,
): void {
  const at = part.findIndex((value) => (bound === "binary" ? value !== 0 && value !== 1 : value < 0));
  if (at < 0) return;
  const wanted = bound === "binary" ? "0 or 1 without binarize" : "≥ 0";
  const column = names?.[at % d] ?? `x${at % d}`;
  throw new DataError(`${who}: x must be ${wanted}, got ${part[at]} in row ${from + Math.floor(at / d)}, column "${column}"`);
}
