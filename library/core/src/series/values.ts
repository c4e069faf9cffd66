import type { Column } from "../base/columns.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { instantOfText } from "../data/instant-text.ts";

/** Values of a series in their order: numbers, null or NaN where missing, or a number column of a table (`table.column("weight")`). */
export type SeriesValues = ArrayLike<unknown> | Column;

/** Instants of a series, rising or equal: milliseconds since 1970, dates, ISO 8601 text (UTC where it names no zone), or a datetime column of a table. */
export type SeriesTimes = ArrayLike<unknown> | Column;

/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** The values as numbers, NaN where missing. Throws DataError for anything else, and for an infinite value. */
export function seriesNumbers(who: string, values: SeriesValues): Float64Array {
  return Float64Array.from(cellsOf(who, "values", values, ["number", "boolean"]), (cell, row) => {
    if (cell === null || cell === undefined) return Number.NaN;
    const value = typeof cell === "boolean" ? Number(cell) : cell;
    if (typeof value !== "number" || Math.abs(value) === Infinity)
      throw new DataError(`${who}: values must be finite numbers or missing, got ${shown(cell)} in row ${row}`);
    return value;
  });
}

/** The values as numbers. Throws DataError where one is missing or fewer than `least` are there. */
export function wholeNumbers(who: string, values: SeriesValues, least: number): Float64Array {
  const numbers = seriesNumbers(who, values);
  const gap = numbers.findIndex(Number.isNaN);
  if (gap >= 0) throw new DataError(`${who}: values must hold no missing value, row ${gap} is missing; fill or leave it out`);
  if (numbers.length < least)
    throw new DataError(`${who}: needs ${least} ${least === 1 ? "value" : "values"} at least, got ${numbers.length}`);
  return numbers;
}

/** Instants in milliseconds (n). Throws ShapeError for another length, DataError where one is missing or earlier than the one before. */
export function seriesTimes(who: string, times: SeriesTimes, rows: number): Float64Array {
  const cells = cellsOf(who, "times", times, ["datetime", "number", "text"]);
  if (cells.length !== rows) throw new ShapeError(`${who}: times has ${cells.length} rows but values ${rows}`);
  const instants = Float64Array.from(cells, (cell, row) => {
    const instant = instantOf(cell);
    if (!Number.isFinite(instant)) throw new DataError(`${who}: times must be instants, got ${shown(cell)} in row ${row}`);
    return instant;
  });
  const early = instants.findIndex((instant, row) => instant < instants[row - 1]!);
  if (early >= 0)
    throw new DataError(
      `${who}: times must not fall, row ${early} (${iso(instants[early]!)}) is before row ${early - 1} (${iso(instants[early - 1]!)}); sort by time`,
    );
  return instants;
}

/** Throws ParamsError unless a number is whole and not below `least`. */
export function checkWhole(who: string, name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least))
    throw new ParamsError(`${who}: ${name} must be a whole number ≥ ${least}, got ${String(value)}`);
}

function cellsOf(who: string, name: string, cells: ArrayLike<unknown> | Column, kinds: readonly string[]): ArrayLike<unknown> {
  if (typeof cells === "object" && cells !== null && "length" in cells) return cells;
  const kind = (cells as Column | undefined)?.kind;
  if (kind === undefined) throw new DataError(`${who}: ${name} must be an array or a column of a table, got ${shown(cells)}`);
  if (!kinds.includes(kind)) throw new DataError(`${who}: ${name} must be a column of ${kinds.join(" or ")}, got one of ${kind}`);
  const column = cells as Exclude<Column, { readonly kind: "category" }>;
  return column.kind === "boolean"
    ? Float64Array.from(column.values, (code) => (code === 255 ? Number.NaN : code))
    : column.values;
}

function instantOf(cell: unknown): number {
  if (typeof cell === "number") return cell;
  if (cell instanceof Date) return cell.getTime();
  return typeof cell === "string" ? instantOfText(cell) : Number.NaN;
}

const iso = (instant: number): string => (Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString() : String(instant));

function shown(cell: unknown): string {
  return typeof cell === "string" ? `"${cell.slice(0, 40)}"` : String(cell);
}
