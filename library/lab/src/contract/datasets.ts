import { z } from "zod";
import { listQuery } from "./listing.ts";
import { answer, cell, flag, id, instant, listOf, name } from "./values.ts";

export const columnKind = z.enum(["number", "category", "boolean", "datetime", "text"]);
export const datasetStatus = z.enum(["pending", "processing", "ready", "failed"]);

/** One column of a stored dataset. */
export const datasetColumn = z.object({
  name: z.string(),
  kind: columnKind,
  missing: z.number().int(),
  distinct: z.number().int(),
  levels: z.array(z.string()).optional().describe("Of a category, at most the first 100."),
  mean: z.number().nullable().optional(),
  sd: z.number().nullable().optional(),
  min: z.number().nullable().optional(),
  max: z.number().nullable().optional(),
});
export type DatasetColumn = z.infer<typeof datasetColumn>;

/** A dataset as the list shows it. */
export const dataset = z.object({
  dataset_id: id,
  name,
  description: z.string(),
  processing_status: datasetStatus,
  error: z.string().nullable(),
  file_name: z.string().nullable(),
  size_bytes: z.number().nullable(),
  rows: z.number().int().nullable(),
  columns: z.number().int().nullable(),
  target_column: z.string().nullable(),
  version: z.number().int().nullable().describe("The active version."),
  created_at: instant,
});
export type Dataset = z.infer<typeof dataset>;

/** One cleaning step: what it does, and its settings; `GET /api/ml/data/steps` tells them all. */
export const step = z.looseObject({ step: z.string() });
export type Step = z.infer<typeof step>;

/** One version of a dataset: where it comes from and who made it. */
export const datasetVersionInfo = z.object({
  version: z.number().int(),
  rows: z.number().int(),
  columns: z.number().int(),
  content_hash: z.string(),
  origin: z.enum(["upload", "steps", "restore"]),
  parent: z.number().int().nullable().describe("The version that the steps worked on, or that was active before."),
  restored: z.number().int().nullable().describe("The version that was brought back."),
  steps: z.array(step),
  note: z.string(),
  file_name: z.string().nullable(),
  size_bytes: z.number().nullable().describe("Of the stored file."),
  memory_bytes: z.number(),
  created_by: z.string().nullable(),
  created_at: instant,
});
export type DatasetVersionInfo = z.infer<typeof datasetVersionInfo>;

/** A dataset with its columns and versions. */
export const datasetInfo = dataset.extend({
  column_info: z.array(datasetColumn),
  missing_values: z.record(z.string(), z.number().int()),
  memory_bytes: z.number().nullable(),
  content_hash: z.string().nullable(),
  versions: z.array(datasetVersionInfo).describe("Newest first, at most 200."),
});
export type DatasetInfo = z.infer<typeof datasetInfo>;

export const datasetAnswer = answer({ dataset: datasetInfo });
/** A dataset, with what its columns of the shown version are and hold, by name. */
export const datasetLooked = answer({
  dataset: datasetInfo,
  dtypes: z.record(z.string(), columnKind),
  numeric_stats: z.record(z.string(), datasetColumn.pick({ mean: true, sd: true, min: true, max: true })),
});
export const datasetUploaded = answer({
  dataset_id: id,
  name: z.string(),
  rows: z.number().int(),
  columns: z.number().int(),
  column_names: z.array(z.string()),
  missing_values: z.record(z.string(), z.number().int()),
  processing_status: datasetStatus,
  version: z.number().int(),
});
/** Fields of POST /api/ml/datasets/upload, beside the file; from `format` on they say how it is read where the file itself does not. */
export const uploadFields = z.object({
  name: name.optional(),
  description: z.string().max(10_000).optional(),
  target_column: z.string().optional(),
  note: z.string().max(1000).optional().describe("Said in the history of versions."),
  new_version: flag.optional().describe("Adds a version to the dataset of this name."),
  format: z.enum(["csv", "tsv", "json", "ndjson", "arff", "excel", "parquet", "arrow"]).optional(),
  sheet: z.string().optional(),
  header: flag.optional(),
  delimiter: z.string().max(10).optional(),
  comment: z.string().max(10).optional(),
  missing: z
    .string()
    .max(1000)
    .transform((text) => text.split(",").map((each) => each.trim()))
    .optional()
    .describe("Cells that mean missing, between commas."),
  on_bad_row: z.enum(["error", "skip"]).optional(),
});
export const datasetList = listOf(dataset);

/** Number of a version, in a path or a query. */
export const versionNumber = z.coerce.number().int().min(1);

/** Query of GET /api/ml/datasets/{id}/preview. */
export const previewQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe("Rows at most."),
  offset: z.coerce.number().int().min(0).default(0).describe("Rows before the first one."),
});
export const datasetPreview = answer({
  column_names: z.array(z.string()),
  kinds: z.array(columnKind),
  rows: z.array(z.array(cell)).describe("Row-major, at most `limit` rows."),
  total_rows: z.number().int(),
});
const figureOrInstant = z.union([z.number(), z.string()]);

/** One column of a profile; figures of datetimes are ISO 8601. */
export const columnProfile = z.looseObject({
  name: z.string(),
  kind: columnKind,
  count: z.number().int(),
  missing: z.number().int(),
  distinct: z.number().int(),
  min: figureOrInstant.optional(),
  max: figureOrInstant.optional(),
  mean: figureOrInstant.optional(),
  sd: z.number().optional(),
  top: z.array(z.object({ value: cell, count: z.number().int() })),
  histogram: z.object({ edges: z.array(figureOrInstant), counts: z.array(z.number().int()) }).optional(),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

/** The value of `ml.profile`. */
export const profileValue = z.looseObject({
  rows: z.number().int(),
  sampled: z.number().int(),
  columns: z.array(columnProfile),
  duplicateRows: z.number().int(),
  alerts: z.array(z.looseObject({ kind: z.string(), column: z.string().optional(), message: z.string() })),
});
export type ProfileValue = z.infer<typeof profileValue>;
export const datasetProfile = answer({ profile: profileValue });
export const profileQuery = z.object({
  target: z.string().optional().describe("A column whose leaks into others are looked for."),
});
/** What a version's steps learnt, as `ml.recipeFrom` reads it. */
export const recipeAnswer = answer({ recipe: z.looseObject({}) });
export const versionsAnswer = answer({ items: z.array(datasetVersionInfo) });

/** Body of PATCH /api/ml/datasets/{id}; what is left out stays. */
export const datasetChange = z.object({
  name: name.optional(),
  description: z.string().max(10_000).optional(),
  target_column: z.string().nullable().optional(),
});
export type DatasetChange = z.infer<typeof datasetChange>;

/** How one column differs between two versions. */
export const columnDiff = z.object({
  name: z.string(),
  change: z.enum(["added", "removed", "changed", "same"]),
  kinds: z.tuple([columnKind.nullable(), columnKind.nullable()]),
  missing: z.tuple([z.number().nullable(), z.number().nullable()]),
  means: z.tuple([z.number().nullable(), z.number().nullable()]),
  psi: z.number().nullable().describe("Population stability index; above 0.25 the distribution has moved."),
  ks: z.number().nullable().describe("Kolmogorov and Smirnov's distance of two number columns, 0 to 1."),
});
export type ColumnDiff = z.infer<typeof columnDiff>;

/** What differs between two versions of a dataset. */
export const versionDiff = z.object({
  from: z.number().int(),
  to: z.number().int(),
  rows: z.tuple([z.number().int(), z.number().int()]),
  rows_added: z.number().int().describe("Rows of `to` that `from` does not hold, over the columns of both."),
  rows_removed: z.number().int(),
  columns: z.array(columnDiff),
});
export type VersionDiff = z.infer<typeof versionDiff>;
export const diffAnswer = answer({ diff: versionDiff });

/** How much room a project's datasets take. */
export const storageAnswer = answer({ used_bytes: z.number(), quota_bytes: z.number().nullable(), datasets: z.number().int() });
export const storageChange = z.strictObject({
  quota_bytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().describe("null: as much as there is room for."),
});
export type StorageUse = Omit<z.infer<typeof storageAnswer>, "status">;

/** Formats of GET /api/ml/datasets/{id}/export; in `excel` and `spreadsheet` (a CSV) no cell is taken for a formula. */
export const exportFormat = z.enum(["csv", "tsv", "json", "ndjson", "parquet", "arrow", "excel", "spreadsheet"]);
export type ExportFormat = z.infer<typeof exportFormat>;
/** Query of GET /api/ml/datasets. */
export const datasetListQuery = listQuery(
  "id",
  "name",
  "description",
  "processing_status",
  "file_name",
  "target_column",
  "rows",
  "columns",
  "size_bytes",
  "created_at",
);
export const exportQuery = z.object({ format: exportFormat.default("csv") });
export const datasetDeleteQuery = z.object({
  force: flag.default(false).describe("Also where runs were made from it."),
});
export const deleted = answer({ deleted: id });
