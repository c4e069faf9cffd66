import { z } from "zod";
import { answer, cell, id, instant, listOf, name } from "./values.ts";

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

/** A dataset with its columns and versions. */
export const datasetInfo = dataset.extend({
  column_info: z.array(datasetColumn),
  missing_values: z.record(z.string(), z.number().int()),
  memory_bytes: z.number().nullable(),
  content_hash: z.string().nullable(),
  versions: z.array(
    z.object({ version: z.number().int(), rows: z.number().int(), content_hash: z.string(), created_at: instant }),
  ),
});
export type DatasetInfo = z.infer<typeof datasetInfo>;

export const datasetAnswer = answer({ dataset: datasetInfo });
export const datasetUploaded = answer({
  dataset_id: id,
  name,
  rows: z.number().int(),
  columns: z.number().int(),
  column_names: z.array(z.string()),
  missing_values: z.record(z.string(), z.number().int()),
  processing_status: datasetStatus,
  version: z.number().int(),
});
export const datasetList = listOf(dataset);
export const datasetPreview = answer({
  column_names: z.array(z.string()),
  kinds: z.array(columnKind),
  rows: z.array(z.array(cell)).describe("Row-major, at most `limit` rows."),
  total_rows: z.number().int(),
});
export const datasetProfile = answer({ profile: z.looseObject({}).describe("The value of `ml.profile`.") });
export const deleted = answer({ deleted: id });
