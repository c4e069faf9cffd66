import { z } from "zod";
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

/**
 * The histogram boosting estimator that LightGBM's parameters describe, by their names or aliases. The task is that of the objective, regression where none is
 * given, as in LightGBM. Throws ParamsError for names that are not known.
 */
export function fromLightgbmParams<const P extends Given>(params: P): BoostedOf[TaskOf<P>] {
  return make(translateLightgbm(params)) as BoostedOf[TaskOf<P>];
}

/** LightGBM's parameters by the names of its scikit-learn face, with its defaults. */
const lightgbmParams = once(() =>
  z.strictObject({
    objective: z
      .string()
      .nullable()
      .default(null)
      .meta({ title: "Objective", description: "LightGBM's name; empty: the task's usual one." }),
    boosting: z.enum(["gbdt", "dart", "goss"]).default("gbdt").meta({ title: "Boosting" }),
    n_estimators: z.int().min(1).max(100_000).default(100).meta({ title: "Trees" }),
    learning_rate: z.number().gt(0).default(0.1).meta({ title: "Learning rate", search: "log" }),
    num_leaves: z.int().min(2).max(131_072).default(31).meta({ title: "Leaves at most" }),
    max_depth: z.int().min(-1).max(64).default(-1).meta({ title: "Depth at most", description: "−1: no bound." }),
    min_child_samples: z.int().min(0).default(20).meta({ title: "Rows in a leaf, at least" }),
    min_child_weight: z.number().min(0).default(0.001).meta({ title: "Hessian in a leaf, at least" }),
    min_split_gain: z.number().min(0).default(0).meta({ title: "Gain of a split, at least" }),
    reg_alpha: z.number().min(0).default(0).meta({ title: "L1 penalty" }),
    reg_lambda: z.number().min(0).default(0).meta({ title: "L2 penalty" }),
    max_delta_step: z.number().default(0).meta({ title: "Step of a leaf at most" }),
    max_bin: z.int().min(2).max(mostBins).default(mostBins).meta({ title: "Bins of a column at most" }),
    min_data_in_bin: z.int().min(1).default(3).meta({ title: "Rows in a bin, at least" }),
    subsample: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .meta({ title: "Share of the rows a tree sees", description: "With subsample_freq above 0 only." }),
    subsample_freq: z
      .int()
      .min(0)
      .max(1)
      .default(0)
      .meta({ title: "Draw rows for each tree", description: "0: never; 1: for each." }),
    colsample_bytree: z.number().gt(0).max(1).default(1).meta({ title: "Share of the columns a tree sees" }),
    feature_fraction_bynode: z.number().gt(0).max(1).default(1).meta({ title: "Share of the columns a split tries" }),
    drop_rate: z.number().min(0).max(1).default(0.1).meta({ title: "DART: share of trees dropped" }),
    max_drop: z.int().default(50).meta({ title: "DART: trees dropped at most" }),
    skip_drop: z.number().min(0).max(1).default(0.5).meta({ title: "DART: chance to drop none" }),
    top_rate: z.number().gt(0).lt(1).default(0.2).meta({ title: "GOSS: share kept for large gradients" }),
    other_rate: z.number().gt(0).lt(1).default(0.1).meta({ title: "GOSS: share drawn of the others" }),
    max_cat_to_onehot: z.int().min(1).default(4).meta({ title: "Categories split one against the others, up to" }),
    max_cat_threshold: z.int().min(1).default(32).meta({ title: "Categories on the smaller side, at most" }),
    cat_smooth: z.number().min(0).default(10).meta({ title: "Smoothing of categories" }),
    cat_l2: z.number().min(0).default(10).meta({ title: "L2 penalty of splits by category" }),
    min_data_per_group: z.int().min(1).default(100).meta({ title: "Rows in a group of categories, at least" }),
    monotone_constraints: sharedParams.constraints(),
    interaction_constraints: sharedParams.groups(),
    alpha: z.number().gt(0).default(0.9).meta({ title: "Quantile, or Huber's δ" }),
    tweedie_variance_power: z.number().gt(1).lt(2).default(1.5).meta({ title: "Tweedie's power" }),
    lambdarank_truncation_level: z.int().min(1).default(30).meta({ title: "Places of a list that count" }),
    lambdarank_norm: z.boolean().default(true).meta({ title: "Scale the queries" }),
    is_unbalance: z.boolean().default(false).meta({ title: "Balance the classes" }),
    scale_pos_weight: z.number().gt(0).default(1).meta({ title: "Weight of the positive class" }),
    early_stopping_round: z
      .int()
      .min(0)
      .default(0)
      .meta({ title: "Early stopping after", description: "Iterations without gain on a tenth of the rows; 0: never." }),
    seed: sharedParams.seed(),
  }),
);

const lightgbmAliases: Readonly<Record<string, string>> = {
  num_iterations: "n_estimators",
  num_iteration: "n_estimators",
  num_boost_round: "n_estimators",
  num_round: "n_estimators",
  num_rounds: "n_estimators",
  num_trees: "n_estimators",
  max_iter: "n_estimators",
  shrinkage_rate: "learning_rate",
  eta: "learning_rate",
  num_leaf: "num_leaves",
  max_leaves: "num_leaves",
  max_leaf: "num_leaves",
  max_leaf_nodes: "num_leaves",
  min_data_in_leaf: "min_child_samples",
  min_data_per_leaf: "min_child_samples",
  min_data: "min_child_samples",
  min_samples_leaf: "min_child_samples",
  min_sum_hessian_in_leaf: "min_child_weight",
  min_sum_hessian: "min_child_weight",
  min_hessian: "min_child_weight",
  min_gain_to_split: "min_split_gain",
  lambda_l1: "reg_alpha",
  l1_regularization: "reg_alpha",
  lambda_l2: "reg_lambda",
  lambda: "reg_lambda",
  l2_regularization: "reg_lambda",
  max_bins: "max_bin",
  bagging_fraction: "subsample",
  sub_row: "subsample",
  bagging: "subsample",
  bagging_freq: "subsample_freq",
  feature_fraction: "colsample_bytree",
  sub_feature: "colsample_bytree",
  colsample_bynode: "feature_fraction_bynode",
  boosting_type: "boosting",
  boost: "boosting",
  rate_drop: "drop_rate",
  early_stopping_rounds: "early_stopping_round",
  early_stopping: "early_stopping_round",
  n_iter_no_change: "early_stopping_round",
  unbalance: "is_unbalance",
  unbalanced_sets: "is_unbalance",
  app: "objective",
  application: "objective",
  loss: "objective",
  random_state: "seed",
  random_seed: "seed",
};

/** Our parameters for LightGBM's. Throws ParamsError for a name or value that LightGBM's part we have does not know. */
function translateLightgbm(given: Given, task?: PresetTask): Translated {
  const p = parseParams("lightgbm", lightgbmParams(), canonical(given, lightgbmAliases)) as z.output<
    ReturnType<typeof lightgbmParams>
  >;
  const [wanted, loss] = targetOf("lightgbm", p.objective, task);
  const shared = {
    growth: "leaf",
    boosting: p.boosting,
    nEstimators: p.n_estimators,
    learningRate: p.learning_rate,
    numLeaves: p.num_leaves,
    maxDepth: p.max_depth > 0 ? p.max_depth : null,
    minSamplesLeaf: p.min_child_samples,
    minChildWeight: p.min_child_weight,
    minSplitGain: p.min_split_gain,
    regAlpha: p.reg_alpha,
    regLambda: p.reg_lambda,
    maxDeltaStep: Math.max(0, p.max_delta_step),
    maxBins: p.max_bin,
    minDataInBin: p.min_data_in_bin,
    subsample: p.subsample_freq > 0 ? p.subsample : 1,
    colsampleByTree: p.colsample_bytree,
    colsampleByNode: p.feature_fraction_bynode,
    dropRate: p.drop_rate,
    maxDrop: p.max_drop > 0 ? p.max_drop : 100_000,
    skipDrop: p.skip_drop,
    topRate: p.top_rate,
    otherRate: p.other_rate,
    maxCatToOnehot: p.max_cat_to_onehot,
    maxCatThreshold: p.max_cat_threshold,
    catSmooth: p.cat_smooth,
    catL2: p.cat_l2,
    minDataPerGroup: p.min_data_per_group,
    monotoneConstraints: p.monotone_constraints,
    interactionConstraints: p.interaction_constraints,
    ...stopping(p.early_stopping_round),
    seed: p.seed,
  };
  const own: Record<PresetTask, Given> = {
    classification: { classWeight: p.is_unbalance ? "balanced" : "none", scalePosWeight: p.scale_pos_weight },
    regression: { loss, quantile: Math.min(p.alpha, 0.999_999), huberDelta: p.alpha, tweediePower: p.tweedie_variance_power },
    ranking: { truncation: p.lambdarank_truncation_level, norm: p.lambdarank_norm },
  };
  return { task: wanted, params: { ...shared, ...own[wanted] } };
}

/** Histogram boosting by LightGBM's parameters. */
export const lightgbm: Preset = preset("lightgbm", lightgbmParams, translateLightgbm);
