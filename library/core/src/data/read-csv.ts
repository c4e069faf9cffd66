import { isUtf8 } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readByDuckdb } from "./csv-duckdb.ts";
import { type CsvOptions, checkCsvOptions, findLayout } from "./csv-layout.ts";
import { readPlainCsv } from "./csv-plain.ts";
import { openSource, type Source } from "./source.ts";
import type { Table } from "./table.ts";
import { decodeText } from "./text-encoding.ts";

const mostPlainBytes = 2 ** 31;

/**
 * Reads a CSV file: delimiter, quote, comments, header, encoding (UTF-8, UTF-16, Latin-1) and the kinds of columns are found from the file.
 * Whole numbers beyond ±2⁵³ and numbers with leading zeros stay text; spaces around a cell are dropped. Plain files are read in one pass over
 * their bytes, all others, and those beyond 2 GiB, by DuckDB, with the same result.
 * Throws DataError naming the line for a bad one, NotFoundError where there is no file.
 */
export async function readCsv(source: Source, options: CsvOptions = {}): Promise<Table> {
  checkCsvOptions("readCsv", options);
  const open = await openSource("readCsv", source, options);
  const layout = await findLayout("readCsv", open, options);
  if (open.sizeBytes >= mostPlainBytes) return readByDuckdb(open.path!, open.name, layout, options);
  const bytes = await open.bytes();
  const isPlain = (options.encoding ?? "utf-8") === "utf-8" && layout.encoding === "utf-8" && isUtf8(bytes);
  const plain = isPlain ? readPlainCsv(bytes, layout, options) : undefined;
  if (plain) return plain;
  if (open.path !== undefined && isPlain) return readByDuckdb(open.path, open.name, layout, options);
  const folder = await mkdtemp(join(tmpdir(), "assay-csv-"));
  try {
    const path = join(folder, "data.csv");
    await writeFile(path, isPlain ? bytes : decodeText("readCsv", bytes, open.name, options.encoding).text);
    return await readByDuckdb(path, open.name, layout, options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads tab-separated values: as `readCsv`, the delimiter being a tab. */
export function readTsv(source: Source, options: CsvOptions = {}): Promise<Table> {
  return readCsv(source, { delimiter: "\t", ...options });
}
