import { z } from "zod";
import { jobWaiting } from "./job-waiting.ts";
import { listQuery } from "./listing.ts";
import { jobStatus, logLine, progress, trainingResults } from "./training.ts";
import { answer, flag, id, instant, listOf, name } from "./values.ts";

/** A job: long work in the queue. */
export const job = z.object({
  job_id: id,
  kind: z.string(),
  name: z.string().nullable().describe("Name of its run, or of the file that it predicts."),
  job_status: jobStatus,
  run_id: id.nullable(),
  model_id: id.nullable().describe("The version that predicts a file."),
  created_by: z.string().nullable().describe("Whose it is, by username; null where that person is gone."),
  attempt: z.number().int().describe("Taken up for the so-manieth time."),
  priority: z.number().int(),
  progress: progress
    .extend({ eta_ms: z.number().nullable().describe("Milliseconds that are left, as far as the steps so far tell.") })
    .nullable(),
  error: z.string().nullable(),
  dead: z.boolean().describe("Its workers ended in the middle too often; a retry brings it back."),
  worker: z.string().nullable(),
  not_before: instant,
  timeout_seconds: z.number().int().nullable(),
  memory_mb: z
    .number()
    .int()
    .nullable()
    .describe("What it needs at the very least; null where that is not known before it begins."),
  schedule_id: id.nullable(),
  created_at: instant,
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
  results: z.unknown().nullable(),
});
export type Job = z.infer<typeof job>;
export const jobAnswer = answer({ job });
/** How a training's job stands; its results once it is done. */
export const trainingAnswer = answer({
  job,
  job_status: jobStatus,
  created_at: instant,
  completed_at: instant.nullable(),
  results: trainingResults.nullable().describe("null until the job is completed."),
});
export const jobList = listOf(job);
export const jobCreated = answer({ job_id: id, experiment_id: id });
export const jobQueued = answer({ job_id: id, run_id: id.nullable() });

/** Query of GET /api/ml/jobs. */
export const jobListQuery = listQuery(
  "id",
  "kind",
  "name",
  "job_status",
  "priority",
  "run_id",
  "created_by",
  "schedule_id",
  "worker",
  "attempt",
  "dead",
  "error",
  "not_before",
  "created_at",
  "started_at",
  "completed_at",
).extend({
  job_status: jobStatus.optional(),
  kind: z.string().optional(),
  dead: flag.optional().describe("true: the dead-letter list."),
});
export const jobLogsAnswer = answer({ items: z.array(logLine) });

/** How a job waits and is run. */
export const jobOptions = jobWaiting.omit({ not_before: true }).extend({
  experiment: name.optional().describe("Where the job's run goes, for kinds that make one."),
  run_name: name.optional(),
});

/** Body of POST /api/ml/jobs. */
export const jobSubmit = jobOptions.extend({
  kind: z.string().min(1),
  request: z.record(z.string(), z.unknown()),
  not_before: jobWaiting.shape.not_before,
});

/** A submit under the same key a second time answers the job of the first. */
export const idempotencyHeaders = z.object({ "idempotency-key": z.string().min(1).max(200).optional() });

/** A schedule: a job that is queued again and again. */
export const schedule = z.object({
  schedule_id: id,
  name: z.string(),
  cron: z.string(),
  timezone: z.string(),
  kind: z.string(),
  request: z.record(z.string(), z.unknown()),
  paused: z.boolean(),
  next_at: instant.nullable().describe("When it fires next; null while it is paused."),
  last_at: instant.nullable(),
  last_job_id: id.nullable(),
  error: z.string().nullable().describe("Why the last firing queued nothing."),
  created_at: instant,
});
export type Schedule = z.infer<typeof schedule>;
export const scheduleAnswer = answer({ schedule });
export const scheduleList = listOf(schedule);
export const scheduleListQuery = listQuery("id", "name", "kind", "paused", "next_at", "last_at", "error", "created_at");

/** Body of POST /api/ml/schedules. */
export const scheduleCreate = jobOptions.extend({
  name,
  cron: z.string().min(1).max(200).describe("Five fields, or six with seconds in front: `0 3 * * 1-5`."),
  timezone: z.string().min(1).max(100).default("UTC").describe("An IANA name, as Europe/Berlin."),
  kind: z.string().min(1),
  request: z.record(z.string(), z.unknown()),
  paused: z.boolean().default(false),
});
export type ScheduleCreate = z.input<typeof scheduleCreate>;

/** Body of PATCH /api/ml/schedules/{id}. */
export const scheduleChange = z.object({
  paused: z.boolean().optional(),
  cron: z.string().min(1).max(200).optional(),
  timezone: z.string().min(1).max(100).optional(),
});
