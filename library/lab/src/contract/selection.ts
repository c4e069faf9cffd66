import { z } from "zod";
import { jobWaiting } from "./job-waiting.ts";
import { selectionMethod } from "./selection-method.ts";
import { answer, id, metricValue, name, randomSeed, taskType } from "./values.ts";

/** Body of POST /api/ml/data/select-features. */
export const selectFeaturesRequest = z.object({
  dataset_id: z.string().min(1).describe("Id or name, `@version` behind it for another than the active one."),
  target_column: z.string().min(1),
  method: selectionMethod.default("mutual_info"),
  n_features: z.number().int().min(1).max(100_000).optional().describe("How many stay; default half of them."),
  feature_columns: z.array(z.string()).min(1).optional().describe("The columns to choose from; default all but the target."),
  task_type: taskType.optional().describe("Default: guessed from the target."),
  random_seed: randomSeed,
  project_id: id.optional(),
});
export type SelectFeaturesRequest = z.infer<typeof selectFeaturesRequest>;

/** What was found of each column, those that stay first. */
export const selectFeaturesAnswer = answer({
  dataset_id: z.string(),
  method: selectionMethod,
  measure: z.string().describe("What the score is."),
  selected_features: z.array(z.string()),
  feature_importance: z.array(
    z.object({
      feature: z.string(),
      selected: z.boolean(),
      score: metricValue.nullable(),
      p_value: metricValue.nullable(),
      rank: z.number().int().describe("1 for those that stay."),
    }),
  ),
  notes: z.array(z.string()),
});
export type SelectFeaturesAnswer = z.infer<typeof selectFeaturesAnswer>;

const comparedModel = z.union([
  z.string().min(1),
  z.strictObject({ algorithm: z.string().min(1), hyperparameters: z.record(z.string(), z.unknown()).default({}) }),
]);

/** A comparison of models. */
export const compareModelsRequest = z.object({
  dataset_id: z.string().min(1).describe("Id or name, `@version` behind it for another than the active one."),
  target_column: z.string().min(1),
  feature_columns: z.array(z.string()).min(1).optional().describe("Default: every column but target, group and time."),
  task_type: taskType.optional().describe("Default: guessed from the target."),
  models: z
    .union([z.enum(["fast", "all"]), z.array(comparedModel).min(1).max(100)])
    .default("all")
    .describe("fast, all, or algorithms by name, with hyperparameters where wanted; the dummy is always among them."),
  cv: z.number().int().min(2).max(50).default(5).describe("Folds."),
  repeats: z.number().int().min(1).max(100).optional(),
  metric: z.string().optional().describe("Orders the board; default accuracy, or r2."),
  metrics: z.array(z.string()).max(50).optional().describe("Further metrics."),
  stratified: z.boolean().optional(),
  group_column: z.string().optional(),
  time_column: z.string().optional(),
  random_seed: randomSeed,
  timeout: z
    .number()
    .positive()
    .max(30 * 86_400)
    .optional()
    .describe("Seconds after which the comparison ends and keeps what is done."),
  candidate_timeout: z
    .number()
    .positive()
    .max(30 * 86_400)
    .optional()
    .describe("Seconds that one model may take."),
  experiment: name.default("default"),
  run_name: name.optional(),
  background: z.boolean().default(false).describe("true: a job does it, and the answer is its id."),
  project_id: id.optional(),
});
export type CompareModelsRequest = z.infer<typeof compareModelsRequest>;

/** Body of POST /api/ml/models/compare; how a job waits counts with `background`. */
export const compareModelsBody = compareModelsRequest.extend(jobWaiting.shape);

/** One model of a comparison. */
export const comparedRow = z.object({
  model: z.string().describe("Different for each row."),
  algorithm: z.string(),
  preset: z.string().nullable(),
  baseline: z.boolean(),
  rank: z.number().int().nullable().describe("1 for the best; null for the baseline, and where there is no score."),
  mean_score: metricValue.nullable(),
  std_score: metricValue.nullable(),
  scores: z.array(metricValue).describe("Of each fold."),
  metrics: z.record(z.string(), metricValue).describe("Means of every metric."),
  preprocessing: z.string(),
  fit_ms: z.number().nullable(),
  predict_ms: z.number().nullable(),
  p_value: z.number().nullable().describe("Of the difference from the best, by the corrected resampled t-test."),
  p_holm: z.number().nullable().describe("The same, adjusted for the number of models."),
  letters: z.string().describe("Models that share a letter do not differ at 5 %."),
  error: z.string().nullable(),
  run_id: id.nullable(),
});
export type ComparedRow = z.infer<typeof comparedRow>;

/** A comparison: the dummy, then the models from best to worst. */
export const comparisonBoard = z.object({
  comparison: z.array(comparedRow),
  task_type: taskType,
  metric: z.string(),
  greater_is_better: z.boolean(),
  cv: z.number().int(),
  warnings: z.array(z.string()),
  stopped: z.string().nullable().describe("Why not every model was tried."),
});
export type ComparisonBoard = z.infer<typeof comparisonBoard>;
export const compareModelsAnswer = answer({
  experiment_id: id.describe("The run that the models' runs are parts of."),
  ...comparisonBoard.shape,
});
export const compareModelsQueued = answer({ job_id: id, experiment_id: id });
