import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { cellOf, isMissing, lengthOf } from "../data/column.ts";
import type { Table } from "../data/table.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";

/** Names of what was learnt of each column. */
export function names(list: readonly { readonly column: string }[]): string[] {
  return list.map(({ column }) => column);
}

/** A name that no column of the table has: the name itself, or with _2, _3, … */
export function freeName(table: Table, name: string): string {
  let free = name;
  for (let k = 2; table.names.includes(free); k++) free = `${name}_${k}`;
  return free;
}

/** Numbers as a matrix of one column, ±∞ left out. */
export function finite(column: Column): Matrix {
  const { values } = column as { readonly values: Float64Array };
  return { rows: values.length, columns: 1, data: values.map((value) => (Number.isFinite(value) ? value : Number.NaN)) };
}

/** The error for a column whose kind is another than at the fit. */
export function wrongKind(who: string, name: string, { kind }: Column): DataError {
  return new DataError(`${who}: column "${name}" holds ${kind}, it did not when the step was fitted`);
}

/** Numbers mapped into a new column. */
export function mapNumbers(from: Float64Array, map: (value: number) => number): { kind: "number"; values: Float64Array } {
  const values = sharedFloat64(from.length);
  for (let i = 0; i < from.length; i++) values[i] = map(from[i]!);
  return { kind: "number", values };
}

/** A column's numbers; a column of texts that are all missing has none. */
export function numbersOf(who: string, table: Table, name: string): Float64Array {
  const column = table.column(name);
  if (column.kind === "number") return column.values;
  if (Array.from({ length: table.rows }, (_, i) => isMissing(column, i)).every(Boolean))
    return new Float64Array(table.rows).fill(Number.NaN);
  throw wrongKind(who, name, column);
}

/** Cells of a text or category column; undefined for other kinds. */
export function textsOf(column: Column): (string | null)[] | undefined {
  if (column.kind !== "text" && column.kind !== "category") return undefined;
  return Array.from({ length: lengthOf(column) }, (_, i) => cellOf(column, i) as string | null);
}

/** Whether a text is a number as people write it: digits, a point, an exponent. */
export function isNumeric(text: string): boolean {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text);
}

/** A text's number; NaN for none. */
export function toNumber(text: string | null): number {
  return text !== null && isNumeric(text) ? Number(text) : Number.NaN;
}
