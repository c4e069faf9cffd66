import { type Table, writeArrow, writeCsv, writeExcel, writeJson, writeNdjson, writeTsv } from "assay";
import type { ExportFormat } from "../contract/datasets.ts";
import type { Session } from "../projects/session.ts";
import { datasetVersion } from "./datasets.ts";
import { sharedTable } from "./tables.ts";

/** A file that a dataset version was written to. */
interface ExportedFile {
  readonly path: string;
  readonly fileName: string;
  readonly contentType: string;
  /** Whether the caller removes it when it was sent. */
  readonly passing: boolean;
}

interface Writer {
  readonly ending: string;
  readonly contentType: string;
  write(table: Table, path: string): Promise<void>;
}

const csv = { ending: "csv", contentType: "text/csv; charset=utf-8" };

/** How each format is written; that of Parquet is the stored file itself. */
const writers: Readonly<Record<Exclude<ExportFormat, "parquet">, Writer>> = {
  csv: { ...csv, write: (table, path) => writeCsv(table, path) },
  spreadsheet: { ...csv, write: (table, path) => writeCsv(table, path, { forSpreadsheet: true }) },
  tsv: { ending: "tsv", contentType: "text/tab-separated-values; charset=utf-8", write: (table, path) => writeTsv(table, path) },
  json: { ending: "json", contentType: "application/json", write: (table, path) => writeJson(table, path) },
  ndjson: { ending: "ndjson", contentType: "application/x-ndjson", write: (table, path) => writeNdjson(table, path) },
  arrow: { ending: "arrow", contentType: "application/vnd.apache.arrow.file", write: (table, path) => writeArrow(table, path) },
  excel: {
    ending: "xlsx",
    contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write: (table, path) => writeExcel(table, path),
  },
};

/**
 * Writes a dataset version as a file. Data formats hold the values as they are; in `excel` and `spreadsheet` (a CSV) text that a spreadsheet would
 * take for a formula is kept from being one.
 */
export async function exportDataset(session: Session, ref: string, format: ExportFormat): Promise<ExportedFile> {
  const { name, version, file } = await datasetVersion(session, ref);
  const title = `${name}@${version}`;
  if (format === "parquet") {
    const contentType = "application/vnd.apache.parquet";
    return { path: session.store.path(file), fileName: `${title}.parquet`, contentType, passing: false };
  }
  const { ending, contentType, write } = writers[format];
  const { table } = await sharedTable(session, ref);
  const path = await session.store.temporary();
  await write(table, path);
  return { path, fileName: `${title}.${ending}`, contentType, passing: true };
}
