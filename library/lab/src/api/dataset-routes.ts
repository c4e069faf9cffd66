import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { LimitError, ParamsError, profile, type Cell as TableCell } from "assay";
import { z } from "zod";
import { datasetAnswer, datasetList, datasetPreview, datasetProfile, datasetUploaded, deleted } from "../contract/datasets.ts";
import type { Cell } from "../contract/values.ts";
import { page } from "../contract/values.ts";
import { datasetTable, deleteDataset, getDataset, listDatasets, uploadDataset } from "../datasets/index.ts";
import { explain } from "../db/store.ts";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";

const params = z.object({ id: z.string() });
const root = "/api/ml/datasets";

/** Datasets: upload, list, info, preview, profile, delete. */
export function datasetRoutes(app: App, session: Session): void {
  app.post(`${root}/upload`, { schema: { response: { 200: datasetUploaded } } }, async (request) => {
    const path = await session.store.temporary();
    try {
      const part = await request.file();
      if (!part) throw new ParamsError("upload: needs a file in the field `file`");
      await pipeline(part.file, createWriteStream(path, { mode: 0o600 })).catch((cause) => {
        throw explain(cause, session.store.folder);
      });
      if (part.file.truncated) throw new LimitError("upload: the file has more than 2 GiB");
      const field = (name: string): string | undefined =>
        (part.fields[name] as { value?: string } | undefined)?.value || undefined;
      const dataset = await uploadDataset(session, path, {
        fileName: part.filename,
        name: field("name"),
        target: field("target_column"),
      });
      const { dataset_id, name, rows, columns, missing_values, processing_status, version } = dataset;
      const column_names = dataset.column_info.map((column) => column.name);
      return {
        status: "success" as const,
        dataset_id,
        name,
        rows: rows!,
        columns: columns!,
        column_names,
        missing_values,
        processing_status,
        version: version!,
      };
    } finally {
      await rm(path, { force: true });
    }
  });

  app.get(root, { schema: { querystring: page, response: { 200: datasetList } } }, async ({ query }) => {
    const { items, next_cursor } = await listDatasets(session, query);
    return { status: "success" as const, items: [...items], next_cursor };
  });

  app.get(`${root}/:id`, { schema: { params, response: { 200: datasetAnswer } } }, async ({ params: { id } }) => ({
    status: "success" as const,
    dataset: await getDataset(session, id),
  }));

  const window = z.object({
    limit: z.coerce.number().int().min(1).max(500).default(50),
    offset: z.coerce.number().int().min(0).default(0),
  });
  app.get(
    `${root}/:id/preview`,
    { schema: { params, querystring: window, response: { 200: datasetPreview } } },
    async ({ params: { id }, query: { limit, offset } }) => {
      const table = await datasetTable(session, id);
      const shown = table.slice(offset, offset + limit);
      const columns = shown.names.map((name) => shown.values(name));
      const rows = Array.from({ length: shown.rows }, (_, i) => columns.map((column) => cellOf(column[i]!)));
      return {
        status: "success" as const,
        column_names: [...table.names],
        kinds: table.names.map((name) => table.kind(name)),
        rows,
        total_rows: table.rows,
      };
    },
  );

  const target = z.object({ target: z.string().optional() });
  app.get(
    `${root}/:id/profile`,
    { schema: { params, querystring: target, response: { 200: datasetProfile } } },
    async ({ params: { id }, query }) => {
      const found = profile(await datasetTable(session, id), query.target === undefined ? {} : { target: query.target });
      return { status: "success" as const, profile: JSON.parse(JSON.stringify(found)) };
    },
  );

  app.delete(`${root}/:id`, { schema: { params, response: { 200: deleted } } }, async ({ params: { id } }) => ({
    status: "success" as const,
    deleted: await deleteDataset(session, id),
  }));
}

/** A cell as JSON: instants and ±Infinity as text. */
function cellOf(cell: TableCell): Cell {
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === "number" && !Number.isFinite(cell) ? String(cell) : cell;
}
