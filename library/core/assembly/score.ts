// Scores of boosted trees. Rows go through in tiles, column by column, so that a node's column is one cache line for eight rows.

/** Rows of a tile. */
const tileRows: usize = 128;

/**
 * A node is 16 bytes: threshold (f64) or set (first word u32, words u32), flags and place of its column in the tile (u32), right child (u32, bytes); the left child follows it.
 * A leaf has the threshold NaN and itself as right child.
 */
const placeMask: u32 = 0x0fff_ffff;
const missingLeft: u32 = 1 << 28;
const category: u32 = 1 << 29;
const nanIsZero: u32 = 1 << 30;
const zeroIsMissing: u32 = 1 << 31;

/**
 * Turns n ≤ 128 rows of d doubles into a tile (d × 128), rounded to single precision where `single`. Gives 1 when a value is NaN.
 */
export function layTile(rows: usize, n: i32, d: i32, single: i32, tile: usize): i32 {
  let odd: i32 = 0;
  for (let f = 0; f < d; f++) {
    let from = rows + (<usize>f << 3);
    const to = tile + <usize>f * tileRows * 8;
    for (let i = 0; i < n; i++) {
      let value = load<f64>(from);
      if (single) value = <f64>(<f32>value);
      odd |= i32(value != value);
      store<f64>(to + (<usize>i << 3), value);
      from += <usize>d << 3;
    }
    for (let i = n; i < <i32>tileRows; i++) store<f64>(to + (<usize>i << 3), 0);
  }
  return odd;
}

@inline function below(nodes: usize, k: u32, x: usize): u32 {
  const node = nodes + k;
  const value = load<f64>(x + (load<u32>(node, 8) & placeMask));
  return select<u32>(k + 16, load<u32>(node, 12), value <= load<f64>(node));
}

/** Adds the `width` values of the leaf k to the scores of a row, from `at` on. */
@inline function addLeaf(values: usize, width: i32, k: u32, at: usize): void {
  let value = values + (<usize>k >> 1) * <usize>width;
  for (let left = width; left > 0; left--) {
    store<f64>(at, load<f64>(at) + load<f64>(value));
    at += tileRows << 3;
    value += 8;
  }
}

/**
 * Adds the leaves of trees to a tile's scores (outputs × 128): numeric splits and no missing value. `roots`: first node of each
 * tree (u32, bytes); `outputs`: the score each adds to, the first of `width` (u32); `values`: `width` doubles a node.
 */
export function scoreNumbers(nodes: usize, roots: usize, outputs: usize, trees: i32, values: usize, width: i32, tile: usize, n: i32, scores: usize): void {
  for (let t = 0; t < trees; t++) {
    const root = load<u32>(roots + (<usize>t << 2));
    const out = scores + <usize>load<u32>(outputs + (<usize>t << 2)) * tileRows * 8;
    for (let i = 0; i < n; i += 4) {
      const x = tile + (<usize>i << 3);
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (;;) {
        const a1 = below(nodes, a, x);
        const b1 = below(nodes, b, x + 8);
        const c1 = below(nodes, c, x + 16);
        const d1 = below(nodes, d, x + 24);
        if ((a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1)) {
          a = below(nodes, a1, x);
          b = below(nodes, b1, x + 8);
          c = below(nodes, c1, x + 16);
          d = below(nodes, d1, x + 24);
        } else break;
      }
      const at = out + (<usize>i << 3);
      addLeaf(values, width, a, at);
      addLeaf(values, width, b, at + 8);
      addLeaf(values, width, c, at + 16);
      addLeaf(values, width, d, at + 24);
    }
  }
}

/** The same for every kind of node and missing values; sets of categories lie at `sets`. */
export function scoreAny(nodes: usize, roots: usize, outputs: usize, trees: i32, values: usize, width: i32, sets: usize, tile: usize, n: i32, scores: usize): void {
  for (let t = 0; t < trees; t++) {
    const root = load<u32>(roots + (<usize>t << 2));
    const out = scores + <usize>load<u32>(outputs + (<usize>t << 2)) * tileRows * 8;
    for (let i = 0; i < n; i++) {
      const x = tile + (<usize>i << 3);
      let k = root;
      for (;;) {
        const node = nodes + k;
        const right = load<u32>(node, 12);
        if (right == k) break;
        const column = load<u32>(node, 8);
        const value = load<f64>(x + (column & placeMask));
        let goesLeft: bool;
        if ((column & category) != 0 && value == value) {
          const word = <u32>max<f64>(min<f64>(value, 4294967040), 0) >> 5;
          goesLeft = value > -1 && word < load<u32>(node, 4) && ((load<u32>(sets + (<usize>(load<u32>(node) + word) << 2)) >> (<u32>max<f64>(value, 0) & 31)) & 1) == 1;
        } else if (value != value && (column & nanIsZero)) goesLeft = load<f64>(node) >= 0;
        else if (value != value || ((column & zeroIsMissing) && abs<f64>(value) <= 1e-35)) goesLeft = (column & missingLeft) != 0;
        else goesLeft = value <= load<f64>(node);
        k = goesLeft ? k + 16 : right;
      }
      addLeaf(values, width, k, out + (<usize>i << 3));
    }
  }
}
