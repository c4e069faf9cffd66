export type { AbEffect, AbMetric, AbResult, AbTest, Outcome, OutcomeReport } from "./contract/ab-tests.ts";
export type { Artifact } from "./contract/artifacts.ts";
export type { ChartSpec, SavedChart } from "./contract/charts.ts";
export type { Comparison } from "./contract/compare.ts";
export type { Dataset, DatasetInfo, DatasetVersionInfo, VersionDiff } from "./contract/datasets.ts";
export type { EtlRun } from "./contract/etl.ts";
export type {
  SignalDataset,
  SignalPrediction,
  SignalReport,
  TrainingSession,
  TrainingSessionInfo,
} from "./contract/exoplanet.ts";
export type { FeatureView, TrainingSet } from "./contract/feature-views.ts";
export type { Job, Schedule } from "./contract/jobs.ts";
export type { ModelVersion, Prediction } from "./contract/models.ts";
export type { Alert, ModelDrift, ModelPerformance, Monitor } from "./contract/monitoring.ts";
export type { Activity, Me, Member, Project } from "./contract/people.ts";
export type { Recommended, SimilarItems, TrainedRecommender } from "./contract/recommend.ts";
export type { ReplayReport, RunColumns, RunGroup } from "./contract/runs.ts";
export type { SavedSplit, SplitRequest } from "./contract/splits.ts";
export type { Study, StudyInfo, TrialInfo } from "./contract/studies.ts";
export type { MetricSeries, Run, RunInfo } from "./contract/training.ts";
export type { Kept } from "./contract/views.ts";
export type { WorkoutAnalytics, WorkoutPredicted, WorkoutTrained } from "./contract/workout.ts";
export type { WorkoutBacktest } from "./contract/workout-backtest.ts";
export type {
  WorkoutExercise,
  WorkoutFeature,
  WorkoutHistory,
  WorkoutLogInfo,
  WorkoutLogWhole,
  WorkoutStoredSet,
} from "./contract/workout-log.ts";
export type { Charts, Datasets, Features, OpenSplit, Upload } from "./datasets/index.ts";
export { readSql, type SqlOptions } from "./datasets/read-sql.ts";
export {
  type CheckedSignals,
  checkSignals,
  type ExoplanetModel,
  type Exoplanets,
  exampleSignals,
  type FollowSession,
  type LimbDarkening,
  limbDarkening,
  predictSignals,
  readSignals,
  type SentSession,
  type SignalAnswers,
  type TrainExoplanetsOptions,
  type TrainingHistory,
  type TransitShape,
  type TransitSignal,
  trainExoplanets,
  trainingHistory,
  transitCurve,
  transitCurves,
  transitFlux,
  transitPhases,
  transitShape,
} from "./flows/exoplanet/index.ts";
export {
  type ComparedRecommender,
  type EtlCellOptions,
  loadMovielens,
  movielensMapping,
  type QualityReport,
  type RecommendAnswer,
  type Recommendations,
  type RecommendCellOptions,
  type RecommenderRows,
  type RecommenderServing,
  type RecommenderTraining,
  type SentEtl,
  type SentRecommender,
  type SourceCellOptions,
} from "./flows/recommendation/index.ts";
export {
  type Advice,
  type Backtest,
  type BacktestPoint,
  backtest,
  backtestByExercise,
  type ExerciseAlias,
  type ExerciseBacktest,
  type ExerciseSession,
  exampleLog,
  type Factor,
  type Feature,
  type Gain,
  type History,
  historyOf,
  type LearnedWorkouts,
  type LoadUnit,
  type LogProblem,
  type LogReport,
  learnWorkouts,
  type Patterns,
  type Plateau,
  type PlateauLine,
  parseLog,
  patternsOf,
  plateauLine,
  plateauOf,
  predictWeight,
  readLog,
  type SentWorkouts,
  setsTable,
  trainWorkouts,
  updateWorkouts,
  type WeightForecast,
  type WorkoutExplanation,
  type WorkoutLog,
  type WorkoutModel,
  type WorkoutSet,
  type Workouts,
  workoutFeatures,
} from "./flows/workout/index.ts";
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
export { type ConnectOptions, connect, type Lab } from "./lab.ts";
export type { Projects } from "./projects/index.ts";
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
export type {
  Spark,
  SparkAlgorithmName,
  SparkColumn,
  SparkFitOptions,
  SparkModel,
  SparkPredictions,
  SparkPredictOptions,
} from "./spark/index.ts";
export type { ActiveRun, Experiment, ShownRun, Studies, Templates, Tracking, Views } from "./tracking/index.ts";
