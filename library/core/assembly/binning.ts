// Values to bins.

/**
 * Bins n rows of d doubles at `x` (row-major). `uppers` + 2048 f: 256 ascending upper bounds of column f, filled up with +∞; `steps[f]` (u8): halvings that find a place among them (0 … 8);
 * `missing[f]` (u8): bin of NaN; `some[f]` (u8) becomes 1 where there is one. Row i goes to `rowMajor` + i · stride, and to `columnMajor` + f · rows + i.
 */
export function binRows(
  x: usize, n: i32, d: i32, uppers: usize, steps: usize, missing: usize, some: usize, rowMajor: usize, stride: i32, columnMajor: usize, rows: i32,
): void {
  for (let f = 0; f < d; f++) {
    const bounds = uppers + (<usize>f << 11);
    const halvings = <i32>load<u8>(steps + f);
    const none = <i32>load<u8>(missing + f);
    const column = columnMajor + <usize>f * <usize>rows;
    let from = x + (<usize>f << 3);
    let to = rowMajor + f;
    let odd: i32 = 0;
    for (let i = 0; i < n; i++) {
      const value = load<f64>(from);
      let bin: i32 = 0;
      for (let s = 1 << halvings >> 1; s; s >>= 1) bin += i32(value > load<f64>(bounds + (<usize>(bin + s - 1) << 3))) * s;
      if (value != value) {
        bin = none;
        odd = 1;
      }
      store<u8>(to, bin);
      store<u8>(column + i, bin);
      from += <usize>d << 3;
      to += stride;
    }
    if (odd) store<u8>(some + f, 1);
  }
}
