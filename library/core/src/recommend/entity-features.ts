import type { Column, TableLike } from "../base/columns.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { sharedFloat64, sharedInt32 } from "../numeric/matrix.ts";
import { mean, standardDeviation } from "../numeric/statistics.ts";
import { codeOf, countOf, type IdList } from "./ids.ts";
import type { SparseRows } from "./interactions.ts";

/** What is known of users or items beside who took what. */
export interface EntityFeatures {
  /** A row for each user or item; numbers, booleans and instants are standardised, texts and categories become one feature a level. */
  readonly table: TableLike;
  /** The column that names the user or item. */
  readonly key: string;
  /** The columns to use; default all others. */
  readonly columns?: readonly string[] | undefined;
}

/** Features by user or item: row k holds the numbers of its features and how much of each. */
export interface FeatureRows extends SparseRows {
  /** How many different features there are. */
  readonly features: number;
}

/** No features of anybody. */
export function noFeatures(rows: number): FeatureRows {
  return { offsets: new Int32Array(rows + 1), codes: new Int32Array(0), values: new Float64Array(0), features: 0 };
}

/**
 * Reads features of users or items. Rows of names that the interactions do not hold are left out; who has no row has no features; missing cells say nothing.
 * Throws DataError for a name that stands twice, ParamsError for a column that is not there.
 */
export function readEntityFeatures(who: string, option: string, given: EntityFeatures, ids: IdList): FeatureRows {
  const { table, key, columns } = given;
  if (typeof table?.column !== "function")
    throw new ParamsError(`${who}: ${option} must be { table, key }, got ${JSON.stringify(given)?.slice(0, 60)}`);
  for (const name of [key, ...(columns ?? [])])
    if (!table.names.includes(name))
      throw new ParamsError(`${who}: ${option} has no column "${name}"${suggest(name, table.names)}`);
  const rowOfCode = new Int32Array(countOf(ids)).fill(-1);
  for (let row = 0; row < table.rows; row++) {
    const code = codeOf(ids, keyOf(table.column(key), row) ?? Number.NaN);
    if (code === undefined) continue;
    if (rowOfCode[code]! >= 0)
      throw new DataError(
        `${who}: ${option} names ${JSON.stringify(keyOf(table.column(key), row))} twice, in rows ${rowOfCode[code]} and ${row}`,
      );
    rowOfCode[code] = row;
  }
  let features = 0;
  const readers = (columns ?? table.names.filter((name) => name !== key)).map((name) => {
    const reader = featureReader(table.column(name), features);
    features += reader.features;
    return reader.read;
  });
  const offsets = sharedInt32(rowOfCode.length + 1);
  const codes: number[] = [];
  const values: number[] = [];
  for (const [code, row] of rowOfCode.entries()) {
    for (const read of row < 0 ? [] : readers) {
      const [feature, value] = read(row);
      if (!(Number.isFinite(value) && value !== 0)) continue;
      codes.push(feature);
      values.push(value);
    }
    offsets[code + 1] = codes.length;
  }
  const much = sharedFloat64(values.length);
  much.set(values);
  return { offsets, codes: Int32Array.from(codes), values: much, features };
}

function keyOf(column: Column, row: number): string | number | null {
  if (column.kind === "category") return column.codes[row]! < 0 ? null : column.levels[column.codes[row]!]!;
  return column.values[row] ?? null;
}

/** How many features a column gives, and a row's: its number and how much; NaN where the cell is missing. */
function featureReader(
  column: Column,
  first: number,
): { readonly features: number; read(row: number): readonly [number, number] } {
  if (column.kind === "category")
    return {
      features: column.levels.length,
      read: (row) => [first + column.codes[row]!, column.codes[row]! < 0 ? Number.NaN : 1],
    };
  if (column.kind === "text") {
    const levels = [...new Set(column.values.filter((value) => value !== null))].sort();
    const places = new Map(levels.map((level, k) => [level, k]));
    return {
      features: levels.length,
      read: (row) => [first + (places.get(column.values[row] ?? "") ?? 0), column.values[row] === null ? Number.NaN : 1],
    };
  }
  const numbers =
    column.kind === "boolean" ? Float64Array.from(column.values, (value) => (value === 255 ? Number.NaN : value)) : column.values;
  const present = numbers.filter(Number.isFinite);
  const [centre, spread] = [mean(present), standardDeviation(present) || 1];
  return { features: 1, read: (row) => [first, (numbers[row]! - centre) / spread] };
}
