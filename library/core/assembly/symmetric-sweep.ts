// The inner step of inverting a symmetric matrix in blocks of columns.

/**
 * Rows i from … to − 1 of the lower triangle of `a` (n × n doubles): aᵢⱼ −= uᵢ·vⱼ for j ≤ i; `u` and `v` are rows of `depth` doubles, an even number.
 * O(rows n depth).
 */
export function sweepRows(a: usize, n: i32, from: i32, to: i32, u: usize, v: usize, depth: i32): void {
  const bytes = <usize>depth << 3;
  for (let i = from; i < to; i++) {
    const left = u + <usize>i * bytes;
    let place = a + ((<usize>i * <usize>n) << 3);
    let j = 0;
    let right = v;
    for (; j + 4 <= i + 1; j += 4, right += 4 * bytes, place += 32) {
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let at: usize = 0; at < bytes; at += 16) {
        const value = v128.load(left + at);
        s0 = f64x2.add(s0, f64x2.mul(value, v128.load(right + at)));
        s1 = f64x2.add(s1, f64x2.mul(value, v128.load(right + bytes + at)));
        s2 = f64x2.add(s2, f64x2.mul(value, v128.load(right + 2 * bytes + at)));
        s3 = f64x2.add(s3, f64x2.mul(value, v128.load(right + 3 * bytes + at)));
      }
      const low = f64x2.add(i64x2.shuffle(s0, s1, 0, 2), i64x2.shuffle(s0, s1, 1, 3));
      const high = f64x2.add(i64x2.shuffle(s2, s3, 0, 2), i64x2.shuffle(s2, s3, 1, 3));
      v128.store(place, f64x2.sub(v128.load(place), low));
      v128.store(place, f64x2.sub(v128.load(place, 16), high), 16);
    }
    for (; j <= i; j++, right += bytes, place += 8) {
      let sums = f64x2.splat(0);
      for (let at: usize = 0; at < bytes; at += 16) sums = f64x2.add(sums, f64x2.mul(v128.load(left + at), v128.load(right + at)));
      store<f64>(place, load<f64>(place) - (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)));
    }
  }
}
