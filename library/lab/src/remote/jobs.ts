import { endsJob, followEvents, ProblemError } from "../client/index.ts";
import type { Job } from "../contract/jobs.ts";
import type { LogLine } from "../contract/training.ts";
import { requestOf } from "../jobs/for-cells.ts";
import type { Jobs, QueueOptions, SentJob } from "../jobs/index.ts";
import { localError } from "./local-error.ts";
import { once } from "./once.ts";
import type { Service } from "./service.ts";

/** The jobs of a service. */
export function remoteJobs(service: Service): Jobs {
  const { client } = service;
  return {
    async train({ experiment = "default", name, ...job }) {
      const body = { ...requestOf(job), ...waitingOf(job), experiment, run_name: name };
      const { job_id, experiment_id: runId } = await client.models.train(body, once());
      const sent = sentRemoteJob(service, job_id);
      const done: RunDone = (waiting) => sent.ended(waiting).then(async () => (await client.runs.get({ id: runId })).experiment);
      return { ...sent, runId, done };
    },
    async submit(kind, request, options = {}) {
      const { experiment, runName: run_name, idempotencyKey } = options;
      const body = { kind, request: request as Record<string, unknown>, experiment, run_name, ...waitingOf(options) };
      return sentRemoteJob(service, (await client.jobs.submit(body, once(idempotencyKey))).job_id);
    },
    get: async (id) => (await client.jobs.get({ id })).job,
    list: async (query) => (await client.jobs.list(query)).items,
    dead: async () => (await client.jobs.list({ dead: true, limit: 500 })).items,
    cancel: async (id) => void (await client.jobs.cancel({ id })),
    retry: async (id) => void (await client.jobs.retry({ id })),
    logs: (id) => linesOf(service, id),
    schedules: {
      create: async (schedule) => (await client.schedules.create(schedule)).schedule,
      list: async () => (await client.schedules.list({ limit: 500 })).items,
      pause: async (id) => (await client.schedules.change({ id, paused: true })).schedule,
      resume: async (id) => (await client.schedules.change({ id, paused: false })).schedule,
      delete: async (id) => void (await client.schedules.delete({ id })),
    },
  };
}

type RunDone = Awaited<ReturnType<Jobs["train"]>>["done"];

/** A job of a service as a cell holds it. */
export function sentRemoteJob(service: Service, id: string): SentJob {
  const { client } = service;
  return {
    id,
    status: async () => (await client.jobs.get({ id })).job,
    ended: ({ signal } = {}) => remoteJobEnded(service, id, signal),
    logs: () => linesOf(service, id),
    cancel: async () => void (await client.jobs.cancel({ id })),
    retry: async () => void (await client.jobs.retry({ id })),
  };
}

/** How long events are followed before the job itself is looked at again. */
const roundMs = 30_000;

/** Waits for the end of a job by its events, through restarts of the service. */
export async function remoteJobEnded({ client }: Service, id: string, signal?: AbortSignal): Promise<Job> {
  for (;;) {
    signal?.throwIfAborted();
    const { job } = await client.jobs.get({ id }, signal ? { signal } : {});
    if (job.job_status !== "queued" && job.job_status !== "running") return job;
    const round = AbortSignal.any([AbortSignal.timeout(roundMs), ...(signal ? [signal] : [])]);
    const events = followEvents((options) => client.jobs.events({ id }, options), { isLast: endsJob, signal: round });
    try {
      for await (const _ of events);
    } catch (error) {
      throw error instanceof ProblemError ? localError(error) : error;
    }
  }
}

/** How a job waits, as the contract spells it. */
export function waitingOf({ priority, timeoutSeconds, notBefore, retries }: Pick<QueueOptions, Waiting>) {
  return { priority, timeout_seconds: timeoutSeconds, not_before: notBefore?.toISOString(), retries };
}

type Waiting = "priority" | "timeoutSeconds" | "notBefore" | "retries";

async function linesOf({ client }: Service, id: string): Promise<readonly LogLine[]> {
  return (await client.jobs.logs({ id })).items;
}
