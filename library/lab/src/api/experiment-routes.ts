import { createReadStream } from "node:fs";
import {
  algorithmByName,
  algorithms,
  ConflictError,
  capabilities,
  defaultSpace,
  factoryByName,
  hyperparameterSchema,
  NotFoundError,
  ParamsError,
  type PredictTask,
} from "assay";
import { z } from "zod";
import { deleted } from "../contract/datasets.ts";
import { idempotencyHeaders, jobCreated } from "../contract/jobs.ts";
import { seriesQuery } from "../contract/runs.ts";
import {
  algorithmList,
  algorithmParams,
  evaluateAnswer,
  evaluateRequest,
  experimentCreate,
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
import { answer, cell, id, snakeCase, taskType } from "../contract/values.ts";
import { cancelJob, planTraining, queueTraining } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import { evaluateRun, predictWithRun } from "../registry/index.ts";
import { deleteRuns, finishRun, getRun, listRuns, purgeRun, restoreRuns, runLogs, runSeries } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { seriesOptions } from "./run-routes.ts";
import { validateFeatures } from "./validate-features.ts";

const params = z.object({ id });
const status = "success" as const;

/** Algorithms, and experiments: create, train, follow, predict, delete. Each also without `/api`. */
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
      const space = usualSpace(name, task_type);
      return {
        status,
        algorithm: algorithm.name,
        task_type,
        schema: hyperparameterSchema(name, task_type),
        ...(space && { space }),
      };
    },
  );

  app.post(
    `${root}/validate-features`,
    { schema: { body: validateRequest, response: { 200: validateAnswer } } },
    async ({ body }) => ({ status, ...(await validateFeatures(session, body)) }),
  );

  app.post(
    `${root}/experiments/create`,
    { schema: { body: experimentCreate, headers: idempotencyHeaders, response: { 202: runCreated } } },
    async ({ body, headers }, reply) => {
      const { name, description, run_name, tags, ...request } = body;
      const training = await planTraining(session, request);
      const { jobId, runId } = await queueTraining(
        session,
        training,
        { experiment: name, name: run_name, description, tags },
        { idempotencyKey: headers["idempotency-key"] },
      );
      return reply.status(202).send({ status, experiment_id: runId, job_id: jobId, run_status: "pending" });
    },
  );

  app.post(
    `${root}/models/train`,
    { schema: { body: modelTrain, headers: idempotencyHeaders, response: { 202: jobCreated } } },
    async ({ body, headers }, reply) => {
      const { experiment, run_name, ...request } = body;
      const training = await planTraining(session, request);
      const key = { idempotencyKey: headers["idempotency-key"] };
      const { jobId, runId } = await queueTraining(session, training, { experiment, name: run_name }, key);
      return reply.status(202).send({ status, job_id: jobId, experiment_id: runId });
    },
  );

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
    async ({ query }, reply) => {
      const { items, next_cursor } = await listRuns(session, query);
      reply.serializer(JSON.stringify); // rows of our own, and many: checking each against the contract took a third of the time
      return { status, items: [...items], next_cursor };
    },
  );

  app.get(`${root}/experiments/:id`, { schema: { params, response: { 200: runAnswer } } }, async ({ params }) => ({
    status,
    experiment: await getRun(session, params.id),
  }));

  app.get(
    `${root}/experiments/:id/metrics`,
    { schema: { params, querystring: seriesQuery, response: { 200: seriesAnswer } } },
    async ({ params, query }) => ({ status, series: await runSeries(session, params.id, seriesOptions(query)) }),
  );

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

  const removal = z.object({
    permanent: z.stringbool().default(false).describe("For good, with metrics and files; else it can be restored."),
  });
  app.delete(
    `${root}/experiments/:id`,
    { schema: { params, querystring: removal, response: { 200: deleted } } },
    async ({ params, query }) => {
      if (query.permanent) await purgeRun(session, params.id);
      else await deleteRuns(session, [params.id]);
      return { status, deleted: params.id };
    },
  );

  app.post(`${root}/experiments/:id/restore`, { schema: { params, response: { 200: runAnswer } } }, async ({ params }) => {
    await restoreRuns(session, [params.id]);
    return { status, experiment: await getRun(session, params.id) };
  });
}

/** Where an algorithm's parameters are usually searched, in HTTP's spelling; undefined where it has none. */
function usualSpace(name: string, task: PredictTask): Record<string, Record<string, unknown>> | undefined {
  try {
    const entries = Object.entries(defaultSpace(name, task)).map(([param, { when, ...distribution }]) => {
      const condition = when && { when: Object.fromEntries(Object.entries(when).map(([key, value]) => [snakeCase(key), value])) };
      return [snakeCase(param), { ...distribution, ...condition }] as const;
    });
    return Object.fromEntries(entries);
  } catch (error) {
    if (error instanceof ParamsError) return undefined;
    throw error;
  }
}

/** NaN and ±Infinity as text: JSON has no word for them. */
function jsonMetric(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
