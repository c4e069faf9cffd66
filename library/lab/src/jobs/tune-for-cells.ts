import type * as ml from "assay";
import type { RunInfo } from "../contract/training.ts";
import type { Session } from "../projects/session.ts";
import { getRun, openStudy, studyStorage } from "../tracking/index.ts";
import { jobEnded, type SentJob, sentJob, stepsOfRequest, type TrainJob } from "./for-cells.ts";
import { queueTuning } from "./tune.ts";
import { ensureWorker } from "./worker.ts";

/** What `lab.tune` takes: what a training takes, and how to search. */
export interface TuneJob extends Omit<TrainJob, "name"> {
  /** Name of the study; one that is there goes on. Default: algorithm, dataset and time. */
  readonly name?: string;
  /** Trials of the study in all; default 100 where no `seconds` are given. */
  readonly trials?: number;
  /** No trial is begun after this time. */
  readonly seconds?: number;
  /** "tpe" (default), "random", "grid" …, or { name, …options }. */
  readonly sampler?: ml.SamplerJson;
  /** "median", "successive_halving" …, or { name, …options }; default none. */
  readonly pruner?: ml.PrunerJson;
  /** A whole-number parameter, as "nEstimators", that a trial is given more and more of while the pruner lets it. */
  readonly resource?: string;
  /** Default: where people search this algorithm. */
  readonly space?: ml.Space;
  /** Default accuracy, or R². */
  readonly metric?: string;
  /** Jobs that take part; default 1. */
  readonly workers?: number;
  /** Trials that one job runs at once; default 1. */
  readonly concurrency?: number;
  /** Whether each trial is a run of the experiment; default true. */
  readonly tracked?: boolean;
  /** A study whose trials are taken in first. */
  readonly warmStart?: string;
}

/** A search that was sent. */
export interface SentTuning extends SentJob {
  readonly runId: string;
  readonly studyId: string;
  readonly studyName: string;
  /** The study as it is now, with all its trials. */
  study(): Promise<ml.Study>;
  /** Ends the search after the running trials; the best is fitted and kept. */
  stop(): Promise<void>;
  /** Resolves with the run of the best parameters when the job has ended, whatever its end. */
  done(options?: { readonly signal?: AbortSignal }): Promise<RunInfo>;
}

/** Searches elsewhere: checks the request, queues it, and makes sure that a worker lives. */
export async function sendTuning(session: Session, job: TuneJob): Promise<SentTuning> {
  const { priority, timeoutSeconds, notBefore, retries } = job;
  const { jobId, runId, study } = await queueTuning(session, requestOf(job), { priority, timeoutSeconds, notBefore, retries });
  await ensureWorker(session);
  return {
    ...sentJob(session, jobId),
    runId,
    studyId: study.id,
    studyName: study.name,
    study: () => openStudy(session, study.id),
    stop: () => studyStorage(session).setStopped(study.id, true),
    async done({ signal } = {}) {
      await jobEnded(session, jobId, signal);
      return getRun(session, runId);
    },
  };
}

/** A search as the contract takes it. */
export function requestOf(job: TuneJob): Record<string, unknown> {
  return {
    dataset_id: job.dataset,
    target_column: job.target,
    feature_columns: job.features,
    task_type: job.task,
    algorithm: job.algorithm,
    hyperparameters: job.params,
    test_size: job.test,
    validation_size: job.validation,
    stratified: job.stratified,
    group_column: job.group,
    time_column: job.time,
    random_seed: job.seed,
    cv: job.folds,
    ...stepsOfRequest(job),
    split_id: job.split,
    n_trials: job.trials,
    timeout: job.seconds,
    sampler: job.sampler,
    pruner: job.pruner,
    resource: job.resource,
    space: job.space,
    metric: job.metric,
    workers: job.workers,
    concurrency: job.concurrency,
    tracked: job.tracked,
    warm_start: job.warmStart,
    study: job.name,
    experiment: job.experiment,
  };
}
