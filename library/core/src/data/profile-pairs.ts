import type { Column } from "../base/columns.ts";
import type { Table } from "./table.ts";

const mostColumns = 50;

/** Pearson's r between the number columns (the first 50), each pair over the rows that have both finite. O(n d²). */
export function correlations(table: Table): { names: string[]; values: (number | null)[][] } {
  const names = table.names.filter((name) => table.kind(name) === "number").slice(0, mostColumns);
  const columns = names.map((name) => centred((table.column(name) as { readonly values: Float64Array }).values));
  const values = names.map(() => new Array<number | null>(names.length).fill(null));
  for (let a = 0; a < names.length; a++)
    for (let b = a; b < names.length; b++) {
      const r = correlation(columns[a]!, columns[b]!);
      values[a]![b] = r;
      values[b]![a] = r;
    }
  return { names, values };
}

/** Pearson's r over the rows where both are finite; null for fewer than two such rows or a constant. */
export function correlation(a: Float64Array, b: Float64Array): number | null {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (!Number.isFinite(x - y)) continue;
    n++;
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const spreadA = squaresA - (sumA * sumA) / n;
  const spreadB = squaresB - (sumB * sumB) / n;
  if (n < 2 || spreadA <= 1e-12 * squaresA || spreadB <= 1e-12 * squaresB) return null;
  const r = (products - (sumA * sumB) / n) / Math.sqrt(spreadA * spreadB);
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : null;
}

/** Less its mean and over its largest deviation, so that sums of squares neither cancel nor overflow. */
function centred(values: Float64Array): Float64Array {
  let n = 0;
  let total = 0;
  let largest = 0;
  for (const value of values)
    if (Number.isFinite(value)) {
      n++;
      total += value;
    }
  const mean = total / Math.max(1, n);
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value - mean));
  return values.map((value) => (value - mean) / (largest || 1));
}

/** Rows that equal an earlier row in every cell, by two 32-bit hashes of each row. O(n d). */
export function duplicateRows(table: Table): number {
  if (table.names.length === 0) return 0;
  const low = new Uint32Array(table.rows).fill(0x811c9dc5);
  const high = new Uint32Array(table.rows).fill(0x01000193);
  const add = (i: number, word: number): void => {
    low[i] = Math.imul(low[i]! ^ word, 0x01000193);
    low[i]! ^= low[i]! >>> 15;
    high[i] = Math.imul(high[i]! ^ word, 0x85ebca6b);
    high[i]! ^= high[i]! >>> 13;
  };
  for (const name of table.names) {
    const words = wordsOf(table.column(name));
    const each = words.length / Math.max(1, table.rows);
    for (let i = 0; i < table.rows; i++) for (let k = 0; k < each; k++) add(i, words[i * each + k]!);
  }
  const seen = new Set<number>();
  for (let i = 0; i < table.rows; i++) seen.add((high[i]! & 0x1fffff) * 4_294_967_296 + low[i]!);
  return table.rows - seen.size;
}

/** A column's cells as whole numbers, one or two a row, equal where the cells are. */
function wordsOf(column: Column): Uint32Array | Int32Array | Uint8Array {
  switch (column.kind) {
    case "number":
    case "datetime":
      return new Uint32Array(column.values.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0)).buffer);
    case "boolean":
      return column.values;
    case "category":
      return column.codes;
    case "text": {
      const places = new Map<string | null, number>();
      return Int32Array.from(column.values, (value) => {
        const place = places.get(value) ?? places.size;
        places.set(value, place);
        return place;
      });
    }
  }
}
