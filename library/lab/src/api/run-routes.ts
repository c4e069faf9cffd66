import { ConflictError } from "assay";
import type { z } from "zod";
import { runRoutes as routes } from "../contract/run-routes.ts";
import type { seriesQuery } from "../contract/runs.ts";
import type { systemQuery } from "../contract/system-metrics.ts";
import {
  addToRun,
  changeRun,
  checkRun,
  createRun,
  deleteRuns,
  finishRun,
  getRun,
  heartbeat,
  listRuns,
  logLines,
  logMetrics,
  moveRuns,
  reportProgress,
  runLogs,
  runSeries,
  runStatus,
  systemSeries,
} from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { shared } from "./shared-answers.ts";

/**
 * Tracking from any program: a run is made, told metrics, parameters, tags, lines and files, and finished. Whatever is told is a word of its
 * program; a run of which nothing is heard for `lease_seconds` fails.
 */
export function runRoutes(app: App): void {
  lifeRoutes(app);
  tellRoutes(app);
  readRoutes(app);
}

function lifeRoutes(app: App): void {
  handle(app, routes.create, async ({ body, session }) => {
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
    return { run_id: runId, run_status: "training" as const, lease_until };
  });

  handle(
    app,
    routes.get,
    shared(async ({ params, session }) => ({ experiment: await getRun(session, params.id, { deleted: true }) })),
  );

  handle(app, routes.change, async ({ params, body, session }) => {
    const { experiment, task_type, dataset, target_column, feature_columns, random_seed, parent_id, ...others } = body;
    const { tags, environment, ...rest } = others;
    await getRun(session, params.id);
    if (experiment !== undefined) await moveRuns(session, [params.id], experiment);
    const renamed = {
      task: task_type,
      datasetName: dataset,
      target: target_column,
      features: feature_columns,
      seed: random_seed,
      parentId: parent_id,
    };
    await changeRun(session, params.id, { ...rest, ...renamed });
    if (tags) await addToRun(session, params.id, "tags", tags);
    if (environment) await addToRun(session, params.id, "environment", environment);
    return { experiment: await getRun(session, params.id) };
  });

  handle(app, routes.heartbeat, async ({ params, session }) => heartbeat(session, params.id, { now: true }));

  handle(app, routes.finish, async ({ params, body, session }) => {
    const { run_status, error, stack } = body;
    await finishRun(session, params.id, run_status, { error, stack }).catch(async (failure) => {
      const isSaidTwice = failure instanceof ConflictError && (await getRun(session, params.id)).status === run_status;
      if (!isSaidTwice) throw failure;
    });
    return { experiment: await getRun(session, params.id) };
  });

  handle(app, routes.delete, async ({ params, session }) => {
    await deleteRuns(session, [params.id]);
    return { deleted: params.id };
  });
}

function tellRoutes(app: App): void {
  handle(app, routes.logMetrics, async ({ params, body, session }) => {
    await logMetrics(session, params.id, body.metrics, { batchId: body.batch_id });
    await heartbeat(session, params.id);
  });

  handle(app, routes.logParams, async ({ params, body, session }) => {
    await addToRun(session, params.id, "params", body.params);
    await heartbeat(session, params.id);
  });

  handle(app, routes.logTags, async ({ params, body, session }) => {
    await addToRun(session, params.id, "tags", body.tags);
    await heartbeat(session, params.id);
  });

  handle(app, routes.logLines, async ({ params, body, session }) => {
    await logLines(session, params.id, body.lines, { batchId: body.batch_id });
    await heartbeat(session, params.id);
  });

  handle(app, routes.logBatch, async ({ params, body, session }) => {
    const { metrics, params: given, tags, lines, progress, batch_id: batchId } = body;
    if (Object.keys(given).length > 0) await addToRun(session, params.id, "params", given);
    if (Object.keys(tags).length > 0) await addToRun(session, params.id, "tags", tags);
    await logMetrics(session, params.id, metrics, { batchId });
    await logLines(session, params.id, lines, { batchId });
    await heartbeat(session, params.id);
    if (progress) await reportProgress(session, params.id, { ...progress, elapsedMs: progress.elapsed_ms });
  });
}

function readRoutes(app: App): void {
  handle(app, routes.metrics, async ({ params, query, session }) => ({
    series: await runSeries(session, params.id, seriesOptions(query)),
  }));

  handle(app, routes.systemMetrics, async ({ params, query, session }) => ({
    series: await systemSeries(session, params.id, windowOf(query)),
  }));

  handle(
    app,
    routes.logs,
    shared(async ({ params, query, session }) => {
      await runStatus(session, params.id);
      return { items: await runLogs(session, params.id, query) };
    }),
  );

  handle(app, routes.children, async ({ params, session }) => {
    await checkRun(session, params.id);
    const { items } = await listRuns(session, { filter: `parent = '${params.id}'`, limit: 500 });
    return { items: [...items] };
  });
}

/** The query of a curve as the room takes it. */
function seriesOptions({ name, ...query }: z.output<typeof seriesQuery>) {
  return { ...windowOf(query), ...(name !== undefined && { names: name.split(",").map((each) => each.trim()) }) };
}

/** The part of a curve that a query asks for. */
function windowOf<Q extends z.output<typeof systemQuery>>({ since, until, project_id: _, ...rest }: Q) {
  return {
    ...rest,
    ...(since !== undefined && { since: new Date(since) }),
    ...(until !== undefined && { until: new Date(until) }),
  };
}
