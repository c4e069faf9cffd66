export { planComparison } from "./compare.ts";
export { type CompareModelsOptions, compareHere, compareModelsOn, queueComparison } from "./compare-here.ts";
export { boardOf, type TrackedLeaderboard } from "./compare-runs.ts";
export { followFit } from "./follow-fit.ts";
export {
  type Jobs,
  jobEnded,
  jobsOf,
  type Schedules,
  type SentJob,
  type SentTraining,
  type SubmitOptions,
  type TrainJob,
} from "./for-cells.ts";
export { type LivingWorker, livingWorkers } from "./heartbeat.ts";
export { queueSubject } from "./job-events.ts";
export { cancelJob, getJob, jobLogs, listJobs, retryJob } from "./jobs.ts";
export { defineJobKind, type JobContext, jobKind } from "./kinds.ts";
export { scheduleMonitoring } from "./monitor.ts";
export { type PredictFileOptions, type SentPredictions, sendFile } from "./predict-for-cells.ts";
export { type QueuedJob, type QueueOptions, queueJob, queueJobs, queueTraining, submitJob } from "./queue.ts";
export { replayRun } from "./replay.ts";
export { changeSchedule, createSchedule, deleteSchedule, getSchedule, listSchedules } from "./schedules.ts";
export { planTraining, train } from "./training.ts";
export { type QueuedTuning, queueTuning } from "./tune.ts";
export { type SentTuning, sendTuning, type TuneJob } from "./tune-for-cells.ts";
export { crossValidateDataset, learningCurveOfDataset } from "./validate.ts";
export { ensureWorker, runWorker } from "./worker.ts";
