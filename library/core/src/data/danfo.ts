import type { TableLike } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { cellOf, columnOf } from "./column.ts";
import { type Cell, Table } from "./table.ts";

/** What Assay needs of danfo.js's DataFrame; it is never imported. */
export interface DanfoFrame {
  readonly columns: readonly string[];
  readonly values: unknown;
  readonly shape: readonly number[];
}

/** What Assay needs of the danfo.js module. */
export interface Danfo<F extends DanfoFrame> {
  readonly DataFrame: new (data: object, options?: { columns?: string[] }) => F;
}

/**
 * A danfo.js DataFrame as a table: `ml.fromDanfo(frame)`. null, undefined and NaN are missing; kinds are guessed from the cells. Throws DataError
 * for cells of different kinds.
 */
export function fromDanfo(frame: DanfoFrame): Table {
  if (!Array.isArray(frame?.columns) || !Array.isArray(frame.values))
    throw new DataError("fromDanfo: the value must be a danfo DataFrame");
  const rows = frame.values as readonly (readonly unknown[])[];
  const cell = (value: unknown): Cell =>
    value === undefined || value === null || (typeof value === "number" && Number.isNaN(value)) ? null : (value as Cell);
  return new Table(
    frame.columns.map((name, j) => [
      String(name),
      columnOf(
        String(name),
        rows.map((row) => cell(Array.isArray(row) ? row[j] : row)),
      ),
    ]),
  );
}

/**
 * A table as a danfo.js DataFrame, by the module that the caller has: `ml.toDanfo(table, dfd)`. Missing numbers are NaN, other missing cells null,
 * instants ISO 8601 strings (danfo has no column of dates). Throws DataError for a table without rows, which danfo cannot hold.
 */
export function toDanfo<F extends DanfoFrame>(table: TableLike, danfo: Danfo<F>): F {
  if (table.rows === 0 || table.names.length === 0)
    throw new DataError("toDanfo: a danfo DataFrame must have rows and columns, the table has none");
  const columns = table.names.map((name) => table.column(name));
  const rows = Array.from({ length: table.rows }, (_, i) =>
    columns.map((column) => {
      const cell = cellOf(column, i);
      if (cell === null) return column.kind === "number" ? Number.NaN : null;
      return cell instanceof Date ? cell.toISOString() : cell;
    }),
  );
  return new danfo.DataFrame(rows, { columns: [...table.names] });
}
