import { z } from "zod";
import { answer, cell, id, instant, listOf, metricValue, name, page, taskType } from "./values.ts";

export const versionStatus = z.enum(["training", "staged", "production", "archived"]);
export type VersionStatus = z.infer<typeof versionStatus>;

/** One version of a model in the registry. */
export const modelVersion = z.object({
  model_id: id.describe("Id of this version."),
  name,
  version: z.string(),
  version_status: versionStatus,
  algorithm: z.string(),
  task_type: taskType,
  description: z.string(),
  tags: z.record(z.string(), z.string()),
  hyperparameters: z.record(z.string(), z.unknown()),
  metrics: z.record(z.string(), metricValue),
  signature: z.object({
    columns: z.array(z.object({ name: z.string(), kind: z.string(), levels: z.array(z.string()).optional() })),
    target: z.string().nullable(),
    classes: z.array(cell).nullable(),
  }),
  dataset: z.string().nullable(),
  run_id: id.nullable(),
  content_hash: z.string(),
  size_bytes: z.number(),
  created_at: instant,
});
export type ModelVersion = z.infer<typeof modelVersion>;

/** Body of POST /api/ml/models/deploy. */
export const deployRequest = z.object({
  training_job_id: id.optional(),
  experiment_id: id.optional().describe("The run whose model is deployed; this or training_job_id."),
  model_name: name,
  version: z
    .string()
    .regex(/^[\w.+-]{1,50}$/)
    .optional()
    .describe("Default: the next after the newest, 1.0.0 first."),
  description: z.string().max(10_000).default(""),
  tags: z.record(z.string(), z.string()).default({}),
  promote_to_production: z.boolean().default(false),
  project_id: id.optional(),
});
export const versionAnswer = answer({ model_id: id, model: modelVersion });
export const versionList = listOf(modelVersion);
export const versionListQuery = page.extend({ name: z.string().optional(), status: versionStatus.optional() });
export const moveRequest = z.object({ reason: z.string().max(10_000).default("") });

/** Body of POST /api/ml/models/predict. */
export const predictRequest = z.object({
  model_id: z.string().min(1).describe("Id of a version, or name@1.0.0, name@production."),
  features: z.union([z.record(z.string(), cell), z.array(z.record(z.string(), cell)).min(1).max(10_000)]),
  user_id: z.string().max(200).optional(),
  project_id: id.optional(),
});
export const predictAnswer = answer({
  model_id: id,
  model: z.string().describe("name@version that answered."),
  prediction: z.array(cell),
  prediction_proba: z.array(z.array(z.number())).nullable(),
  classes: z.array(cell).nullable(),
  prediction_id: id,
  source: z.enum(["advanced", "basic", "emergency"]),
  latency_ms: z.number(),
  warnings: z.array(z.string()).describe("Unseen levels, ignored fields."),
});
export type Prediction = z.infer<typeof predictAnswer>;
