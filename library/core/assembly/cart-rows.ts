// The rows of a node: stretches of three arrays that lie in the same order, row numbers (u32), targets and weights (f64).

/** What a column holds. */
const ranks: i32 = 0;
const floats: i32 = 1;
const doubles: i32 = 2;

/**
 * Cuts a node: rows of rank ≤ cut first (missing ones where `missingLeft` is 1), both sides in their order. Answers how many are left.
 * The spare arrays hold n rows, targets and weights.
 */
export function cartPartition(
  column: usize, missing: u32, cut: u32, missingLeft: i32, rows: usize, y: usize, w: usize, n: i32, spareRows: usize, spareY: usize, spareW: usize,
): i32 {
  return partition(ranks, false, column, 4, missing, cut, 0, missingLeft, rows, y, w, n, spareRows, spareY, spareW);
}

/**
 * The same for a column of values, `valueBytes` each (8 or 4), `rowStep` bytes from row to row, and a threshold. Where `w` is 0 every
 * weight is 1.
 */
export function cartPartitionValues(
  column: usize, rowStep: usize, valueBytes: i32, threshold: f64, missingLeft: i32,
  rows: usize, y: usize, w: usize, n: i32, spareRows: usize, spareY: usize, spareW: usize,
): i32 {
  if (valueBytes == 4 && w == 0) return partition(floats, true, column, rowStep, 0, 0, threshold, missingLeft, rows, y, w, n, spareRows, spareY, spareW);
  if (valueBytes == 4) return partition(floats, false, column, rowStep, 0, 0, threshold, missingLeft, rows, y, w, n, spareRows, spareY, spareW);
  if (w == 0) return partition(doubles, true, column, rowStep, 0, 0, threshold, missingLeft, rows, y, w, n, spareRows, spareY, spareW);
  return partition(doubles, false, column, rowStep, 0, 0, threshold, missingLeft, rows, y, w, n, spareRows, spareY, spareW);
}

@inline function partition(
  kind: i32, isUnit: bool, column: usize, rowStep: usize, missing: u32, cut: u32, threshold: f64, missingLeft: i32,
  rows: usize, y: usize, w: usize, n: i32, spareRows: usize, spareY: usize, spareW: usize,
): i32 {
  let left: i32 = 0;
  let right: i32 = 0;
  for (let p: i32 = 0; p < n; p++) {
    const row = load<u32>(rows + ((<usize>p) << 2));
    const target = load<f64>(y + ((<usize>p) << 3));
    const cell = column + (<usize>row) * rowStep;
    let isLeft: i32;
    if (kind == ranks) {
      const rank = load<u32>(cell);
      isLeft = select<i32>(missingLeft, <i32>(rank <= cut), rank == missing);
    } else {
      const value = kind == floats ? <f64>load<f32>(cell) : load<f64>(cell);
      isLeft = <i32>(value <= threshold) | (<i32>(value != value) & missingLeft);
    }
    store<u32>(rows + ((<usize>left) << 2), row);
    store<f64>(y + ((<usize>left) << 3), target);
    store<u32>(spareRows + ((<usize>right) << 2), row);
    store<f64>(spareY + ((<usize>right) << 3), target);
    if (!isUnit) {
      const own = load<f64>(w + ((<usize>p) << 3));
      store<f64>(w + ((<usize>left) << 3), own);
      store<f64>(spareW + ((<usize>right) << 3), own);
    }
    left += isLeft;
    right += 1 - isLeft;
  }
  move(rows + ((<usize>left) << 2), spareRows, (<usize>right) << 2);
  move(y + ((<usize>left) << 3), spareY, (<usize>right) << 3);
  if (!isUnit) move(w + ((<usize>left) << 3), spareW, (<usize>right) << 3);
  return left;
}

/** `memory.copy`, which is a call of the machine's library, without that call where the bytes (whole words of 4) are few. */
@inline function move(to: usize, from: usize, bytes: usize): void {
  if (bytes > 256) return memory.copy(to, from, bytes);
  for (let at: usize = 0; at < bytes; at += 4) store<u32>(to + at, load<u32>(from + at));
}

/**
 * Copies the cells of a node's rows from d columns of ranks (u32), `height` cells each, to d columns of n: so small that they stay in cache.
 * `ids` takes the row numbers, and `rows` becomes 0 … n − 1.
 */
export function cartCompact(columns: usize, height: i32, d: i32, rows: usize, n: i32, out: usize, ids: usize): void {
  memory.copy(ids, rows, (<usize>n) << 2);
  for (let j: i32 = 0; j < d; j++) {
    const column = columns + (((<usize>j) * (<usize>height)) << 2);
    const copy = out + (((<usize>j) * (<usize>n)) << 2);
    for (let p: usize = 0; p < (<usize>n) << 2; p += 4) store<u32>(copy + p, load<u32>(column + ((<usize>load<u32>(ids + p)) << 2)));
  }
  for (let p: i32 = 0; p < n; p++) store<i32>(rows + ((<usize>p) << 2), p);
}

/** Adds the weight of each class in a node to `sums`, which it empties first. Where `w` is 0 every weight is 1. */
export function cartCount(y: usize, w: usize, n: i32, sums: usize, classes: i32): void {
  for (let k: usize = 0; k < (<usize>classes) << 3; k += 8) store<f64>(sums + k, 0);
  if (w == 0 && classes == 2) return countTwo(y, n, sums);
  for (let p: usize = 0; p < (<usize>n) << 3; p += 8) {
    const at = sums + ((<usize>load<f64>(y + p)) << 3);
    store<f64>(at, load<f64>(at) + (w ? load<f64>(w + p) : 1));
  }
}

/** Rows of class 0 and of class 1: whole numbers, so the order of the sum is free. */
function countTwo(y: usize, n: i32, sums: usize): void {
  let ones = f64x2.splat(0);
  let p: usize = 0;
  for (const end = (<usize>(n & ~1)) << 3; p < end; p += 16) ones = f64x2.add(ones, v128.load(y + p));
  let second = f64x2.extract_lane(ones, 0) + f64x2.extract_lane(ones, 1);
  if (n & 1) second += load<f64>(y + p);
  store<f64>(sums, <f64>n - second);
  store<f64>(sums, second, 8);
}

/** Weight, Σ w y and Σ w (y − mean)² of a node, into `out`. */
export function cartMoments(y: usize, w: usize, n: i32, out: usize): void {
  let weight: f64 = 0;
  let sum: f64 = 0;
  for (let p: usize = 0; p < (<usize>n) << 3; p += 8) {
    const own = load<f64>(w + p);
    weight += own;
    sum += own * load<f64>(y + p);
  }
  const mean = sum / weight;
  let squares: f64 = 0;
  for (let p: usize = 0; p < (<usize>n) << 3; p += 8) {
    const off = load<f64>(y + p) - mean;
    squares += load<f64>(w + p) * off * off;
  }
  store<f64>(out, weight);
  store<f64>(out, sum, 8);
  store<f64>(out, squares, 16);
}
