import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { profile, type ReadTableOptions } from "assay";
import type { z } from "zod";
import { datasetRoutes as routes, storageRoutes as storage } from "../contract/dataset-routes.ts";
import { uploadFields } from "../contract/datasets.ts";
import {
  changeDataset,
  changeQuota,
  deleteDataset,
  diffVersions,
  exportDataset,
  getDataset,
  jsonRows,
  listDatasets,
  recipeOf,
  restoreVersion,
  sharedTable,
  someRows,
  storageUse,
  uploadDataset,
} from "../datasets/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { receiveFile } from "./receive-file.ts";
import { sendFile } from "./send-file.ts";
import { shared } from "./shared-answers.ts";

/** Datasets: upload, list, info, preview, profile, versions, export, delete. */
export function datasetRoutes(app: App): void {
  uploadRoute(app);

  handle(
    app,
    routes.list,
    shared(async ({ query, session }) => {
      const { items, next_cursor } = await listDatasets(session, query);
      return { items: [...items], next_cursor };
    }),
  );

  handle(app, storage.get, async ({ session }) => storageUse(session));

  handle(app, storage.change, async ({ body, session }) => changeQuota(session, body.quota_bytes));

  handle(app, routes.get, async ({ params, session }) => {
    const dataset = await getDataset(session, params.id);
    const columns = dataset.column_info;
    const numbers = columns.filter(({ kind }) => kind === "number");
    return {
      dataset,
      dtypes: Object.fromEntries(columns.map(({ name, kind }) => [name, kind])),
      numeric_stats: Object.fromEntries(numbers.map(({ name, mean, sd, min, max }) => [name, { mean, sd, min, max }])),
    };
  });

  handle(app, routes.change, async ({ params, body, session }) => ({
    dataset: await changeDataset(session, params.id, body),
  }));

  handle(app, routes.preview, async ({ params, query: { limit, offset }, session }) => {
    const { version, rows } = await someRows(session, params.id, offset, limit);
    return {
      column_names: version.columns.map(({ name }) => name),
      kinds: version.columns.map(({ kind }) => kind),
      rows: jsonRows(rows),
      total_rows: version.rows,
    };
  });

  handle(app, routes.profile, async ({ params, query: { target }, session }) => {
    const { table } = await sharedTable(session, params.id);
    const found = profile(table, target === undefined ? {} : { target });
    return { profile: JSON.parse(JSON.stringify(found)) };
  });

  handle(app, routes.versions, async ({ params, session }) => ({ items: (await getDataset(session, params.id)).versions }));

  handle(app, routes.recipe, async ({ params, session }) => ({
    recipe: JSON.parse(JSON.stringify(await recipeOf(session, params.id))),
  }));

  handle(app, routes.restore, async ({ params: { id, n }, session }) => ({ dataset: await restoreVersion(session, id, n) }));

  handle(app, routes.diff, async ({ params: { id, n }, query, session }) => ({
    diff: await diffVersions(session, id, n, query.to),
  }));

  handle(app, routes.export, async ({ params, query, session }, reply) => {
    const { path, fileName, contentType, passing } = await exportDataset(session, params.id, query.format);
    return sendFile(reply, createReadStream(path), {
      fileName,
      contentType,
      done: () => passing && void rm(path, { force: true }),
    });
  });

  handle(app, routes.delete, async ({ params, query, session }) => ({
    deleted: await deleteDataset(session, params.id, query),
  }));
}

function uploadRoute(app: App): void {
  handle(app, routes.upload, (request) =>
    receiveFile(
      request,
      { who: "upload", store: request.session.store, fields: uploadFields },
      async ({ path, name: fileName, fields, session }) => {
        const dataset = await uploadDataset(session, path, {
          fileName,
          name: fields.name,
          description: fields.description,
          target: fields.target_column,
          note: fields.note,
          newVersion: fields.new_version,
          read: readOptions(fields),
        });
        const { dataset_id, name, rows, columns, missing_values, processing_status, version } = dataset;
        const column_names = dataset.column_info.map((column) => column.name);
        return {
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
}

/** The text fields that stand beside the file. */
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
