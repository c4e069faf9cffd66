// A cut that is drawn between the lowest and the highest value of a column, as extra trees do it. Values are doubles or floats
// (`valueBytes`), `rowStep` bytes from row to row: the columns of a table, or the table row by row.
import { atMinWeight, atScore, atSum, atWeight, isOrdered } from "./cart-node";
import { momentsScore } from "./cart-scan";

/**
 * Values of a node's rows in their own order, as doubles; writes the lowest and the highest to `ends` and answers how many are not missing.
 */
export function cartGather(column: usize, rowStep: usize, valueBytes: i32, rows: usize, n: i32, out: usize, ends: usize): i32 {
  return valueBytes == 4 ? gatherFloats(column, rowStep, rows, n, out, ends) : gatherDoubles(column, rowStep, rows, n, out, ends);
}

/** Where the value of the row at `rows + offset` lies. */
@inline function cell(column: usize, rowStep: usize, rows: usize, offset: usize): usize {
  return column + (<usize>load<u32>(rows + offset)) * rowStep;
}

function gatherFloats(column: usize, rowStep: usize, rows: usize, n: i32, out: usize, ends: usize): i32 {
  let lows = f32x4.splat(Infinity);
  let highs = f32x4.splat(-Infinity);
  let missing = i32x4.splat(0);
  let at = rows;
  for (const end = rows + ((<usize>(n & ~3)) << 2); at < end; at += 16) {
    let values = v128.load32_zero(cell(column, rowStep, at, 0));
    values = v128.load_lane<f32>(cell(column, rowStep, at, 4), values, 1);
    values = v128.load_lane<f32>(cell(column, rowStep, at, 8), values, 2);
    values = v128.load_lane<f32>(cell(column, rowStep, at, 12), values, 3);
    v128.store(out, f64x2.promote_low_f32x4(values));
    v128.store(out, f64x2.promote_low_f32x4(i64x2.shuffle(values, values, 1, 1)), 16);
    out += 32;
    lows = f32x4.pmin(lows, values); // keeps the former where the new one is NaN
    highs = f32x4.pmax(highs, values);
    missing = i32x4.sub(missing, f32x4.ne(values, values));
  }
  let low: f64 = min(min(f32x4.extract_lane(lows, 0), f32x4.extract_lane(lows, 1)), min(f32x4.extract_lane(lows, 2), f32x4.extract_lane(lows, 3)));
  let high: f64 = max(max(f32x4.extract_lane(highs, 0), f32x4.extract_lane(highs, 1)), max(f32x4.extract_lane(highs, 2), f32x4.extract_lane(highs, 3)));
  let present = n - i32x4.extract_lane(missing, 0) - i32x4.extract_lane(missing, 1) - i32x4.extract_lane(missing, 2) - i32x4.extract_lane(missing, 3);
  for (const end = rows + ((<usize>n) << 2); at < end; at += 4) {
    const value: f64 = load<f32>(cell(column, rowStep, at, 0));
    store<f64>(out, value);
    out += 8;
    low = value < low ? value : low;
    high = value > high ? value : high;
    present -= <i32>(value != value);
  }
  store<f64>(ends, low);
  store<f64>(ends, high, 8);
  return present;
}

function gatherDoubles(column: usize, rowStep: usize, rows: usize, n: i32, out: usize, ends: usize): i32 {
  let lows = f64x2.splat(Infinity);
  let highs = f64x2.splat(-Infinity);
  let missing = i64x2.splat(0);
  let at = rows;
  for (const end = rows + ((<usize>(n & ~1)) << 2); at < end; at += 8) {
    let values = v128.load64_zero(cell(column, rowStep, at, 0));
    values = v128.load_lane<f64>(cell(column, rowStep, at, 4), values, 1);
    v128.store(out, values);
    out += 16;
    lows = f64x2.pmin(lows, values);
    highs = f64x2.pmax(highs, values);
    missing = i64x2.sub(missing, f64x2.ne(values, values));
  }
  let low = min(f64x2.extract_lane(lows, 0), f64x2.extract_lane(lows, 1));
  let high = max(f64x2.extract_lane(highs, 0), f64x2.extract_lane(highs, 1));
  let present: i32 = n - <i32>(i64x2.extract_lane(missing, 0) + i64x2.extract_lane(missing, 1));
  if (n & 1) {
    const value = load<f64>(cell(column, rowStep, at, 0));
    store<f64>(out, value);
    low = value < low ? value : low;
    high = value > high ? value : high;
    present -= <i32>(value != value);
  }
  store<f64>(ends, low);
  store<f64>(ends, high, 8);
  return present;
}

/**
 * Keys of a node that knows a single cut: rank 0 for values at or below it, behind them rank 1. Missing values go left where
 * `missingLeft` is 1. Answers how many rows are left.
 */
export function cartHalve(values: usize, n: i32, threshold: f64, missingLeft: i32, keys: usize): i32 {
  let left: i32 = 0;
  let end: i32 = n - 1;
  for (let p: i32 = 0; p < n; p++) {
    const value = load<f64>(values + ((<usize>p) << 3));
    const isLeft = <i32>(value <= threshold) | (<i32>(value != value) & missingLeft);
    store<u64>(keys + ((<usize>select<i32>(left, end, isLeft)) << 3), (<u64>(1 - isLeft) << 32) | (<u64>p));
    left += isLeft;
    end -= 1 - isLeft;
  }
  return left;
}

/**
 * `cartHalve` and `cartScanMoments` of its one cut at once, without keys; `w` is 0 where every weight is 1. Answers how many rows are left,
 * or 0 for no cut.
 */
export function cartCutMoments(
  values: usize, n: i32, threshold: f64, missingLeft: i32, y: usize, w: usize, least: i32, sign: i32, node: usize,
): i32 {
  return w ? cutMoments(false, values, n, threshold, missingLeft, y, w, least, sign, node) : cutMoments(true, values, n, threshold, missingLeft, y, w, least, sign, node);
}

@inline function cutMoments(
  isUnit: bool, values: usize, n: i32, threshold: f64, missingLeft: i32, y: usize, w: usize, least: i32, sign: i32, node: usize,
): i32 {
  const cut = f64x2.splat(threshold);
  const lost = i64x2.splat(-(<i64>missingLeft));
  let counts = i64x2.splat(0);
  let weights = f64x2.splat(0);
  let sums = f64x2.splat(0);
  const end = (<usize>n) << 3;
  let p: usize = 0;
  for (; p + 8 < end; p += 16) {
    const pair = v128.load(values + p);
    const isLeft = v128.or(f64x2.le(pair, cut), v128.and(f64x2.ne(pair, pair), lost));
    counts = i64x2.sub(counts, isLeft);
    const targets = v128.and(v128.load(y + p), isLeft);
    if (isUnit) sums = f64x2.add(sums, targets);
    else {
      const own = v128.load(w + p);
      weights = f64x2.add(weights, v128.and(own, isLeft));
      sums = f64x2.add(sums, f64x2.mul(own, targets));
    }
  }
  let left = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  let leftWeight = f64x2.extract_lane(weights, 0) + f64x2.extract_lane(weights, 1);
  let leftSum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (p < end) {
    const value = load<f64>(values + p);
    if (value <= threshold || (value != value && missingLeft)) {
      const own = isUnit ? 1 : load<f64>(w + p);
      left++;
      leftWeight += own;
      leftSum += own * load<f64>(y + p);
    }
  }
  if (isUnit) leftWeight = <f64>left;
  const minWeight = load<f64>(node, atMinWeight);
  const sum = load<f64>(node, atSum);
  const rightWeight = load<f64>(node, atWeight) - leftWeight;
  if (left < least || n - left < least || rightWeight <= 0 || leftWeight < minWeight || rightWeight < minWeight) return 0;
  if (sign != 0 && !isOrdered(leftSum / leftWeight, (sum - leftSum) / rightWeight, node, sign)) return 0;
  store<f64>(node, momentsScore(leftSum, leftWeight, rightWeight, sum, load<f64>(node, atWeight)), atScore);
  return left;
}
