// Histograms of gradients over binned columns, the splits they offer, and the rows that a split sends either way.
// Gradients and hessians are fixed-point integers, so sums do not depend on the order of rows nor on the number of threads.

/** Rows gathered at a time: with the histograms of four columns (16 bytes a bin) they stay in the first-level cache. */
const block: i32 = 128;

/** Adds (Σg, Σh) to a bin. */
@inline function count(at: usize, sums: v128): void {
  v128.store(at, i64x2.add(v128.load(at), sums));
}

/**
 * Adds rows to the histograms of up to 32 columns. `bins`: first of the columns, row-major, `stride` bytes a row; `rows`: n row numbers (u32),
 * or 0 for the rows first … first + n − 1; `gradients`: (g, h) as two i32 a row; `histogram` + `offsets[f]`: bins of column f as (Σg, Σh), two i64
 * each; `buffer`: 10,240 bytes. Bins are gathered as the bytes they lie at, two a column.
 */
export function histogram(
  bins: usize, stride: i32, columns: i32, rows: usize, first: i32, n: i32, gradients: usize, histogram: usize, offsets: usize, buffer: usize,
): void {
  const sums = buffer + (block << 6);
  const whole = columns & ~3;
  for (let begin = 0; begin < n; begin += block) {
    const size = min<i32>(block, n - begin);
    for (let i = 0; i < size; i++) {
      const row = rows ? load<u32>(rows + (<usize>(begin + i) << 2)) : <u32>(first + begin + i);
      const from = bins + <usize>row * <usize>stride;
      const to = buffer + (<usize>i << 6);
      const a = v128.load(from);
      const b = v128.load(from, 16);
      v128.store(to, i16x8.shl(i16x8.extend_low_i8x16_u(a), 4));
      v128.store(to, i16x8.shl(i16x8.extend_high_i8x16_u(a), 4), 16);
      v128.store(to, i16x8.shl(i16x8.extend_low_i8x16_u(b), 4), 32);
      v128.store(to, i16x8.shl(i16x8.extend_high_i8x16_u(b), 4), 48);
      v128.store(sums + (<usize>i << 4), i64x2.extend_low_i32x4_s(v128.load64_zero(gradients + (<usize>row << 3))));
    }
    let f = 0;
    for (; f < whole; f += 4) {
      const at = offsets + (<usize>f << 2);
      const a = histogram + load<u32>(at);
      const b = histogram + load<u32>(at, 4);
      const c = histogram + load<u32>(at, 8);
      const d = histogram + load<u32>(at, 12);
      let p = buffer + (f << 1);
      for (let i = 0; i < size; i++) {
        const sum = v128.load(sums + (<usize>i << 4));
        count(a + <usize>load<u16>(p), sum);
        count(b + <usize>load<u16>(p, 2), sum);
        count(c + <usize>load<u16>(p, 4), sum);
        count(d + <usize>load<u16>(p, 6), sum);
        p += 64;
      }
    }
    for (; f < columns; f++) {
      const a = histogram + load<u32>(offsets + (<usize>f << 2));
      for (let i = 0; i < size; i++) count(a + <usize>load<u16>(buffer + (<usize>i << 6) + (f << 1)), v128.load(sums + (<usize>i << 4)));
    }
  }
}

/** a += b over n pairs of i64. */
export function addPairs(a: usize, b: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const offset = <usize>i << 4;
    v128.store(a + offset, i64x2.add(v128.load(a + offset), v128.load(b + offset)));
  }
}

/** a −= b over n pairs of i64. */
export function subtractPairs(a: usize, b: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const offset = <usize>i << 4;
    v128.store(a + offset, i64x2.sub(v128.load(a + offset), v128.load(b + offset)));
  }
}

export function clear(at: usize, bytes: i32): void {
  memory.fill(at, 0, bytes);
}

/**
 * Parts n rows by the bins of a column: `table[bin]` is 1 where a row goes left. Rows that go left are written to `left`, the others to `right`,
 * both in order; `left` may be `rows` itself. Gives the number that went left.
 */
export function part(column: usize, rows: usize, n: i32, table: usize, left: usize, right: usize): i32 {
  let l = left;
  let r = right;
  for (let i = 0; i < n; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    const goes = <usize>load<u8>(table + <usize>load<u8>(column + <usize>row));
    store<u32>(l, row);
    store<u32>(r, row);
    l += goes << 2;
    r += (1 - goes) << 2;
  }
  return <i32>((l - left) >> 2);
}

/** Moves bytes; places may overlap. */
export function move(to: usize, from: usize, bytes: i32): void {
  memory.copy(to, from, <usize>bytes);
}

/** Adds a value to the scores (f64) of n rows. */
export function addToRows(scores: usize, rows: usize, n: i32, value: f64): void {
  for (let i = 0; i < n; i++) {
    const at = scores + (<usize>load<u32>(rows + (<usize>i << 2)) << 3);
    store<f64>(at, load<f64>(at) + value);
  }
}

/**
 * Adds to the scores of rows first … first + n − 1 the value of the leaf each reaches, times `factor`. A node is 8 bytes: column (i32; −1 at a leaf) and the
 * left child (i32), the right one following it; node k has its routing table at `tables` + 256 k and its value at `values` + 8 k.
 */
export function addTreeOfBins(
  bins: usize, stride: i32, first: i32, n: i32, nodes: usize, tables: usize, values: usize, factor: f64, scores: usize,
): void {
  for (let i = first; i < first + n; i++) {
    const row = bins + <usize>i * <usize>stride;
    let k: usize = 0;
    for (;;) {
      const column = load<i32>(nodes + (k << 3));
      if (column < 0) break;
      k = <usize>load<i32>(nodes + (k << 3), 4) + 1 - <usize>load<u8>(tables + (k << 8) + <usize>load<u8>(row + <usize>column));
    }
    const at = scores + (<usize>i << 3);
    store<f64>(at, load<f64>(at) + factor * load<f64>(values + (k << 3)));
  }
}
