import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { sharedFloat64 } from "../numeric/matrix.ts";
import type { Cell } from "./table.ts";

/** Number of cells. */
export function lengthOf(column: Column): number {
  return column.kind === "category" ? column.codes.length : column.values.length;
}

/** Cell i, null where missing. */
export function cellOf(column: Column, i: number): Cell {
  switch (column.kind) {
    case "number": {
      const value = column.values[i]!;
      return Number.isNaN(value) ? null : value;
    }
    case "datetime": {
      const value = column.values[i]!;
      return Number.isNaN(value) ? null : new Date(value);
    }
    case "boolean":
      return column.values[i] === 255 ? null : column.values[i] === 1;
    case "category":
      return column.codes[i]! < 0 ? null : column.levels[column.codes[i]!]!;
    case "text":
      return column.values[i]!;
  }
}

/** Whether cell i is missing. */
export function isMissing(column: Column, i: number): boolean {
  switch (column.kind) {
    case "number":
    case "datetime":
      return Number.isNaN(column.values[i]!);
    case "boolean":
      return column.values[i] === 255;
    case "category":
      return column.codes[i]! < 0;
    case "text":
      return column.values[i] === null;
  }
}

/** Number of missing cells. */
export function countMissing(column: Column): number {
  let count = 0;
  for (let i = 0; i < lengthOf(column); i++) if (isMissing(column, i)) count++;
  return count;
}

/** The cells of these indices, in their order. */
export function takeColumn(column: Column, indices: ArrayLike<number>): Column {
  const n = indices.length;
  switch (column.kind) {
    case "number":
    case "datetime": {
      const values = sharedFloat64(n);
      for (let k = 0; k < n; k++) values[k] = column.values[indices[k]!]!;
      return { kind: column.kind, values };
    }
    case "boolean": {
      const values = new Uint8Array(new SharedArrayBuffer(n));
      for (let k = 0; k < n; k++) values[k] = column.values[indices[k]!]!;
      return { kind: "boolean", values };
    }
    case "category": {
      const codes = new Int32Array(new SharedArrayBuffer(4 * n));
      for (let k = 0; k < n; k++) codes[k] = column.codes[indices[k]!]!;
      return { kind: "category", codes, levels: column.levels };
    }
    case "text":
      return { kind: "text", values: Array.from({ length: n }, (_, k) => column.values[indices[k]!]!) };
  }
}

/** The cells of one column, then those of another of the same kind; a category takes the levels of both. */
export function concatColumns(first: Column, second: Column): Column {
  const n = lengthOf(first);
  const rows = n + lengthOf(second);
  if (first.kind === "text" && second.kind === "text") return { kind: "text", values: [...first.values, ...second.values] };
  if (first.kind === "boolean" && second.kind === "boolean") {
    const values = new Uint8Array(new SharedArrayBuffer(rows));
    values.set(first.values);
    values.set(second.values, n);
    return { kind: "boolean", values };
  }
  if (first.kind === "category" && second.kind === "category") {
    const levels = [...new Set([...first.levels, ...second.levels])];
    const places = second.levels.map((level) => levels.indexOf(level));
    const codes = new Int32Array(new SharedArrayBuffer(4 * rows));
    codes.set(first.codes);
    for (let i = n; i < rows; i++) codes[i] = places[second.codes[i - n]!] ?? -1;
    return { kind: "category", codes, levels };
  }
  if (first.kind === second.kind && "values" in first && "values" in second) {
    const values = sharedFloat64(rows);
    values.set(first.values as Float64Array);
    values.set(second.values as Float64Array, n);
    return { kind: first.kind as "number" | "datetime", values };
  }
  throw new DataError(`table.concat: kinds must be the same, got ${first.kind} and ${second.kind}`);
}

/**
 * A column of cells, its kind guessed: numbers, booleans, dates, or strings (a category when at most half of them differ, else text).
 * Throws DataError for cells of different kinds.
 */
export function columnOf(name: string, cells: readonly (Cell | undefined)[]): Column {
  const first = cells.find((cell) => cell !== null && cell !== undefined);
  const kind = first instanceof Date ? "date" : typeof first;
  const odd = cells.findIndex(
    (cell) => cell !== null && cell !== undefined && (cell instanceof Date ? "date" : typeof cell) !== kind,
  );
  if (odd >= 0) throw new DataError(`table: column "${name}" holds ${kind}s, got ${JSON.stringify(cells[odd])} in row ${odd}`);
  switch (kind) {
    case "boolean":
      return {
        kind: "boolean",
        values: Uint8Array.from(cells, (cell) => (cell === null || cell === undefined ? 255 : cell ? 1 : 0)),
      };
    case "date":
      return { kind: "datetime", values: numbers(cells) };
    case "string":
      return strings(cells.map((cell) => (cell as string | undefined) ?? null));
    case "number":
    case "undefined":
      return { kind: "number", values: numbers(cells) };
    default:
      throw new DataError(`table: column "${name}" must hold numbers, strings, booleans or dates, got ${kind}`);
  }
}

function numbers(cells: readonly (Cell | undefined)[]): Float64Array {
  const values = sharedFloat64(cells.length);
  for (let i = 0; i < cells.length; i++) values[i] = cells[i] === null || cells[i] === undefined ? Number.NaN : Number(cells[i]);
  return values;
}

/** A category when there are at most 1,000 different strings and at most half as many as cells, else text. */
function strings(values: readonly (string | null)[]): Column {
  const levels = [...new Set(values.filter((value) => value !== null))];
  if (!isCategory(levels.length, values.length)) return { kind: "text", values };
  levels.sort();
  const places = new Map(levels.map((level, k) => [level, k]));
  const codes = new Int32Array(new SharedArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) codes[i] = values[i] === null ? -1 : places.get(values[i]!)!;
  return { kind: "category", codes, levels };
}

/** The rule for strings: a category has at most 1,000 levels, and at most half as many as there are cells. */
export function isCategory(distinct: number, cells: number): boolean {
  return distinct <= 1000 && 2 * distinct <= cells;
}
