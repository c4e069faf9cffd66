import { z } from "zod";
import { maxFeaturesParam, monotonicParam, treeParams } from "../tree/tree-params.ts";

/** Parameters of a forest of classification trees; `bootstrap` is the default of that parameter. */
export const forestClassifierParams = (bootstrap: boolean) =>
  z.strictObject({
    criterion: z.enum(["gini", "entropy", "log_loss"]).default("gini").meta({ title: "Criterion" }),
    ...shared(bootstrap),
    maxFeatures: maxFeaturesParam().default("sqrt"),
    classWeight: z
      .union([z.enum(["none", "balanced", "balanced_subsample"]), z.array(z.number().min(0)).min(2)])
      .default("none")
      .meta({
        title: "Class weights",
        description:
          "balanced: every class counts the same in total; balanced_subsample: in each tree; or one weight for each class, labels sorted.",
      }),
  });

/** Parameters of a forest of regression trees; `bootstrap` is the default of that parameter. */
export const forestRegressorParams = (bootstrap: boolean) =>
  z.strictObject({
    criterion: z.enum(["squared_error", "absolute_error", "poisson"]).default("squared_error").meta({ title: "Criterion" }),
    ...shared(bootstrap),
    maxFeatures: maxFeaturesParam().default("all"),
  });

const shared = (bootstrap: boolean) => ({
  nEstimators: z.int().min(1).max(100_000).default(100).meta({ title: "Trees", search: "linear" }),
  ...treeParams(),
  maxSamples: z
    .number()
    .gt(0)
    .refine((value) => value <= 1 || Number.isInteger(value), { message: "must be a share up to 1 or a whole number of rows" })
    .default(1)
    .meta({ title: "Rows drawn for a tree", description: "A share of the rows up to 1, or a whole number of them." }),
  oobScore: z
    .boolean()
    .default(false)
    .meta({ title: "Out-of-bag score", description: "Each row is judged by the trees that did not see it." }),
  monotonicCst: monotonicParam(),
  seed: z.int().min(0).default(42).meta({ title: "Seed" }),
  bootstrap: z
    .boolean()
    .meta({ title: "Bootstrap", description: "Each tree sees rows drawn with putting back; the chance of a row is its weight." })
    .default(bootstrap),
});
