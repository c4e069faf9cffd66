import type * as ml from "assay";
import type { Job, Schedule, ScheduleCreate } from "../contract/jobs.ts";
import type { LogLine, RunInfo } from "../contract/training.ts";
import { listen } from "../db/listener.ts";
import type { Session } from "../projects/session.ts";
import { getRun } from "../tracking/index.ts";
import { queueSubject } from "./job-events.ts";
import { cancelJob, getJob, type JobQuery, jobLogs, listJobs, retryJob } from "./jobs.ts";
import { type QueueOptions, queueTraining, submitJob } from "./queue.ts";
import { changeSchedule, createSchedule, deleteSchedule, listSchedules } from "./schedules.ts";
import { planTraining } from "./training.ts";
import { ensureWorker } from "./worker.ts";

/** What `lab.jobs.train` takes. */
export interface TrainJob {
  readonly algorithm: string;
  /** name, `name@3`, or id. */
  readonly dataset: string;
  readonly target: string;
  readonly features?: readonly string[];
  /** In TypeScript's or HTTP's spelling. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly task?: "classification" | "regression";
  /** Share of the rows; default 0.2. */
  readonly test?: number;
  readonly validation?: number;
  readonly stratified?: boolean;
  readonly group?: string;
  readonly time?: string;
  readonly folds?: number;
  readonly seed?: number;
  readonly preprocessing?: "auto" | "none";
  /** How numbers come to one scale; default "standard" where the algorithm measures distances. */
  readonly scaler?: ml.AutoPreprocessOptions["scaler"];
  /** The columns that the algorithm sees, chosen on the training rows. */
  readonly featureSelection?: { readonly method: ml.SelectionMethod; readonly nFeatures?: number };
  /** Ends when rows kept back gain no more, for algorithms that can. */
  readonly earlyStopping?: boolean;
  /** Rounds without gain before it stops early. */
  readonly patience?: number;
  /** Id of a saved split, in place of drawing one. */
  readonly split?: string;
  /** Default "default". */
  readonly experiment?: string;
  readonly name?: string;
  /** The higher is taken first; default 0. */
  readonly priority?: number;
  readonly timeoutSeconds?: number;
  /** Taken at this instant at the earliest. */
  readonly notBefore?: Date;
  /** How often it is taken up again after its worker ended in the middle; default 2. */
  readonly retries?: number;
}

/** A job that was sent. */
export interface SentJob {
  readonly id: string;
  /** Where it stands. */
  status(): Promise<Job>;
  /** Resolves with the job when it has ended, whatever its end. */
  ended(options?: { readonly signal?: AbortSignal }): Promise<Job>;
  logs(): Promise<readonly LogLine[]>;
  cancel(): Promise<void>;
  /** Makes a new attempt, after it failed or was cancelled. */
  retry(): Promise<void>;
}

/** A training that was sent. */
export interface SentTraining extends SentJob {
  readonly runId: string;
  /** Resolves with the run when it has ended, whatever its end. */
  done(options?: { readonly signal?: AbortSignal }): Promise<RunInfo>;
}

/** How a submitted job waits, and where its run goes. */
export interface SubmitOptions extends QueueOptions {
  /** For kinds that make a run; default "default". */
  readonly experiment?: string;
  readonly runName?: string;
}

/** Schedules as cells use them. */
export interface Schedules {
  /** Queues a job whenever the cron text says so: `{ name, cron: "0 3 * * *", timezone: "Europe/Berlin", kind: "train", request: … }`. */
  create(schedule: ScheduleCreate): Promise<Schedule>;
  list(): Promise<readonly Schedule[]>;
  pause(id: string): Promise<Schedule>;
  resume(id: string): Promise<Schedule>;
  delete(id: string): Promise<void>;
}

/** Long work as cells use it. */
export interface Jobs {
  /** Trains elsewhere: checks the request, queues it, and makes sure that a worker lives. */
  train(job: TrainJob): Promise<SentTraining>;
  /** Queues any kind of job, as HTTP's POST /api/ml/jobs. */
  submit(kind: string, request: unknown, options?: SubmitOptions): Promise<SentJob>;
  get(id: string): Promise<Job>;
  list(query?: JobQuery): Promise<readonly Job[]>;
  /** Jobs whose workers ended in the middle too often, with their errors. */
  dead(): Promise<readonly Job[]>;
  cancel(id: string): Promise<void>;
  /** Makes a new attempt of a job that failed or was cancelled. */
  retry(id: string): Promise<void>;
  logs(id: string): Promise<readonly LogLine[]>;
  readonly schedules: Schedules;
}

/** The jobs of a session. */
export function jobsOf(session: Session): Jobs {
  return {
    async train({ experiment = "default", name, priority, timeoutSeconds, notBefore, retries, ...job }) {
      const training = await planTraining(session, requestOf(job));
      const options = { priority, timeoutSeconds, notBefore, retries };
      const { jobId, runId } = await queueTraining(session, training, { experiment, name }, options);
      await ensureWorker(session);
      return {
        ...sentJob(session, jobId),
        runId,
        done: (waiting) => jobEnded(session, jobId, waiting?.signal).then(() => getRun(session, runId)),
      };
    },
    async submit(kind, request, options) {
      const { jobId } = await submitJob(session, kind, request, options);
      await ensureWorker(session);
      return sentJob(session, jobId);
    },
    get: (id) => getJob(session, id),
    list: async (query) => (await listJobs(session, query)).items,
    dead: async () => (await listJobs(session, { dead: true, limit: 500 })).items,
    cancel: (id) => cancelJob(session, id),
    retry: (id) => retried(session, id),
    logs: (id) => jobLogs(session, id),
    schedules: {
      async create(schedule) {
        const made = await createSchedule(session, schedule);
        await ensureWorker(session);
        return made;
      },
      list: async () => (await listSchedules(session, { limit: 500 })).items,
      pause: (id) => changeSchedule(session, id, { paused: true }),
      resume: (id) => changeSchedule(session, id, { paused: false }),
      delete: (id) => deleteSchedule(session, id),
    },
  };
}

/** A training as the contract takes it. */
export function requestOf(job: TrainJob) {
  return {
    dataset_id: job.dataset,
    target_column: job.target,
    feature_columns: job.features && [...job.features],
    task_type: job.task,
    algorithm: job.algorithm,
    hyperparameters: job.params ?? {},
    test_size: job.test,
    validation_size: job.validation,
    stratified: job.stratified,
    group_column: job.group,
    time_column: job.time,
    random_seed: job.seed,
    cv_folds: job.folds,
    ...stepsOfRequest(job),
    split_id: job.split,
  };
}

/** What a job asks for around its estimator, as the contract has it. */
export function stepsOfRequest(
  job: Pick<TrainJob, "preprocessing" | "scaler" | "featureSelection" | "earlyStopping" | "patience">,
) {
  const { method, nFeatures } = job.featureSelection ?? {};
  return {
    preprocessing: job.preprocessing,
    scaling_method: job.scaler,
    feature_selection: method && { method, n_features: nFeatures },
    early_stopping: job.earlyStopping,
    early_stopping_patience: job.patience,
  };
}

/** A queued job as a cell holds it. */
export function sentJob(session: Session, id: string): SentJob {
  return {
    id,
    status: () => getJob(session, id),
    ended: ({ signal } = {}) => jobEnded(session, id, signal),
    logs: () => jobLogs(session, id),
    cancel: () => cancelJob(session, id),
    retry: () => retried(session, id),
  };
}

async function retried(session: Session, id: string): Promise<void> {
  await retryJob(session, id);
  await ensureWorker(session);
}

/** Waits for the end of a job; sees to it that a worker lives as long. */
export async function jobEnded(session: Session, id: string, signal?: AbortSignal): Promise<Job> {
  let wake: () => void = () => {};
  const ignore = await listen((notice) => {
    if (!notice || notice.subject === queueSubject) wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const told = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const job = await getJob(session, id);
      if (job.job_status !== "queued" && job.job_status !== "running") return job;
      const late = setTimeout(() => wake(), 5000);
      await told;
      clearTimeout(late);
      await ensureWorker(session).catch(() => {});
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await ignore();
  }
}
