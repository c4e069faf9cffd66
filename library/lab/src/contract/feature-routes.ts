import { z } from "zod";
import {
  type FeatureView,
  featureLineage,
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
} from "./feature-views.ts";
import { jobWaiting } from "./job-waiting.ts";
import { idempotencyHeaders } from "./jobs.ts";
import { route } from "./route.ts";

const root = "/api/ml/feature-views";
const viewRef = z.object({ view: z.string().min(1).max(200).describe("name, or name@2.") });

const request = {
  name: "visits",
  description: "What a user did up to now",
  source: { kind: "dataset" as const, datasets: { visits: "visits" } },
  entity: "user_id",
  event_time: "seen_at",
  ttl_seconds: 2_592_000,
};
const visits: FeatureView = {
  feature_view_id: "01981c3e-5d00-7c42-9d6f-0b6a51a1d301",
  ...request,
  version: 1,
  columns: [{ name: "visits_30d", kind: "number" }],
  owner: "ada",
  materialized: null,
  created_at: "2026-07-18T09:15:00.000Z",
};
const cited = { view: "visits" };
const one = { feature_view: visits };

/** The feature store: define, materialise, join, look up. */
export const featureRoutes = {
  list: route({
    method: "GET",
    path: root,
    summary: "The newest version of each feature view by name, or all versions of one.",
    query: featureViewListQuery,
    answer: featureViewList,
    example: { answer: { items: [visits], next_cursor: null } },
  }),
  create: route({
    method: "POST",
    path: root,
    summary: "Defines a feature view, or the next version of one.",
    body: featureViewRequest,
    answer: featureViewAnswer,
    statuses: [201],
    example: { body: request, answer: one },
  }),
  get: route({
    method: "GET",
    path: `${root}/:view`,
    summary: "A version of a feature view.",
    params: viewRef,
    answer: featureViewAnswer,
    example: { params: cited, answer: one },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:view`,
    summary: "Deletes a feature view, or one version of it.",
    params: viewRef,
    query: viewDeleteQuery,
    answer: viewDeleted,
    example: { params: { view: "visits@1" }, answer: { deleted: "visits@1" } },
  }),
  materialize: route({
    method: "POST",
    path: `${root}/:view/materialize`,
    summary: "Queues the view's query: its rows as Parquet, its newest values for the online look-up.",
    params: viewRef,
    headers: idempotencyHeaders,
    body: jobWaiting.nullish(),
    answer: materializeQueued,
    statuses: [202],
    example: { params: cited, body: { priority: 5 }, answer: { job_id: "01981c3e-5e00-7c42-9d6f-0b6a51a1d401" } },
  }),
  trainingSet: route({
    method: "POST",
    path: `${root}/:view/training-set`,
    summary: "Joins to each example what the view knew at its instant, as a dataset.",
    params: viewRef,
    body: trainingSetRequest,
    answer: trainingSetAnswer,
    statuses: [201],
    example: {
      params: cited,
      body: { entities: "orders", name: "orders-with-visits" },
      answer: { dataset_id: "orders-with-visits@1", rows: 1200, matched: { visits: 1130 }, stale: { visits: 12 } },
    },
  }),
  online: route({
    method: "GET",
    path: `${root}/:view/online`,
    summary: "The newest values of some keys.",
    params: viewRef,
    query: onlineQuery,
    answer: onlineAnswer,
    example: {
      params: cited,
      query: { key: ["u1"] },
      answer: {
        feature_view: "visits@1",
        materialized_at: "2026-07-18T09:16:00.000Z",
        items: [{ key: "u1", event_time: "2026-07-18T08:00:00.000Z", stale: false, values: { visits_30d: 4 } }],
      },
    },
  }),
  lineage: route({
    method: "GET",
    path: `${root}/:view/lineage`,
    summary: "Datasets and models that were made with a view.",
    params: viewRef,
    answer: featureLineage,
    example: {
      params: cited,
      answer: { datasets: [{ dataset: "orders-with-visits", version: 1, feature_view: "visits@1" }], models: [] },
    },
  }),
};
