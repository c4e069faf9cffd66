import { z } from "zod";
import { answer, cell, metricValue, randomSeed, taskType } from "./values.ts";

/** A model that is scored over folds of a dataset; nothing of it is stored. */
const validationRequest = z.object({
  dataset_id: z.string().min(1).describe("Id or name, `@version` behind it for another than the active one."),
  target_column: z.string().min(1),
  feature_columns: z.array(z.string()).min(1).optional().describe("Default: every column but target, group and time."),
  task_type: taskType.optional().describe("Default: guessed from the target."),
  algorithm: z.string().min(1),
  hyperparameters: z.record(z.string(), z.unknown()).default({}),
  preprocessing: z.enum(["auto", "none"]).default("auto"),
  cv: z.number().int().min(2).max(50).default(5).describe("Folds."),
  repeats: z.number().int().min(1).max(100).optional(),
  stratified: z.boolean().optional().describe("Default true for classification."),
  group_column: z.string().optional().describe("Column whose equal values stay in one fold."),
  time_column: z.string().optional().describe("Column that orders the rows: a fold is tested on what comes behind it."),
  random_seed: randomSeed,
  project_id: z.uuid().optional(),
});

/** Body of POST /api/ml/models/cross-validate. */
export const crossValidateRequest = validationRequest.extend({
  metrics: z.array(z.string()).min(1).max(50).optional().describe("Default: the usual ones of the task."),
  out_of_fold: z.boolean().default(false).describe("Whether each row's prediction is answered."),
});
export type CrossValidateRequest = z.infer<typeof crossValidateRequest>;

/** Scores of a model over folds. */
export const crossValidateAnswer = answer({
  dataset: z.string().describe("name@version."),
  task_type: taskType,
  preprocessing: z.string().describe("What was put before the model."),
  metrics: z.array(
    z.object({
      name: z.string(),
      mean: metricValue,
      sd: metricValue.describe("Over the folds, divided by k − 1."),
      folds: z.array(metricValue),
    }),
  ),
  folds: z.array(
    z.object({ train_rows: z.number().int(), test_rows: z.number().int(), fit_ms: z.number(), predict_ms: z.number() }),
  ),
  out_of_fold: z
    .array(cell)
    .nullable()
    .describe("Of each row that has a target, by the model that did not see it; null where it was not asked for."),
});
export type CrossValidateAnswer = z.input<typeof crossValidateAnswer>;

/** Body of POST /api/ml/models/learning-curve. */
export const learningCurveRequest = validationRequest.omit({ repeats: true }).extend({
  metric: z.string().min(1).max(100).optional().describe("Default accuracy, or r2."),
  sizes: z
    .array(z.number().gt(0))
    .min(1)
    .max(50)
    .optional()
    .describe("Shares of the training rows (up to 1), or numbers of rows; default 0.1, 0.325, 0.55, 0.775, 1."),
});
export type LearningCurveRequest = z.infer<typeof learningCurveRequest>;

const means = z.array(metricValue);

/** Scores as the training rows grow, by number of rows. */
export const learningCurveAnswer = answer({
  dataset: z.string().describe("name@version."),
  task_type: taskType,
  metric: z.string(),
  greater_is_better: z.boolean(),
  rows: z.array(z.number().int()).describe("Numbers of training rows."),
  train_mean: means,
  train_sd: means,
  test_mean: means,
  test_sd: means,
  fit_ms: z.array(z.number()).describe("Mean time of a fit."),
  figure: z.object({ data: z.array(z.looseObject({})), layout: z.looseObject({}) }),
});
export type LearningCurveAnswer = z.input<typeof learningCurveAnswer>;
