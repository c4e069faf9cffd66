import { recommendRoutes as routes } from "../contract/recommend-routes.ts";
import {
  compareRecommenders,
  listRecommenders,
  recommendFor,
  similarItemsOf,
  storeFeedback,
  trainRecommender,
} from "../flows/recommendation/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/** Recommenders: training, answers, feedback. */
export function recommendRoutes(app: App): void {
  handle(app, routes.train, async ({ body, session }) => {
    const { jobId, runId } = await trainRecommender(session, body);
    return { job_id: jobId, run_id: runId ?? null };
  });

  handle(app, routes.compare, async ({ body, session }) => {
    const { jobId, runId } = await compareRecommenders(session, body);
    return { job_id: jobId, run_id: runId ?? null };
  });

  handle(app, routes.models, async ({ query, session }) => {
    const { items, next_cursor } = await listRecommenders(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.similar, async ({ params, query, session }) => similarItemsOf(session, params.id, query));

  handle(app, routes.feedback, async ({ body, session }) => {
    await storeFeedback(session, body);
    return {};
  });

  handle(app, routes.show, async ({ body, session }) => recommendFor(session, body));

  handle(app, routes.recommend, async ({ params, query: { profile, ...query }, session }) =>
    recommendFor(session, { ...params, ...query, profile: profile?.split(",").map(Number) }),
  );
}
