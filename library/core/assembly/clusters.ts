// K-means: each row's nearest centre, and the sums of the rows of each centre.

/** sum − value · centres of two centres. */
@inline function less(sum: v128, value: v128, centres: v128): v128 {
  return f64x2.sub(sum, f64x2.mul(value, centres));
}

/** The number beside the smaller of two lanes, of equals the smaller number. */
@inline function smallest(scores: v128, numbers: v128): i32 {
  const left = f64x2.extract_lane(scores, 0), right = f64x2.extract_lane(scores, 1);
  const first = <i32>i64x2.extract_lane(numbers, 0), second = <i32>i64x2.extract_lane(numbers, 1);
  if (left == right) return min(first, second);
  return left < right ? first : second;
}

/** Adds weight · row to a sum, of d doubles each. */
@inline function add(sum: usize, row: usize, weight: f64, d: i32): void {
  const scale = f64x2.splat(weight);
  const end = sum + (<usize>(d & ~1) << 3);
  for (; sum < end; sum += 16, row += 16) v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(scale, v128.load(row))));
  if (d & 1) store<f64>(sum, load<f64>(sum) + weight * load<f64>(row));
}

/** Writes a row's label, adds the row to its centre's sum; 1 where the label is new. */
@inline function settle(row: usize, d: i32, label: i32, labels: usize, weights: usize, sums: usize, masses: usize): i32 {
  const weight = load<f64>(weights);
  add(sums + ((<usize>label * <usize>d) << 3), row, weight, d);
  const mass = masses + (<usize>label << 3);
  store<f64>(mass, load<f64>(mass) + weight);
  const changed = load<i32>(labels) != label;
  store<i32>(labels, label);
  return i32(changed);
}

/**
 * Gives each of `count` rows (doubles, d columns; room for a multiple of 4 rows) the centre c with the smallest ½‖c‖² − x·c, of equals the
 * first; answers how many labels changed. `centres`: groups of 4, column by column; `halves`: ½‖c‖², infinite for the centres that only fill
 * the last group. Adds weight · row to `sums` (k × d) and the weight to `masses` (k). O(n d k).
 */
export function assignCentres(
  x: usize, count: i32, d: i32, centres: usize, halves: usize, groups: i32,
  weights: usize, labels: usize, sums: usize, masses: usize,
): i32 {
  const bytes = <usize>d << 3;
  const two = i64x2.splat(2);
  let changed = 0;
  for (let i = 0; i < count; i += 4) {
    const row0 = x + <usize>i * bytes, row1 = row0 + bytes, row2 = row1 + bytes, row3 = row2 + bytes;
    let best0 = f64x2.splat(Infinity), best1 = best0, best2 = best0, best3 = best0;
    let number0 = i64x2.splat(0), number1 = number0, number2 = number0, number3 = number0;
    let left = i64x2(0, 1);
    let centre = centres;
    for (let group = 0; group < groups; group++) {
      const half = halves + (<usize>group << 5);
      let a0 = v128.load(half), a1 = v128.load(half, 16);
      let b0 = a0, b1 = a1, c0 = a0, c1 = a1, e0 = a0, e1 = a1;
      for (let at: usize = 0; at < bytes; at += 8, centre += 32) {
        const low = v128.load(centre), high = v128.load(centre, 16);
        let value = v128.load64_splat(row0 + at);
        a0 = less(a0, value, low);
        a1 = less(a1, value, high);
        value = v128.load64_splat(row1 + at);
        b0 = less(b0, value, low);
        b1 = less(b1, value, high);
        value = v128.load64_splat(row2 + at);
        c0 = less(c0, value, low);
        c1 = less(c1, value, high);
        value = v128.load64_splat(row3 + at);
        e0 = less(e0, value, low);
        e1 = less(e1, value, high);
      }
      const right = i64x2.add(left, two);
      let nearer = f64x2.lt(a0, best0);
      best0 = v128.bitselect(a0, best0, nearer);
      number0 = v128.bitselect(left, number0, nearer);
      nearer = f64x2.lt(a1, best0);
      best0 = v128.bitselect(a1, best0, nearer);
      number0 = v128.bitselect(right, number0, nearer);
      nearer = f64x2.lt(b0, best1);
      best1 = v128.bitselect(b0, best1, nearer);
      number1 = v128.bitselect(left, number1, nearer);
      nearer = f64x2.lt(b1, best1);
      best1 = v128.bitselect(b1, best1, nearer);
      number1 = v128.bitselect(right, number1, nearer);
      nearer = f64x2.lt(c0, best2);
      best2 = v128.bitselect(c0, best2, nearer);
      number2 = v128.bitselect(left, number2, nearer);
      nearer = f64x2.lt(c1, best2);
      best2 = v128.bitselect(c1, best2, nearer);
      number2 = v128.bitselect(right, number2, nearer);
      nearer = f64x2.lt(e0, best3);
      best3 = v128.bitselect(e0, best3, nearer);
      number3 = v128.bitselect(left, number3, nearer);
      nearer = f64x2.lt(e1, best3);
      best3 = v128.bitselect(e1, best3, nearer);
      number3 = v128.bitselect(right, number3, nearer);
      left = i64x2.add(right, two);
    }
    const label = labels + (<usize>i << 2), weight = weights + (<usize>i << 3);
    changed += settle(row0, d, smallest(best0, number0), label, weight, sums, masses);
    if (i + 1 < count) changed += settle(row1, d, smallest(best1, number1), label + 4, weight + 8, sums, masses);
    if (i + 2 < count) changed += settle(row2, d, smallest(best2, number2), label + 8, weight + 16, sums, masses);
    if (i + 3 < count) changed += settle(row3, d, smallest(best3, number3), label + 12, weight + 24, sums, masses);
  }
  return changed;
}

/**
 * Squared distances of `count` rows (room for an even number) to four points that lie beside each other column by column: rows × 4 doubles
 * into `out`. O(n d).
 */
export function squaredDistances(x: usize, count: i32, d: i32, points: usize, out: usize): void {
  const bytes = <usize>d << 3;
  for (let i = 0; i < count; i += 2) {
    const row0 = x + <usize>i * bytes, row1 = row0 + bytes;
    let a0 = f64x2.splat(0), a1 = a0, b0 = a0, b1 = a0;
    for (let at: usize = 0, point = points; at < bytes; at += 8, point += 32) {
      const low = v128.load(point), high = v128.load(point, 16);
      let value = v128.load64_splat(row0 + at);
      let off = f64x2.sub(value, low);
      a0 = f64x2.add(a0, f64x2.mul(off, off));
      off = f64x2.sub(value, high);
      a1 = f64x2.add(a1, f64x2.mul(off, off));
      value = v128.load64_splat(row1 + at);
      off = f64x2.sub(value, low);
      b0 = f64x2.add(b0, f64x2.mul(off, off));
      off = f64x2.sub(value, high);
      b1 = f64x2.add(b1, f64x2.mul(off, off));
    }
    const to = out + (<usize>i << 5);
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, b0, 32);
    v128.store(to, b1, 48);
  }
}
