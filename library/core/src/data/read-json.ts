import { DataError, LimitError } from "../base/errors.ts";
import { settleRejects } from "./bad-rows.ts";
import { type CellOptions, cellColumn, checkColumnKinds, checkColumnNames } from "./cell-column.ts";
import { checkChoice, checkOptionNames } from "./read-options.ts";
import { openSource, type Source, type SourceOptions } from "./source.ts";
import { type Cell, type Reject, Table } from "./table.ts";
import { checkEncoding, decodeText, type Encoding } from "./text-encoding.ts";

/** How a JSON file is read. */
export interface JsonOptions extends SourceOptions, CellOptions {
  readonly encoding?: Encoding;
}

/** How a file with a JSON object a line is read. */
export interface NdjsonOptions extends JsonOptions {
  /** What a bad line does: ends the reading with a DataError (default), or is left out and listed in `table.rejects`. */
  readonly onBadRow?: "error" | "skip";
}

const optionNames = ["encoding", "columns", "missing"];
const mostBytes = 500_000_000;
const mostColumns = 100_000;

/**
 * Reads JSON: an array of flat objects, or an object of arrays of one length. A key that an object lacks is missing, as is null; columns stand
 * in the order in which their names are first seen. Strings that are all ISO 8601 become instants; whole numbers beyond ±2⁵³ make their column
 * text. Throws DataError with line or path (`[3].address`) for what is no table, LimitError beyond 500 MB. Cost O(n d).
 */
export async function readJson(source: Source, options: JsonOptions = {}): Promise<Table> {
  const { text, file } = await readText("readJson", source, options, optionNames);
  let data: unknown;
  try {
    data = parse(text);
  } catch (cause) {
    throw new DataError(`readJson: ${syntaxMessage(cause as Error, text)} (${file})`, { cause });
  }
  const columns = Array.isArray(data) ? columnsOfRecords("readJson", data, (i) => `[${i}]`, file) : columnsOfArrays(data, file);
  return tableOfCells("readJson", columns, options, (i) => `row ${i}`, file);
}

/**
 * Reads newline-delimited JSON: a flat object a line, else as `readJson`. Throws DataError naming the line.
 */
export async function readNdjson(source: Source, options: NdjsonOptions = {}): Promise<Table> {
  checkChoice("readNdjson", "onBadRow", options.onBadRow, ["error", "skip"]);
  const { text, file } = await readText("readNdjson", source, options, [...optionNames, "onBadRow"]);
  const records: object[] = [];
  const places: number[] = [];
  const rejects: Reject[] = [];
  for (const [k, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      records.push(flatRecord(parse(line)));
      places.push(k + 1);
    } catch (cause) {
      const reason = cause instanceof DataError ? cause.message : `is no JSON: ${(cause as Error).message.split(" in JSON")[0]}`;
      rejects.push({ line: k + 1, reason, text: line.slice(0, 200) });
    }
  }
  settleRejects("readNdjson", rejects, options.onBadRow, file);
  const where = (i: number): string => `line ${places[i]}`;
  const columns = columnsOfRecords("readNdjson", records, where, file);
  return tableOfCells("readNdjson", columns, options, where, file, rejects);
}

async function readText(
  who: string,
  source: Source,
  options: JsonOptions,
  own: readonly string[],
): Promise<{ readonly text: string; readonly file: string }> {
  checkOptionNames(who, options, own);
  checkEncoding(who, options.encoding);
  checkColumnKinds(who, options.columns);
  const open = await openSource(who, source, options);
  if (open.sizeBytes > mostBytes)
    throw new LimitError(`${who}: the file must have at most ${mostBytes} bytes, got ${open.sizeBytes} (${open.name})`);
  const { text } = decodeText(who, await open.bytes(), open.name, options.encoding);
  if (text.trim() === "") throw new DataError(`${who}: the file is empty (${open.name})`);
  return { text, file: open.name };
}

/** JSON, where whole numbers that a number cannot hold come as their digits. */
function parse(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const reviver = (_: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const digits = context?.source;
    const inexact =
      typeof value === "number" && digits !== undefined && /^-?\d{16,}$/.test(digits) && !Number.isSafeInteger(value);
    return inexact ? digits : value;
  };
  return JSON.parse(text, reviver);
}

function syntaxMessage(error: Error, text: string): string {
  const place = /position (\d+)/.exec(error.message)?.[1];
  const line = text.slice(0, place === undefined ? text.length : Number(place)).split("\n").length;
  return `line ${line} is no JSON: ${error.message.split(/ in JSON| \(line|, "|\n/)[0]}`;
}

type Columns = Map<string, Cell[]>;

function columnsOfRecords(who: string, records: readonly unknown[], where: (i: number) => string, file: string): Columns {
  const columns: Columns = new Map();
  for (const [i, record] of records.entries()) {
    let flat: object;
    try {
      flat = flatRecord(record);
    } catch (cause) {
      throw cause instanceof DataError ? new DataError(`${who}: ${where(i)} ${cause.message} (${file})`) : cause;
    }
    for (const [name, cell] of Object.entries(flat)) {
      let cells = columns.get(name);
      if (!cells) {
        if (columns.size === mostColumns) throw new LimitError(`${who}: a table has at most ${mostColumns} columns (${file})`);
        columns.set(name, (cells = []));
      }
      while (cells.length < i) cells.push(null);
      cells.push(cell as Cell);
    }
  }
  for (const cells of columns.values()) while (cells.length < records.length) cells.push(null);
  return columns;
}

/** The record, when it is an object whose values are cells; a DataError's message goes on from its place. */
function flatRecord(record: unknown): object {
  if (typeof record !== "object" || record === null || Array.isArray(record))
    throw new DataError(`must be an object, got ${kindOf(record)}`);
  for (const [name, cell] of Object.entries(record))
    if (typeof cell === "object" && cell !== null)
      throw new DataError(`holds ${kindOf(cell)} under ${JSON.stringify(name)}, where a table has one value`);
  return record;
}

function columnsOfArrays(data: unknown, file: string): Columns {
  if (typeof data !== "object" || data === null)
    throw new DataError(`readJson: the file must hold an array of objects or an object of arrays, got ${kindOf(data)} (${file})`);
  const columns: Columns = new Map();
  for (const [name, cells] of Object.entries(data)) {
    const path = `.${name}`;
    if (!Array.isArray(cells)) throw new DataError(`readJson: ${path} must be an array, got ${kindOf(cells)} (${file})`);
    const nested = cells.findIndex((cell) => typeof cell === "object" && cell !== null);
    if (nested >= 0)
      throw new DataError(`readJson: ${path}[${nested}] holds ${kindOf(cells[nested])}, where a table has one value (${file})`);
    const rows: number = columns.values().next().value?.length ?? cells.length;
    if (cells.length !== rows)
      throw new DataError(`readJson: ${path} has ${cells.length} values, the first column ${rows} (${file})`);
    columns.set(name, cells);
  }
  return columns;
}

function tableOfCells(
  who: string,
  columns: Columns,
  options: JsonOptions,
  where: (i: number) => string,
  file: string,
  rejects: readonly Reject[] = [],
): Table {
  checkColumnNames(who, options.columns, [...columns.keys()], file);
  const place = (i: number): string => `${where(i)} (${file})`;
  return new Table(
    [...columns].map(([name, cells]) => [name, cellColumn(who, name, digitsAsText(cells), options, place)] as const),
    rejects,
  );
}

/** Where some whole numbers came as digits, all numbers of the column become text. */
function digitsAsText(cells: Cell[]): Cell[] {
  const long = cells.some((cell) => typeof cell === "string" && /^-?\d{16,}$/.test(cell));
  return long && cells.some((cell) => typeof cell === "number")
    ? cells.map((cell) => (typeof cell === "number" ? String(cell) : cell))
    : cells;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
