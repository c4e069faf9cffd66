import { studyRoutes as routes } from "../contract/study-routes.ts";
import { queueTuning } from "../jobs/index.ts";
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
import { handle } from "./handle.ts";
import { partedFromWaiting } from "./job-routes.ts";

/** Searches for good parameters: start, list, look, follow, stop. */
export function studyRoutes(app: App): void {
  handle(app, routes.tune, async ({ body, headers, session }) => {
    const { request, options } = partedFromWaiting(body);
    const waiting = { ...options, idempotencyKey: headers["idempotency-key"] };
    const { jobId, runId, study } = await queueTuning(session, request, waiting);
    return { job_id: jobId, study_id: study.id, experiment_id: runId };
  });

  handle(app, routes.list, async ({ query, session }) => {
    const { items, next_cursor } = await listStudies(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.get, async ({ params, session }) => ({ study: await getStudy(session, params.id) }));

  handle(app, routes.trials, async ({ params, query, session }) => {
    const { id } = await getStudy(session, params.id);
    const { items, next_cursor } = await listTrials(session, id, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.importance, async ({ params, session }) => ({
    importance: [...(await studyImportance(session, params.id))],
  }));

  handle(app, routes.plots, async ({ params, session }) => ({
    figures: JSON.parse(JSON.stringify(await studyFigures(session, params.id))),
  }));

  handle(app, routes.stop, async ({ params, session }) => {
    const { id } = await getStudy(session, params.id);
    await studyStorage(session).setStopped(id, true);
    return { study: await getStudy(session, id) };
  });

  handle(app, routes.events, async (request, reply) => {
    const { id } = await getStudy(request.session, request.params.id);
    return stream(request, reply, { runId: id });
  });

  handle(app, routes.delete, async ({ params, session }) => {
    const { id } = await getStudy(session, params.id);
    await deleteStudy(session, id);
    return { deleted: id };
  });
}
