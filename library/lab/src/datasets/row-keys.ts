import type { Column, Table } from "assay";

/** A number for each row that equal rows share; different rows share one with a chance of about n² / 2⁵⁴. O(n d). */
export function rowKeys(table: Table): Float64Array {
  const high = new Int32Array(table.rows);
  const low = new Int32Array(table.rows);
  for (const name of table.names) mix(table.column(name), high, low);
  return Float64Array.from(high, (value, i) => ((value >>> 0) & 0x1fffff) * 4294967296 + (low[i]! >>> 0));
}

/** Folds a column's cells into two hashes a row (FNV's steps with two primes). */
function mix(column: Column, high: Int32Array, low: Int32Array): void {
  const add = (i: number, a: number, b: number): void => {
    high[i] = scramble(Math.imul(high[i]! ^ a, 0x01000193) ^ b);
    low[i] = scramble(Math.imul(low[i]! ^ b, 0x5bd1e995) ^ a);
  };
  switch (column.kind) {
    case "number":
    case "datetime": {
      const value = new Float64Array(1);
      const words = new Int32Array(value.buffer);
      for (let i = 0; i < high.length; i++) {
        value[0] = Number.isNaN(column.values[i]!) ? Number.NaN : column.values[i]!;
        add(i, words[0]!, words[1]!);
      }
      return;
    }
    case "boolean":
      for (let i = 0; i < high.length; i++) add(i, column.values[i]!, 7);
      return;
    case "category": {
      const levels = column.levels.map((level) => textHash(String(level)));
      for (let i = 0; i < high.length; i++) add(i, ...(levels[column.codes[i]!] ?? missing));
      return;
    }
    case "text":
      for (let i = 0; i < high.length; i++) add(i, ...(column.values[i] === null ? missing : textHash(column.values[i]!)));
  }
}

const missing: readonly [number, number] = [-1, -2];

function textHash(text: string): readonly [number, number] {
  let a = 0x811c9dc5 | 0;
  let b = text.length;
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
  }
  return [a, b];
}

/** The finaliser of MurmurHash3: every bit of the answer depends on every bit of the word. */
function scramble(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
