import type { CategoryColumn, Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { sharedFloat64, sharedInt32 } from "../numeric/matrix.ts";
import { type Cells, type GatherPlan, moveCells } from "./gather.ts";
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
  switch (column.kind) {
    case "number":
    case "datetime":
      for (let i = 0; i < column.values.length; i++) if (Number.isNaN(column.values[i])) count++;
      return count;
    case "boolean":
      for (let i = 0; i < column.values.length; i++) if (column.values[i] === 255) count++;
      return count;
    case "category":
      for (let i = 0; i < column.codes.length; i++) if (column.codes[i]! < 0) count++;
      return count;
    case "text":
      for (const value of column.values) if (value === null) count++;
      return count;
  }
}

/** The cells of these indices, in their order, or by a plan made of them; −1 gives a missing cell. */
export function takeColumn(column: Column, indices: ArrayLike<number>, plan?: GatherPlan): Column {
  const n = indices.length;
  switch (column.kind) {
    case "number":
    case "datetime": {
      const values = sharedFloat64(n);
      move(column.values, values, Number.NaN, indices, plan);
      return { kind: column.kind, values };
    }
    case "boolean": {
      const values = new Uint8Array(new SharedArrayBuffer(n));
      move(column.values, values, 255, indices, plan);
      return { kind: "boolean", values };
    }
    case "category": {
      const codes = sharedInt32(n);
      move(column.codes, codes, -1, indices, plan);
      return { kind: "category", codes, levels: column.levels };
    }
    case "text": {
      const values = new Array<string | null>(n).fill(null);
      for (let k = 0; k < n; k++) values[k] = column.values[indices[k]!] ?? null;
      return { kind: "text", values };
    }
  }
}

function move(source: Cells, target: Cells, none: number, indices: ArrayLike<number>, plan: GatherPlan | undefined): void {
  moveCells(source, target, none, plan?.from ?? indices, plan?.to, 0, indices.length);
}

/** Cells `begin` … `end` − 1, copied as they lie. */
export function sliceColumn(column: Column, begin: number, end: number): Column {
  const n = end - begin;
  switch (column.kind) {
    case "number":
    case "datetime": {
      const values = sharedFloat64(n);
      values.set(column.values.subarray(begin, end));
      return { kind: column.kind, values };
    }
    case "boolean": {
      const values = new Uint8Array(new SharedArrayBuffer(n));
      values.set(column.values.subarray(begin, end));
      return { kind: "boolean", values };
    }
    case "category": {
      const codes = sharedInt32(n);
      codes.set(column.codes.subarray(begin, end));
      return { kind: "category", codes, levels: column.levels };
    }
    case "text":
      return { kind: "text", values: column.values.slice(begin, end) };
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
    const codes = sharedInt32(rows);
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
 * A column of cells, its kind guessed: numbers, booleans, dates, or strings (a category when at most half of them differ, else text);
 * `kind` settles between category and text, and what a column without a cell is. Throws DataError for cells of different kinds.
 */
export function columnOf(name: string, cells: readonly (Cell | undefined)[], wanted?: Column["kind"]): Column {
  const first = cells.find((cell) => cell !== null && cell !== undefined);
  const kind = first instanceof Date ? "date" : typeof first;
  const odd = cells.findIndex(
    (cell) => cell !== null && cell !== undefined && (cell instanceof Date ? "date" : typeof cell) !== kind,
  );
  if (odd >= 0) throw new DataError(`table: column "${name}" holds ${kind}s, got ${JSON.stringify(cells[odd])} in row ${odd}`);
  if (wanted && (first === undefined || wanted === "category" || wanted === "text")) return columnAs(wanted, cells);
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

/** Strings as category or text; cells that are all missing as any kind. */
function columnAs(kind: Column["kind"], cells: readonly (Cell | undefined)[]): Column {
  const values = cells.map((cell) => (cell as string | undefined) ?? null);
  switch (kind) {
    case "text":
      return { kind, values };
    case "category":
      return categoryColumn(values);
    case "boolean":
      return { kind, values: new Uint8Array(new SharedArrayBuffer(cells.length)).fill(255) };
    case "number":
    case "datetime":
      return { kind, values: numbers(cells) };
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
  return categoryOf(values, levels);
}

function categoryOf(values: readonly (string | null)[], levels: string[]): CategoryColumn {
  levels.sort();
  const places = new Map(levels.map((level, k) => [level, k]));
  const codes = sharedInt32(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = values[i] === null ? -1 : places.get(values[i]!)!;
  return { kind: "category", codes, levels };
}

/** Numbers in shared memory as a column. */
export function numberColumn(values: ArrayLike<number>): Column {
  const shared = sharedFloat64(values.length);
  shared.set(values);
  return { kind: "number", values: shared };
}

/** A category column of strings, levels sorted by code unit. */
export function categoryColumn(values: readonly (string | null)[]): CategoryColumn {
  return categoryOf(values, [...new Set(values.filter((value) => value !== null))]);
}

/** The rule for strings: a category has at most 1,000 levels, and at most half as many as there are cells. */
export function isCategory(distinct: number, cells: number): boolean {
  return distinct <= 1000 && 2 * distinct <= cells;
}
