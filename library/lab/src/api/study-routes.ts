import { z } from "zod";
import { deleted } from "../contract/datasets.ts";
import { idempotencyHeaders } from "../contract/jobs.ts";
import {
  importanceAnswer,
  studyAnswer,
  studyList,
  studyPlotsAnswer,
  trialList,
  trialListQuery,
  tuneCreated,
  tuneRequest,
} from "../contract/studies.ts";
import { page } from "../contract/values.ts";
import { queueTuning } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import {
  deleteStudy,
  getStudy,
  listStudies,
  listTrials,
  studyFigures,
  studyImportance,
  studyStorage,
} from "../tracking/index.ts";
import type { App } from "./app.ts";
import { stream } from "./event-routes.ts";

const params = z.object({ id: z.string().min(1).max(200).describe("Id or name.") });
const status = "success" as const;
const root = "/api/ml/studies";

/** Searches for good parameters: start, list, look, follow, stop. */
export function studyRoutes(app: App, session: Session): void {
  app.post(
    "/api/ml/models/tune",
    { schema: { body: tuneRequest, headers: idempotencyHeaders, response: { 202: tuneCreated } } },
    async ({ body, headers }, reply) => {
      const { jobId, runId, study } = await queueTuning(session, body, { idempotencyKey: headers["idempotency-key"] });
      return reply.status(202).send({ status, job_id: jobId, study_id: study.id, experiment_id: runId });
    },
  );

  app.get(root, { schema: { querystring: page, response: { 200: studyList } } }, async ({ query }) => {
    const { items, next_cursor } = await listStudies(session, query);
    return { status, items: [...items], next_cursor };
  });

  app.get(`${root}/:id`, { schema: { params, response: { 200: studyAnswer } } }, async ({ params }) => ({
    status,
    study: await getStudy(session, params.id),
  }));

  app.get(
    `${root}/:id/trials`,
    { schema: { params, querystring: trialListQuery, response: { 200: trialList } } },
    async ({ params, query }) => {
      const { id } = await getStudy(session, params.id);
      const { items, next_cursor } = await listTrials(session, id, query);
      return { status, items: [...items], next_cursor };
    },
  );

  app.get(`${root}/:id/importance`, { schema: { params, response: { 200: importanceAnswer } } }, async ({ params }) => ({
    status,
    importance: [...(await studyImportance(session, params.id))],
  }));

  app.get(`${root}/:id/plots`, { schema: { params, response: { 200: studyPlotsAnswer } } }, async ({ params }) => ({
    status,
    figures: JSON.parse(JSON.stringify(await studyFigures(session, params.id))),
  }));

  app.post(`${root}/:id/stop`, { schema: { params, response: { 200: studyAnswer } } }, async ({ params }) => {
    const { id } = await getStudy(session, params.id);
    await studyStorage(session).setStopped(id, true);
    return { status, study: await getStudy(session, id) };
  });

  app.get(`${root}/:id/events`, { schema: { params } }, async (request, reply) => {
    const { id } = await getStudy(session, request.params.id);
    return stream(session, request, reply, id, false);
  });

  app.delete(`${root}/:id`, { schema: { params, response: { 200: deleted } } }, async ({ params }) => {
    const { id } = await getStudy(session, params.id);
    await deleteStudy(session, id);
    return { status, deleted: id };
  });
}
