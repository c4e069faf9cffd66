import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { profile, type ReadTableOptions } from "assay";
import { z } from "zod";
import {
  datasetAnswer,
  datasetChange,
  datasetList,
  datasetPreview,
  datasetProfile,
  datasetUploaded,
  deleted,
  diffAnswer,
  exportFormat,
  storageAnswer,
  storageChange,
  uploadFields,
  versionsAnswer,
} from "../contract/datasets.ts";
import { page } from "../contract/values.ts";
import {
  changeDataset,
  changeQuota,
  deleteDataset,
  diffVersions,
  exportDataset,
  getDataset,
  jsonRows,
  listDatasets,
  restoreVersion,
  sharedTable,
  someRows,
  storageUse,
  uploadDataset,
} from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";
import { receiveFile } from "./receive-file.ts";
import { sendFile } from "./send-file.ts";

const params = z.object({ id: z.string() });
const versionParams = params.extend({ n: z.coerce.number().int().min(1) });
const root = "/api/ml/datasets";
const status = "success" as const;

/** Datasets: upload, list, info, preview, profile, versions, export, delete. */
export function datasetRoutes(app: App, session: Session): void {
  app.post(`${root}/upload`, { schema: { response: { 200: datasetUploaded } } }, (request) =>
    receiveFile(
      request,
      { who: "upload", store: session.store, fields: uploadFields },
      async ({ path, name: fileName, fields }) => {
        const dataset = await uploadDataset(session, path, {
          fileName,
          name: fields.name,
          target: fields.target_column,
          newVersion: fields.new_version,
          read: readOptions(fields),
        });
        const { dataset_id, name, rows, columns, missing_values, processing_status, version } = dataset;
        const column_names = dataset.column_info.map((column) => column.name);
        return {
          status,
          dataset_id,
          name,
          rows: rows!,
          columns: columns!,
          column_names,
          missing_values,
          processing_status,
          version: version!,
        };
      },
    ),
  );

  app.get(root, { schema: { querystring: page, response: { 200: datasetList } } }, async ({ query }) => {
    const { items, next_cursor } = await listDatasets(session, query);
    return { status, items: [...items], next_cursor };
  });

  app.get("/api/ml/storage", { schema: { response: { 200: storageAnswer } } }, async () => ({
    status,
    ...(await storageUse(session)),
  }));

  app.put("/api/ml/storage", { schema: { body: storageChange, response: { 200: storageAnswer } } }, async ({ body }) => ({
    status,
    ...(await changeQuota(session, body.quota_bytes)),
  }));

  app.get(`${root}/:id`, { schema: { params, response: { 200: datasetAnswer } } }, async ({ params: { id } }) => ({
    status,
    dataset: await getDataset(session, id),
  }));

  app.patch(
    `${root}/:id`,
    { schema: { params, body: datasetChange, response: { 200: datasetAnswer } } },
    async ({ params: { id }, body }) => ({ status, dataset: await changeDataset(session, id, body) }),
  );

  const window = z.object({
    limit: z.coerce.number().int().min(1).max(500).default(50),
    offset: z.coerce.number().int().min(0).default(0),
  });
  app.get(
    `${root}/:id/preview`,
    { schema: { params, querystring: window, response: { 200: datasetPreview } } },
    async ({ params: { id }, query: { limit, offset } }) => {
      const { version, rows } = await someRows(session, id, offset, limit);
      return {
        status,
        column_names: version.columns.map(({ name }) => name),
        kinds: version.columns.map(({ kind }) => kind),
        rows: jsonRows(rows),
        total_rows: version.rows,
      };
    },
  );

  const target = z.object({ target: z.string().optional() });
  app.get(
    `${root}/:id/profile`,
    { schema: { params, querystring: target, response: { 200: datasetProfile } } },
    async ({ params: { id }, query }) => {
      const { table } = await sharedTable(session, id);
      const found = profile(table, query.target === undefined ? {} : { target: query.target });
      return { status, profile: JSON.parse(JSON.stringify(found)) };
    },
  );

  app.get(`${root}/:id/versions`, { schema: { params, response: { 200: versionsAnswer } } }, async ({ params: { id } }) => ({
    status,
    items: (await getDataset(session, id)).versions,
  }));

  app.post(
    `${root}/:id/versions/:n/restore`,
    { schema: { params: versionParams, response: { 200: datasetAnswer } } },
    async ({ params: { id, n } }) => ({ status, dataset: await restoreVersion(session, id, n) }),
  );

  const against = z.object({ to: z.coerce.number().int().min(1) });
  app.get(
    `${root}/:id/versions/:n/diff`,
    { schema: { params: versionParams, querystring: against, response: { 200: diffAnswer } } },
    async ({ params: { id, n }, query: { to } }) => ({ status, diff: await diffVersions(session, id, n, to) }),
  );

  const format = z.object({ format: exportFormat.default("csv") });
  app.get(`${root}/:id/export`, { schema: { params, querystring: format } }, async ({ params: { id }, query }, reply) => {
    const { path, fileName, contentType, passing } = await exportDataset(session, id, query.format);
    return sendFile(reply, createReadStream(path), {
      fileName,
      contentType,
      done: () => passing && void rm(path, { force: true }),
    });
  });

  const forced = z.object({ force: z.stringbool().default(false) });
  app.delete(
    `${root}/:id`,
    { schema: { params, querystring: forced, response: { 200: deleted } } },
    async ({ params: { id }, query: { force } }) => ({ status, deleted: await deleteDataset(session, id, { force }) }),
  );
}

/** The text fields that stand before the file. */
function readOptions({
  format,
  sheet,
  header,
  delimiter,
  comment,
  missing,
  on_bad_row,
}: z.output<typeof uploadFields>): ReadTableOptions {
  return {
    ...(format !== undefined && { format }),
    ...(sheet !== undefined && { sheet }),
    ...(header !== undefined && { header }),
    ...(delimiter !== undefined && { delimiter }),
    ...(comment !== undefined && { comment }),
    ...(missing !== undefined && { missing }),
    ...(on_bad_row !== undefined && { onBadRow: on_bad_row }),
  };
}
