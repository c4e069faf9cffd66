import { LimitError } from "../base/errors.ts";
import { type CartKernels, growthFields, nodeBlock, nodeSize, taskSize } from "../numeric/cart-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";

/** Where one thread keeps its rows while it grows a tree. Doubles unless said otherwise; n rows, k classes. */
export interface GrowingRoom {
  /** Rows (u32), targets and weights in the order of the nodes. */
  readonly rows: Pointer;
  readonly y: Pointer;
  readonly w: Pointer;
  /** Two times n keys (u64), and n counts (u32), 6 × 2048 at least. */
  readonly keys: Pointer;
  readonly scratch: Pointer;
  readonly counts: Pointer;
  /** The `nodeBlock`, and room for three numbers. */
  readonly block: Pointer;
  /** Weights of classes (3 k). */
  readonly sums: Pointer;
  /** A copy of all cells of `compactRows` rows, and their numbers (u32). */
  readonly compact: Pointer;
  readonly ids: Pointer;
  /** The search's order of the columns, and those that are constant (i32, d each). */
  readonly features: Pointer;
  readonly constants: Pointer;
  /** What `cartGrowSubtree` needs, its stack, its random words (u32, `wordsOf(d)`) and its buffer of `bufferedNodes`. */
  readonly growth: Pointer;
  readonly stack: Pointer;
  readonly words: Pointer;
  readonly nodes: Pointer;
  /** For absolute error only: ranks of y (u32), places by y (i32), y ascending, a Fenwick tree (2 n + 2), errors (2 n). */
  readonly targets: Pointer;
  readonly places: Pointer;
  readonly sorted: Pointer;
  readonly fenwick: Pointer;
  readonly errors: Pointer;
}

/** The columns of a matrix as dense ranks in a kernel memory, with room for the threads that grow trees on them; threads share it. */
export interface RankedColumns {
  readonly x: Matrix;
  readonly memory: KernelMemory;
  /** Ranks of column j (u32, one a row) begin at `ranks + 4 j n`; 0 where cuts are drawn, which needs none. */
  readonly ranks: Pointer;
  /** Different values of each column (u32, d): the rank of a missing cell. */
  readonly sizes: Pointer;
  /** The values themselves where cuts are drawn; else none is held. */
  readonly values: DrawnValues | undefined;
  /** A node of so many rows is copied to a room's `compact`, where its columns stay in cache. */
  readonly compactRows: number;
  readonly rooms: readonly GrowingRoom[];
  /** How many of the rooms are taken. */
  readonly taken: Int32Array;
}

/** The values of a matrix twice: a large node reads a column, a small one rows, whose next columns are in cache then. */
export interface DrawnValues {
  /** Values of column j (one a row) begin at `columns + bytes · j n`. */
  readonly columns: Pointer;
  /** Values of row i (one a column) begin at `table + bytes · i d`. */
  readonly table: Pointer;
  /** Bytes of a value: 4 where each of them is a number of single precision, else 8. */
  readonly bytes: 4 | 8;
  /** A node of so many rows at most reads the table. */
  readonly tableRows: number;
}

/** Half of a core's second-level cache, which is 512 kB at least. */
const compactBytes = 256 << 10;

/** Nodes that are handed over at once. */
export const bufferedNodes = 2048;
/** A node whose cells to look at are no more than these is grown to its leaves by `cartGrowSubtree`. */
export const subtreeCells = 1 << 18;

/** Random words that are drawn ahead where x has d columns. */
export function wordsOf(d: number): number {
  return Math.max(4096, 16 * d + 256);
}

/** What trees need beside the ranks. */
interface RankOptions {
  /** Threads that grow trees at the same time; default 1. */
  readonly rooms?: number;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  readonly criterion: string;
  readonly splitter?: "best" | "random" | undefined;
}

/**
 * Ranks every column once, so that trees sort and cut whole numbers: O(d n). Splits stay exact, for equal ranks are equal values. Takes
 * 4 n d bytes (for drawn cuts, which see the values themselves, 8 n d where they are of single precision, else 16 n d) and about 40 n for each room. Throws LimitError where that is beyond 4 GiB.
 */
export function rankColumns(who: string, x: Matrix, options: RankOptions, checkpoint: () => void = () => {}): RankedColumns {
  const { rows: n, columns: d } = x;
  const layout = new Layout();
  const values = options.splitter === "random" ? reserveValues(layout, x) : undefined;
  const ranks = values ? 0 : layout.reserve(4 * n * d);
  const sizes = layout.reserve(4 * d);
  const compactRows = Math.min(n, Math.floor(compactBytes / (4 * d)));
  const rooms = Array.from({ length: options.rooms ?? 1 }, () => reserveRoom(layout, n, d, compactRows, options));
  const memory = openMemory(who, layout, n);
  const columns = { x, memory, ranks, values, sizes, compactRows, rooms, taken: new Int32Array(new SharedArrayBuffer(4)) };
  if (values) copyValues(x, memory, values, checkpoint);
  else rankAll(columns, checkpoint);
  return columns;
}

function rankAll({ x, memory, ranks, sizes, rooms }: RankedColumns, checkpoint: () => void): void {
  const { rows: n, columns: d } = x;
  const distinct = new Uint32Array(memory.buffer, sizes, d);
  const { cartRank } = kernels<CartKernels>(memory);
  const { keys, scratch, y, w, counts } = rooms[0]!;
  const column = new Float64Array(memory.buffer, keys, n);
  for (let j = 0; j < d; j++) {
    checkpoint();
    copyColumn(x, j, column);
    distinct[j] = cartRank(keys, scratch, y, w, counts, n, ranks + 4 * j * n);
  }
}

function copyColumn({ data, columns }: Matrix, j: number, out: Float64Array): void {
  for (let i = 0, at = j; i < out.length; i++, at += columns) out[i] = data[at]!;
}

function reserveValues(layout: Layout, { rows, columns, data }: Matrix): DrawnValues {
  const bytes = isSingle(data) ? 4 : 8;
  const size = bytes * rows * columns;
  return {
    columns: layout.reserve(size),
    table: layout.reserve(size),
    bytes,
    tableRows: Math.floor(compactBytes / (bytes * columns)),
  };
}

/** Whether every value is a number of single precision, or missing. */
function isSingle(data: Float64Array): boolean {
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  }
  return true;
}

/** Rows that are copied to the columns together: a line of cache in each of them. */
const copiedRows = 32;

function copyValues(
  { rows, columns, data }: Matrix,
  { buffer }: KernelMemory,
  values: DrawnValues,
  checkpoint: () => void,
): void {
  const all = values.bytes === 4 ? new Float32Array(buffer) : new Float64Array(buffer);
  all.set(data, values.table / values.bytes);
  for (let begin = 0; begin < rows; begin += copiedRows) {
    if (begin % 1024 === 0) checkpoint();
    const end = Math.min(rows, begin + copiedRows);
    for (let j = 0; j < columns; j++) {
      const to = values.columns / values.bytes + j * rows;
      for (let i = begin; i < end; i++) all[to + i] = data[i * columns + j]!;
    }
  }
}

/** A room that no other thread has. Throws LimitError where all are taken. */
export function takeRoom({ rooms, taken }: RankedColumns): GrowingRoom {
  const room = rooms[Atomics.add(taken, 0, 1)];
  if (!room) throw new LimitError(`rankColumns: ${rooms.length} threads can grow trees on these columns, all rooms are taken`);
  return room;
}

function reserveRoom(
  layout: Layout,
  n: number,
  d: number,
  compactRows: number,
  { classes, criterion }: RankOptions,
): GrowingRoom {
  const own = criterion === "absolute_error" ? n : 0;
  return {
    rows: layout.reserve(4 * n),
    y: layout.reserve(8 * n),
    w: layout.reserve(8 * n),
    keys: layout.reserve(8 * n),
    scratch: layout.reserve(8 * n),
    counts: layout.reserve(4 * Math.max(n, 6 * 2048)),
    block: layout.reserve(8 * (nodeBlock.size + 3)),
    sums: layout.reserve(8 * 3 * Math.max(1, classes)),
    compact: layout.reserve(compactBytes),
    ids: layout.reserve(4 * compactRows),
    features: layout.reserve(4 * d),
    constants: layout.reserve(4 * d),
    growth: layout.reserve(4 * growthFields.length),
    stack: layout.reserve(4 * taskSize * (Math.min(n, subtreeCells) + 2)),
    words: layout.reserve(4 * wordsOf(d)),
    nodes: layout.reserve(8 * bufferedNodes * (nodeSize + Math.max(1, classes))),
    targets: layout.reserve(4 * own),
    places: layout.reserve(4 * own),
    sorted: layout.reserve(8 * own),
    fenwick: layout.reserve(16 * (own + 1)),
    errors: layout.reserve(16 * own),
  };
}
