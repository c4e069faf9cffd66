// Column sums by class, for naive Bayes of counts.

/**
 * sums (classes × d) += weight × row at each row's class, row by row. `labels`: f64 class of each row; `weights`: f64 of each row. Answers the least value of x, and
 * +∞ for no rows.
 */
export function classSums(x: usize, labels: usize, weights: usize, rows: i32, d: i32, sums: usize): f64 {
  const width = <usize>d << 3;
  const pairs = (<usize>d >> 1) << 4;
  let least = f64x2.splat(Infinity);
  for (let i = 0; i < rows; i++) {
    const weight = f64x2.splat(load<f64>(weights + (<usize>i << 3)));
    const to = sums + <usize>load<f64>(labels + (<usize>i << 3)) * width;
    for (let at: usize = 0; at < pairs; at += 16) {
      const values = v128.load(x + at);
      least = f64x2.pmin(least, values);
      v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(weight, values)));
    }
    if (d & 1) {
      const value = load<f64>(x + pairs);
      least = f64x2.pmin(least, f64x2.splat(value));
      store<f64>(to + pairs, load<f64>(to + pairs) + f64x2.extract_lane(weight, 0) * value);
    }
    x += width;
  }
  return min<f64>(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
}
