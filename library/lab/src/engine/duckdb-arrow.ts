import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { DataType, Table } from "apache-arrow";
import { DataError } from "assay";
import type { ExactValue } from "./from-arrow.ts";
import { arrowColumn } from "./to-arrow.ts";

type Arrow = typeof import("apache-arrow");

/** The rows of a query as columns of Arrow. Throws DataError for a column whose type Arrow has not, as a time or an interval: a cast mends it. */
export async function arrowTable(connection: DuckDBConnection, query: string): Promise<Table> {
  const arrow = await import("apache-arrow");
  const read = await connection.runAndReadAll(query);
  const names = read.deduplicatedColumnNames();
  const types = read.columnTypes().map((type, k) => arrowType(arrow, type, names[k]!));
  const cells = read.getColumns();
  const columns = await Promise.all(types.map((type, k) => arrowColumn(type, (cells[k] ?? []).map(exact))));
  return new arrow.Table(Object.fromEntries(columns.map((column, k) => [names[k]!, column])));
}

/** DuckDB's types of one kind each. */
const plainTypes: Readonly<Record<string, (arrow: Arrow) => DataType>> = {
  BOOLEAN: (arrow) => new arrow.Bool(),
  TINYINT: (arrow) => new arrow.Int8(),
  SMALLINT: (arrow) => new arrow.Int16(),
  INTEGER: (arrow) => new arrow.Int32(),
  BIGINT: (arrow) => new arrow.Int64(),
  UTINYINT: (arrow) => new arrow.Uint8(),
  USMALLINT: (arrow) => new arrow.Uint16(),
  UINTEGER: (arrow) => new arrow.Uint32(),
  UBIGINT: (arrow) => new arrow.Uint64(),
  HUGEINT: (arrow) => new arrow.Decimal(0, 38, 128),
  FLOAT: (arrow) => new arrow.Float32(),
  DOUBLE: (arrow) => new arrow.Float64(),
  VARCHAR: (arrow) => new arrow.Utf8(),
  BLOB: (arrow) => new arrow.Binary(),
  DATE: (arrow) => new arrow.DateDay(),
  TIMESTAMP: (arrow) => new arrow.TimestampMicrosecond(null),
  "TIMESTAMP WITH TIME ZONE": (arrow) => new arrow.TimestampMicrosecond("UTC"),
};

/** What DuckDB's types of several parts have. */
interface Parts {
  readonly width?: number;
  readonly scale?: number;
  readonly valueType?: DuckDBType;
  readonly keyType?: DuckDBType;
  readonly entryNames?: readonly string[];
  readonly entryTypes?: readonly DuckDBType[];
}

function arrowType(arrow: Arrow, type: DuckDBType, column: string): DataType {
  const inner = (name: string, of: DuckDBType, nullable = true) => new arrow.Field(name, arrowType(arrow, of, column), nullable);
  const { width, scale, valueType, keyType, entryNames, entryTypes } = type as Parts;
  const plain = plainTypes[String(type)];
  if (plain) return plain(arrow);
  if (width !== undefined && scale !== undefined) return new arrow.Decimal(scale, width, 128);
  if (keyType && valueType) {
    const entries = new arrow.Struct<{ key: DataType; value: DataType }>([
      inner("key", keyType, false),
      inner("value", valueType),
    ]);
    return new arrow.Map_(new arrow.Field("entries", entries, false));
  }
  if (valueType && String(type).endsWith("[]")) return new arrow.List(inner("element", valueType));
  if (entryNames && entryTypes && String(type).startsWith("STRUCT"))
    return new arrow.Struct(entryNames.map((name, k) => inner(name, entryTypes[k]!)));
  throw new DataError(`engine: the column ${column} is of the type ${type}, which Arrow has not here: cast it`);
}

/** What of DuckDB's values is looked at. */
interface Held {
  readonly micros?: bigint;
  readonly days?: number;
  readonly bytes?: Uint8Array;
  readonly items?: readonly DuckDBValue[];
  readonly scale?: number;
  readonly entries?:
    | Readonly<Record<string, DuckDBValue>>
    | readonly { readonly key: DuckDBValue; readonly value: DuckDBValue }[];
}

function exact(cell: DuckDBValue): ExactValue {
  if (typeof cell !== "object" || cell === null) return cell;
  const { micros, days, bytes, items, scale, entries } = cell as Held;
  if (micros !== undefined) return micros;
  if (days !== undefined) return new Date(days * 86_400_000);
  if (scale !== undefined) return String(cell);
  if (bytes !== undefined) return bytes;
  if (items !== undefined) return items.map(exact);
  if (Array.isArray(entries)) return new Map(entries.map(({ key, value }) => [exact(key), exact(value)]));
  return Object.fromEntries(Object.entries(entries ?? {}).map(([name, value]) => [name, exact(value)]));
}
