export type { AbEffect, AbMetric, AbResult, AbTest, Outcome, OutcomeReport } from "./contract/ab-tests.ts";
export type { Artifact } from "./contract/artifacts.ts";
export type { ChartSpec, SavedChart } from "./contract/charts.ts";
export type { Comparison } from "./contract/compare.ts";
export type { Dataset, DatasetInfo, DatasetVersionInfo, VersionDiff } from "./contract/datasets.ts";
export type { FeatureView, TrainingSet } from "./contract/feature-views.ts";
export type { Job, Schedule } from "./contract/jobs.ts";
export type { ModelVersion, Prediction } from "./contract/models.ts";
export type { Alert, ModelDrift, ModelPerformance, Monitor } from "./contract/monitoring.ts";
export type { ReplayReport, RunColumns, RunGroup } from "./contract/runs.ts";
export type { SavedSplit, SplitRequest } from "./contract/splits.ts";
export type { Study, StudyInfo, TrialInfo } from "./contract/studies.ts";
export type { MetricSeries, Run, RunInfo } from "./contract/training.ts";
export type { Charts, Datasets, Features, OpenSplit, Upload } from "./datasets/index.ts";
export { readSql, type SqlOptions } from "./datasets/read-sql.ts";
export type {
  Jobs,
  PredictFileOptions,
  Schedules,
  SentJob,
  SentPredictions,
  SentTraining,
  SentTuning,
  SubmitOptions,
  TrackedLeaderboard,
  TrainJob,
  TuneJob,
} from "./jobs/index.ts";
export { connect, type Lab } from "./lab.ts";
export {
  type AbTestHandle,
  type AbTestOptions,
  type AbTests,
  type ArmPrediction,
  holdModel,
  type Monitoring,
  type Registry,
  type VersionRef,
} from "./registry/index.ts";
export type { ReportDocument, ReportedExperiment, ReportedRun } from "./reports/index.ts";
export type { ActiveRun, Experiment, ShownRun, Studies, Tracking } from "./tracking/index.ts";
