import { z } from "zod";
import { ParamsError } from "../../base/errors.ts";
import { once } from "../../base/once.ts";
import { parseParams } from "../../base/params.ts";
import { mostBins } from "./bins.ts";
import type { PresetTask, TaskOf } from "./objectives.ts";
import {
  type BoostedOf,
  canonical,
  type Given,
  make,
  type Preset,
  preset,
  sharedParams,
  stopping,
  type Translated,
  targetOf,
} from "./preset.ts";

/** The histogram boosting estimator that XGBoost's parameters describe: as `fromLightgbmParams`. */
export function fromXgboostParams<const P extends Given>(params: P): BoostedOf[TaskOf<P>] {
  return make(translateXgboost(params)) as BoostedOf[TaskOf<P>];
}

/** XGBoost's parameters by the names of its scikit-learn face, with its defaults. */
const xgboostParams = once(() =>
  z.strictObject({
    objective: z
      .string()
      .nullable()
      .default(null)
      .meta({ title: "Objective", description: "XGBoost's name; empty: the task's usual one." }),
    booster: z.enum(["gbtree", "dart"]).default("gbtree").meta({ title: "Booster" }),
    n_estimators: z.int().min(1).max(100_000).default(100).meta({ title: "Trees" }),
    learning_rate: z.number().gt(0).default(0.3).meta({ title: "Learning rate", search: "log" }),
    grow_policy: z.enum(["depthwise", "lossguide"]).default("depthwise").meta({ title: "Growth" }),
    max_depth: z.int().min(0).max(64).default(6).meta({ title: "Depth at most", description: "0: no bound, with max_leaves." }),
    max_leaves: z.int().min(0).max(131_072).default(0).meta({ title: "Leaves at most", description: "0: no bound." }),
    min_child_weight: z.number().min(0).default(1).meta({ title: "Hessian in a leaf, at least" }),
    gamma: z.number().min(0).default(0).meta({ title: "Gain of a split, at least" }),
    reg_alpha: z.number().min(0).default(0).meta({ title: "L1 penalty" }),
    reg_lambda: z.number().min(0).default(1).meta({ title: "L2 penalty" }),
    max_delta_step: z.number().min(0).default(0).meta({ title: "Step of a leaf at most" }),
    max_bin: z.int().min(2).max(256).default(256).meta({ title: "Bins of a column at most" }),
    subsample: z.number().gt(0).max(1).default(1).meta({ title: "Share of the rows a tree sees" }),
    colsample_bytree: z.number().gt(0).max(1).default(1).meta({ title: "Share of the columns a tree sees" }),
    colsample_bynode: z.number().gt(0).max(1).default(1).meta({ title: "Share of the columns a split tries" }),
    rate_drop: z.number().min(0).max(1).default(0).meta({ title: "DART: share of trees dropped" }),
    skip_drop: z.number().min(0).max(1).default(0).meta({ title: "DART: chance to drop none" }),
    max_cat_to_onehot: z.int().min(1).default(4).meta({ title: "Categories split one against the others, up to" }),
    max_cat_threshold: z.int().min(1).default(64).meta({ title: "Categories on the smaller side, at most" }),
    monotone_constraints: sharedParams.constraints(),
    interaction_constraints: sharedParams.groups(),
    quantile_alpha: z.number().gt(0).lt(1).default(0.5).meta({ title: "Quantile" }),
    huber_slope: z.number().gt(0).default(1).meta({ title: "Huber's δ" }),
    tweedie_variance_power: z.number().gt(1).lt(2).default(1.5).meta({ title: "Tweedie's power" }),
    scale_pos_weight: z.number().gt(0).default(1).meta({ title: "Weight of the positive class" }),
    early_stopping_rounds: z
      .int()
      .min(0)
      .default(0)
      .meta({ title: "Early stopping after", description: "Iterations without gain on a tenth of the rows; 0: never." }),
    seed: sharedParams.seed(),
  }),
);

const xgboostAliases: Readonly<Record<string, string>> = {
  num_boost_round: "n_estimators",
  num_round: "n_estimators",
  eta: "learning_rate",
  min_split_loss: "gamma",
  lambda: "reg_lambda",
  alpha: "reg_alpha",
  random_state: "seed",
};

/** Our parameters for XGBoost's. Throws ParamsError for a name or value that XGBoost's part we have does not know. */
function translateXgboost(given: Given, task?: PresetTask): Translated {
  const p = parseParams("xgboost", xgboostParams(), canonical(given, xgboostAliases)) as z.output<
    ReturnType<typeof xgboostParams>
  >;
  const [wanted, loss] = targetOf("xgboost", p.objective, task);
  if (p.max_depth === 0 && p.max_leaves === 0) throw new ParamsError("xgboost: max_leaves must be above 0 where max_depth is 0");
  const shared = {
    growth: p.grow_policy === "depthwise" ? "depth" : "leaf",
    boosting: p.booster === "dart" ? "dart" : "gbdt",
    nEstimators: p.n_estimators,
    learningRate: p.learning_rate,
    numLeaves: p.max_leaves > 0 ? Math.max(2, p.max_leaves) : null,
    maxDepth: p.max_depth > 0 ? p.max_depth : null,
    minSamplesLeaf: 0,
    minChildWeight: p.min_child_weight,
    minSplitGain: p.gamma,
    regAlpha: p.reg_alpha,
    regLambda: p.reg_lambda,
    maxDeltaStep: p.max_delta_step,
    maxBins: Math.min(mostBins, p.max_bin),
    minDataInBin: 1,
    subsample: p.subsample,
    colsampleByTree: p.colsample_bytree,
    colsampleByNode: p.colsample_bynode,
    dropRate: p.rate_drop,
    maxDrop: 100_000,
    skipDrop: p.skip_drop,
    maxCatToOnehot: p.max_cat_to_onehot,
    maxCatThreshold: p.max_cat_threshold,
    catSmooth: 0,
    catL2: 0,
    minDataPerGroup: 1,
    monotoneConstraints: p.monotone_constraints,
    interactionConstraints: p.interaction_constraints,
    ...stopping(p.early_stopping_rounds),
    seed: p.seed,
  };
  const own: Record<PresetTask, Given> = {
    classification: { scalePosWeight: p.scale_pos_weight },
    regression: { loss, quantile: p.quantile_alpha, huberDelta: p.huber_slope, tweediePower: p.tweedie_variance_power },
    ranking: {},
  };
  return { task: wanted, params: { ...shared, ...own[wanted] } };
}

/** Histogram boosting by XGBoost's parameters. */
export const xgboost: Preset = preset("xgboost", xgboostParams, translateXgboost);
