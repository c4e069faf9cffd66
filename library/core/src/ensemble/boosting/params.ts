import { z } from "zod";
import { DataError, ParamsError } from "../../base/errors.ts";
import { suggest } from "../../base/near-name.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { mostBins } from "./bins.ts";
import type { BoostSettings } from "./boost.ts";

/** Parameters that classifier, regressor and ranker share. */
export const boostingParams = () => ({
  nEstimators: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .meta({ title: "Trees", description: "A tree a class each, beyond two classes." }),
  learningRate: z.number().gt(0).max(10).default(0.1).meta({ title: "Learning rate", search: "log" }),
  growth: z.enum(["leaf", "depth"]).default("leaf").meta({
    title: "Growth",
    description: "leaf: the leaf with the best split first, as LightGBM; depth: level by level, as XGBoost.",
  }),
  numLeaves: z
    .int()
    .min(2)
    .max(131_072)
    .nullable()
    .default(31)
    .meta({ title: "Leaves at most", description: "Empty: as many as the depth allows." }),
  maxDepth: z.int().min(1).max(64).nullable().default(null).meta({ title: "Depth at most", description: "Empty: no bound." }),
  minSamplesLeaf: z
    .int()
    .min(0)
    .default(20)
    .meta({ title: "Rows in a leaf, at least", description: "Estimated from the hessian, as LightGBM does." }),
  minChildWeight: z.number().min(0).default(0.001).meta({ title: "Hessian in a leaf, at least" }),
  minSplitGain: z.number().min(0).default(0).meta({ title: "Gain of a split, at least" }),
  regLambda: z.number().min(0).default(0).meta({ title: "L2 penalty", search: "log" }),
  regAlpha: z.number().min(0).default(0).meta({ title: "L1 penalty", search: "log" }),
  maxDeltaStep: z.number().min(0).default(0).meta({ title: "Step of a leaf at most", description: "0: no bound." }),
  maxBins: z
    .int()
    .min(2)
    .max(mostBins)
    .default(mostBins)
    .meta({ title: "Bins of a column at most", description: "Missing values have one more." }),
  minDataInBin: z.int().min(1).default(3).meta({ title: "Rows in a bin, at least" }),
  subsample: z.number().gt(0).max(1).default(1).meta({ title: "Share of the rows a tree sees" }),
  colsampleByTree: z.number().gt(0).max(1).default(1).meta({ title: "Share of the columns a tree sees" }),
  colsampleByNode: z.number().gt(0).max(1).default(1).meta({ title: "Share of the columns a split tries" }),
  boosting: z.enum(["gbdt", "dart", "goss"]).default("gbdt").meta({
    title: "Boosting",
    description: "dart drops earlier trees while it learns; goss keeps the rows with large gradients.",
  }),
  dropRate: z.number().min(0).max(1).default(0.1).meta({ title: "DART: share of trees dropped" }),
  maxDrop: z.int().min(1).default(50).meta({ title: "DART: trees dropped at most" }),
  skipDrop: z.number().min(0).max(1).default(0.5).meta({ title: "DART: chance to drop none" }),
  topRate: z.number().gt(0).lt(1).default(0.2).meta({ title: "GOSS: share kept for large gradients" }),
  otherRate: z.number().gt(0).lt(1).default(0.1).meta({ title: "GOSS: share drawn of the others" }),
  monotoneConstraints: z
    .record(z.string(), z.union([z.literal(-1), z.literal(0), z.literal(1)]))
    .default({})
    .meta({ title: "Monotone columns", description: "By name: 1 rising, −1 falling." }),
  interactionConstraints: z.array(z.array(z.string())).default([]).meta({
    title: "Columns that may meet",
    description: "Groups of column names; a path stays inside one group. Empty: all may meet.",
  }),
  maxCatToOnehot: z.int().min(1).default(4).meta({ title: "Categories split one against the others, up to" }),
  maxCatThreshold: z.int().min(1).default(32).meta({ title: "Categories on the smaller side, at most" }),
  catSmooth: z.number().min(0).default(10).meta({ title: "Smoothing of categories" }),
  catL2: z.number().min(0).default(10).meta({ title: "L2 penalty of splits by category" }),
  minDataPerGroup: z.int().min(1).default(100).meta({ title: "Rows in a group of categories, at least" }),
  earlyStopping: z
    .boolean()
    .default(false)
    .meta({ title: "Early stopping", description: "Ends when the validation rows gain no more, and keeps the best." }),
  patience: z.int().min(1).default(10).meta({ title: "Iterations without gain" }),
  validationFraction: z.number().gt(0).lt(1).default(0.1).meta({ title: "Share of rows to validate on" }),
  seed: z.int().min(0).default(42).meta({ title: "Seed" }),
});

/** The shared parameters, checked. */
export type BoostingParams = z.output<z.ZodObject<ReturnType<typeof boostingParams>>>;

/** Leaves of a tree without any bound. */
const mostLeaves = 131_072;

/** What the loop needs of the parameters; names become columns. Throws ParamsError for a column that is not there. */
export function boostSettings(params: BoostingParams, x: Matrix): BoostSettings {
  const { boosting, numLeaves, maxDepth, earlyStopping } = params;
  if (boosting === "dart" && earlyStopping)
    throw new ParamsError("hist_gradient_boosting: boosting dart goes without earlyStopping: it changes earlier trees");
  if (numLeaves === null && maxDepth === null)
    throw new ParamsError("hist_gradient_boosting: numLeaves or maxDepth must be given, got neither");
  const byDepth = maxDepth === null || maxDepth > 17 ? mostLeaves : 1 << maxDepth;
  return {
    ...params,
    numLeaves: Math.max(2, Math.min(numLeaves ?? mostLeaves, byDepth, x.rows)),
    maxDepth: maxDepth ?? Infinity,
    signs: signsOf(params.monotoneConstraints, x),
    interactions: interactionsOf(params.interactionConstraints, x),
    goss: boosting === "goss" ? { topRate: params.topRate, otherRate: params.otherRate } : undefined,
    dart: boosting === "dart" ? { dropRate: params.dropRate, maxDrop: params.maxDrop, skipDrop: params.skipDrop } : undefined,
    patience: earlyStopping ? params.patience : undefined,
  };
}

function place(name: string, x: Matrix, what: string): number {
  const at = x.names!.indexOf(name);
  if (at < 0) throw new ParamsError(`hist_gradient_boosting: ${what} names no column "${name}"${suggest(name, x.names!)}`);
  return at;
}

function signsOf(constraints: BoostingParams["monotoneConstraints"], x: Matrix): Int8Array {
  const signs = new Int8Array(x.columns);
  for (const [name, sign] of Object.entries(constraints)) {
    const at = place(name, x, "monotoneConstraints");
    if (sign !== 0 && x.levels?.[at])
      throw new DataError(`hist_gradient_boosting: monotoneConstraints needs numbers, column "${name}" holds categories`);
    signs[at] = sign;
  }
  return signs;
}

/** Groups of columns; a column in no group is a group of its own. */
function interactionsOf(groups: readonly (readonly string[])[], x: Matrix): number[][] | undefined {
  if (groups.length === 0) return undefined;
  const known = groups.map((group) => group.map((name) => place(name, x, "interactionConstraints")));
  const grouped = new Set(known.flat());
  return [...known, ...Array.from({ length: x.columns }, (_, f) => [f]).filter(([f]) => !grouped.has(f!))];
}
