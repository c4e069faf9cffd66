import { z } from "zod";
import { deleted } from "../contract/datasets.ts";
import {
  idempotencyHeaders,
  jobAnswer,
  jobList,
  jobListQuery,
  jobLogsAnswer,
  jobQueued,
  jobSubmit,
  scheduleAnswer,
  scheduleChange,
  scheduleCreate,
  scheduleList,
} from "../contract/jobs.ts";
import { id, page } from "../contract/values.ts";
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
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";

const params = z.object({ id });
const status = "success" as const;

/** Long work: submit, list, look, cancel, retry. */
export function jobRoutes(app: App, session: Session): void {
  app.get("/api/ml/jobs", { schema: { querystring: jobListQuery, response: { 200: jobList } } }, async ({ query }) => {
    const { items, next_cursor } = await listJobs(session, query);
    return { status, items: [...items], next_cursor };
  });
  app.post(
    "/api/ml/jobs",
    { schema: { body: jobSubmit, headers: idempotencyHeaders, response: { 202: jobQueued } } },
    async ({ body, headers }, reply) => {
      const { jobId, runId } = await submitJob(session, body.kind, body.request, {
        priority: body.priority,
        timeoutSeconds: body.timeout_seconds,
        retries: body.retries,
        experiment: body.experiment,
        runName: body.run_name,
        notBefore: body.not_before === undefined ? undefined : new Date(body.not_before),
        idempotencyKey: headers["idempotency-key"],
      });
      return reply.status(202).send({ status, job_id: jobId, run_id: runId ?? null });
    },
  );
  for (const path of ["/api/ml/jobs/:id", "/api/ml/models/train/:id"])
    app.get(path, { schema: { params, response: { 200: jobAnswer } } }, async ({ params }) => ({
      status,
      job: await getJob(session, params.id),
    }));
  const window = z.object({
    limit: z.coerce.number().int().min(1).max(500).default(500),
    after: z
      .string()
      .regex(/^\d{1,18}$/)
      .default("0"),
  });
  app.get(
    "/api/ml/jobs/:id/logs",
    { schema: { params, querystring: window, response: { 200: jobLogsAnswer } } },
    async ({ params, query }) => ({ status, items: await jobLogs(session, params.id, query) }),
  );
  for (const [verb, act] of [
    ["cancel", cancelJob],
    ["retry", retryJob],
  ] as const)
    app.post(`/api/ml/jobs/:id/${verb}`, { schema: { params, response: { 200: jobAnswer } } }, async ({ params }) => {
      await act(session, params.id);
      return { status, job: await getJob(session, params.id) };
    });
  scheduleRoutes(app, session);
}

/** Jobs that are queued again and again. */
function scheduleRoutes(app: App, session: Session): void {
  const root = "/api/ml/schedules";
  app.get(root, { schema: { querystring: page, response: { 200: scheduleList } } }, async ({ query }) => {
    const { items, next_cursor } = await listSchedules(session, query);
    return { status, items: [...items], next_cursor };
  });
  app.post(root, { schema: { body: scheduleCreate, response: { 201: scheduleAnswer } } }, async ({ body }, reply) =>
    reply.status(201).send({ status, schedule: await createSchedule(session, body) }),
  );
  app.get(`${root}/:id`, { schema: { params, response: { 200: scheduleAnswer } } }, async ({ params }) => ({
    status,
    schedule: await getSchedule(session, params.id),
  }));
  app.patch(
    `${root}/:id`,
    { schema: { params, body: scheduleChange, response: { 200: scheduleAnswer } } },
    async ({ params, body }) => ({ status, schedule: await changeSchedule(session, params.id, body) }),
  );
  app.delete(`${root}/:id`, { schema: { params, response: { 200: deleted } } }, async ({ params }) => {
    await deleteSchedule(session, params.id);
    return { status, deleted: params.id };
  });
}
