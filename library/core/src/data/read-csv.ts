import { isUtf8 } from "node:buffer";
import { mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column } from "../base/columns.ts";
import { DataError, NotFoundError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { loadColumns, type StringKinds } from "./csv-columns.ts";
import { type Dialect, decode, type RawRecord, records, sniffComment, sniffDelimiter } from "./csv-text.ts";
import { literal, withDuckdb } from "./duckdb.ts";
import { type Reject, Table } from "./table.ts";

/** How a CSV file is read; what is left out is found out. */
export interface CsvOptions {
  /** Between cells; default: the one of `,` `;` tab `|` that fits. */
  readonly delimiter?: string;
  /** Around cells; default `"`. */
  readonly quote?: string;
  /** Begins a line that is left out; default: # where the file begins with such lines, else none. */
  readonly comment?: string;
  /** Whether the first record names the columns; default: unless it holds a number. */
  readonly header?: boolean;
  /** Names in place of the header's. */
  readonly names?: readonly string[];
  /** Cells that mean missing; default "", NA, N/A, NaN, nan, null, NULL. */
  readonly missing?: readonly string[];
  /** Kinds of columns; default: found from all cells. */
  readonly columns?: Readonly<Record<string, Column["kind"]>>;
  /** What a bad line does: ends the reading with a DataError (default), or is left out and listed in `table.rejects`. */
  readonly onBadRow?: "error" | "skip";
  /** Name of the file in messages, when bytes are given. */
  readonly name?: string;
}

/** A CSV file with bad lines; `rejects` lists the first 100 of them. */
export class BadRowsError extends DataError {
  readonly rejects: readonly Reject[];
  constructor(message: string, rejects: readonly Reject[]) {
    super(message);
    this.rejects = rejects;
  }
}

const defaultMissing = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];
const sniffBytes = 1 << 20;

/**
 * Reads a CSV or TSV file: delimiter, header, encoding (UTF-8, UTF-16, Latin-1) and the kinds of columns are found from the file.
 * Whole numbers beyond ±2⁵³ and numbers with leading zeros stay text; spaces around a cell are dropped. Cost: one pass by DuckDB.
 * Throws DataError naming the line for a bad one, NotFoundError where there is no file.
 */
export async function readCsv(source: string | Uint8Array, options: CsvOptions = {}): Promise<Table> {
  checkOptions(options);
  const name = options.name ?? (typeof source === "string" ? basename(source) : "bytes");
  const head = typeof source === "string" ? await readHead(source, name) : source.subarray(0, sniffBytes);
  const { text, encoding } = decode(completeLines(head, sniffBytes), name);
  if (text.trim() === "") throw new DataError(`readCsv: the file is empty (${name})`);
  if (!text.includes("\n") && /\r[^\r]/.test(text))
    throw new DataError(`readCsv: lines must end with a line feed, got carriage returns alone (${name})`);
  const dialect = readDialect(text, options);
  const layout = readLayout(text, dialect, options, name);
  const plain = typeof source === "string" && encoding === "utf-8" && (await isPlainFile(source));
  const folder = plain ? undefined : await mkdtemp(join(tmpdir(), "assay-csv-"));
  try {
    let path = source as string;
    if (folder) {
      path = join(folder, "data.csv");
      const bytes = typeof source === "string" ? await readFile(source) : source;
      await writeFile(path, encoding === "utf-8" && isUtf8(bytes) ? bytes : decode(bytes, name).text);
    }
    return await load(path, name, dialect, layout, options);
  } finally {
    if (folder) await rm(folder, { recursive: true });
  }
}

interface Layout {
  readonly names: readonly string[];
  readonly header: boolean;
}

async function readHead(path: string, name: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new NotFoundError(`readCsv: no file ${path}`);
  if (found.isDirectory()) throw new DataError(`readCsv: ${path} is a folder`);
  const file = await open(path);
  try {
    const bytes = new Uint8Array(Math.min(sniffBytes, found.size));
    await file.read(bytes, 0, bytes.length, 0);
    return bytes;
  } catch (cause) {
    throw new DataError(`readCsv: cannot read ${name}: ${(cause as Error).message}`, { cause });
  } finally {
    await file.close();
  }
}

const optionNames = ["delimiter", "quote", "comment", "header", "names", "missing", "columns", "onBadRow", "name"];
const kindNames = ["number", "category", "boolean", "datetime", "text"];

function checkOptions(options: CsvOptions): void {
  for (const option of Object.keys(options))
    if (!optionNames.includes(option))
      throw new ParamsError(`readCsv: unknown option "${option}"${suggest(option, optionNames)}`);
  for (const [column, kind] of Object.entries(options.columns ?? {}))
    if (!kindNames.includes(kind))
      throw new ParamsError(`readCsv: column "${column}" must be ${kindNames.join(", ")}, got ${JSON.stringify(kind)}`);
}

/** Without the last, cut line of a prefix, so that no character is cut in two. */
function completeLines(bytes: Uint8Array, limit: number): Uint8Array {
  const end = bytes.lastIndexOf(10);
  return bytes.length < limit || end < 0 ? bytes : bytes.subarray(0, end + 1);
}

/** Whether DuckDB can read the file as it lies: valid UTF-8 throughout. */
async function isPlainFile(path: string): Promise<boolean> {
  return isUtf8(await readFile(path));
}

function readDialect(text: string, { delimiter, quote = '"', ...given }: CsvOptions): Dialect {
  const comment = given.comment ?? sniffComment(text, quote);
  for (const [option, value] of Object.entries({ delimiter, quote, comment }))
    if (value !== undefined && value.length !== 1)
      throw new ParamsError(`readCsv: ${option} must be one character, got ${JSON.stringify(value)}`);
  return { delimiter: delimiter ?? sniffDelimiter(text, { quote, comment }), quote, comment };
}

/** The columns' names, from the header or made. Throws DataError for a name that stands twice. */
function readLayout(text: string, dialect: Dialect, options: CsvOptions, file: string): Layout {
  const first: RawRecord | undefined = records(text, dialect).next().value ?? undefined;
  if (!first) throw new DataError(`readCsv: the file holds comments only (${file})`);
  const cells = first.cells.map((cell) => cell.trim());
  const header = options.header ?? !cells.some((cell) => cell !== "" && Number.isFinite(Number(cell)));
  if (options.names && options.names.length !== cells.length)
    throw new DataError(
      `readCsv: names has ${options.names.length} names, line ${first.line} has ${cells.length} fields (${file})`,
    );
  const names =
    options.names ?? (header ? cells.map((cell, j) => cell || `column_${j + 1}`) : cells.map((_, j) => `column_${j + 1}`));
  const places = new Map<string, number>();
  for (const [j, name] of names.entries()) {
    if (places.has(name))
      throw new DataError(
        `readCsv: columns ${places.get(name)! + 1} and ${j + 1} are both named "${name}"; give other names by { names: [...] } (${file})`,
      );
    places.set(name, j);
  }
  if (names.length === 1 && /[;\t|,]/.test(names[0]!)) {
    const delimiter = /[;\t|,]/.exec(names[0]!)![0];
    throw new DataError(
      `readCsv: the header is one field, ${JSON.stringify(names[0]!.slice(0, 80))}; its delimiter looks like ${JSON.stringify(delimiter)}, not ${JSON.stringify(dialect.delimiter)} (${file})`,
    );
  }
  for (const name of Object.keys(options.columns ?? {}))
    if (!places.has(name))
      throw new ParamsError(`readCsv: columns names "${name}", which the file has not${suggest(name, names)} (${file})`);
  return { names, header };
}

async function load(
  path: string,
  file: string,
  dialect: Dialect,
  { names, header }: Layout,
  options: CsvOptions,
): Promise<Table> {
  return withDuckdb(async (connection) => {
    const read = [
      literal(path),
      "auto_detect=false",
      `header=${header}`,
      `delim=${literal(dialect.delimiter)}`,
      `quote=${literal(dialect.quote)}`,
      `escape=${literal(dialect.quote)}`,
      dialect.comment ? `comment=${literal(dialect.comment)}` : "",
      `columns={${names.map((_, j) => `'c${j}':'VARCHAR'`).join(",")}}`,
      "store_rejects=true",
      "rejects_limit=0",
      "strict_mode=true",
    ].filter(Boolean);
    const markers = (options.missing ?? defaultMissing).map(literal).join(",");
    const trimmed = names.map((_, j) => `trim(c${j}) as t${j}`);
    const cells = names.map(
      (_, j) => (markers ? `case when t${j} in (${markers}, '') then null else t${j} end` : `nullif(t${j}, '')`) + ` as v${j}`,
    );
    const temporary = `cells_${Math.trunc(performance.now() * 1000)}`;
    try {
      await connection.run(
        `create temp table ${temporary} as select ${cells.join(", ")} from (select ${trimmed.join(", ")} from read_csv(${read.join(", ")}))`,
      );
    } catch (cause) {
      throw new DataError(`readCsv: ${firstLine((cause as Error).message)} (${file})`, { cause });
    }
    const rejects = await readRejects(connection, path, names.length, dialect);
    if (rejects.length > 0 && options.onBadRow !== "skip") {
      const more = rejects.length > 1 ? `, and ${rejects.length - 1} more bad ${rejects.length === 2 ? "line" : "lines"}` : "";
      throw new BadRowsError(`readCsv: line ${rejects[0]!.line} ${rejects[0]!.reason}${more} (${file})`, rejects.slice(0, 100));
    }
    const kinds: StringKinds = new Map(Object.entries(options.columns ?? {}));
    const loaded = await loadColumns(connection, temporary, names, kinds, async (row) => {
      const bad = new Set(rejects.map(({ line }) => line));
      let seen = header ? -1 : 0;
      for (const record of records(decode(await readFile(path), file).text, dialect)) {
        if (bad.has(record.line)) continue;
        if (seen++ === row) return `line ${record.line} of ${file}`;
      }
      return `row ${row} of ${file}`;
    });
    await connection.run(`drop table ${temporary}`);
    return new Table(loaded, rejects);
  });
}

/** DuckDB's list of bad lines, with true line numbers: it does not count the line ends inside quotes. */
async function readRejects(connection: DuckDBConnection, path: string, fields: number, dialect: Dialect): Promise<Reject[]> {
  const found = await connection.runAndReadAll(
    "select line::double, error_type::varchar, csv_line from reject_errors order by 1, column_idx",
  );
  await connection.run("drop table if exists reject_errors");
  await connection.run("drop table if exists reject_scans");
  const rows = found.getRows() as [number, string, string | null][];
  if (rows.length === 0) return [];
  const rejects = new Map<number, Reject>();
  for (const [line, type, text] of rows)
    if (!type.includes("COLUMNS")) rejects.set(line, { line, reason: reasonOf(type), text: (text ?? "").slice(0, 200) });
  for (const { line, cells } of records(decode(await readFile(path), path).text, dialect))
    if (cells.length !== fields) {
      const reason = `has ${cells.length} ${cells.length === 1 ? "field" : "fields"}, the header ${fields}`;
      rejects.set(line, { line, reason, text: cells.join(dialect.delimiter).slice(0, 200) });
    }
  return [...rejects.values()].sort((a, b) => a.line - b.line);
}

function reasonOf(type: string): string {
  if (type.includes("UNQUOTED")) return "has a quoted value that does not end where the field ends";
  if (type.includes("ENCODING")) return "holds bytes that are no UTF-8";
  if (type.includes("LINE SIZE")) return "is longer than 2,000,000 bytes";
  return `cannot be read (${type.toLowerCase()})`;
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}
