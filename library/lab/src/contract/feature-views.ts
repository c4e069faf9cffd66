import { z } from "zod";
import { listQuery } from "./listing.ts";
import { answer, cell, flag, id, instant, listOf, name } from "./values.ts";

/** Name of a feature view; `name@2` cites a version. */
export const viewName = z.string().regex(/^[a-zA-Z][\w-]{0,99}$/);
const columnName = z.string().min(1).max(200);

/** Where a feature view's rows come from. */
export const viewSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("dataset"),
    datasets: z
      .record(z.string().regex(/^[a-zA-Z_]\w{0,62}$/), z.string().min(1))
      .describe("Names in the query, and the datasets that they mean: name follows the active version, name@3 stays."),
    query: z.string().max(100_000).optional().describe("One SELECT of DuckDB's SQL over these; default: all of the one dataset."),
  }),
  z.strictObject({
    kind: z.literal("postgres"),
    query: z.string().min(1).max(100_000).describe("One SELECT, run read-only in the project's own source database."),
  }),
]);
export type ViewSource = z.infer<typeof viewSource>;

/** Body of POST /api/ml/feature-views: a new view, or the next version of the one of this name. */
export const featureViewRequest = z.strictObject({
  name: viewName,
  description: z.string().max(10_000).default(""),
  source: viewSource,
  entity: columnName.describe("Column of the key: a text, a whole number or a boolean."),
  event_time: columnName.describe("Column of the instant from which on a row is known."),
  ttl_seconds: z.number().int().min(1).max(3_200_000_000).nullable().default(null).describe("An older row counts as none."),
  features: z.array(columnName).min(1).max(1000).optional().describe("Default: every other column."),
});
export type FeatureViewRequest = z.input<typeof featureViewRequest>;

export const materialization = z.object({
  materialization_id: id,
  content_hash: z.string(),
  rows: z.number(),
  keys: z.number(),
  size_bytes: z.number(),
  first_at: instant.nullable(),
  last_at: instant.nullable(),
  inputs: z.record(z.string(), z.string()).describe("The dataset versions that were read."),
  created_at: instant,
});
export type Materialization = z.infer<typeof materialization>;

/** A version of a feature view. */
export const featureView = z.object({
  feature_view_id: id,
  name: z.string(),
  version: z.number().int(),
  description: z.string(),
  source: viewSource,
  entity: z.string(),
  event_time: z.string(),
  ttl_seconds: z.number().nullable(),
  columns: z.array(z.object({ name: z.string(), kind: z.string() })),
  owner: z.string().nullable(),
  materialized: materialization.nullable().describe("The newest."),
  created_at: instant,
});
export type FeatureView = z.infer<typeof featureView>;
export const featureViewAnswer = answer({ feature_view: featureView });
export const featureViewList = listOf(featureView);
export const featureViewListQuery = listQuery("id", "name", "version", "description", "entity", "owner", "created_at").extend({
  name: z.string().optional().describe("All versions of this one; default: the newest of each."),
});

/** Request of the job "materialize". */
export const materializeRequest = z.strictObject({ feature_view: z.string().min(1).describe("name, or name@2.") });
export const materializeQueued = answer({ job_id: id });

/** Body of POST /api/ml/feature-views/{name}/training-set, and the request of the job "training-set". */
export const trainingSetRequest = z.strictObject({
  entities: z.string().min(1).describe("Dataset with a row for each example: key, instant, target and whatever else it has."),
  entity: columnName.optional().describe("Its key column; default: named as the view's."),
  event_time: columnName
    .optional()
    .describe("Its column of the instant at which the example is asked; default: named as the view's."),
  feature_views: z.array(z.string().min(1)).min(1).max(20).optional().describe("More views to join; each name or name@2."),
  features: z.array(columnName).min(1).optional().describe("Default: all of the views."),
  name: name.describe("Of the dataset that is made, or gets a next version."),
});
export type TrainingSetRequest = z.input<typeof trainingSetRequest>;
export const trainingSetAnswer = answer({
  dataset_id: z.string().describe("name@version"),
  rows: z.number().int(),
  matched: z.record(z.string(), z.number()).describe("Rows for which a view knew something, by view."),
  stale: z.record(z.string(), z.number()).describe("Rows for which all it knew was older than its TTL."),
});
export type TrainingSet = Omit<z.infer<typeof trainingSetAnswer>, "status">;

/** Query of GET /api/ml/feature-views/{name}/online: `key` once or many times. */
export const onlineQuery = z.object({
  key: z
    .union([z.string(), z.array(z.string())])
    .transform((keys) => [keys].flat())
    .pipe(z.array(z.string().min(1).max(500)).min(1).max(500)),
});
export const onlineRow = z.object({
  key: z.string(),
  event_time: instant.nullable().describe("null: nothing is known of this key."),
  stale: z.boolean().describe("Older than the view's TTL; then the values are null."),
  values: z.record(z.string(), cell),
});
export type OnlineRow = z.infer<typeof onlineRow>;
export const onlineAnswer = answer({ feature_view: z.string(), materialized_at: instant.nullable(), items: z.array(onlineRow) });

/** What was made with a feature view. */
export const featureLineage = answer({
  datasets: z.array(z.object({ dataset: z.string(), version: z.number().int(), feature_view: z.string() })),
  models: z.array(z.object({ model_id: id, name: z.string(), version: z.string(), version_status: z.string() })),
});
export type FeatureLineage = Omit<z.infer<typeof featureLineage>, "status">;
export const viewDeleteQuery = z.object({
  force: flag.default(false).describe("Also where datasets or models were made with it."),
});
export const viewDeleted = answer({ deleted: z.string().describe("name, or name@2.") });
