// The best split of a leaf over the histograms of its numeric columns. Source: Ke et al. (2017), LightGBM; Chen & Guestrin (2016), XGBoost.

/** 1.5 · 2⁵²: adding an integer below 2⁵¹ to its bits gives a double that is larger by exactly that integer. */
const shift: f64 = 6755399441055744.0;

@inline function toDoubles(sums: v128): v128 {
  return f64x2.sub(i64x2.add(sums, f64x2.splat(shift)), f64x2.splat(shift));
}

/** Gradient beyond an L1 penalty. */
@inline function soften(g: f64, l1: f64): f64 {
  return copysign<f64>(max<f64>(abs<f64>(g) - l1, 0.0), g);
}

/** What a leaf answers: −G / (H + λ), within a largest step and bounds. */
@inline function answer(g: f64, h: f64, l1: f64, l2: f64, step: f64, low: f64, high: f64): f64 {
  let out = -soften(g, l1) / (h + l2);
  if (step > 0 && abs<f64>(out) > step) out = copysign<f64>(step, out);
  return min<f64>(max<f64>(out, low), high);
}

/** Twice the fall of the loss when a leaf answers `out`. */
@inline function fall(g: f64, h: f64, l1: f64, l2: f64, out: f64): f64 {
  return -(2.0 * soften(g, l1) * out + (h + l2) * out * out);
}

/**
 * Falls of both sides together; −∞ where the answers would break the column's monotone sign. `bound` is a constant where this is inlined: a call left in the
 * loop of the common case makes it five times slower.
 */
@inline function gainOf(l: v128, r: v128, penalty: v128, bound: bool, sign: i32, l1: f64, l2: f64, step: f64, low: f64, high: f64): f64 {
  if (bound) return boundGain(f64x2.extract_lane(l, 0), f64x2.extract_lane(l, 1), f64x2.extract_lane(r, 0), f64x2.extract_lane(r, 1), sign, l1, l2, step, low, high);
  const g = v128.shuffle<f64>(l, r, 0, 2);
  const h = v128.shuffle<f64>(l, r, 1, 3);
  const falls = f64x2.div(f64x2.mul(g, g), f64x2.add(h, penalty));
  return f64x2.extract_lane(falls, 0) + f64x2.extract_lane(falls, 1);
}

function boundGain(gl: f64, hl: f64, gr: f64, hr: f64, sign: i32, l1: f64, l2: f64, step: f64, low: f64, high: f64): f64 {
  const outLeft = answer(gl, hl, l1, l2, step, low, high);
  const outRight = answer(gr, hr, l1, l2, step, low, high);
  if (sign && (outRight - outLeft) * <f64>sign < 0) return -Infinity;
  return fall(gl, hl, l1, l2, outLeft) + fall(gr, hr, l1, l2, outRight);
}

/**
 * Finds the best split over columns first … last − 1. `histogram` + `offsets[f]`: bins of column f, the last of them the missing rows; `bins[f]` (u16): bins of column f without
 * that one; `kinds[f]` (u8): 0 numeric, 3 numeric with missing values, anything else is passed over; `signs[f]` (i8): +1 rising, −1 falling, 0 free.
 * `leaf`: f64 ΣG, ΣH in quantised units, size of a unit of g, of h, least H of a side (units), L1, L2, largest step (0: none), lowest and highest answer, 1 where L1 or any of the last
 * three matters, rows, least rows of a side (as many as the hessian says, bin by bin). `best`: f64 gain without the parent's, column (−1: none), bin, 1 when missing rows go left, ΣG left, ΣH left (units).
 */
export function findSplit(
  histogram: usize, offsets: usize, bins: usize, kinds: usize, signs: usize, first: i32, last: i32, leaf: usize, best: usize,
): void {
  if (load<f64>(leaf, 80) != 0) findBoundSplit(histogram, offsets, bins, kinds, signs, first, last, leaf, best);
  else findFreeSplit(histogram, offsets, bins, kinds, signs, first, last, leaf, best);
}

function findBoundSplit(histogram: usize, offsets: usize, bins: usize, kinds: usize, signs: usize, first: i32, last: i32, leaf: usize, best: usize): void {
  search(true, histogram, offsets, bins, kinds, signs, first, last, leaf, best);
}

function findFreeSplit(histogram: usize, offsets: usize, bins: usize, kinds: usize, signs: usize, first: i32, last: i32, leaf: usize, best: usize): void {
  search(false, histogram, offsets, bins, kinds, signs, first, last, leaf, best);
}

@inline function search(
  bound: bool, histogram: usize, offsets: usize, bins: usize, kinds: usize, signs: usize, first: i32, last: i32, leaf: usize, best: usize,
): void {
  const total = v128.load(leaf);
  const unit = v128.load(leaf, 16);
  const leastH = load<f64>(leaf, 32);
  const mostH = load<f64>(leaf, 8) - leastH;
  const rows = load<f64>(leaf, 88);
  const leastRows = load<f64>(leaf, 96);
  const rowsOfH = rows / load<f64>(leaf, 8);
  const l1 = load<f64>(leaf, 40);
  const l2 = load<f64>(leaf, 48);
  const step = load<f64>(leaf, 56);
  const low = load<f64>(leaf, 64);
  const high = load<f64>(leaf, 72);
  const penalty = f64x2.splat(l2);
  let gain = -Infinity;
  let column = -1;
  let at = 0;
  let missingLeft = 0;
  let chosen = f64x2.splat(0);
  for (let f = first; f < last; f++) {
    const kind = <i32>load<u8>(kinds + f);
    if (kind == 1 || kind == 2) continue;
    const sign = <i32>load<i8>(signs + f);
    const end = <i32>load<u16>(bins + (<usize>f << 1));
    const place = histogram + load<u32>(offsets + (<usize>f << 2));
    // from the right, the missing rows on the left: of equal splits the highest threshold
    let right = i64x2.splat(0);
    let count = 0.0;
    for (let b = end - 1; b > 0; b--) {
      const bin = v128.load(place + (<usize>b << 4));
      count += nearest<f64>(f64x2.extract_lane(toDoubles(bin), 1) * rowsOfH);
      right = i64x2.add(right, bin);
      const units = toDoubles(right);
      const h = f64x2.extract_lane(units, 1);
      if (count < leastRows || h < leastH) continue;
      if (rows - count < leastRows || h > mostH) break;
      const other = f64x2.sub(total, units);
      const found = gainOf(f64x2.mul(other, unit), f64x2.mul(units, unit), penalty, bound, sign, l1, l2, step, low, high);
      if (found > gain) {
        gain = found;
        column = f;
        at = b - 1;
        missingLeft = 1;
        chosen = other;
      }
    }
    if (kind == 0) continue;
    // from the left, the missing rows on the right
    let left = i64x2.splat(0);
    count = 0.0;
    for (let b = 0; b < end; b++) {
      const bin = v128.load(place + (<usize>b << 4));
      count += nearest<f64>(f64x2.extract_lane(toDoubles(bin), 1) * rowsOfH);
      left = i64x2.add(left, bin);
      const units = toDoubles(left);
      const h = f64x2.extract_lane(units, 1);
      if (count < leastRows || h < leastH) continue;
      if (rows - count < leastRows || h > mostH) break;
      const other = f64x2.sub(total, units);
      const found = gainOf(f64x2.mul(units, unit), f64x2.mul(other, unit), penalty, bound, sign, l1, l2, step, low, high);
      if (found > gain) {
        gain = found;
        column = f;
        at = b;
        missingLeft = 0;
        chosen = units;
      }
    }
  }
  store<f64>(best, gain);
  store<f64>(best, <f64>column, 8);
  store<f64>(best, <f64>at, 16);
  store<f64>(best, <f64>missingLeft, 24);
  v128.store(best, chosen, 32);
}
