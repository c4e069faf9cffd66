import type { SystemSeries } from "./system-metrics.ts";
import type { LogLine, MetricSeries, Run, RunInfo } from "./training.ts";

/** A run as examples of the API's document show it. */
export const exampleRun: Run = {
  id: "01981c3e-6f00-7a11-8c55-2f1f6f1f0a01",
  name: "forest, 300 trees",
  experiment: "koi",
  experiment_id: "01981c3e-6e00-7b10-9a41-6f2d0c9b7e55",
  status: "completed",
  algorithm: "random_forest",
  preset: null,
  task_type: "classification",
  hyperparameters: { n_estimators: 300 },
  metrics: { "test.accuracy": 0.783 },
  tags: { team: "survey" },
  dataset: "koi@3",
  target_column: "koi_disposition",
  progress: null,
  error: null,
  parent_id: null,
  created_at: "2026-07-18T09:20:00.000Z",
  started_at: "2026-07-18T09:20:01.000Z",
  ended_at: "2026-07-18T09:20:09.000Z",
  deleted_at: null,
};

/** The same run whole. */
export const exampleRunInfo: RunInfo = {
  ...exampleRun,
  description: "Kepler objects by their transit",
  notes: "",
  feature_columns: ["koi_period", "koi_depth"],
  preprocessing: null,
  random_seed: 42,
  split: { test_size: 0.2 },
  code: null,
  environment: { node: "24.21.0" },
  evaluation: null,
  error_stack: null,
  dataset_version_id: null,
  request: null,
  replay_of: null,
  children: 0,
  lease_until: null,
  artifacts: [],
  job_id: "01981c3e-6f01-7d22-b1f4-91c08b6c2d10",
};

/** A curve of the run. */
export const exampleSeries: MetricSeries = {
  run_id: exampleRun.id,
  name: "loss",
  split: "train",
  steps: [0, 1, 2],
  values: [0.69, 0.52, 0.44],
};

/** What the process of the run did. */
export const exampleSystemSeries: SystemSeries[] = [
  { name: "cpu_percent", values: [98.4, 371.2, 388.9] },
  { name: "memory_mb", values: [212, 340.5, 355.1] },
].map((line) => ({
  ...line,
  run_id: exampleRun.id,
  split: "system",
  steps: [1, 2, 4],
  times: [1784366402000, 1784366403000, 1784366405000],
}));

/** A line of the run's log. */
export const exampleLine: LogLine = {
  id: "17",
  level: "info",
  message: "read koi@3: 9,564 rows",
  at: "2026-07-18T09:20:01.000Z",
};

/** A path that names the run. */
export const citedRun = { id: exampleRun.id };
