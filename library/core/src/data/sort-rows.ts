import type { Column } from "../base/columns.ts";
import { keysOfColumn } from "./keys.ts";
import { sortByNumber } from "./sort-numbers.ts";

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
