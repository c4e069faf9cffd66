import type { Column } from "../base/columns.ts";
import { keysOfColumn } from "./keys.ts";

/**
 * The rows in the order of one column, missing last, equal rows in the order given. Numbers by radix sort in digits of 11 bits, O(n); strings
 * by code unit, O(n + k log k) for k different ones.
 */
export function sortRows(column: Column, order: Int32Array, descending: boolean): Int32Array {
  if (column.kind === "number" || column.kind === "datetime") return sortByNumber(column.values, order, descending);
  const { ranks, count } = ranksOf(column, descending);
  return sortByRank(ranks, count, order);
}

/** A whole number a row that orders the rows as the column does; missing is the last. */
function ranksOf(column: Exclude<Column, { values: Float64Array }>, descending: boolean): { ranks: Int32Array; count: number } {
  const keys = keysOfColumn(column);
  const cells = Array.from(keys.first, (i): string | number | null => {
    if (column.kind === "boolean") return column.values[i] === 255 ? null : column.values[i]!;
    if (column.kind === "text") return column.values[i]!;
    return column.codes[i]! < 0 ? null : column.levels[column.codes[i]!]!;
  });
  const sign = descending ? -1 : 1;
  const places = cells.map((_, k) => k).sort((a, b) => compare(cells[a]!, cells[b]!, sign));
  const rankOf = new Int32Array(cells.length);
  for (const [rank, place] of places.entries()) rankOf[place] = rank;
  return { ranks: keys.codes.map((code) => rankOf[code]!), count: cells.length };
}

function compare(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return (a < b ? -1 : a > b ? 1 : 0) * sign;
}

function sortByRank(ranks: Int32Array, count: number, order: Int32Array): Int32Array {
  const places = new Int32Array(count + 1);
  for (let k = 0; k < order.length; k++) places[ranks[order[k]!]! + 1]!++;
  for (let rank = 0; rank < count; rank++) places[rank + 1]! += places[rank]!;
  const sorted = new Int32Array(order.length);
  for (let k = 0; k < order.length; k++) sorted[places[ranks[order[k]!]!]!++] = order[k]!;
  return sorted;
}

const digits = 2048;
/** The digits of 64 bits, the lowest first: whether in the upper word, and where in it. */
const places = [
  [false, 0],
  [false, 11],
  [false, 22],
  [true, 0],
  [true, 11],
  [true, 22],
] as const;

/** Doubles as 64-bit whole numbers that rise with them: the sign bit flipped, of negative ones all bits; missing above all. */
function sortByNumber(values: Float64Array, order: Int32Array, descending: boolean): Int32Array {
  const n = order.length;
  const words = new Uint32Array(2);
  const one = new Float64Array(words.buffer);
  let low = new Uint32Array(n);
  let high = new Uint32Array(n);
  let rows = order.slice();
  for (let k = 0; k < n; k++) {
    const value = values[order[k]!]!;
    if (Number.isNaN(value)) {
      low[k] = 0xffffffff;
      high[k] = 0xffffffff;
      continue;
    }
    one[0] = value + 0;
    const isNegative = words[1]! >>> 31 === 1;
    const flip = isNegative !== descending ? 0xffffffff : 0;
    low[k] = words[0]! ^ flip;
    high[k] = words[1]! ^ flip ^ (isNegative ? 0 : 0x80000000);
  }
  let low2 = new Uint32Array(n);
  let high2 = new Uint32Array(n);
  let rows2 = new Int32Array(n);
  const counts = new Int32Array(digits);
  for (const [inHigh, shift] of places) {
    const source = inHigh ? high : low;
    counts.fill(0);
    for (let k = 0; k < n; k++) counts[(source[k]! >>> shift) & (digits - 1)]!++;
    if (n > 0 && counts[(source[0]! >>> shift) & (digits - 1)] === n) continue;
    let sum = 0;
    for (let c = 0; c < digits; c++) {
      const count = counts[c]!;
      counts[c] = sum;
      sum += count;
    }
    for (let k = 0; k < n; k++) {
      const place = counts[(source[k]! >>> shift) & (digits - 1)]!++;
      low2[place] = low[k]!;
      high2[place] = high[k]!;
      rows2[place] = rows[k]!;
    }
    [low, low2] = [low2, low];
    [high, high2] = [high2, high];
    [rows, rows2] = [rows2, rows];
  }
  return rows;
}
