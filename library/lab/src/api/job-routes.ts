import { jobRoutes as jobs, scheduleRoutes as schedules } from "../contract/job-routes.ts";
import type { JobWaiting } from "../contract/job-waiting.ts";
import {
  cancelJob,
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getJob,
  getSchedule,
  jobLogs,
  listJobs,
  listSchedules,
  retryJob,
  submitJob,
} from "../jobs/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/** Long work: submit, list, look, cancel, retry. */
export function jobRoutes(app: App): void {
  handle(app, jobs.list, async ({ query, session }) => {
    const { items, next_cursor } = await listJobs(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, jobs.submit, async ({ body, headers, session }) => {
    const { kind, request, experiment, run_name: runName, ...waiting } = body;
    const options = { ...partedFromWaiting(waiting).options, idempotencyKey: headers["idempotency-key"] };
    const { jobId, runId } = await submitJob(session, kind, request, { ...options, experiment, runName });
    return { job_id: jobId, run_id: runId ?? null };
  });

  handle(app, jobs.get, async ({ params, session }) => ({ job: await getJob(session, params.id) }));
  handle(app, jobs.logs, async ({ params, query, session }) => ({ items: await jobLogs(session, params.id, query) }));

  for (const [verb, act] of [
    ["cancel", cancelJob],
    ["retry", retryJob],
  ] as const)
    handle(app, jobs[verb], async ({ params, session }) => {
      await act(session, params.id);
      return { job: await getJob(session, params.id) };
    });
  scheduleRoutes(app);
}

/** Jobs that are queued again and again. */
function scheduleRoutes(app: App): void {
  handle(app, schedules.list, async ({ query, session }) => {
    const { items, next_cursor } = await listSchedules(session, query);
    return { items: [...items], next_cursor };
  });
  handle(app, schedules.create, async ({ body, session }) => ({ schedule: await createSchedule(session, body) }));
  handle(app, schedules.get, async ({ params, session }) => ({ schedule: await getSchedule(session, params.id) }));
  handle(app, schedules.change, async ({ params, body, session }) => ({
    schedule: await changeSchedule(session, params.id, body),
  }));
  handle(app, schedules.delete, async ({ params, session }) => {
    await deleteSchedule(session, params.id);
    return { deleted: params.id };
  });
}

/** A request apart from how its job waits. */
export function partedFromWaiting<T extends JobWaiting>({ priority, timeout_seconds, retries, not_before, ...request }: T) {
  const notBefore = not_before === undefined ? undefined : new Date(not_before);
  return { request, options: { priority, timeoutSeconds: timeout_seconds, retries, notBefore } };
}
