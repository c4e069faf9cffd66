// The rows of a node: stretches of three arrays that lie in the same order, row numbers (u32), targets and weights (f64).

/**
 * Cuts a node: rows of rank ≤ cut first (missing ones where `missingLeft` is 1), both sides in their order. Answers how many are left.
 * The spare arrays hold n rows, targets and weights.
 */
export function cartPartition(
  ranks: usize, missing: u32, cut: u32, missingLeft: i32, rows: usize, y: usize, w: usize, n: i32, spareRows: usize, spareY: usize, spareW: usize,
): i32 {
  return partition(true, ranks, missing, cut, 0, missingLeft, rows, y, w, n, spareRows, spareY, spareW);
}

/** The same for a column of doubles and a threshold. */
export function cartPartitionValues(
  column: usize, threshold: f64, missingLeft: i32, rows: usize, y: usize, w: usize, n: i32, spareRows: usize, spareY: usize, spareW: usize,
): i32 {
  return partition(false, column, 0, 0, threshold, missingLeft, rows, y, w, n, spareRows, spareY, spareW);
}

@inline function partition(
  ranked: bool, column: usize, missing: u32, cut: u32, threshold: f64, missingLeft: i32,
  rows: usize, y: usize, w: usize, n: i32, spareRows: usize, spareY: usize, spareW: usize,
): i32 {
  let left: i32 = 0;
  let right: i32 = 0;
  for (let p: i32 = 0; p < n; p++) {
    const row = load<u32>(rows + ((<usize>p) << 2));
    const target = load<f64>(y + ((<usize>p) << 3));
    const own = load<f64>(w + ((<usize>p) << 3));
    let isLeft: i32;
    if (ranked) {
      const rank = load<u32>(column + ((<usize>row) << 2));
      isLeft = select<i32>(missingLeft, <i32>(rank <= cut), rank == missing);
    } else {
      const value = load<f64>(column + ((<usize>row) << 3));
      isLeft = <i32>(value <= threshold) | (<i32>(value != value) & missingLeft);
    }
    store<u32>(rows + ((<usize>left) << 2), row);
    store<f64>(y + ((<usize>left) << 3), target);
    store<f64>(w + ((<usize>left) << 3), own);
    store<u32>(spareRows + ((<usize>right) << 2), row);
    store<f64>(spareY + ((<usize>right) << 3), target);
    store<f64>(spareW + ((<usize>right) << 3), own);
    left += isLeft;
    right += 1 - isLeft;
  }
  memory.copy(rows + ((<usize>left) << 2), spareRows, (<usize>right) << 2);
  memory.copy(y + ((<usize>left) << 3), spareY, (<usize>right) << 3);
  memory.copy(w + ((<usize>left) << 3), spareW, (<usize>right) << 3);
  return left;
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

/** The same for columns of doubles. */
export function cartCompactValues(columns: usize, height: i32, d: i32, rows: usize, n: i32, out: usize, ids: usize): void {
  memory.copy(ids, rows, (<usize>n) << 2);
  for (let j: i32 = 0; j < d; j++) {
    const column = columns + (((<usize>j) * (<usize>height)) << 3);
    const copy = out + (((<usize>j) * (<usize>n)) << 3);
    for (let p: usize = 0; p < <usize>n; p++)
      store<f64>(copy + (p << 3), load<f64>(column + ((<usize>load<u32>(ids + (p << 2))) << 3)));
  }
  for (let p: i32 = 0; p < n; p++) store<i32>(rows + ((<usize>p) << 2), p);
}

/** Adds the weight of each class in a node to `sums`, which it empties first. */
export function cartCount(y: usize, w: usize, n: i32, sums: usize, classes: i32): void {
  memory.fill(sums, 0, (<usize>classes) << 3);
  for (let p: usize = 0; p < (<usize>n) << 3; p += 8) {
    const at = sums + ((<usize>load<f64>(y + p)) << 3);
    store<f64>(at, load<f64>(at) + load<f64>(w + p));
  }
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
