import { z } from "zod";
import {
  datasetAnswer,
  datasetChange,
  datasetDeleteQuery,
  datasetList,
  datasetListQuery,
  datasetLooked,
  datasetPreview,
  datasetProfile,
  datasetUploaded,
  deleted,
  diffAnswer,
  exportQuery,
  previewQuery,
  profileQuery,
  recipeAnswer,
  storageAnswer,
  storageChange,
  uploadFields,
  versionNumber,
  versionsAnswer,
} from "./datasets.ts";
import { exampleDataset as koi } from "./example-dataset.ts";
import { route } from "./route.ts";

const root = "/api/ml/datasets";

/** Cites a dataset in a path. */
export const datasetRef = z.object({
  id: z.string().describe("Id or name of a dataset; `@version` behind it for another than the active one."),
});
const versionRef = datasetRef.extend({ n: versionNumber });

const { missing_values, versions } = koi;
const cited = { id: "koi" };
const restored = {
  ...versions[0]!,
  version: 3,
  origin: "restore" as const,
  parent: 2,
  restored: 1,
};

/** Stored datasets: upload, list, look into, versions, export, delete. */
export const datasetRoutes = {
  upload: route({
    method: "POST",
    path: `${root}/upload`,
    summary: "Stores a table (CSV, JSON, ARFF, Excel, Parquet, Arrow) as a dataset, or as a version of one.",
    form: uploadFields,
    answer: datasetUploaded,
    example: {
      form: { name: "koi", target_column: "koi_disposition", comment: "#", missing: ",?" },
      answer: {
        dataset_id: koi.dataset_id,
        name: "koi",
        rows: 9564,
        columns: 2,
        column_names: ["koi_period", "koi_disposition"],
        missing_values,
        processing_status: "ready",
        version: 1,
      },
    },
  }),
  list: route({
    method: "GET",
    path: root,
    summary: "Datasets of the project by name.",
    query: datasetListQuery,
    answer: datasetList,
    example: { answer: { items: [koi], next_cursor: null } },
  }),
  get: route({
    method: "GET",
    path: `${root}/:id`,
    summary: "A dataset with its columns and versions.",
    params: datasetRef,
    answer: datasetLooked,
    example: {
      params: cited,
      answer: {
        dataset: koi,
        dtypes: { koi_period: "number", koi_disposition: "category" },
        numeric_stats: { koi_period: { mean: 75.67, sd: 1334.74, min: 0.24, max: 129995.78 } },
      },
    },
  }),
  change: route({
    method: "PATCH",
    path: `${root}/:id`,
    summary: "Changes name, description or target, and leaves the rest.",
    params: datasetRef,
    body: datasetChange,
    answer: datasetAnswer,
    example: { params: cited, body: { description: koi.description }, answer: { dataset: koi } },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:id`,
    summary: "Deletes a dataset with its versions; with `force` also where runs were made from it.",
    params: datasetRef,
    query: datasetDeleteQuery,
    answer: deleted,
    example: { params: cited, answer: { deleted: koi.dataset_id } },
  }),
  preview: route({
    method: "GET",
    path: `${root}/:id/preview`,
    summary: "Some of a dataset's rows.",
    params: datasetRef,
    query: previewQuery,
    answer: datasetPreview,
    example: {
      params: cited,
      query: { limit: 2 },
      answer: {
        column_names: ["koi_period", "koi_disposition"],
        kinds: ["number", "category"],
        rows: [
          [9.488, "CONFIRMED"],
          [19.899, "CANDIDATE"],
        ],
        total_rows: 9564,
      },
    },
  }),
  profile: route({
    method: "GET",
    path: `${root}/:id/profile`,
    summary: "What each column holds: kind, missing, distribution, alerts.",
    params: datasetRef,
    query: profileQuery,
    answer: datasetProfile,
    example: {
      params: cited,
      query: { target: "koi_disposition" },
      answer: {
        profile: {
          rows: 9564,
          sampled: 9564,
          duplicateRows: 0,
          columns: [
            {
              name: "koi_disposition",
              kind: "category",
              count: 9564,
              missing: 0,
              distinct: 3,
              top: [{ value: "FALSE POSITIVE", count: 5023 }],
            },
          ],
          alerts: [],
        },
      },
    },
  }),
  versions: route({
    method: "GET",
    path: `${root}/:id/versions`,
    summary: "Versions of a dataset, newest first, with the steps that made each.",
    params: datasetRef,
    answer: versionsAnswer,
    example: { params: cited, answer: { items: versions } },
  }),
  recipe: route({
    method: "GET",
    path: `${root}/:id/recipe`,
    summary: "What the steps that made a version learnt, to be applied to new rows.",
    params: datasetRef,
    answer: recipeAnswer,
    example: {
      params: { id: "koi@2" },
      answer: { recipe: { format: 1, columns: [{ name: "koi_depth", kind: "number" }], steps: [] } },
    },
  }),
  restore: route({
    method: "POST",
    path: `${root}/:id/versions/:n/restore`,
    summary: "Makes an earlier version the active one, as a version of its own.",
    params: versionRef,
    answer: datasetAnswer,
    example: { params: { ...cited, n: 1 }, answer: { dataset: { ...koi, version: 3, versions: [restored, ...versions] } } },
  }),
  diff: route({
    method: "GET",
    path: `${root}/:id/versions/:n/diff`,
    summary: "What differs between two versions: rows, columns, distributions.",
    params: versionRef,
    query: z.object({ to: versionNumber }),
    answer: diffAnswer,
    example: {
      params: { ...cited, n: 1 },
      query: { to: 2 },
      answer: {
        diff: {
          from: 1,
          to: 2,
          rows: [9564, 9201],
          rows_added: 0,
          rows_removed: 363,
          columns: [
            {
              name: "koi_period",
              change: "changed",
              kinds: ["number", "number"],
              missing: [0, 0],
              means: [75.67, 37.12],
              psi: 0.02,
              ks: 0.04,
            },
          ],
        },
      },
    },
  }),
  export: route({
    method: "GET",
    path: `${root}/:id/export`,
    summary: "The rows as a file.",
    params: datasetRef,
    query: exportQuery,
    file: [
      "text/csv",
      "text/tab-separated-values",
      "application/json",
      "application/x-ndjson",
      "application/vnd.apache.parquet",
      "application/vnd.apache.arrow.file",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ],
    example: { params: cited, query: { format: "parquet" } },
  }),
};

const use = { used_bytes: 81_920, quota_bytes: 10_000_000_000, datasets: 1 };

/** How much room the project's datasets take. */
export const storageRoutes = {
  get: route({
    method: "GET",
    path: "/api/ml/storage",
    summary: "How much room the project's datasets take, and may take.",
    answer: storageAnswer,
    example: { answer: use },
  }),
  change: route({
    method: "PUT",
    path: "/api/ml/storage",
    summary: "Sets how much room they may take.",
    body: storageChange,
    answer: storageAnswer,
    example: { body: { quota_bytes: use.quota_bytes }, answer: use },
  }),
};
