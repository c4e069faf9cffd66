import { exampleRun } from "./example-run.ts";
import type { Job, Schedule } from "./jobs.ts";

/** A job as examples of the API's document show it. */
export const exampleJob: Job = {
  job_id: "01981c3e-6f01-7d22-b1f4-91c08b6c2d10",
  kind: "train",
  name: exampleRun.name,
  job_status: "running",
  run_id: exampleRun.id,
  model_id: null,
  created_by: "ada",
  attempt: 1,
  priority: 0,
  progress: { step: 120, steps: 300, elapsed_ms: 2400, eta_ms: 3600 },
  error: null,
  dead: false,
  worker: "survey-1:4711",
  not_before: "2026-07-18T09:20:00.000Z",
  timeout_seconds: null,
  memory_mb: 140,
  schedule_id: null,
  created_at: "2026-07-18T09:20:00.000Z",
  started_at: "2026-07-18T09:20:01.000Z",
  completed_at: null,
  results: null,
};

/** A schedule that trains every working day. */
export const exampleSchedule: Schedule = {
  schedule_id: "01981c3f-0a00-7e31-8d70-5b7a3e1c9f22",
  name: "retrain koi",
  cron: "0 3 * * 1-5",
  timezone: "Europe/Berlin",
  kind: "train",
  request: { dataset_id: "koi", target_column: "koi_disposition", algorithm: "random_forest" },
  paused: false,
  next_at: "2026-07-20T01:00:00.000Z",
  last_at: null,
  last_job_id: null,
  error: null,
  created_at: "2026-07-18T09:25:00.000Z",
};
