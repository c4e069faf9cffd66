import { assayVersion } from "../assay-version.ts";
import { featureRoutes as routes } from "../contract/feature-routes.ts";
import {
  defineFeatureView,
  deleteFeatureView,
  featureLineage,
  getFeatureView,
  listFeatureViews,
  makeTrainingSet,
  onlineFeatures,
} from "../datasets/index.ts";
import { submitJob } from "../jobs/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { partedFromWaiting } from "./job-routes.ts";

/** The feature store: define, materialise, join, look up. */
export function featureRoutes(app: App): void {
  handle(app, routes.list, async ({ query, session }) => {
    const { items, next_cursor } = await listFeatureViews(session, query);
    return { items: [...items], next_cursor };
  });

  handle(app, routes.create, async ({ body, session }) => ({ feature_view: await defineFeatureView(session, body) }));

  handle(app, routes.get, async ({ params, session }) => ({ feature_view: await getFeatureView(session, params.view) }));

  handle(app, routes.materialize, async ({ params, body, headers, session }) => {
    const waiting = { ...(body && partedFromWaiting(body).options), idempotencyKey: headers["idempotency-key"] };
    const { jobId } = await submitJob(session, "materialize", { feature_view: params.view }, waiting);
    return { job_id: jobId };
  });

  handle(app, routes.trainingSet, async ({ params, body, session }) => makeTrainingSet(session, params.view, body));

  handle(app, routes.lineage, async ({ params, session }) => {
    await getFeatureView(session, params.view);
    return featureLineage(session, params.view);
  });

  handle(app, routes.delete, async ({ params, query, session }) => ({
    deleted: await deleteFeatureView(session, params.view, query),
  }));
}

/** The look-up of features before a prediction: asked as often as predictions are, and our answer is not checked again. */
export function onlineFeaturesRoute(app: App): void {
  handle(
    app,
    routes.online,
    async ({ params, query, session }, reply) => {
      reply.header("x-content-type-options", "nosniff");
      reply.header("assay-version", assayVersion);
      const { view, materializedAt, items } = await onlineFeatures(session, params.view, query.key);
      return { feature_view: view, materialized_at: materializedAt, items };
    },
    { serializerCompiler: () => JSON.stringify },
  );
}
