import { z } from "zod";
import { logLine, logsAnswer, metricsLog, runAnswer, runStatus, seriesAnswer } from "../contract/training.ts";
import { answer, id, name, taskType } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { addToRun, createRun, finishRun, getRun, logLines, logMetrics, metricSeries, runLogs } from "../tracking/index.ts";
import type { App } from "./app.ts";

const params = z.object({ id });
const done = answer({});
const status = "success" as const;
const root = "/api/ml/runs";

/** Tracking from any program: a run is made, told metrics, parameters, tags and lines, and finished. */
export function runRoutes(app: App, session: Session): void {
  const newRun = z.object({
    experiment: name.default("default"),
    name: name.optional(),
    algorithm: z.string().optional(),
    task_type: taskType.optional(),
    params: z.record(z.string(), z.unknown()).default({}),
    tags: z.record(z.string(), z.string()).default({}),
  });
  app.post(
    root,
    { schema: { body: newRun, response: { 201: answer({ run_id: id, run_status: runStatus }) } } },
    async ({ body }, reply) => {
      const { task_type: task, ...run } = body;
      const runId = await createRun(session, { ...run, task, status: "training" });
      return reply.status(201).send({ status, run_id: runId, run_status: "training" });
    },
  );

  app.post(`${root}/:id/metrics`, { schema: { params, body: metricsLog, response: { 200: done } } }, async ({ params, body }) => {
    await getRun(session, params.id);
    await logMetrics(session, params.id, body.metrics);
    return { status };
  });

  app.get(`${root}/:id/metrics`, { schema: { params, response: { 200: seriesAnswer } } }, async ({ params }) => {
    await getRun(session, params.id);
    return { status, series: await metricSeries(session, [params.id]) };
  });

  app.post(
    `${root}/:id/params`,
    { schema: { params, body: z.object({ params: z.record(z.string(), z.unknown()) }), response: { 200: done } } },
    async ({ params, body }) => {
      await getRun(session, params.id);
      await addToRun(session, params.id, "params", body.params);
      return { status };
    },
  );

  app.post(
    `${root}/:id/tags`,
    { schema: { params, body: z.object({ tags: z.record(z.string(), z.string()) }), response: { 200: done } } },
    async ({ params, body }) => {
      await getRun(session, params.id);
      await addToRun(session, params.id, "tags", body.tags);
      return { status };
    },
  );

  const lines = z.object({
    lines: z
      .array(logLine.pick({ level: true, message: true }))
      .min(1)
      .max(1000),
  });
  app.post(`${root}/:id/logs`, { schema: { params, body: lines, response: { 200: done } } }, async ({ params, body }) => {
    await getRun(session, params.id);
    await logLines(session, params.id, body.lines);
    return { status };
  });

  const window = z.object({
    limit: z.coerce.number().int().min(1).max(500).default(500),
    after: z.string().regex(/^\d+$/).default("0"),
  });
  app.get(
    `${root}/:id/logs`,
    { schema: { params, querystring: window, response: { 200: logsAnswer } } },
    async ({ params, query }) => {
      await getRun(session, params.id);
      return { status, items: await runLogs(session, params.id, query) };
    },
  );

  const ending = z.object({
    run_status: z.enum(["completed", "failed", "cancelled"]).default("completed"),
    error: z.string().max(10_000).optional(),
  });
  app.post(`${root}/:id/finish`, { schema: { params, body: ending, response: { 200: runAnswer } } }, async ({ params, body }) => {
    await finishRun(session, params.id, body.run_status, { error: body.error });
    return { status, experiment: await getRun(session, params.id) };
  });
}
