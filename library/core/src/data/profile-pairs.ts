import type { Column } from "../base/columns.ts";
import type { Table } from "./table.ts";

const mostColumns = 50;

/** Pearson's r between the number columns (the first 50), each pair over the rows that have both finite. O(n d²). */
export function correlations(table: Table): { names: string[]; values: (number | null)[][] } {
  const names = table.names.filter((name) => table.kind(name) === "number").slice(0, mostColumns);
  const columns = names.map((name) => centred((table.column(name) as { readonly values: Float64Array }).values));
  const whole = columns.map(isWhole);
  const values = names.map(() => new Array<number | null>(names.length).fill(null));
  for (let a = 0; a < names.length; a++)
    for (let b = a; b < names.length; b++) {
      const r = whole[a] && whole[b] ? correlationOfWhole(columns[a]!, columns[b]!) : correlation(columns[a]!, columns[b]!);
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

/** `correlation` of centred columns without a missing value, in four sums at a time. */
function correlationOfWhole(a: Float64Array, b: Float64Array): number | null {
  if (a.length < 2) return null;
  const squaresA = a === b ? 0 : dot(a, a);
  const squaresB = dot(b, b);
  if (squaresB === 0 || (a !== b && squaresA === 0)) return null;
  if (a === b) return 1;
  return Math.max(-1, Math.min(1, dot(a, b) / Math.sqrt(squaresA * squaresB)));
}

function dot(a: Float64Array, b: Float64Array): number {
  const end = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < end; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = end; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** Less its mean and over its largest deviation, so that sums of squares neither cancel nor overflow. */
function centred(values: Float64Array): Float64Array {
  let n = 0;
  let total = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) {
      n++;
      total += values[i]!;
    }
  const mean = total / Math.max(1, n);
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) largest = Math.max(largest, Math.abs(values[i]! - mean));
  const made = new Float64Array(values.length);
  const scale = 1 / (largest || 1);
  const over = Number.isFinite(scale) ? scale : 1;
  for (let i = 0; i < values.length; i++) made[i] = (values[i]! - mean) * over;
  return made;
}

function isWhole(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** Rows that equal an earlier row in every cell, by two 32-bit hashes of each row. O(n d). */
export function duplicateRows(table: Table): number {
  if (table.names.length === 0) return 0;
  const low = new Uint32Array(table.rows).fill(0x811c9dc5);
  const high = new Uint32Array(table.rows).fill(0x01000193);
  for (const name of table.names) mixIn(wordsOf(table.column(name)), low, high);
  const hashes = new Float64Array(table.rows);
  for (let i = 0; i < table.rows; i++) hashes[i] = (high[i]! & 0x1fffff) * 4_294_967_296 + low[i]!;
  hashes.sort();
  let repeated = 0;
  for (let i = 1; i < hashes.length; i++) if (hashes[i] === hashes[i - 1]) repeated++;
  return repeated;
}

function mixIn(words: Uint32Array | Int32Array | Uint8Array, low: Uint32Array, high: Uint32Array): void {
  const each = words.length / Math.max(1, low.length);
  for (let i = 0; i < low.length; i++)
    for (let k = 0; k < each; k++) {
      const word = words[i * each + k]!;
      const a = Math.imul(low[i]! ^ word, 0x01000193);
      const b = Math.imul(high[i]! ^ word, 0x85ebca6b);
      low[i] = a ^ (a >>> 15);
      high[i] = b ^ (b >>> 13);
    }
}

/** A column's cells as whole numbers, one or two a row, equal where the cells are. */
function wordsOf(column: Column): Uint32Array | Int32Array | Uint8Array {
  switch (column.kind) {
    case "number":
    case "datetime":
      return wordsOfNumbers(column.values);
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

function wordsOfNumbers(values: Float64Array): Uint32Array {
  const plain = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) plain[i] = Number.isNaN(values[i]!) ? Number.NaN : values[i]! + 0;
  return new Uint32Array(plain.buffer);
}
