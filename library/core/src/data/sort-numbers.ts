import { type CrewMember, defineCrew } from "../base/crew.ts";
import { crewOfPool } from "../base/pool.ts";
import { sharedInt32, toShared } from "../numeric/matrix.ts";
import { digitBuckets, digitShifts, type SortKernels } from "../numeric/sort-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";

/** Fewer rows are sorted by comparing. */
const fewest = 10_000;
/** Pieces of a pass; the result does not depend on them. */
const pieces = 8;
const rowsOfThread = 250_000;

/**
 * Row numbers in the order of their values, NaN last, equal ones (−0 and 0 too) in the order given. Radix sort on all idle threads, O(n), in
 * 32 bytes a row; few rows by comparing. Throws LimitError where the memory does not suffice.
 */
export function sortByNumber(values: Float64Array, order: Int32Array, descending: boolean): Int32Array {
  return order.length < fewest ? sortByComparing(values, order, descending) : sortByDigits(values, order, descending);
}

/** The same by comparing, O(n log n): the plain twin. */
export function sortByComparing(values: Float64Array, order: Int32Array, descending: boolean): Int32Array {
  const sign = descending ? -1 : 1;
  return order.slice().sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x < y ? -sign : x > y ? sign : 0;
  });
}

const sortCrew = "sort rows";
const operations = { fill: 0, read: 1, count: 2, move: 3 } as const;

/** What each thread needs. */
interface SortWork {
  readonly memory: KernelMemory;
  readonly values: Float64Array;
  /** The row numbers: as given, in the end sorted. */
  readonly rows: Int32Array;
  readonly descending: boolean;
  /** Two arrays of entries (16 bytes a row: key, row), which passes fill by turns. */
  readonly entries: readonly [Pointer, Pointer];
  /** For each piece the counts of a digit, then its places (pieces × 2048 u32). */
  readonly counts: Pointer;
  /** For each piece the keys' bits that are 1 somewhere, and 1 everywhere, in two words each (pieces × 4 u32). */
  readonly bits: Pointer;
}

function sortByDigits(values: Float64Array, order: Int32Array, descending: boolean): Int32Array {
  const n = order.length;
  const layout = new Layout();
  const entries = [layout.reserve(16 * n), layout.reserve(16 * n)] as const;
  const place = { entries, counts: layout.reserve(4 * digitBuckets * pieces), bits: layout.reserve(16 * pieces) };
  const memory = openMemory("table.sort", layout, n);
  const rows = sharedInt32(n);
  rows.set(order);
  const work: SortWork = { memory, values: toShared(values), rows, descending, ...place };
  const crew = crewOfPool(sortCrew, work, Math.ceil(n / rowsOfThread));
  try {
    let from = 0;
    crew.run(operation("fill", 0, from), pieces);
    for (const digit of differingDigits(work)) {
      crew.run(operation("count", digit, from), pieces);
      placesOfCounts(new Uint32Array(memory.buffer, work.counts, pieces * digitBuckets));
      crew.run(operation("move", digit, from), pieces);
      from = 1 - from;
    }
    crew.run(operation("read", 0, from), pieces);
  } finally {
    crew.end();
  }
  return rows;
}

/** What to do with which digit, and which entries to take, in a whole number. */
function operation(what: keyof typeof operations, digit: number, from: number): number {
  return operations[what] + 4 * (from + 2 * digit);
}

/** The digits in which keys differ, the lowest first. */
function differingDigits({ memory, bits }: SortWork): number[] {
  const words = new Uint32Array(memory.buffer, bits, 4 * pieces);
  let [someLow, someHigh, allLow, allHigh] = [0, 0, 0xffffffff, 0xffffffff];
  for (let piece = 0; piece < pieces; piece++) {
    someLow |= words[4 * piece]!;
    someHigh |= words[4 * piece + 1]!;
    allLow &= words[4 * piece + 2]!;
    allHigh &= words[4 * piece + 3]!;
  }
  const differing = (BigInt((someHigh & ~allHigh) >>> 0) << 32n) | BigInt((someLow & ~allLow) >>> 0);
  return digitShifts.flatMap((shift, digit) => ((differing >> BigInt(shift)) & BigInt(digitBuckets - 1) ? [digit] : []));
}

/** Makes of the counts (pieces × digits) where the first entry of each goes: by digit, then by piece. */
function placesOfCounts(counts: Uint32Array): void {
  let sum = 0;
  for (let bucket = 0; bucket < digitBuckets; bucket++)
    for (let at = bucket; at < counts.length; at += digitBuckets) {
      const count = counts[at]!;
      counts[at] = sum;
      sum += count;
    }
}

defineCrew(sortCrew, (work: SortWork): CrewMember => {
  const kernel = kernels<SortKernels>(work.memory);
  const size = Math.ceil(work.rows.length / pieces);
  return (code, piece) => {
    const begin = Math.min(work.rows.length, piece * size);
    const end = Math.min(work.rows.length, begin + size);
    const from = work.entries[(code >> 2) & 1]!;
    const to = work.entries[1 - ((code >> 2) & 1)]!;
    const shift = digitShifts[code >> 3]!;
    const counts = work.counts + 4 * digitBuckets * piece;
    switch (code & 3) {
      case operations.fill:
        return fill(work, piece, begin, end);
      case operations.read:
        return read(work, from, begin, end);
      case operations.count:
        return kernel.countEntryDigits(from, begin, end, shift, counts);
      case operations.move:
        return kernel.moveEntriesByDigit(from, begin, end, shift, counts, to);
    }
  };
});

/** Doubles as 64-bit whole numbers that rise with them: the sign bit flipped, of negative ones all bits; NaN above all. */
function fill({ memory, values, rows, descending, entries, bits }: SortWork, piece: number, begin: number, end: number): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const entry = new Uint32Array(memory.buffer, entries[0], 4 * rows.length);
  let [someLow, someHigh, allLow, allHigh] = [0, 0, 0xffffffff, 0xffffffff];
  for (let k = begin; k < end; k++) {
    const i = rows[k]!;
    const value = values[i]!;
    let low = 0xffffffff;
    let high = 0xffffffff;
    if (!Number.isNaN(value)) {
      const isNegative = value < 0;
      const flip = isNegative !== descending ? 0xffffffff : 0;
      low = words[2 * i]! ^ flip;
      high = (value === 0 ? 0 : words[2 * i + 1]!) ^ flip ^ (isNegative ? 0 : 0x80000000);
    }
    entry[4 * k] = low;
    entry[4 * k + 1] = high;
    entry[4 * k + 2] = i;
    someLow |= low;
    someHigh |= high;
    allLow &= low;
    allHigh &= high;
  }
  new Uint32Array(memory.buffer, bits, 4 * pieces).set([someLow, someHigh, allLow, allHigh], 4 * piece);
}

function read({ memory, rows }: SortWork, from: Pointer, begin: number, end: number): void {
  const entry = new Uint32Array(memory.buffer, from, 4 * rows.length);
  for (let k = begin; k < end; k++) rows[k] = entry[4 * k + 2]!;
}
