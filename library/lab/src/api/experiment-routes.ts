import { createReadStream } from "node:fs";
import {
  algorithmByName,
  algorithms,
  ConflictError,
  capabilities,
  factoryByName,
  hyperparameterSchema,
  NotFoundError,
  type PredictTask,
} from "assay";
import { z } from "zod";
import { deleted } from "../contract/datasets.ts";
import {
  algorithmList,
  algorithmParams,
  compareAnswer,
  compareRequest,
  evaluateAnswer,
  evaluateRequest,
  experimentCreate,
  jobCreated,
  logsAnswer,
  modelTrain,
  predictRows,
  runAnswer,
  runCreated,
  runList,
  runListQuery,
  seriesAnswer,
  validateAnswer,
  validateRequest,
} from "../contract/training.ts";
import { answer, cell, id, taskType } from "../contract/values.ts";
import { cancelJob, planTraining, queueTraining } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import { evaluateRun, predictWithRun } from "../registry/index.ts";
import { compareRuns, deleteRun, finishRun, getRun, listRuns, metricSeries, runLogs } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { validateFeatures } from "./validate-features.ts";

const params = z.object({ id });
const status = "success" as const;

/** Algorithms, and experiments: create, train, follow, compare, predict, delete. Each also without `/api`. */
export function experimentRoutes(app: App, session: Session): void {
  for (const root of ["/api/ml", "/ml"]) routesUnder(app, session, root);
}

function routesUnder(app: App, session: Session, root: string): void {
  const tasks = z.object({ task_type: taskType.optional() });
  app.get(`${root}/algorithms`, { schema: { querystring: tasks, response: { 200: algorithmList } } }, async ({ query }) => ({
    status,
    items: algorithms
      .filter(({ factories }) => query.task_type === undefined || factories[query.task_type])
      .map(({ name, title, description, aliases, factories, isPreset }) => {
        const task_types = Object.keys(factories) as PredictTask[];
        const task = query.task_type ?? task_types[0]!;
        const { missing, categories, probabilities } = capabilities(name, task);
        return {
          name,
          title,
          description,
          task_types,
          aliases: [...aliases],
          preset_of: isPreset ? factories[task]!.estimator : null,
          handles_missing: missing,
          handles_categories: categories,
          has_probabilities: probabilities,
        };
      }),
  }));

  app.get(
    `${root}/algorithms/:name/params`,
    { schema: { params: z.object({ name: z.string() }), querystring: tasks, response: { 200: algorithmParams } } },
    async ({ params: { name }, query }) => {
      const algorithm = algorithmByName(name);
      const task_type = query.task_type ?? (Object.keys(algorithm.factories)[0] as PredictTask);
      factoryByName(name, task_type);
      return { status, algorithm: algorithm.name, task_type, schema: hyperparameterSchema(name, task_type) };
    },
  );

  app.post(
    `${root}/validate-features`,
    { schema: { body: validateRequest, response: { 200: validateAnswer } } },
    async ({ body }) => ({ status, ...(await validateFeatures(session, body)) }),
  );

  app.post(
    `${root}/experiments/create`,
    { schema: { body: experimentCreate, response: { 202: runCreated } } },
    async ({ body }, reply) => {
      const { name, description, run_name, tags, ...request } = body;
      const training = await planTraining(session, request);
      const { jobId, runId } = await queueTraining(session, training, { experiment: name, name: run_name, description, tags });
      return reply.status(202).send({ status, experiment_id: runId, job_id: jobId, run_status: "pending" });
    },
  );

  app.post(`${root}/models/train`, { schema: { body: modelTrain, response: { 202: jobCreated } } }, async ({ body }, reply) => {
    const { experiment, run_name, ...request } = body;
    const { jobId, runId } = await queueTraining(session, await planTraining(session, request), { experiment, name: run_name });
    return reply.status(202).send({ status, job_id: jobId, experiment_id: runId });
  });

  // trains the same request once more, as a run of its own
  app.post(`${root}/experiments/:id/train`, { schema: { params, response: { 202: runCreated } } }, async ({ params }, reply) => {
    const run = await getRun(session, params.id);
    const row = await session.db.selectFrom("runs").select("request").where("id", "=", params.id).executeTakeFirstOrThrow();
    if (!row.request) throw new ConflictError(`run: ${params.id} was tracked by a program, its training is not known here`);
    const { jobId, runId } = await queueTraining(session, await planTraining(session, row.request), {
      experiment: run.experiment,
      name: run.name,
      description: run.description,
      tags: run.tags,
    });
    return reply.status(202).send({ status, experiment_id: runId, job_id: jobId, run_status: "pending" });
  });

  app.get(
    `${root}/experiments/list`,
    { schema: { querystring: runListQuery, response: { 200: runList } } },
    async ({ query }) => {
      const { items, next_cursor } = await listRuns(session, query);
      return { status, items: [...items], next_cursor };
    },
  );

  app.get(`${root}/experiments/:id`, { schema: { params, response: { 200: runAnswer } } }, async ({ params }) => ({
    status,
    experiment: await getRun(session, params.id),
  }));

  app.get(`${root}/experiments/:id/metrics`, { schema: { params, response: { 200: seriesAnswer } } }, async ({ params }) => {
    await getRun(session, params.id);
    return { status, series: await metricSeries(session, [params.id]) };
  });

  app.get(`${root}/experiments/:id/logs`, { schema: { params, response: { 200: logsAnswer } } }, async ({ params }) => {
    await getRun(session, params.id);
    return { status, items: await runLogs(session, params.id) };
  });

  const rowsAnswer = answer({
    prediction: z.array(cell),
    prediction_proba: z.array(z.array(z.number())).nullable(),
    classes: z.array(cell).nullable(),
    warnings: z.array(z.string()),
  });
  app.post(
    `${root}/experiments/:id/predict`,
    { schema: { params, body: predictRows, response: { 200: rowsAnswer } } },
    async ({ params, body }) => {
      await getRun(session, params.id);
      return { status, ...(await predictWithRun(session, params.id, [body.features].flat())) };
    },
  );

  app.post(
    `${root}/experiments/:id/evaluate`,
    { schema: { params, body: evaluateRequest, response: { 200: evaluateAnswer } } },
    async ({ params, body }) => {
      await getRun(session, params.id);
      return { status, evaluation: JSON.parse(JSON.stringify(await evaluateRun(session, params.id, body), jsonMetric)) };
    },
  );

  app.post(`${root}/experiments/:id/cancel`, { schema: { params, response: { 200: runAnswer } } }, async ({ params }) => {
    const { job_id } = await getRun(session, params.id);
    if (job_id) await cancelJob(session, job_id);
    else await finishRun(session, params.id, "cancelled");
    return { status, experiment: await getRun(session, params.id) };
  });

  app.get(`${root}/experiments/:id/download-model`, { schema: { params } }, async ({ params }, reply) => {
    const { name } = await getRun(session, params.id);
    const artifact = await session.db
      .selectFrom("artifacts")
      .select(["file", "size_bytes"])
      .where("run_id", "=", params.id)
      .where("name", "=", "model")
      .executeTakeFirst();
    if (!artifact) throw new NotFoundError(`run: "${name}" has saved no model`);
    const fileName = artifact.file.split("/").at(-1)!;
    reply
      .header("content-type", "application/octet-stream")
      .header("content-length", artifact.size_bytes)
      .header("content-disposition", `attachment; filename="${fileName}"`);
    return reply.send(createReadStream(session.store.path(artifact.file)));
  });

  app.delete(`${root}/experiments/:id`, { schema: { params, response: { 200: deleted } } }, async ({ params }) => {
    await deleteRun(session, params.id);
    return { status, deleted: params.id };
  });

  app.post(
    `${root}/experiments/compare`,
    { schema: { body: compareRequest, response: { 200: z.union([compareAnswer, z.string()]) } } },
    async ({ body, headers }, reply) => {
      const comparison = await compareRuns(session, body.ids);
      if (!headers.accept?.includes("text/csv")) return { status, ...comparison };
      const line = (cells: readonly unknown[]): string => cells.map(csvCell).join(",");
      const rows = [
        ["", ...comparison.runs.map(({ name }) => name)],
        ...[...comparison.params, ...comparison.metrics].map(({ name, values }) => [name, ...values]),
      ];
      reply.header("content-type", "text/csv; charset=utf-8").serializer(String);
      return reply.send(`${rows.map(line).join("\r\n")}\r\n` as never);
    },
  );
}

/** NaN and ±Infinity as text: JSON has no word for them. */
function jsonMetric(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** A cell of a CSV for a spreadsheet: quoted where it must be, and kept from being a formula. */
function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
