import type { Column } from "../base/columns.ts";

/** Rows told apart by their key: rows with equal keys have one code, numbered as the keys are first seen. */
export interface Keys {
  /** A key's code a row (n), 0 … groups − 1. */
  readonly codes: Int32Array;
  readonly groups: number;
  /** The first row of each key (groups), rising. */
  readonly first: Int32Array;
}

/** The keys of some columns together; missing equals missing, and −0 equals 0. Cost O(n d). */
export function keysOf(columns: readonly Column[], rows: number): Keys {
  if (columns.length === 0)
    return { codes: new Int32Array(rows), groups: Math.min(1, rows), first: new Int32Array(Math.min(1, rows)) };
  let keys = keysOfColumn(columns[0]!);
  for (const column of columns.slice(1)) keys = pairs(keys, keysOfColumn(column));
  return keys;
}

/** Keys of two keys together. */
export function pairs(a: Keys, b: Keys): Keys {
  const cells = a.groups * b.groups;
  if (cells <= Math.max(65_536, a.codes.length)) {
    const codes = new Int32Array(a.codes.length);
    for (let i = 0; i < codes.length; i++) codes[i] = a.codes[i]! * b.groups + b.codes[i]!;
    return keysOfCodes(codes, cells);
  }
  const joint = new Float64Array(a.codes.length);
  for (let i = 0; i < joint.length; i++) joint[i] = a.codes[i]! * b.groups + b.codes[i]!;
  return keysOfWholes(joint) ?? keysOfNumbers(joint);
}

/** The keys of one column. */
export function keysOfColumn(column: Column): Keys {
  switch (column.kind) {
    case "number":
    case "datetime":
      return keysOfWholes(column.values) ?? keysOfNumbers(column.values);
    case "boolean":
      return keysOfCodes(column.values, 256);
    case "category":
      return keysOfCodes(
        column.codes.map((code) => code + 1),
        column.levels.length + 1,
      );
    case "text": {
      const places = new Map<string | null, number>();
      const codes = new Int32Array(column.values.length);
      for (const [i, value] of column.values.entries()) {
        const place = places.get(value) ?? places.size;
        if (place === places.size) places.set(value, place);
        codes[i] = place;
      }
      return keysOfCodes(codes, places.size);
    }
  }
}

/** Keys of small whole numbers below `size`. */
function keysOfCodes(codes: Int32Array | Uint8Array, size: number): Keys {
  const places = new Int32Array(size).fill(-1);
  const renumbered = new Int32Array(codes.length);
  const first = new Int32Array(Math.min(size, codes.length));
  let groups = 0;
  for (let i = 0; i < codes.length; i++) {
    let place = places[codes[i]!]!;
    if (place < 0) {
      place = groups++;
      places[codes[i]!] = place;
      first[place] = i;
    }
    renumbered[i] = place;
  }
  return { codes: renumbered, groups, first: first.slice(0, groups) };
}

/** Keys of whole numbers that lie close together, or missing; undefined for others. */
function keysOfWholes(values: Float64Array): Keys | undefined {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isSafeInteger(value)) return undefined;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const span = greatest - least + 2;
  if (span > 4 * values.length + 1024) return undefined;
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) codes[i] = Number.isNaN(values[i]!) ? 0 : values[i]! - least + 1;
  return keysOfCodes(codes, Math.max(1, span));
}

/** Keys of doubles by their bits, in a hash table with open addresses that doubles when it is half full. */
function keysOfNumbers(values: Float64Array): Keys {
  const n = values.length;
  const words = new Uint32Array(2);
  const one = new Float64Array(words.buffer);
  const codes = new Int32Array(n);
  let first = new Int32Array(1024);
  let low = new Uint32Array(1024);
  let high = new Uint32Array(1024);
  let mask = 2047;
  let slots = new Int32Array(mask + 1).fill(-1);
  let groups = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    one[0] = Number.isNaN(value) ? Number.NaN : value + 0;
    const a = words[0]!;
    const b = words[1]!;
    let slot = hash(a, b) & mask;
    let place = slots[slot]!;
    while (place >= 0 && !(low[place] === a && high[place] === b)) {
      slot = (slot + 1) & mask;
      place = slots[slot]!;
    }
    if (place < 0) {
      place = groups++;
      slots[slot] = place;
      first[place] = i;
      low[place] = a;
      high[place] = b;
      if (groups === first.length) {
        first = grown(first);
        low = grown(low);
        high = grown(high);
        mask = 2 * mask + 1;
        slots = new Int32Array(mask + 1).fill(-1);
        for (let k = 0; k < groups; k++) {
          let free = hash(low[k]!, high[k]!) & mask;
          while (slots[free]! >= 0) free = (free + 1) & mask;
          slots[free] = k;
        }
      }
    }
    codes[i] = place;
  }
  return { codes, groups, first: first.slice(0, groups) };
}

function hash(a: number, b: number): number {
  const mixed = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  const more = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (more ^ (more >>> 13)) >>> 0;
}

function grown<T extends Int32Array | Uint32Array>(array: T): T {
  const made = new (array.constructor as new (length: number) => T)(2 * array.length);
  made.set(array);
  return made;
}

/** Rows by key: those of key k are `rows[starts[k]]` … before `starts[k + 1]`, rising. Cost O(n). */
export function rowsByKey({ codes, groups }: Pick<Keys, "codes" | "groups">): {
  readonly starts: Int32Array;
  readonly rows: Int32Array;
} {
  const starts = new Int32Array(groups + 1);
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) starts[codes[i]! + 1]!++;
  for (let k = 0; k < groups; k++) starts[k + 1]! += starts[k]!;
  const next = starts.slice(0, groups);
  const rows = new Int32Array(starts[groups]!);
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) rows[next[codes[i]!]!++] = i;
  return { starts, rows };
}
