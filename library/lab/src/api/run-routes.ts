import { ConflictError } from "assay";
import { z } from "zod";
import { deleted } from "../contract/datasets.ts";
import { childrenAnswer, linesLog, runBatch, runCreate, runEnding, runPatch, runStarted, seriesQuery } from "../contract/runs.ts";
import { logsAnswer, metricsLog, runAnswer, seriesAnswer } from "../contract/training.ts";
import { answer, id } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import {
  addToRun,
  changeRun,
  createRun,
  deleteRuns,
  finishRun,
  getRun,
  heartbeat,
  listRuns,
  logLines,
  logMetrics,
  moveRuns,
  runLogs,
  runSeries,
} from "../tracking/index.ts";
import type { App } from "./app.ts";

const params = z.object({ id });
const done = answer({});
const status = "success" as const;
const root = "/api/ml/runs";

/**
 * Tracking from any program: a run is made, told metrics, parameters, tags, lines and files, and finished. Whatever is told is a word of its
 * program; a run of which nothing is heard for `lease_seconds` fails.
 */
export function runRoutes(app: App, session: Session): void {
  lifeRoutes(app, session);
  tellRoutes(app, session);
  readRoutes(app, session);
}

function lifeRoutes(app: App, session: Session): void {
  app.post(root, { schema: { body: runCreate, response: { 201: runStarted } } }, async ({ body }, reply) => {
    const { run_id, parent_id, task_type, dataset, target_column, feature_columns, random_seed, lease_seconds, ...run } = body;
    const runId = await createRun(session, {
      ...run,
      id: run_id,
      parentId: parent_id,
      task: task_type,
      datasetName: dataset,
      target: target_column,
      features: feature_columns,
      seed: random_seed,
      leaseSeconds: lease_seconds,
      status: "training",
    });
    const lease_until = new Date(Date.now() + lease_seconds * 1000).toISOString();
    return reply.status(201).send({ status, run_id: runId, run_status: "training", lease_until });
  });

  app.get(`${root}/:id`, { schema: { params, response: { 200: runAnswer } } }, async ({ params }) => ({
    status,
    experiment: await getRun(session, params.id, { deleted: true }),
  }));

  app.patch(`${root}/:id`, { schema: { params, body: runPatch, response: { 200: runAnswer } } }, async ({ params, body }) => {
    const { experiment, dataset, target_column, feature_columns, random_seed, parent_id, tags, environment, ...rest } = body;
    await getRun(session, params.id);
    if (experiment !== undefined) await moveRuns(session, [params.id], experiment);
    const renamed = {
      datasetName: dataset,
      target: target_column,
      features: feature_columns,
      seed: random_seed,
      parentId: parent_id,
    };
    await changeRun(session, params.id, { ...rest, ...renamed });
    if (tags) await addToRun(session, params.id, "tags", tags);
    if (environment) await addToRun(session, params.id, "environment", environment);
    return { status, experiment: await getRun(session, params.id) };
  });

  app.post(`${root}/:id/heartbeat`, { schema: { params, response: { 200: done } } }, async ({ params }) => {
    await heartbeat(session, params.id, { now: true });
    return { status };
  });

  app.post(
    `${root}/:id/finish`,
    { schema: { params, body: runEnding, response: { 200: runAnswer } } },
    async ({ params, body }) => {
      const { run_status, error, stack } = body;
      await finishRun(session, params.id, run_status, { error, stack }).catch(async (failure) => {
        const isSaidTwice = failure instanceof ConflictError && (await getRun(session, params.id)).status === run_status;
        if (!isSaidTwice) throw failure;
      });
      return { status, experiment: await getRun(session, params.id) };
    },
  );

  app.delete(`${root}/:id`, { schema: { params, response: { 200: deleted } } }, async ({ params }) => {
    await deleteRuns(session, [params.id]);
    return { status, deleted: params.id };
  });
}

function tellRoutes(app: App, session: Session): void {
  app.post(`${root}/:id/metrics`, { schema: { params, body: metricsLog, response: { 200: done } } }, async ({ params, body }) => {
    await logMetrics(session, params.id, body.metrics, { batchId: body.batch_id });
    await heartbeat(session, params.id);
    return { status };
  });

  const paramsBody = z.object({ params: runCreate.shape.params });
  app.post(`${root}/:id/params`, { schema: { params, body: paramsBody, response: { 200: done } } }, async ({ params, body }) => {
    await addToRun(session, params.id, "params", body.params);
    await heartbeat(session, params.id);
    return { status };
  });

  const tagsBody = z.object({ tags: runCreate.shape.tags });
  app.post(`${root}/:id/tags`, { schema: { params, body: tagsBody, response: { 200: done } } }, async ({ params, body }) => {
    await addToRun(session, params.id, "tags", body.tags);
    await heartbeat(session, params.id);
    return { status };
  });

  app.post(`${root}/:id/logs`, { schema: { params, body: linesLog, response: { 200: done } } }, async ({ params, body }) => {
    await logLines(session, params.id, body.lines, { batchId: body.batch_id });
    await heartbeat(session, params.id);
    return { status };
  });

  app.post(`${root}/:id/batch`, { schema: { params, body: runBatch, response: { 200: done } } }, async ({ params, body }) => {
    const { metrics, params: given, tags, lines, batch_id: batchId } = body;
    if (Object.keys(given).length > 0) await addToRun(session, params.id, "params", given);
    if (Object.keys(tags).length > 0) await addToRun(session, params.id, "tags", tags);
    await logMetrics(session, params.id, metrics, { batchId });
    await logLines(session, params.id, lines, { batchId });
    await heartbeat(session, params.id);
    return { status };
  });
}

function readRoutes(app: App, session: Session): void {
  app.get(
    `${root}/:id/metrics`,
    { schema: { params, querystring: seriesQuery, response: { 200: seriesAnswer } } },
    async ({ params, query }) => ({ status, series: await runSeries(session, params.id, seriesOptions(query)) }),
  );

  const window = z.object({
    limit: z.coerce.number().int().min(1).max(500).default(500),
    after: z
      .string()
      .regex(/^\d{1,18}$/)
      .default("0"),
  });
  app.get(
    `${root}/:id/logs`,
    { schema: { params, querystring: window, response: { 200: logsAnswer } } },
    async ({ params, query }) => {
      await getRun(session, params.id);
      return { status, items: await runLogs(session, params.id, query) };
    },
  );

  app.get(`${root}/:id/children`, { schema: { params, response: { 200: childrenAnswer } } }, async ({ params }) => {
    const { items } = await listRuns(session, { filter: `parent = '${params.id}'`, limit: 500 });
    return { status, items: [...items] };
  });
}

/** The query of a curve as the room takes it. */
export function seriesOptions({ name, since, until, project_id: _, ...rest }: z.output<typeof seriesQuery>) {
  return {
    ...rest,
    ...(name !== undefined && { names: name.split(",").map((each) => each.trim()) }),
    ...(since !== undefined && { since: new Date(since) }),
    ...(until !== undefined && { until: new Date(until) }),
  };
}
