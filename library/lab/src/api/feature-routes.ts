import { z } from "zod";
import {
  featureLineage as featureLineageAnswer,
  featureViewAnswer,
  featureViewList,
  featureViewListQuery,
  featureViewRequest,
  materializeQueued,
  onlineAnswer,
  onlineQuery,
  trainingSetAnswer,
  trainingSetRequest,
  viewDeleted,
  viewDeleteQuery,
} from "../contract/feature-views.ts";
import { idempotencyHeaders } from "../contract/jobs.ts";
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
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";

const params = z.object({ name: z.string().min(1).max(200).describe("name, or name@2.") });
const status = "success" as const;
const root = "/api/ml/feature-views";

/** The feature store: define, materialise, join, look up. */
export function featureRoutes(app: App, session: Session): void {
  app.get(root, { schema: { querystring: featureViewListQuery, response: { 200: featureViewList } } }, async ({ query }) => {
    const { items, next_cursor } = await listFeatureViews(session, query);
    return { status, items: [...items], next_cursor };
  });

  app.post(root, { schema: { body: featureViewRequest, response: { 201: featureViewAnswer } } }, async ({ body }, reply) =>
    reply.status(201).send({ status, feature_view: await defineFeatureView(session, body) }),
  );

  app.get(`${root}/:name`, { schema: { params, response: { 200: featureViewAnswer } } }, async ({ params }) => ({
    status,
    feature_view: await getFeatureView(session, params.name),
  }));

  app.post(
    `${root}/:name/materialize`,
    { schema: { params, headers: idempotencyHeaders, response: { 202: materializeQueued } } },
    async ({ params, headers }, reply) => {
      const request = { feature_view: params.name };
      const { jobId } = await submitJob(session, "materialize", request, { idempotencyKey: headers["idempotency-key"] });
      return reply.status(202).send({ status, job_id: jobId });
    },
  );

  app.post(
    `${root}/:name/training-set`,
    { schema: { params, body: trainingSetRequest, response: { 201: trainingSetAnswer } } },
    async ({ params, body }, reply) => reply.status(201).send({ status, ...(await makeTrainingSet(session, params.name, body)) }),
  );

  app.get(
    `${root}/:name/online`,
    { schema: { params, querystring: onlineQuery, response: { 200: onlineAnswer } } },
    async ({ params, query }) => {
      const { view, items } = await onlineFeatures(session, params.name, query.key);
      const materialized_at = view.materialized?.created_at ?? null;
      return { status, feature_view: `${view.name}@${view.version}`, materialized_at, items };
    },
  );

  app.get(`${root}/:name/lineage`, { schema: { params, response: { 200: featureLineageAnswer } } }, async ({ params }) => {
    await getFeatureView(session, params.name);
    return { status, ...(await featureLineage(session, params.name)) };
  });

  app.delete(
    `${root}/:name`,
    { schema: { params, querystring: viewDeleteQuery, response: { 200: viewDeleted } } },
    async ({ params, query }) => ({ status, deleted: await deleteFeatureView(session, params.name, query) }),
  );
}
