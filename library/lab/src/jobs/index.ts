export type { Checkpoint, Checkpoints } from "./checkpoints.ts";
export { type ModelComparison, planComparison } from "./compare.ts";
export { type CompareModelsOptions, compareHere, compareModelsOn, type DoneComparison, queueComparison } from "./compare-here.ts";
export { boardOf, type TrackedLeaderboard } from "./compare-runs.ts";
export { type FitSurroundings, followFit } from "./follow-fit.ts";
export {
  type Jobs,
  jobEnded,
  jobsOf,
  type Schedules,
  type SentJob,
  type SentTraining,
  type SubmitOptions,
  sentJob,
  type TrainJob,
} from "./for-cells.ts";
export { type LivingWorker, livingWorkers } from "./heartbeat.ts";
export { queueSubject } from "./job-events.ts";
export { cancelJob, getJob, type JobQuery, jobLogs, listJobs, retryJob } from "./jobs.ts";
export { defineJobKind, type JobContext, type JobKind, jobKind, jobKindNames, type PlannedJob } from "./kinds.ts";
export { scheduleMonitoring } from "./monitor.ts";
export { type PredictFileOptions, type SentPredictions, sendFile } from "./predict-for-cells.ts";
export { type QueuedJob, type QueueOptions, queueJob, queueJobs, queueTraining, type RunOptions, submitJob } from "./queue.ts";
export { replayRun } from "./replay.ts";
export { changeSchedule, createSchedule, deleteSchedule, getSchedule, listSchedules } from "./schedules.ts";
export { planTraining, type Training, train, trainingRows } from "./training.ts";
export { type QueuedTuning, queueTuning } from "./tune.ts";
export { type SentTuning, sendTuning, type TuneJob } from "./tune-for-cells.ts";
export { crossValidateDataset, learningCurveOfDataset } from "./validate.ts";
export { ensureWorker, runWorker, type WorkerOptions } from "./worker.ts";
