import type { Pointer } from "./wasm.ts";

/** Places (doubles) in the block that describes a node to a scan: weight, Σ w y, least weight of a side, bounds of its value; the score comes back. */
export const nodeBlock = { weight: 0, sum: 1, minWeight: 2, lower: 3, upper: 4, score: 5, size: 8 } as const;

/** Places (32 bits) of what `cartGrowSubtree` needs to know, in the order of its class `Growth`. */
export const growthFields = [
  ...[
    "rows",
    "y",
    "w",
    "keys",
    "scratch",
    "counts",
    "block",
    "sums",
    "columns",
    "sizes",
    "compact",
    "ids",
    "features",
    "constants",
  ],
  ...[
    "stack",
    "words",
    "nodes",
    "height",
    "d",
    "table",
    "valueBytes",
    "tableRows",
    "isUnit",
    "criterion",
    "classes",
    "maxFeatures",
    "minSamplesSplit",
    "minSamplesLeaf",
  ],
  ...["maxDepth", "compactRows", "word", "wordsEnd", "tasks", "made", "buffered", "capacity", "base", "columnStep", "rowStep"],
] as const;

/** Numbers of 32 bits that a task of `cartGrowSubtree` has. */
export const taskSize = 6;

/** Doubles that a node has in the buffer of `cartGrowSubtree` before its value: column, link to its parent, threshold (2), side of missing values, impurity, weight. */
export const nodeSize = 7;

/** Kernels of `assembly/cart-*.ts`. A node is a stretch of rows (u32), targets y and weights w (f64) in the same order; a key is rank × 2³² + place. */
export interface CartKernels {
  /**
   * Dense ranks (n × u32) of n values, which lie in `keys` and are lost: −0 equals 0, NaN has the number of different values as its rank.
   * That number is the answer. Needs n keys, twice n × u32 and 6 × 2048 × u32.
   */
  cartRank(keys: Pointer, others: Pointer, ids: Pointer, otherIds: Pointer, counts: Pointer, n: number, ranks: Pointer): number;
  /** Copies the cells of a node's rows (d columns of ranks, `height` each) to columns of n; `ids` takes the rows, which become 0 … n − 1. */
  cartCompact(columns: Pointer, height: number, d: number, rows: Pointer, n: number, out: Pointer, ids: Pointer): void;
  /** Keys of a node's rows, ascending, missing ones last; answers how many are not missing, −1 for a constant column. */
  cartSort(ranks: Pointer, missing: number, rows: Pointer, n: number, keys: Pointer, scratch: Pointer, counts: Pointer): number;
  /**
   * Values of a node's rows in their order as doubles; the lowest and the highest go to `ends`. Answers how many are not missing. A value
   * has `valueBytes` (8 or 4) and lies `rowStep` bytes behind that of the row before.
   */
  cartGather(column: Pointer, rowStep: number, valueBytes: number, rows: Pointer, n: number, out: Pointer, ends: Pointer): number;
  /** Keys of a node that knows a single cut: rank 0 up to it, then rank 1. Answers how many rows are left. */
  cartHalve(values: Pointer, n: number, threshold: number, missingLeft: number, keys: Pointer): number;
  /** `cartHalve` and `cartScanMoments` at once; `least` rows on either side; `w` is 0 where every weight is 1. Answers how many rows are left, or 0. */
  cartCutMoments(
    values: Pointer,
    n: number,
    threshold: number,
    missingLeft: number,
    y: Pointer,
    w: Pointer,
    least: number,
    sign: number,
    node: Pointer,
  ): number;
  /** Keys with the missing rows first. */
  cartRotate(keys: Pointer, present: number, n: number, out: Pointer): void;
  /** The best cut in from … to by squared error or two-class Gini; its place, or 0. `sign` is the column's monotone constraint. */
  cartScanMoments(keys: Pointer, y: Pointer, w: Pointer, from: number, to: number, sign: number, node: Pointer): number;
  /** The same by Poisson deviance. */
  cartScanPoisson(keys: Pointer, y: Pointer, w: Pointer, from: number, to: number, sign: number, node: Pointer): number;
  /** The same by Gini impurity of `classes`; `sums` holds their weights, and room for two more such. */
  cartScanGini(
    keys: Pointer,
    y: Pointer,
    w: Pointer,
    from: number,
    to: number,
    sign: number,
    node: Pointer,
    sums: Pointer,
    classes: number,
  ): number;
  /** The same by entropy. */
  cartScanEntropy: CartKernels["cartScanGini"];
  /** The same by absolute error; `tree` has 2 (n + 1) doubles, `errors` 2 n; `places` and `sorted` are `cartOrder`'s. */
  cartScanAbsolute(
    keys: Pointer,
    w: Pointer,
    n: number,
    from: number,
    to: number,
    sign: number,
    node: Pointer,
    places: Pointer,
    sorted: Pointer,
    tree: Pointer,
    errors: Pointer,
  ): number;
  /** From keys by y: each row's place in that order (i32), and the targets ascending (f64). */
  cartOrder(keys: Pointer, y: Pointer, n: number, places: Pointer, sorted: Pointer): void;
  /** Cuts a node: rows of rank ≤ cut first, both sides in their order. Answers how many are left. */
  cartPartition(
    ranks: Pointer,
    missing: number,
    cut: number,
    missingLeft: number,
    rows: Pointer,
    y: Pointer,
    w: Pointer,
    n: number,
    spareRows: Pointer,
    spareY: Pointer,
    spareW: Pointer,
  ): number;
  /** The same for values as `cartGather` takes them and a threshold; `w` is 0 where every weight is 1. */
  cartPartitionValues(
    column: Pointer,
    rowStep: number,
    valueBytes: number,
    threshold: number,
    missingLeft: number,
    rows: Pointer,
    y: Pointer,
    w: Pointer,
    n: number,
    spareRows: Pointer,
    spareY: Pointer,
    spareW: Pointer,
  ): number;
  /**
   * Grows on until the subtree is whole (1), or its buffer of nodes is full, the random words run low or about `budget` cells were looked
   * at (0).
   */
  cartGrowSubtree(growth: Pointer, budget: number): number;
  /** Words of `random`, as `philoxBlocks`: four for each of `blocks` counters. */
  randomBlocks(out: Pointer, blocks: number, k0: number, k1: number, c0: number, c1: number, c2: number, c3: number): void;
  /** Weight of each class in a node (f64 × classes); `w` is 0 where every weight is 1. */
  cartCount(y: Pointer, w: Pointer, n: number, sums: Pointer, classes: number): void;
  /** Weight, Σ w y and Σ w (y − mean)² of a node (f64 × 3). */
  cartMoments(y: Pointer, w: Pointer, n: number, out: Pointer): void;
}
