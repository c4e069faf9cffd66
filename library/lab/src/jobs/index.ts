import type { Job, RunInfo } from "../contract/training.ts";
import type { Session } from "../projects/session.ts";
import { getRun, subscribe } from "../tracking/index.ts";
import { cancelJob, getJob, listJobs, queueTraining } from "./queue.ts";
import { planTraining } from "./training.ts";
import { ensureWorker } from "./worker.ts";

export { cancelJob, closeSender, getJob, listJobs, queueTraining } from "./queue.ts";
export { planTraining, type Training, train } from "./training.ts";
export { ensureWorker, runWorker } from "./worker.ts";

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
  /** Id of a saved split, in place of drawing one. */
  readonly split?: string;
  /** Default "default". */
  readonly experiment?: string;
  readonly name?: string;
}

/** A job that was sent. */
export interface SentJob {
  readonly id: string;
  readonly runId: string;
  /** Where it stands. */
  status(): Promise<Job>;
  /** Resolves with the run when it has ended, whatever its end. */
  done(options?: { readonly signal?: AbortSignal }): Promise<RunInfo>;
  cancel(): Promise<void>;
}

/** Long work as cells use it. */
export interface Jobs {
  /** Trains elsewhere: checks the request, queues it, and makes sure that a worker lives. */
  train(job: TrainJob): Promise<SentJob>;
  get(id: string): Promise<Job>;
  list(query?: { readonly limit?: number }): Promise<readonly Job[]>;
  cancel(id: string): Promise<void>;
}

/** The jobs of a session. */
export function jobsOf(session: Session): Jobs {
  return {
    async train(job) {
      const training = await planTraining(session, {
        dataset_id: job.dataset,
        target_column: job.target,
        feature_columns: job.features,
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
        preprocessing: job.preprocessing,
        split_id: job.split,
      });
      const { jobId, runId } = await queueTraining(session, training, {
        experiment: job.experiment ?? "default",
        name: job.name,
      });
      await ensureWorker(session);
      return sentJob(session, jobId, runId);
    },
    get: (id) => getJob(session, id),
    list: async (query) => (await listJobs(session, query)).items,
    cancel: (id) => cancelJob(session, id),
  };
}

function sentJob(session: Session, id: string, runId: string): SentJob {
  return {
    id,
    runId,
    status: () => getJob(session, id),
    cancel: () => cancelJob(session, id),
    async done({ signal } = {}) {
      const end = new AbortController();
      const ended = async (): Promise<RunInfo | undefined> => {
        const run = await getRun(session, runId);
        return run.status === "pending" || run.status === "training" ? undefined : run;
      };
      const check = setInterval(() => void ensureWorker(session).catch(() => {}), 5000);
      try {
        const stream = subscribe(session, {
          runId,
          after: "0",
          signal: signal ? AbortSignal.any([signal, end.signal]) : end.signal,
        });
        for await (const { event } of stream) {
          const run = event.kind === "run" ? await ended() : undefined;
          if (run) return run;
        }
        signal?.throwIfAborted();
        return await getRun(session, runId);
      } finally {
        clearInterval(check);
        end.abort();
      }
    },
  };
}
