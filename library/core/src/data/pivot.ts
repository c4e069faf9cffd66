import type { Column, TableLike } from "../base/columns.ts";
import { DataError, LimitError } from "../base/errors.ts";
import { cellOf, takeColumn } from "./column.ts";
import { type Aggregate, aggregateColumn } from "./group-by.ts";
import { keysOf, keysOfColumn, pairs } from "./keys.ts";

/** How a long table becomes a wide one. */
export interface PivotOptions {
  /** Columns whose cells make the rows. */
  readonly rows: string | readonly string[];
  /** The column whose cells name the new columns. */
  readonly columns: string;
  /** The column whose cells fill them. */
  readonly values: string;
  /** What several cells for one place become; default first. */
  readonly aggregate?: Aggregate;
}

const mostColumns = 10_000;

/**
 * A row for each key, a column for each different cell of `columns` (missing as "missing"), both in the order in which they are first seen;
 * missing where a place has no row. Cost O(n + rows × columns). Throws LimitError beyond 10,000 columns, DataError where a new name is taken.
 */
export function pivotColumns(
  table: TableLike,
  { rows, columns, values, aggregate = "first" }: PivotOptions,
): Map<string, Column> {
  const names = typeof rows === "string" ? [rows] : rows;
  const down = keysOf(
    names.map((name) => table.column(name)),
    table.rows,
  );
  const named = table.column(columns);
  const across = keysOfColumn(named);
  if (across.groups > mostColumns)
    throw new LimitError(`table.pivot: "${columns}" must have at most ${mostColumns} different values, got ${across.groups}`);
  const places = pairs(down, across);
  const filled = aggregateColumn(table, places, [values, aggregate]);
  const sources = Array.from({ length: across.groups }, () => new Int32Array(down.groups).fill(-1));
  for (const [k, i] of places.first.entries()) sources[across.codes[i]!]![down.codes[i]!] = k;
  const made = new Map<string, Column>(names.map((name) => [name, takeColumn(table.column(name), down.first)]));
  for (const [k, i] of across.first.entries()) {
    const cell = cellOf(named, i);
    const name = cell === null ? "missing" : cell instanceof Date ? cell.toISOString() : String(cell);
    if (made.has(name)) throw new DataError(`table.pivot: two columns would be named "${name}"`);
    made.set(name, takeColumn(filled, sources[k]!));
  }
  return made;
}
