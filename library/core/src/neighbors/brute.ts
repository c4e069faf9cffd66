import { type CrewMember, defineCrew } from "../base/crew.ts";
import { crewOfPool, poolSize } from "../base/pool.ts";
import { type DistanceKernels, packTile } from "../numeric/distance-kernels.ts";
import { columnMeans, sharedFloat64, sharedInt32, toShared } from "../numeric/matrix.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import type { Metric } from "./metric.ts";
import { noNeighbors, offer, type Search } from "./neighbors.ts";

/** Metrics that the kernel measures, by its numbers. */
const codes = { euclidean: 0, manhattan: 1, cosine: 2 } as const;
type KernelMetric = keyof typeof codes;

const groupRows = 8;
const tileQueries = 6;
/** Queries that pass over the rows together: a piece of work. */
const chunkQueries = 252;
/** Products that are worth a thread: about 5 ms. */
const productsOfThread = 20_000_000;
/** Pieces that a crew takes at once. */
const mostPieces = 4095;
/** 2⁻²⁴: the relative rounding of 32 bits. */
const rounding = 1 / 16_777_216;

/** Reduced distances of every row to every query, for metrics that have no kernel. O(n d) a query. */
export function plainBrute(x: Float64Array, rows: number, d: number, metric: Metric): Search {
  return (queries, count, k) => {
    const found = noNeighbors(count, k);
    for (let q = 0; q < count; q++) for (let i = 0; i < rows; i++) offer(found, q * k, metric.reduced(queries, q, x, i, d), i);
    return found;
  };
}

/**
 * Exact search over all rows by SIMD. Every distance is bounded from below in 32 bits: |x|²/2 − q·x about the columns' means, less what
 * rounding can have added; only rows whose bound passes the k-th distance found so far are measured in 64 bits. O(n d) a query.
 * Values must lie in −1 … 1 (`binaryScale`), rows for cosine must have length 1.
 */
export function brute(x: Float64Array, n: number, d: number, metric: KernelMetric): Search {
  const centre = metric === "manhattan" ? new Float64Array(d) : columnMeans({ rows: n, columns: d, data: x });
  let plan: RowsPlan | undefined;
  return (queries, count, k) => {
    if (!plan || plan.most < k) plan = openRows(x, n, d, centre, metric, Math.max(k, 32));
    const distances = sharedFloat64(count * k);
    const rows = sharedInt32(count * k);
    const chunks = Math.ceil(count / chunkQueries);
    const threads = Math.ceil((n * d * count) / productsOfThread);
    const asked = threads > 1 ? toShared(queries) : queries;
    for (let first = 0; first < chunks; first += mostPieces) {
      const question: Question = { plan, queries: asked, count, k, first, distances, rows };
      const crew = crewOfPool(bruteCrew, question, threads);
      try {
        crew.run(0, Math.min(mostPieces, chunks - first));
      } finally {
        crew.end();
      }
    }
    return { k, distances, rows };
  };
}

const bruteCrew = "nearest rows";

/** What each thread needs to answer some chunks of queries; the arrays lie in shared memory where threads share the work. */
interface Question {
  readonly plan: RowsPlan;
  readonly queries: Float64Array;
  readonly count: number;
  readonly k: number;
  /** Number of the first chunk. */
  readonly first: number;
  readonly distances: Float64Array;
  readonly rows: Int32Array;
}

/** Rows in a kernel memory, with slots in which threads put their queries and lists. */
interface RowsPlan {
  readonly memory: KernelMemory;
  readonly n: number;
  readonly d: number;
  readonly metric: KernelMetric;
  readonly centre: Float64Array;
  /** The longest list that fits. */
  readonly most: number;
  readonly x: Pointer;
  readonly packed: Pointer;
  readonly constants: Pointer;
  /** One word a slot: 1 while a thread has it. */
  readonly taken: Pointer;
  readonly slots: readonly Slot[];
}
type Slot = Readonly<Record<"queries" | "tiles" | "offsets" | "thresholds" | "distances" | "rows", Pointer>>;

function openRows(x: Float64Array, n: number, d: number, centre: Float64Array, metric: KernelMetric, most: number): RowsPlan {
  const layout = new Layout();
  const padded = Math.ceil(n / groupRows) * groupRows;
  const place = { x: layout.reserve(8 * n * d), packed: layout.reserve(4 * padded * d), constants: layout.reserve(4 * padded) };
  const slots = Array.from({ length: poolSize() }, () => ({
    queries: layout.reserve(8 * chunkQueries * d),
    tiles: layout.reserve(4 * chunkQueries * d),
    offsets: layout.reserve(8 * chunkQueries),
    thresholds: layout.reserve(4 * chunkQueries),
    distances: layout.reserve(8 * chunkQueries * most),
    rows: layout.reserve(4 * chunkQueries * most),
  }));
  const taken = layout.reserve(4 * slots.length);
  const memory = openMemory("knn", layout, n);
  new Float64Array(memory.buffer, place.x, n * d).set(x);
  const constants = new Float32Array(memory.buffer, place.constants, padded).fill(Infinity);
  const packed = new Float32Array(memory.buffer, place.packed, padded * d);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    shift(x, i, centre, row);
    constants[i] = rowConstant(row, metric);
    packTile(row, i, groupRows, packed);
  }
  return { memory, n, d, metric, centre, most, ...place, taken, slots };
}

defineCrew(bruteCrew, (question: Question): CrewMember => {
  const { plan, count, first } = question;
  const kernel = kernels<DistanceKernels>(plan.memory);
  const taken = new Int32Array(plan.memory.buffer, plan.taken, plan.slots.length);
  return (_, piece) => {
    let slot = 0;
    while (Atomics.compareExchange(taken, slot, 0, 1) !== 0) slot = (slot + 1) % plan.slots.length;
    try {
      const from = (first + piece) * chunkQueries;
      answer(question, kernel, plan.slots[slot]!, from, Math.min(chunkQueries, count - from));
    } finally {
      Atomics.store(taken, slot, 0);
    }
  };
});

/** Answers `size` queries from number `from` on, in a slot. */
function answer(
  { plan, queries, k, distances, rows }: Question,
  kernel: DistanceKernels,
  slot: Slot,
  from: number,
  size: number,
): void {
  const { n, d, metric, centre, x, packed, constants } = plan;
  const { buffer } = plan.memory;
  const chunk = new Float64Array(buffer, slot.queries, size * d);
  chunk.set(queries.subarray(from * d, (from + size) * d));
  const tiles = new Float32Array(buffer, slot.tiles, chunkQueries * d).fill(0);
  new Float32Array(buffer, slot.thresholds, chunkQueries).fill(-Infinity).fill(Infinity, 0, size);
  const found = new Float64Array(buffer, slot.distances, size * k).fill(Infinity);
  const lists = new Int32Array(buffer, slot.rows, size * k).fill(0);
  const offsets = new Float64Array(buffer, slot.offsets, size);
  const query = new Float64Array(d);
  for (let q = 0; q < size; q++) {
    shift(chunk, q, centre, query);
    offsets[q] = queryOffset(query, metric);
    packTile(query, q, tileQueries, tiles);
  }
  const factor = metric === "euclidean" ? 0.5 : 1;
  const { queries: at, tiles: tilesAt, offsets: offsetsAt, thresholds } = slot;
  const lowest = [x, packed, constants] as const;
  kernel.nearestRows(
    codes[metric],
    ...lowest,
    n,
    d,
    at,
    tilesAt,
    offsetsAt,
    thresholds,
    size,
    factor,
    k,
    slot.distances,
    slot.rows,
  );
  distances.set(found, from * k);
  rows.set(lists, from * k);
}

/**
 * Share by which a bound of d columns in 32 bits can be off: of |x|² + |q|²/2, or of |x|₁ + |q|₁. Each column adds one rounding to the sum;
 * rounding the two values, the difference and the constant adds four.
 */
function slack(d: number): number {
  return 1.1 * (d + 4) * rounding;
}

/** Where a row's bound begins: half its squared length, or 0, less its share of the rounding. */
function rowConstant(row: Float64Array, metric: KernelMetric): number {
  return metric === "manhattan" ? -slack(row.length) * size(row, metric) : (0.5 - slack(row.length)) * size(row, metric);
}

/** What a query adds to the distance that bounds are compared with: minus half its squared length, or 0, and its share of the rounding. */
function queryOffset(query: Float64Array, metric: KernelMetric): number {
  const d = query.length;
  const tiny = 1e-38 * d + (metric === "cosine" ? 1e-15 * (d + 4) : 0);
  return (metric === "manhattan" ? slack(d) : 0.5 * slack(d) - 0.5) * size(query, metric) + tiny;
}

/** Σ |x|, or the squared length. */
function size(row: Float64Array, metric: KernelMetric): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += metric === "manhattan" ? Math.abs(row[j]!) : row[j]! * row[j]!;
  return sum;
}

/** Row i of x less the centre. */
function shift(x: Float64Array, i: number, centre: Float64Array, out: Float64Array): void {
  const d = centre.length;
  for (let j = 0; j < d; j++) out[j] = x[i * d + j]! - centre[j]!;
}
