import { z } from "zod";
import { ParamsError } from "../base/errors.ts";

/** A number of rows, or a share of them below 1. */
function rowsParam(least: number) {
  return z
    .number()
    .gt(0)
    .refine((value) => value < 1 || (Number.isInteger(value) && value >= least), {
      message: `must be a whole number ≥ ${least} or a share below 1`,
    });
}

/** Parameters that every tree has. */
export const treeParams = () => ({
  maxDepth: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .meta({ title: "Depth at most", description: "Empty: until the leaves are pure." }),
  minSamplesSplit: rowsParam(2)
    .default(2)
    .meta({ title: "Rows to split a node, at least", description: "A number, or a share of the rows below 1." }),
  minSamplesLeaf: rowsParam(1)
    .default(1)
    .meta({ title: "Rows in a leaf, at least", description: "A number, or a share of the rows below 1." }),
  minWeightFractionLeaf: z.number().min(0).max(0.5).default(0).meta({ title: "Share of the weight in a leaf, at least" }),
  maxLeafNodes: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .meta({ title: "Leaves at most", description: "Empty: no bound. Else the node that gains most is split next." }),
  minImpurityDecrease: z.number().min(0).default(0).meta({ title: "Impurity decrease of a split, at least" }),
  ccpAlpha: z
    .number()
    .min(0)
    .default(0)
    .meta({ title: "Pruning α", description: "Splits that take less than this off the impurity for each leaf are taken back." }),
});

/** For each column whether the prediction may only rise (1), only fall (−1) or is free (0). */
export const monotonicParam = () =>
  z
    .array(z.union([z.literal(-1), z.literal(0), z.literal(1)]))
    .nullable()
    .default(null)
    .meta({
      title: "Monotonic constraints",
      description: "One of 1 (rises), −1 (falls), 0 (free) for each column; of two classes the probability of the last is meant.",
    });

/** How many columns a split tries: all, the root, the logarithm, a number of them or a share. */
export const maxFeaturesParam = () =>
  z
    .union([z.enum(["all", "sqrt", "log2"]), z.number().gt(0)])
    .meta({ title: "Columns tried at a split", description: "all, sqrt, log2, a whole number of columns, or a share below 1." });

/** The number of columns that `maxFeatures` means for d columns. Throws ParamsError for a number with a fraction above 1. */
export function countFeatures(who: string, maxFeatures: "all" | "sqrt" | "log2" | number, d: number): number {
  if (maxFeatures === "all") return d;
  if (maxFeatures === "sqrt") return Math.max(1, Math.floor(Math.sqrt(d)));
  if (maxFeatures === "log2") return Math.max(1, Math.floor(Math.log2(d)));
  if (maxFeatures < 1) return Math.max(1, Math.floor(maxFeatures * d));
  if (!Number.isInteger(maxFeatures))
    throw new ParamsError(`${who}: maxFeatures must be a whole number or a share below 1, got ${maxFeatures}`);
  return Math.min(d, maxFeatures);
}

/** Throws ParamsError unless there is a constraint for each of d columns, on a target that has an order. */
export function checkMonotonic(who: string, monotonic: readonly number[] | null, d: number, classes: number): void {
  if (!monotonic) return;
  if (monotonic.length !== d)
    throw new ParamsError(`${who}: monotonicCst must hold one of −1, 0, 1 for each of ${d} columns, got ${monotonic.length}`);
  if (classes > 2) throw new ParamsError(`${who}: monotonicCst needs a number or two classes to predict, got ${classes} classes`);
}
