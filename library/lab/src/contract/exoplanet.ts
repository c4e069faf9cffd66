import { z } from "zod";
import { logLine, progress, runStatus } from "./training.ts";
import { answer, cell, id, instant, listOf, metricValue, name, page, shortSeed } from "./values.ts";

/** A cell of an uploaded table that broke a rule; its row was left out. */
export const signalProblem = z.object({
  line: z.number().int().describe("Of the file; the first is 1."),
  column: z.string().nullable().describe("null where the line as a whole is wrong."),
  value: z.union([z.string(), z.number(), z.null()]),
  rule: z.enum(["missing", "number", "range", "limit", "label", "orbit", "fields"]),
  message: z.string(),
});
export type SignalProblem = z.infer<typeof signalProblem>;

/** What the check of an uploaded table found. */
export const signalReport = z.object({
  format: z.enum(["flow", "koi", "toi"]).describe("The flow's own columns, NASA's Kepler table, or TESS's."),
  file_name: z.string(),
  rows_read: z.number().int(),
  rows_kept: z.number().int(),
  rules: z
    .array(
      z.object({
        rule: signalProblem.shape.rule,
        column: z.string().nullable(),
        rows: z.number().int(),
        message: z.string(),
        first_line: z.number().int(),
      }),
    )
    .describe("Broken rules, the one that cost most rows first."),
  problems: z.array(signalProblem).describe("By line, the first hundred."),
  classes: z.record(z.string(), z.number().int()).describe("Rows kept of each label."),
  stars: z.number().int(),
  leaky_columns: z.array(z.string()).describe("They tell the verdict; they never become features."),
  ignored_columns: z.array(z.string()),
  assumed: z.array(z.string()).describe("What stands in for columns that the table does not have."),
});
export type SignalReport = z.infer<typeof signalReport>;

/** A table that sessions train on. */
export const signalDataset = z.object({
  dataset_id: id,
  name,
  dataset: z.string().describe("name@version."),
  samples: z.number().int().describe("Rows that passed the check."),
  size_bytes: z.number().nullable(),
  report: signalReport,
  created_at: instant,
});
export type SignalDataset = z.infer<typeof signalDataset>;

const workspace = id.describe("A project; default the caller's own.");

/** Fields of the form of POST /api/training/upload-dataset; the file is `file`. */
export const signalUpload = z.object({ workspace_key: workspace.optional(), name: name.optional() });
/** Query of the lists. */
export const workspaceQuery = page.omit({ project_id: true }).extend({ workspace_key: workspace.optional() });

/** Networks that were tried, the default first; "balanced" weighs the labels by how rare they are. */
export const architectures = ["wide-stem", "fine-stem", "balanced"] as const;
/** Name of a network that was tried. */
export type Architecture = (typeof architectures)[number];

/** Body of POST /api/training/start. */
export const sessionStart = z.object({
  workspace_key: workspace.optional(),
  dataset_id: z.string().min(1).max(300).describe("Id or name, `@version` behind it for another than the active one."),
  epochs: z.number().int().min(1).max(1000).default(20),
  model_name: z
    .string()
    .regex(/^[A-Za-z][\w-]{0,79}$/, "must be letters, digits, - and _, a letter first")
    .default("exoplanet_model")
    .describe("The model is saved as {model_name}_{YYYYMMDD_HHMMSS}."),
  learning_rate: z.number().gt(0).max(100).default(0.002).describe("Highest of the schedule; it rises to it and falls again."),
  random_seed: shortSeed,
  architecture: z
    .enum(architectures)
    .default("wide-stem")
    .describe("The network; balanced weighs the labels by how rare they are."),
});
export type SessionStart = z.input<typeof sessionStart>;

/** A training session: a run of the exoplanet network. */
export const trainingSession = z.object({
  session_id: id.describe("The run's id too."),
  job_id: id.nullable(),
  session_status: runStatus,
  model_name: z.string(),
  saved_as: z.string().nullable().describe("The model's name with its time, once it is saved."),
  model_id: id.nullable().describe("Its version in the registry."),
  dataset: z.string().nullable().describe("name@version."),
  epochs: z.number().int(),
  epoch: z.number().int().describe("Epochs done."),
  metrics: z.object({
    accuracy: metricValue.nullable(),
    val_accuracy: metricValue.nullable(),
    loss: metricValue.nullable(),
    val_loss: metricValue.nullable(),
    period_mae: metricValue.nullable().describe("Of the validation rows, factors of ten (dex)."),
    depth_mae: metricValue.nullable().describe("Of the validation rows, factors of ten (dex)."),
  }),
  results: z
    .record(z.string(), metricValue)
    .describe('What the test rows said, by "split.name", as "test.accuracy" and "boosting.accuracy".'),
  progress: progress.nullable(),
  error: z.string().nullable(),
  created_at: instant,
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
});
export type TrainingSession = z.infer<typeof trainingSession>;

/** A session's metrics epoch by epoch. */
export const sessionEpoch = trainingSession.shape.metrics.extend({ epoch: z.number().int() });
export type SessionEpoch = z.infer<typeof sessionEpoch>;

/** A session whole. */
export const trainingSessionInfo = trainingSession.extend({ history: z.array(sessionEpoch), logs: z.array(logLine) });
export type TrainingSessionInfo = z.infer<typeof trainingSessionInfo>;

/** A row to predict; impact and snr may be missing. */
export const signalRow = z.record(z.string(), cell);

/** What the network says of one signal. */
export const signalPrediction = z.object({
  label: z.string(),
  label_proba: z.record(z.string(), z.number()),
  period: z.number().nullable().describe("Days; null where a fallback answered."),
  depth: z.number().nullable().describe("Parts per million; null where a fallback answered."),
});
export type SignalPrediction = z.infer<typeof signalPrediction>;

export const signalUploaded = answer({ dataset: signalDataset });
export const signalDatasetList = listOf(signalDataset);
export const sessionStarted = answer({ session_id: id, job_id: id.nullable(), session_status: runStatus });
export const sessionAnswer = answer({ session: trainingSessionInfo });
export const sessionList = listOf(trainingSession);

/** Body of POST /api/training/predict. */
export const signalPredict = z.object({
  workspace_key: workspace.optional(),
  model: z
    .string()
    .min(1)
    .max(300)
    .default("exoplanet_model")
    .describe("A version, as the registry cites it; default the current one."),
  features: z.union([signalRow, z.array(signalRow).min(1).max(10_000)]),
});
export const signalPredicted = answer({
  model: z.string().describe("name@version that answered."),
  model_id: id,
  prediction_id: id,
  source: z.enum(["advanced", "basic", "emergency"]),
  warnings: z.array(z.string()),
  items: z.array(signalPrediction),
});
