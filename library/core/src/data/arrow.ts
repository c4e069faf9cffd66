import { writeFile } from "node:fs/promises";
import type { Column } from "../base/columns.ts";
import { DataError, LimitError } from "../base/errors.ts";
import { checkArrow } from "./arrow-check.ts";
import { columnOf } from "./column.ts";
import { emptyColumn } from "./duckdb-columns.ts";
import { checkOptionNames } from "./read-options.ts";
import { openSource, type Source, type SourceOptions } from "./source.ts";
import { type Cell, Table } from "./table.ts";
import { type ArrowData, type ArrowField, type ArrowTable, type ArrowVector, toArrow } from "./to-arrow.ts";
import { writeWhole } from "./write-whole.ts";

/** Arrow's numbers of types (Schema.fbs), as far as a column can hold them. */
const typeOf: Readonly<Record<number, "null" | "number" | "text" | "boolean" | "datetime" | "dictionary">> = {
  [-1]: "dictionary",
  1: "null",
  2: "number", // Int
  3: "number", // Float
  5: "text", // Utf8
  6: "boolean",
  8: "datetime", // Date
  10: "datetime", // Timestamp
  20: "text", // LargeUtf8
};

/**
 * Reads an Arrow IPC file or stream (also Feather 2), uncompressed: numbers, booleans, dates and timestamps, strings; dictionaries of strings
 * become categories, whole numbers beyond ±2⁵³ text. Throws DataError for what is no Arrow or holds lists, structs and the like, LimitError
 * for a file that claims more rows than it has bytes for.
 */
export async function readArrow(source: Source, options: SourceOptions = {}): Promise<Table> {
  checkOptionNames("readArrow", options, []);
  const open = await openSource("readArrow", source, options);
  const bytes = await open.bytes();
  if (bytes.length === 0) throw new DataError(`readArrow: the file is empty (${open.name})`);
  const { tableFromIPC } = await import("apache-arrow");
  try {
    checkArrow(bytes);
    const read = tableFromIPC(bytes.slice()) as unknown as ArrowTable;
    if (read.schema.fields.length === 0) throw new DataError("the file has no columns");
    if (!(read.numRows >= 0 && read.numRows <= 8 * bytes.length + 8))
      throw new LimitError(`the file claims ${read.numRows} rows in ${bytes.length} bytes`);
    return fromArrow(read);
  } catch (cause) {
    const message = (cause as Error).message.split("\n")[0]!.replace(/^fromArrow: /, "");
    if (cause instanceof LimitError) throw new LimitError(`readArrow: ${message} (${open.name})`, { cause });
    throw new DataError(`readArrow: cannot read ${open.name}: ${message}`, { cause });
  }
}

/** Writes a table as an Arrow IPC file, whole or not at all; types as of `toArrow`. Throws DataError when the file cannot be written. */
export async function writeArrow(table: Table, path: string): Promise<void> {
  const { tableToIPC } = await import("apache-arrow");
  const bytes = tableToIPC((await toArrow(table)) as never, "file");
  await writeWhole("writeArrow", path, (temporary) => writeFile(temporary, bytes));
}

/** An apache-arrow Table as ours. Throws DataError for types that a column cannot hold, naming the column. Cost O(n d). */
export function fromArrow(arrow: ArrowTable): Table {
  return new Table(
    arrow.schema.fields.map((field, j): [string, Column] => {
      const vector = arrow.getChildAt(j);
      if (!vector || vector.length !== arrow.numRows)
        throw new DataError(`fromArrow: column "${field.name}" has ${vector?.length ?? 0} rows, the table ${arrow.numRows}`);
      for (const data of vector.data) checkExtent(field, data);
      return [field.name, readColumn(field, vector)];
    }),
  );
}

/** Throws DataError unless the arrays that lie there hold as many cells as the chunk claims. */
function checkExtent({ name, type }: ArrowField, { length, values, valueOffsets }: ArrowData): void {
  const kind = typeOf[type.typeId];
  if (kind === undefined || kind === "null") return;
  const there =
    kind === "text" ? (valueOffsets?.length ?? 0) - 1 : kind === "boolean" ? 8 * (values?.length ?? 0) : (values?.length ?? 0);
  if (length > 0 && length > there)
    throw new DataError(`fromArrow: column "${name}" claims ${length} cells and has ${Math.max(0, there)}`);
}

function readColumn(field: ArrowField, vector: ArrowVector): Column {
  switch (typeOf[field.type.typeId]) {
    case "number":
      return readNumbers(field, vector);
    case "datetime": {
      const { column, target } = emptyColumn("datetime", vector.length);
      fill(vector, (value, i) => {
        target[i] = value === null ? Number.NaN : Number(value);
      });
      return column;
    }
    case "boolean": {
      const { column, target } = emptyColumn("boolean", vector.length);
      fill(vector, (value, i) => {
        target[i] = value === null ? 255 : Number(value);
      });
      return column;
    }
    case "text":
      return columnOf(field.name, cells(vector));
    case "null":
      return columnOf(field.name, new Array<Cell>(vector.length).fill(null));
    case "dictionary":
      return readDictionary(field, vector);
    default:
      throw new DataError(`fromArrow: column "${field.name}" holds ${field.type}, where a table has one value`);
  }
}

function fill(vector: ArrowVector, put: (value: unknown, i: number) => void): void {
  for (let i = 0; i < vector.length; i++) put(vector.get(i) ?? null, i);
}

function cells(vector: ArrowVector): Cell[] {
  return Array.from({ length: vector.length }, (_, i) => (vector.get(i) ?? null) as Cell);
}

function readNumbers(field: ArrowField, vector: ArrowVector): Column {
  const { column, target } = emptyColumn("number", vector.length);
  let exact = true;
  fill(vector, (value, i) => {
    target[i] = value === null ? Number.NaN : Number(value);
    if (typeof value === "bigint" && !Number.isSafeInteger(Number(value)) && BigInt(Number(value)) !== value) exact = false;
  });
  return exact
    ? column
    : columnOf(
        field.name,
        cells(vector).map((value) => (value === null ? null : String(value))),
        "text",
      );
}

function readDictionary(field: ArrowField, vector: ArrowVector): Column {
  const found = cells(vector);
  const first = found.find((cell) => cell !== null);
  if (first !== undefined && typeof first !== "string")
    throw new DataError(`fromArrow: column "${field.name}" holds ${field.type}, where a table takes strings`);
  const dictionaries = new Set(vector.data.map(({ dictionary }) => dictionary));
  const [dictionary] = dictionaries;
  if (dictionaries.size !== 1 || !dictionary) return columnOf(field.name, found, "category");
  const levels = cells(dictionary) as (string | null)[];
  const places = new Map(levels.map((level, k) => [level, k]));
  if (places.size !== levels.length || places.has(null)) return columnOf(field.name, found, "category");
  const { column, target } = emptyColumn("category", vector.length, levels as string[]);
  for (const [i, cell] of found.entries()) target[i] = cell === null ? -1 : places.get(cell as string)!;
  return column;
}
