import { type EtlRun, etlRunAnswer, etlRunList, etlRunQuery, etlSource, etlSourceQueued, etlStart } from "./etl.ts";
import { route } from "./route.ts";
import { byId } from "./values.ts";

const root = "/api/ml/etl";

const run: EtlRun = {
  etl_run_id: "01981c3e-8a00-7c42-9d6f-0b6a51a1e001",
  job_id: "01981c3e-8a00-7c42-9d6f-0b6a51a1e001",
  run_status: "completed",
  version: "1.0",
  window_days: 90,
  settings: { version: "1.0", window_days: 90, negative_sample_ratio: 2, test_size: 0.2, random_seed: 42, k_anonymity: 5 },
  steps: [{ step: 1, name: "extract users", step_status: "completed", rows: { users: 20_000 }, elapsed_ms: 412 }],
  checks: [
    {
      name: "train size",
      passed: true,
      figure: 18.2,
      bound: "> 10 MB",
      message: "train size: 18.2 MB of training rows (must be > 10 MB)",
      bound_codes: [{ code: "bound_more_mb", values: [10] }],
      message_codes: [{ code: "train_size", values: [18.2, 10] }],
    },
  ],
  privacy: {
    word: "pseudonymised",
    people: 19_160,
    k: 5,
    k_wanted: 5,
    generalised: 3120,
    suppressed: 4,
    singling_out: 1,
    linkage: 0.988,
    measured_on: 1000,
  },
  train_rows: 243_000,
  test_rows: 61_000,
  train_dataset: "recommendation_train@1",
  test_dataset: "recommendation_test@1",
  error: null,
  created_at: "2026-07-18T09:00:00.000Z",
  started_at: "2026-07-18T09:00:01.000Z",
  ended_at: "2026-07-18T09:00:21.000Z",
};
const cited = { id: run.etl_run_id };

/** The recommendation ETL: runs, their quality reports and metadata, a made-up source. */
export const etlRoutes = {
  start: route({
    method: "POST",
    path: `${root}/runs`,
    summary: "Makes a version of the recommendation dataset by a job; answers at once.",
    body: etlStart,
    answer: etlRunAnswer,
    statuses: [202],
    example: {
      body: { version: "1.0", window_days: 90 },
      answer: { run: { ...run, run_status: "queued", steps: [], checks: [], privacy: null, started_at: null, ended_at: null } },
    },
  }),
  runs: route({
    method: "GET",
    path: `${root}/runs`,
    summary: "Runs of the ETL, newest first.",
    query: etlRunQuery,
    answer: etlRunList,
    example: { answer: { items: [run], next_cursor: null } },
  }),
  run: route({
    method: "GET",
    path: `${root}/runs/:id`,
    summary: "A run with its steps, checks and what was measured of privacy.",
    params: byId,
    answer: etlRunAnswer,
    example: { params: cited, answer: { run } },
  }),
  report: route({
    method: "GET",
    path: `${root}/runs/:id/report`,
    summary: "The quality report of a run, one HTML file; also of a run whose checks failed.",
    params: byId,
    file: ["text/html"],
    example: { params: cited },
  }),
  metadata: route({
    method: "GET",
    path: `${root}/runs/:id/metadata`,
    summary: "The metadata of the version that a run made, one JSON file: schema, counts, settings, hashes, lineage.",
    params: byId,
    file: ["application/json"],
    example: { params: cited },
  }),
  source: route({
    method: "POST",
    path: `${root}/source`,
    summary: "Makes the travel application with people who never were, to try the flow with; answers at once.",
    body: etlSource,
    answer: etlSourceQueued,
    statuses: [202],
    example: { body: { users: 20_000, items: 2000 }, answer: { job_id: "01981c3e-8a00-7c42-9d6f-0b6a51a1e002" } },
  }),
};
