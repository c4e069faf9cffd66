import { z } from "zod";
import { artifact } from "./artifacts.ts";
import { jobWaiting } from "./job-waiting.ts";
import { selectionMethod } from "./selection-method.ts";
import { tuning } from "./tuning.ts";
import { answer, cell, flag, id, instant, listOf, metricValue, modelTask, name, page, randomSeed, taskType } from "./values.ts";

/** An algorithm that can be trained. */
export const algorithm = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  task_types: z.array(modelTask),
  aliases: z.array(z.string()),
  preset_of: z.string().nullable().describe("The algorithm that it is under another library's parameter names."),
  handles_missing: z.boolean(),
  handles_categories: z.boolean(),
  has_probabilities: z.boolean(),
});
export type Algorithm = z.infer<typeof algorithm>;
export const algorithmList = answer({ items: z.array(algorithm) });
/** Which task an algorithm is for, where it has several. */
export const taskQuery = z.object({ task_type: modelTask.optional() });
/** JSON Schema of the hyperparameters in snake_case. */
export const algorithmParams = answer({
  algorithm: z.string(),
  task_type: modelTask,
  schema: z.looseObject({}),
  space: z
    .record(z.string(), z.looseObject({}))
    .optional()
    .describe("Where its parameters are usually searched, as models/tune takes it; absent where nobody searches."),
});

/** What a training needs; every door takes these words. */
export const trainRequest = z.object({
  dataset_id: z.string().min(1).describe("Id or name, `@version` behind it for another than the active one."),
  dataset_version_id: id.optional(),
  target_column: z.string().min(1),
  feature_columns: z.array(z.string()).min(1).optional().describe("Default: every column but target and group."),
  task_type: taskType.optional().describe("Default: guessed from the target."),
  algorithm: z.string().min(1),
  hyperparameters: z.record(z.string(), z.unknown()).default({}),
  test_size: z.number().min(0).max(0.9).optional().describe("Share of rows; default 1 − train_ratio."),
  train_ratio: z.number().gt(0).max(1).optional(),
  test_ratio: z.number().min(0).max(0.9).optional(),
  validation_size: z.number().min(0).max(0.9).default(0),
  stratified: z.boolean().optional().describe("Stratify by the target; default true for classification."),
  group_column: z.string().optional(),
  time_column: z.string().optional(),
  random_seed: randomSeed,
  cv_folds: z.number().int().min(2).max(50).optional(),
  preprocessing: z.enum(["auto", "none"]).default("auto"),
  scaling_method: z
    .enum(["standard", "min_max", "robust", "none"])
    .optional()
    .describe("Default: standard where the algorithm measures distances, else none."),
  feature_selection: z
    .strictObject({ method: selectionMethod, n_features: z.number().int().min(1).max(100_000).optional() })
    .optional()
    .describe("The columns that the algorithm sees, chosen on the training rows, once they are encoded."),
  early_stopping: z.boolean().optional().describe("For algorithms that can: ends when rows kept back gain no more."),
  early_stopping_patience: z.number().int().min(1).max(1_000_000).optional().describe("Rounds without gain; stops early."),
  split_id: id.optional().describe("A saved split of this dataset version, in place of drawing one."),
  project_id: id.optional(),
});
export type TrainRequest = z.infer<typeof trainRequest>;

/** Body of POST /api/ml/experiments/create. */
export const experimentCreate = trainRequest.extend({
  ...jobWaiting.shape,
  name,
  description: z.string().max(10_000).default(""),
  run_name: name.optional(),
  tags: z.record(z.string(), z.string()).default({}),
  tuning: tuning.optional().describe("A search for good hyperparameters in place of one training; the best is the run's model."),
});
export type ExperimentCreate = z.infer<typeof experimentCreate>;

/** Body of POST /api/ml/models/train. */
export const modelTrain = trainRequest.extend({
  ...jobWaiting.shape,
  experiment: name.default("default"),
  run_name: name.optional(),
});

export const runStatus = z.enum(["pending", "training", "completed", "failed", "cancelled"]);
export const jobStatus = z.enum(["queued", "running", "completed", "failed", "cancelled"]);
export const progress = z.object({ step: z.number(), steps: z.number(), elapsed_ms: z.number() });

/** A run as the list shows it. */
export const run = z.object({
  id,
  name: z.string(),
  experiment: z.string(),
  experiment_id: id,
  status: runStatus,
  algorithm: z.string().nullable(),
  preset: z.string().nullable().describe("The preset that was asked for, as xgboost of hist_gradient_boosting."),
  task_type: modelTask.nullable(),
  hyperparameters: z.record(z.string(), z.unknown()),
  metrics: z.record(z.string(), metricValue).describe('Final values by "split.name", as "test.accuracy".'),
  tags: z.record(z.string(), z.string()),
  dataset: z.string().nullable().describe("name@version."),
  target_column: z.string().nullable(),
  progress: progress.nullable(),
  error: z.string().nullable(),
  parent_id: id.nullable().describe("The run that it is a part of."),
  created_at: instant,
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  deleted_at: instant.nullable(),
});
export type Run = z.infer<typeof run>;

/** A run whole. */
export const runInfo = run.extend({
  description: z.string(),
  notes: z.string(),
  feature_columns: z.array(z.string()),
  preprocessing: z.unknown().describe("The fitted pipeline's specification, null before the fit."),
  random_seed: z.number().nullable(),
  split: z.unknown(),
  code: z.unknown(),
  environment: z.record(z.string(), z.unknown()),
  evaluation: z.unknown().describe("The value of `ml.evaluate` on the test rows."),
  error_stack: z.string().nullable().describe("Where the error was thrown."),
  dataset_version_id: id.nullable(),
  request: z.unknown().describe("What a job was asked to train; null for a run that a program tracked."),
  replay_of: id.nullable().describe("The run that it does again."),
  children: z.number().int().describe("Runs that are a part of it."),
  lease_until: instant.nullable().describe("Of a run over HTTP: when it fails unless its program is heard of."),
  artifacts: z.array(artifact),
  job_id: id.nullable(),
});
export type RunInfo = z.infer<typeof runInfo>;

export const runAnswer = answer({ experiment: runInfo });
export const runList = listOf(run);
export const runListQuery = page.extend({
  sort: z.string().default("-created_at").describe("Comma-separated, as `-metrics.test.accuracy,name`."),
  filter: z.string().max(10_000).optional().describe("As `status = 'completed' and metrics.test.accuracy > 0.7`."),
  experiment: z.string().optional(),
  deleted: flag.default(false).describe("The deleted runs in place of the others."),
});
export const runCreated = answer({ experiment_id: id, job_id: id.nullable(), run_status: runStatus });

/** One point of a metric. */
export const metricPoint = z.object({
  name: z.string().min(1).max(200),
  split: z.string().min(1).max(50).default("train"),
  step: z.number().int().min(0).default(0),
  value: metricValue,
  at: instant.optional(),
});
export type MetricPoint = z.infer<typeof metricPoint>;
export const metricsLog = z.object({
  metrics: z.array(metricPoint).min(1).max(10_000),
  batch_id: z.string().min(1).max(100).optional().describe("Sent again under the same id, the batch is not written twice."),
});

/** One metric of one run by step. */
export const metricSeries = z.object({
  run_id: id,
  name: z.string(),
  split: z.string(),
  steps: z.array(z.number()),
  values: z.array(metricValue),
  times: z.array(z.number()).optional().describe("Milliseconds since 1970, where they were asked for."),
  thinned: z.boolean().optional().describe("Whether points were left out; the extremes of each stretch are there."),
});
export type MetricSeries = z.infer<typeof metricSeries>;
export const seriesAnswer = answer({ series: z.array(metricSeries) });

/** What came of a training. */
export const trainingResults = z.object({
  evaluation: z.unknown().describe("The value of `ml.evaluate` on the test rows."),
  training_history: z.array(metricSeries).describe("Every curve of the run."),
  training_summary: z.object({
    experiment_id: id,
    algorithm: z.string().nullable(),
    task_type: modelTask.nullable(),
    dataset: z.string().nullable(),
    target_column: z.string().nullable(),
    feature_columns: z.array(z.string()),
    metrics: z.record(z.string(), metricValue),
    duration_ms: z.number().nullable(),
  }),
});
export type TrainingResults = z.infer<typeof trainingResults>;

export const logLine = z.object({
  id: z.string(),
  level: z.enum(["debug", "info", "warn", "error"]),
  message: z.string(),
  at: instant,
});
export type LogLine = z.infer<typeof logLine>;
export const logsAnswer = answer({ items: z.array(logLine) });

/** Query of GET …/{id}/logs: a page of lines. */
export const logWindow = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(500),
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .default("0")
    .describe("Id of the last line that is known."),
});

/** Body of POST /api/ml/validate-features. */
export const validateRequest = z.object({
  dataset_id: z.string().min(1),
  target_column: z.string().min(1),
  feature_columns: z.array(z.string()).optional(),
  algorithm: z.string().min(1),
  task_type: taskType.optional(),
  project_id: id.optional(),
});
export const validateAnswer = answer({
  valid: z.boolean(),
  task_type: taskType,
  problems: z.array(
    z.object({ column: z.string().nullable(), severity: z.enum(["error", "warning"]), problem: z.string(), remedy: z.string() }),
  ),
});
export type Validation = z.infer<typeof validateAnswer>;

/** Body of POST /api/ml/experiments/{id}/predict and of its answer. */
export const predictRows = z.object({
  features: z.union([z.record(z.string(), cell), z.array(z.record(z.string(), cell)).min(1).max(10_000)]),
});
export const predictRowsAnswer = answer({
  prediction: z.array(cell),
  prediction_proba: z.array(z.array(z.number())).nullable(),
  classes: z.array(cell).nullable(),
  warnings: z.array(z.string()),
});

/** Query of DELETE /api/ml/experiments/{id}. */
export const runRemoval = z.object({
  permanent: flag.default(false).describe("For good, with metrics and files; else it can be restored."),
});

/** Body of POST /api/ml/experiments/{id}/evaluate: a dataset's rows, or a part of a saved split. */
export const evaluateRequest = z.object({
  dataset_id: z.string().min(1).optional(),
  split_id: id.optional(),
  part: z.enum(["train", "validation", "test"]).default("test"),
  project_id: id.optional(),
});
export const evaluateAnswer = answer({
  evaluation: z.looseObject({ metrics: z.record(z.string(), metricValue) }).describe("The value of `ml.evaluate`."),
});
