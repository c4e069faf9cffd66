import { z } from "zod";
import { artifact } from "./artifacts.ts";
import { logLine, metricPoint, progress, run, runStatus } from "./training.ts";
import { answer, flag, id, instant, metricValue, name, taskType } from "./values.ts";

const tags = z.record(z.string().min(1).max(200), z.string().max(10_000));
const params = z.record(z.string().min(1).max(200), z.unknown());

/** Body of POST /api/ml/runs. */
export const runCreate = z.object({
  experiment: name.default("default"),
  name: name.optional(),
  run_id: id.optional().describe("A UUID made by the caller: asked again after a lost answer, the same run is answered."),
  parent_id: id.optional(),
  description: z.string().max(10_000).optional(),
  notes: z.string().max(100_000).optional(),
  algorithm: z.string().max(200).optional(),
  task_type: taskType.optional(),
  dataset: z.string().max(400).optional().describe("Dataset as name@version, of ours or of the program's own."),
  target_column: z.string().max(400).optional(),
  feature_columns: z.array(z.string()).max(100_000).optional(),
  random_seed: z.number().int().optional(),
  split: z.unknown().optional().describe("Row indices {train, validation, test}, or how they were drawn."),
  code: z.unknown().optional().describe("{cell} or {commit, dirty}: what made it."),
  environment: z.record(z.string(), z.unknown()).default({}).describe("Versions and machine; secrets in it are hidden."),
  params: params.default({}),
  tags: tags.default({}),
  lease_seconds: z
    .number()
    .int()
    .min(10)
    .max(604_800)
    .default(900)
    .describe("The run fails when nothing is heard of its program for so long; each write and POST …/heartbeat is a word of it."),
});
export type RunCreate = z.infer<typeof runCreate>;

/** Body of PATCH /api/ml/runs/{id}: what is given is set. */
export const runPatch = z.strictObject({
  name: name.optional(),
  experiment: name.optional().describe("Moves the run there."),
  description: z.string().max(10_000).optional(),
  notes: z.string().max(100_000).optional(),
  algorithm: z.string().max(200).optional(),
  task_type: taskType.optional(),
  dataset: z.string().max(400).optional(),
  target_column: z.string().max(400).optional(),
  feature_columns: z.array(z.string()).max(100_000).optional(),
  random_seed: z.number().int().optional(),
  parent_id: id.optional(),
  split: z.unknown().optional(),
  code: z.unknown().optional(),
  evaluation: z.unknown().optional().describe("The value of `ml.evaluate`."),
  environment: z.record(z.string(), z.unknown()).optional().describe("Added to what is there."),
  tags: tags.optional().describe("Added to what is there."),
  project_id: id.optional(),
});

/** Runs that are changed together. */
export const runIds = z.array(id).min(1).max(1000);
/** Body of POST /api/ml/runs/tags. */
export const tagsBulk = z.object({
  ids: runIds,
  set: tags.default({}),
  remove: z.array(z.string().max(200)).max(1000).default([]),
});
/** Body of POST /api/ml/runs/move, /delete, /restore. */
export const runsMove = z.object({ ids: runIds, experiment: name });
export const runsChosen = z.object({ ids: runIds });

export const runsChanged = answer({ runs: z.number().int() });

/** Bodies of POST /api/ml/runs/{id}/params and /tags. */
export const paramsLog = z.object({ params: runCreate.shape.params });
export const tagsLog = z.object({ tags: runCreate.shape.tags });

/** Body of POST /api/ml/runs/{id}/logs. */
export const linesLog = z.object({
  lines: z
    .array(logLine.pick({ level: true, message: true }))
    .min(1)
    .max(1000),
  batch_id: z.string().min(1).max(100).optional(),
});

/** Body of POST /api/ml/runs/{id}/finish. */
export const runEnding = z.object({
  run_status: z.enum(["completed", "failed", "cancelled"]).default("completed"),
  error: z.string().max(10_000).optional(),
  stack: z.string().max(20_000).optional(),
});

/** Body of POST /api/ml/runs/{id}/batch: what a program tells in one message. */
export const runBatch = z.object({
  metrics: z.array(metricPoint).max(10_000).default([]),
  params: params.default({}),
  tags: tags.default({}),
  lines: z.array(linesLog.shape.lines.element).max(1000).default([]),
  progress: progress.optional().describe("How far the fit under way is."),
  batch_id: z.string().min(1).max(100).optional(),
});

export const runStarted = answer({ run_id: id, run_status: runStatus, lease_until: instant.nullable() });
/** Fields of POST …/{id}/artifacts, beside the file. */
export const artifactFields = z.object({ name: z.string().max(1000).optional(), kind: z.string().max(200).optional() });
export const artifactAnswer = answer({ artifact });
export const artifactList = answer({ items: z.array(artifact) });

/** Query of GET …/{id}/metrics. */
export const seriesQuery = z.object({
  points: z.coerce.number().int().min(10).max(100_000).optional().describe("Points of a series at most; default 1,000."),
  from: z.coerce.number().int().optional().describe("First step."),
  to: z.coerce.number().int().optional().describe("Last step."),
  since: instant.optional().describe("First instant."),
  until: instant.optional().describe("Last instant."),
  name: z.string().max(2000).optional().describe("Comma-separated `split.name`; default all."),
  times: flag.default(false).describe("Whether each point's instant is told too."),
  project_id: id.optional(),
});

/** Body of POST /api/ml/runs/series: curves of several runs. */
export const seriesRequest = z.object({
  ids: z.array(id).min(1).max(500),
  names: z.array(z.string().max(260)).max(1000).optional(),
  points: z.number().int().min(10).max(100_000).optional(),
  from: z.number().int().optional(),
  to: z.number().int().optional(),
  since: instant.optional(),
  until: instant.optional(),
  times: z.boolean().default(false),
  project_id: id.optional(),
});

/** Which runs a table's columns or groups are of. */
export const runSelection = z.object({
  filter: z.string().max(10_000).optional(),
  experiment: z.string().optional(),
  deleted: flag.default(false).describe("The deleted runs in place of the others."),
  project_id: id.optional(),
});

const named = z.object({ name: z.string(), runs: z.number().int() });
/** Names of everything that runs of a selection have, the most frequent first. */
export const columnsAnswer = answer({ metrics: z.array(named), params: z.array(named), tags: z.array(named) });
export type RunColumns = Omit<z.infer<typeof columnsAnswer>, "status">;

export const groupsQuery = runSelection.extend({
  by: z.string().min(1).max(300).describe("algorithm, dataset, status, experiment, tags.team, params.depth …"),
  metric: z.string().max(300).optional().describe("As metrics.test.accuracy, also with .best, .min, .max behind it."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const group = z.object({
  value: z.string().nullable(),
  runs: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  training: z.number().int(),
  mean: metricValue.nullable(),
  min: metricValue.nullable(),
  max: metricValue.nullable(),
  last_created_at: instant,
});
/** Runs of a selection by a field's values, the most frequent first. */
export const groupsAnswer = answer({ groups: z.array(group) });
export type RunGroup = z.infer<typeof group>;

const replayedMetric = z.object({
  name: z.string(),
  recorded: metricValue.nullable(),
  replayed: metricValue.nullable(),
  equal: z.boolean(),
});
const replayInput = z.object({
  input: z.string(),
  recorded: z.unknown(),
  now: z.unknown(),
  matters: z.boolean().describe("Whether a difference may change a metric."),
});
/** What a replay found. */
export const replayReport = z.object({
  run_id: id,
  replay_id: id.nullable().describe("The run that did it again; null where an input is gone."),
  equal: z.boolean().describe("Whether every metric is the same to the bit."),
  metrics: z.array(replayedMetric),
  differences: z.array(replayInput).describe("Inputs that are not as they were."),
});
export type ReplayReport = z.infer<typeof replayReport>;
/** Body of POST /api/ml/runs/{id}/replay. */
export const replayRequest = z.object({
  wait: z.boolean().default(false).describe("Trains within the request and answers the report; for short trainings."),
});
export const replayAnswer = answer({ replay: replayReport });
export const cellAnswer = answer({ code: z.string() });
export const childrenAnswer = answer({ items: z.array(run) });
