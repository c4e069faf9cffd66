import type { Column } from "../base/columns.ts";
import { sharedInt32 } from "../numeric/matrix.ts";

/**
 * The one row of the right column that equals each cell of the left (n), −1 where none does or the cell is missing; undefined where the right
 * column holds a value twice, or numbers that are not whole or lie far apart. O(n + m).
 */
export function uniquePartners(left: Column, right: Column): Int32Array | undefined {
  if ((left.kind === "number" || left.kind === "datetime") && left.kind === right.kind)
    return partnersOfNumbers(left.values, right.values as Float64Array);
  const places = rowsOfStrings(right);
  if (!places) return undefined;
  const placeOf = (value: string | null): number => (value === null ? -1 : (places.get(value) ?? -1));
  if (left.kind === "text") return Int32Array.from(left.values, placeOf);
  if (left.kind !== "category") return undefined;
  const ofLevel = Int32Array.from(left.levels, placeOf);
  return left.codes.map((code) => (code < 0 ? -1 : ofLevel[code]!));
}

/** Partners by a table of the right's rows, a place a whole number. */
function partnersOfNumbers(left: Float64Array, right: Float64Array): Int32Array | undefined {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < right.length; i++) {
    const value = right[i]!;
    if (Number.isNaN(value)) continue;
    if (!Number.isSafeInteger(value)) return undefined;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const span = Math.max(0, greatest - least + 1);
  if (span > 4 * (left.length + right.length) + 1024) return undefined;
  const rows = new Int32Array(span); // row + 1, 0 for none
  for (let i = 0; i < right.length; i++) {
    if (Number.isNaN(right[i]!)) continue;
    const place = right[i]! - least;
    if (rows[place] !== 0) return undefined;
    rows[place] = i + 1;
  }
  const partners = sharedInt32(left.length);
  for (let i = 0; i < left.length; i++) {
    const off = left[i]! - least;
    const place = off | 0;
    partners[i] = place === off && place >= 0 && place < span ? rows[place]! - 1 : -1;
  }
  return partners;
}

/** The row of each string; undefined for other columns, or where one stands twice. */
function rowsOfStrings(column: Column): Map<string, number> | undefined {
  if (column.kind !== "category" && column.kind !== "text") return undefined;
  const rows = new Map<string, number>();
  const n = column.kind === "category" ? column.codes.length : column.values.length;
  if (column.kind === "category" && n > column.levels.length + 1000) return undefined; // hardly without a twin
  for (let i = 0; i < n; i++) {
    const value = column.kind === "text" ? column.values[i]! : column.codes[i]! < 0 ? null : column.levels[column.codes[i]!]!;
    if (value === null) continue;
    if (rows.has(value)) return undefined;
    rows.set(value, i);
  }
  return rows;
}
