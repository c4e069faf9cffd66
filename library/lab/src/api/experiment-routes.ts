import { createReadStream } from "node:fs";
import { ConflictError, NotFoundError } from "assay";
import { experimentRoutes as routes } from "../contract/experiment-routes.ts";
import type { Job } from "../contract/jobs.ts";
import type { TrainingResults } from "../contract/training.ts";
import { trainingRoutes } from "../contract/training-routes.ts";
import { cancelJob, getJob, planTraining, queueTraining, queueTuning } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import { evaluateRun, predictWithRun } from "../registry/index.ts";
import { deleteRuns, finishRun, getRun, listRuns, purgeRun, restoreRuns, runSeries } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { partedFromWaiting } from "./job-routes.ts";
import { shared } from "./shared-answers.ts";

/** Experiments: create, train, follow, predict, delete. */
export function experimentRoutes(app: App): void {
  queueRoutes(app);
  readRoutes(app);
  modelRoutes(app);

  handle(app, routes.cancel, async ({ params, session }) => {
    const { job_id } = await getRun(session, params.id);
    if (job_id) await cancelJob(session, job_id);
    else await finishRun(session, params.id, "cancelled");
    return { experiment: await getRun(session, params.id) };
  });

  handle(app, routes.delete, async ({ params, query, session }) => {
    if (query.permanent) await purgeRun(session, params.id);
    else await deleteRuns(session, [params.id]);
    return { deleted: params.id };
  });

  handle(app, routes.restore, async ({ params, session }) => {
    await restoreRuns(session, [params.id]);
    return { experiment: await getRun(session, params.id) };
  });
}

/** Trainings: with their experiment, by dataset alone, and once more. */
function queueRoutes(app: App): void {
  handle(app, routes.create, async ({ body, headers, session }) => {
    const { name, description, run_name, tags, tuning, ...rest } = body;
    const { request, options } = partedFromWaiting(rest);
    const waiting = { ...options, idempotencyKey: headers["idempotency-key"] };
    const said = { description, tags };
    const { jobId, runId } = tuning
      ? await queueTuning(session, { ...request, ...tuning, experiment: name, run_name }, waiting, said)
      : await queueTraining(
          session,
          await planTraining(session, request),
          { experiment: name, name: run_name, ...said },
          waiting,
        );
    return { experiment_id: runId, job_id: jobId, run_status: "pending" as const };
  });

  handle(app, trainingRoutes.train, async ({ body, headers, session }) => {
    const { experiment, run_name, ...rest } = body;
    const { request, options } = partedFromWaiting(rest);
    const training = await planTraining(session, request);
    const waiting = { ...options, idempotencyKey: headers["idempotency-key"] };
    const { jobId, runId } = await queueTraining(session, training, { experiment, name: run_name }, waiting);
    return { job_id: jobId, experiment_id: runId };
  });

  handle(app, trainingRoutes.training, async ({ params, session }) => {
    const job = await getJob(session, params.id);
    const { job_status, created_at, completed_at } = job;
    return { job, job_status, created_at, completed_at, results: await trainingResults(session, job) };
  });

  handle(app, routes.train, async ({ params, session }) => {
    const run = await getRun(session, params.id);
    const row = await session.db.selectFrom("runs").select("request").where("id", "=", params.id).executeTakeFirstOrThrow();
    if (!row.request) throw new ConflictError(`run: ${params.id} was tracked by a program, its training is not known here`);
    const { jobId, runId } = await queueTraining(session, await planTraining(session, row.request), {
      experiment: run.experiment,
      name: run.name,
      description: run.description,
      tags: run.tags,
    });
    return { experiment_id: runId, job_id: jobId, run_status: "pending" as const };
  });
}

function readRoutes(app: App): void {
  handle(
    app,
    routes.list,
    shared(async ({ query, session }) => {
      const { items, next_cursor } = await listRuns(session, query);
      return { items: [...items], next_cursor };
    }),
    { serializerCompiler: () => JSON.stringify }, // rows of our own, and many: checking each against the contract took a third of the time
  );

  handle(
    app,
    routes.get,
    shared(async ({ params, session }) => ({ experiment: await getRun(session, params.id) })),
  );
}

/** What came of a training: null until its job is done. */
async function trainingResults(session: Session, { job_status, run_id: runId, results }: Job): Promise<TrainingResults | null> {
  if (job_status !== "completed" || !runId) return null;
  const [run, series] = await Promise.all([getRun(session, runId), runSeries(session, runId)]);
  const { algorithm, task_type, dataset, target_column, feature_columns, metrics, started_at, ended_at } = run;
  const duration_ms = started_at && ended_at ? Date.parse(ended_at) - Date.parse(started_at) : null;
  const columns = { dataset, target_column, feature_columns };
  return {
    evaluation: (results as { readonly evaluation?: unknown }).evaluation ?? null,
    training_history: [...series],
    training_summary: { experiment_id: runId, algorithm, task_type, ...columns, metrics, duration_ms },
  };
}

/** What is asked of a run's model. */
function modelRoutes(app: App): void {
  handle(app, routes.predict, async ({ params, body, session }) => {
    await getRun(session, params.id);
    return predictWithRun(session, params.id, [body.features].flat());
  });

  handle(app, routes.evaluate, async ({ params, body, session }) => {
    await getRun(session, params.id);
    return { evaluation: JSON.parse(JSON.stringify(await evaluateRun(session, params.id, body), jsonMetric)) };
  });

  handle(app, routes.downloadModel, async ({ params, session }, reply) => {
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
}

/** NaN and ±Infinity as text: JSON has no word for them. */
function jsonMetric(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
