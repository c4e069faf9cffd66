import { z } from "zod";
import { emergencyRule } from "./emergency-rule.ts";
import { listQuery } from "./listing.ts";
import { answer, cell, flag, id, instant, listOf, metricValue, modelTask, name } from "./values.ts";

export const versionStatus = z.enum(["training", "staged", "production", "archived"]);
export type VersionStatus = z.infer<typeof versionStatus>;

/** One version of a model in the registry. */
export const modelVersion = z.object({
  model_id: id.describe("Id of this version."),
  name: z.string(),
  version: z.string(),
  version_status: versionStatus,
  aliases: z.array(z.string()),
  algorithm: z.string(),
  task_type: modelTask,
  description: z.string(),
  tags: z.record(z.string(), z.string()),
  hyperparameters: z.record(z.string(), z.unknown()),
  preprocessing: z.array(z.string()).describe("Steps before the estimator, in order."),
  metrics: z.record(z.string(), metricValue).describe("By split: test.accuracy."),
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

/** A version's number: no @, no name of a status. */
const versionNumber = z.string().regex(/^[\w.+-]{1,50}$/);

/** Body of POST /api/ml/models/deploy. */
export const deployRequest = z.object({
  training_job_id: id.optional(),
  experiment_id: id.optional().describe("The run whose model is deployed; this or training_job_id."),
  model_name: name,
  version: versionNumber.optional().describe("Default: the next after the newest, 1.0.0 first."),
  description: z.string().max(10_000).default(""),
  tags: z.record(z.string(), z.string()).default({}),
  promote_to_production: z.boolean().default(false),
  project_id: id.optional(),
});
export const versionAnswer = answer({ model_id: id, model: modelVersion });
export const versionList = listOf(modelVersion);
const versionFields = listQuery(
  "id",
  "name",
  "version",
  "version_status",
  "algorithm",
  "task_type",
  "dataset",
  "run_id",
  "description",
  "size_bytes",
  "created_at",
  "metrics.…",
  "tags.…",
);
/** Query of GET …/{name}/versions. */
export const versionsQuery = versionFields;
export const versionListQuery = versionFields.extend({ name: z.string().optional(), status: versionStatus.optional() });

/** Body of promote, demote, archive, rollback. */
export const moveRequest = z.object({
  reason: z.string().max(10_000).default(""),
  expected_production: z
    .string()
    .nullable()
    .optional()
    .describe("The version that the caller saw in production, null for none; refused when it is another by now."),
  force: z.boolean().default(false).describe("Promotes past required checks that fail; for owners."),
});
export type MoveRequest = z.input<typeof moveRequest>;
export const versionDeleteQuery = z.object({
  force: flag.default(false).describe("Also with its log of predictions."),
  reason: z.string().max(10_000).optional().describe("Kept in the audit trail."),
});
export const aliasDeleteQuery = versionDeleteQuery.pick({ reason: true });

/** Name of an alias. */
export const aliasName = z.string().regex(/^[a-z][\w-]{0,49}$/i);
export const alias = z.object({
  alias: z.string(),
  model_id: id,
  version: z.string(),
  protected: z.boolean(),
  updated_by: z.string().nullable(),
  updated_at: instant,
});
export type Alias = z.infer<typeof alias>;
export const aliasRequest = z.object({
  version: z.string().min(1).describe("Version, status, other alias, or id."),
  protected: z.boolean().optional().describe("Moved and removed by owners alone."),
  reason: z.string().max(10_000).default(""),
});
export const aliasAnswer = answer({ alias });
export const aliasList = answer({ items: z.array(alias) });

/** One line of a model's audit trail. */
export const auditEntry = z.object({
  id: z.string(),
  action: z.string().describe("deploy, move, alias, settings, delete, broken …"),
  model_id: id.nullable(),
  version: z.string().nullable(),
  from_status: z.string().nullable(),
  to_status: z.string().nullable(),
  actor: z.string().nullable(),
  reason: z.string(),
  detail: z.record(z.string(), z.unknown()),
  at: instant,
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditList = listOf(auditEntry);
export const auditQuery = listQuery("id", "action", "version", "from_status", "to_status", "actor", "at");

/** What is checked before a version goes into production. */
export const promotionChecks = z.strictObject({
  required: z.boolean().default(false).describe("Whether a failed check refuses the promotion."),
  metric: z.string().max(200).nullable().default(null).describe("A version's metric, as test.accuracy; null: none is compared."),
  max_drop: z.number().min(0).default(0).describe("How much worse than production's it may be."),
  schema: z.boolean().default(true).describe("Callers of production must be able to go on as they are."),
});

/** What a model has beside its versions. */
export const modelSettings = z.object({
  log: z.enum(["hash", "values", "off"]).describe("What is kept of a prediction's inputs."),
  retention_days: z.number().int().min(1).max(36_500),
  fallback: z.object({
    basic: z.string().nullable().default(null).describe("A simpler version that answers where the asked one cannot: name@1.0.0."),
    rule: emergencyRule
      .nullable()
      .default(null)
      .describe("Answers where neither can; without it the most frequent class or the mean."),
  }),
  checks: promotionChecks,
});
export type ModelSettings = z.infer<typeof modelSettings>;
export const settingsRequest = modelSettings.partial();
export const settingsAnswer = answer({ settings: modelSettings });

/** How checks went. */
export const checkReport = z.object({
  passed: z.boolean(),
  required: z.boolean(),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), detail: z.string() })),
});
export type CheckReport = z.infer<typeof checkReport>;
export const checkAnswer = answer({ report: checkReport });

/** Body of POST /api/ml/models/compare-versions. */
export const compareVersionsRequest = z.object({ model_ids: z.array(z.string().min(1)).min(2).max(20) });
export const versionComparison = z.object({
  versions: z.array(modelVersion),
  differences: z.array(
    z.object({
      what: z.enum(["algorithm", "params", "preprocessing", "dataset", "signature"]),
      name: z.string(),
      values: z.array(z.unknown()),
    }),
  ),
  metrics: z.array(z.object({ name: z.string(), values: z.array(metricValue.nullable()), best: z.number().int().nullable() })),
});
export type VersionComparison = z.infer<typeof versionComparison>;
export const compareVersionsAnswer = answer({ comparison: versionComparison });

/** Body of POST /api/ml/models/benchmark. */
export const benchmarkRequest = z.object({
  model_ids: z
    .array(z.string().min(1))
    .min(1)
    .max(20)
    .describe("Versions; the first is the one that the others are held against."),
  dataset_id: z.string().optional(),
  split_id: id.optional(),
  part: z.enum(["train", "validation", "test"]).default("test").describe("Of the split."),
  metric: z.string().optional().describe("Default accuracy, or R²."),
  max_rows: z.number().int().min(10).max(1_000_000).default(100_000).describe("A sample where there are more."),
  latency_calls: z.number().int().min(10).max(2000).default(200).describe("Single rows that are timed."),
  seed: z.number().int().default(42),
});
const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
export const benchmark = z.object({
  metric: z.string(),
  greater_is_better: z.boolean(),
  rows: z.number().int(),
  dataset: z.string(),
  items: z.array(
    z.object({
      model_id: id,
      model: z.string(),
      algorithm: z.string(),
      metrics: z.record(z.string(), metricValue),
      score: interval.nullable().describe("The metric with its 95 % interval."),
      difference: interval
        .extend({ p_value: z.number() })
        .nullable()
        .describe("To the first, on the same resamples of the rows; null for the first."),
      latency_ms: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).describe("Of one row."),
      rows_per_second: z.number(),
      size_bytes: z.number(),
      error: z.string().nullable(),
    }),
  ),
});
export type Benchmark = z.infer<typeof benchmark>;
export const benchmarkAnswer = answer({ benchmark });

/** Body of POST /api/ml/models/predict. */
export const predictRequest = z
  .object({
    model_id: z
      .string()
      .min(1)
      .optional()
      .describe("Id of a version, name@1.0.0, name@production, name@alias; this or ab_test_name."),
    ab_test_name: z.string().min(1).max(200).optional().describe("The A/B test that chooses the version by user_id."),
    features: z.union([z.record(z.string(), cell), z.array(z.record(z.string(), cell)).min(1).max(10_000)]),
    user_id: z.string().min(1).max(200).optional(),
    project_id: id.optional(),
  })
  .refine(
    ({ model_id, ab_test_name }) => (model_id === undefined) !== (ab_test_name === undefined),
    "needs either model_id or ab_test_name",
  );
export const predictAnswer = answer({
  model_id: id,
  model: z.string().describe("name@version that answered."),
  prediction: z.array(cell),
  prediction_proba: z.array(z.array(z.number())).nullable(),
  classes: z.array(cell).nullable(),
  prediction_id: id,
  source: z.enum(["advanced", "basic", "emergency"]),
  reason: z.string().nullable().describe("Why it was not the version that was asked."),
  latency_ms: z.number(),
  warnings: z.array(z.string()).describe("Unseen levels, ignored fields."),
  outputs: z
    .array(z.record(z.string(), z.unknown()))
    .optional()
    .describe(
      "Of each row, what a model of several outputs says, by name: an exoplanet network's label, label_proba, period, depth.",
    ),
  arm: z.enum(["a", "b"]).nullable().optional().describe("Of the A/B test; null once it has stopped."),
});
export type Prediction = z.infer<typeof predictAnswer>;

/** Fields of the form of POST /api/ml/models/{id}/predict-file; the file is `file`. */
export const predictFileFields = z.object({
  output: z.enum(["csv", "parquet"]).default("csv"),
  on_bad_row: z.enum(["error", "skip"]).default("error").describe("skip: bad rows are left empty and told by line."),
  user_column: z.string().optional().describe("A column whose cells say whom a row is about; it is not kept."),
});
export const predictFileQueued = answer({ job_id: id });

/** What a job of kind "predict" gives. */
export const predictFileResult = z.object({
  model_id: id,
  model: z.string(),
  rows: z.number().int(),
  bad_rows: z.number().int(),
  errors: z.array(z.object({ line: z.number().int(), detail: z.string() })).describe("The first hundred."),
  sources: z.record(z.string(), z.number()).describe("Rows by source of the answer."),
  file: z.string(),
  file_name: z.string(),
  size_bytes: z.number(),
});
export type PredictFileResult = z.infer<typeof predictFileResult>;

/** A file of predictions that is kept. */
export const predictionFile = z.object({
  job_id: id,
  model: z.string().describe("name@version that predicted it."),
  file_name: z.string(),
  output: z.enum(["csv", "parquet"]),
  rows: z.number().int(),
  bad_rows: z.number().int(),
  size_bytes: z.number(),
  user_column: z.string().nullable().describe("Says whom a row is about: erasing one of them removes the file."),
  created_at: instant,
  goes_at: instant.describe("When it is removed: predictions of its model are kept no longer."),
});
export type PredictionFile = z.infer<typeof predictionFile>;
export const predictionFileList = listOf(predictionFile);
export const predictionFileQuery = listQuery(
  "id",
  "model",
  "file_name",
  "output",
  "rows",
  "bad_rows",
  "size_bytes",
  "user_column",
  "created_at",
);

/** Answer of DELETE /api/ml/subjects/{user_id}: rows that are gone, by what they were. */
export const subjectErased = answer({ erased: z.record(z.string(), z.number()) });
