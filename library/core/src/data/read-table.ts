import { extname } from "node:path";
import { DataError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { readArrow } from "./arrow.ts";
import type { CsvOptions } from "./csv-layout.ts";
import { readParquet } from "./parquet.ts";
import { type ArffOptions, readArff } from "./read-arff.ts";
import { readCsv, readTsv } from "./read-csv.ts";
import { type ExcelOptions, readExcel } from "./read-excel.ts";
import { type JsonOptions, type NdjsonOptions, readJson, readNdjson } from "./read-json.ts";
import { openSource, type Source, type SourceOptions } from "./source.ts";
import type { Table } from "./table.ts";

const readers = {
  csv: readCsv,
  tsv: readTsv,
  json: readJson,
  ndjson: readNdjson,
  arff: readArff,
  excel: readExcel,
  parquet: readParquet,
  arrow: readArrow,
} as const;

/** A file format that tables are read from. */
export type TableFormat = keyof typeof readers;

/** The format by the end of a file's name. */
const formatOfEnding: Readonly<Record<string, TableFormat>> = {
  ".csv": "csv",
  ".tsv": "tsv",
  ".tab": "tsv",
  ".json": "json",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".arff": "arff",
  ".xlsx": "excel",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".arrow": "arrow",
  ".feather": "arrow",
  ".ipc": "arrow",
};

/** What the reader of a format takes, and the format, where name and content do not tell. */
export type ReadTableOptions = SourceOptions & { readonly format?: TableFormat } & Partial<
    CsvOptions & ArffOptions & JsonOptions & NdjsonOptions & ExcelOptions
  >;

/**
 * Reads a table of any format: by `format`, else by the end of its name (.csv .tsv .json .ndjson .arff .xlsx .parquet .arrow), else by its first
 * bytes; what is left is CSV. The options are those of the format's reader, which refuses others.
 */
export async function readTable(source: Source, { format, ...options }: ReadTableOptions = {}): Promise<Table> {
  if (format !== undefined && !Object.hasOwn(readers, format))
    throw new ParamsError(`readTable: unknown format "${format}"${suggest(String(format), Object.keys(readers))}`);
  const ending = extname(
    options.name ?? (source instanceof Uint8Array ? "" : source instanceof URL ? source.pathname : source.replace(/[?#].*$/, "")),
  );
  const known =
    format ?? (Object.hasOwn(formatOfEnding, ending.toLowerCase()) ? formatOfEnding[ending.toLowerCase()] : undefined);
  const read = (as: TableFormat, from: Source, more: object): Promise<Table> =>
    readers[as](from, { ...options, ...more } as never);
  if (known !== undefined) return read(known, source, {});
  if (ending.toLowerCase() === ".xls") throw new DataError("readTable: .xls workbooks must be saved as .xlsx first");
  const open = await openSource("readTable", source, options);
  const bytes = await open.bytes();
  return read(sniffFormat(bytes), open.path ?? bytes, { name: open.name });
}

/** The format by a file's first bytes. */
function sniffFormat(bytes: Uint8Array): TableFormat {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  if (head.startsWith("PAR1")) return "parquet";
  if (head.startsWith("ARROW1") || head.startsWith("\xff\xff\xff\xff")) return "arrow";
  if (head.startsWith("PK\x03\x04")) return "excel";
  const text = head.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^(%[^\n]*\s+)*@relation\b/i.test(text)) return "arff";
  if (text.startsWith("[")) return "json";
  if (text.startsWith("{")) return /^\{[^\n]*\}\s*\n\s*\{/.test(text) ? "ndjson" : "json";
  return "csv";
}
