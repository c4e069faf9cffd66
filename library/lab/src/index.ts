export type { Dataset, DatasetInfo } from "./contract/datasets.ts";
export type { ModelVersion, Prediction } from "./contract/models.ts";
export type { Comparison, Job, MetricSeries, Run, RunInfo } from "./contract/training.ts";
export type { Upload } from "./datasets/index.ts";
export type { Jobs, SentJob, TrainJob } from "./jobs/index.ts";
export { connect, type Datasets, type Experiment, type Lab } from "./lab.ts";
export type { Registry, VersionRef } from "./registry/index.ts";
export type { ActiveRun } from "./tracking/index.ts";
