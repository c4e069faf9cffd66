// Where a node is cut best: every place in the order of a column, or one that was drawn.
import { atMinWeight, atScore, atSum, atWeight, entropy, gini, isOrdered, logarithm, moments, placeOf, poisson, rankOf } from "./cart-node";

/** The best cut by squared error, or by Gini impurity of two classes 0 and 1: the same up to a factor. Answers its place, or 0. */
export function cartScanMoments(keys: usize, y: usize, w: usize, from: i32, to: i32, sign: i32, node: usize): i32 {
  return scan(moments, keys, y, w, from, to, sign, node, 0, 0);
}

/** The best cut by Poisson deviance. Answers its place, or 0. */
export function cartScanPoisson(keys: usize, y: usize, w: usize, from: i32, to: i32, sign: i32, node: usize): i32 {
  return scan(poisson, keys, y, w, from, to, sign, node, 0, 0);
}

/** The best cut by Gini impurity of `classes`, whose weights in the node begin at `sums`; behind them is room for three more such. */
export function cartScanGini(keys: usize, y: usize, w: usize, from: i32, to: i32, sign: i32, node: usize, sums: usize, classes: i32): i32 {
  return scan(gini, keys, y, w, from, to, sign, node, sums, classes);
}

/** The best cut by entropy of `classes`, as `cartScanGini`. */
export function cartScanEntropy(keys: usize, y: usize, w: usize, from: i32, to: i32, sign: i32, node: usize, sums: usize, classes: i32): i32 {
  return scan(entropy, keys, y, w, from, to, sign, node, sums, classes);
}

@inline function scan(criterion: i32, keys: usize, y: usize, w: usize, from: i32, to: i32, sign: i32, node: usize, sums: usize, classes: i32): i32 {
  const weight = load<f64>(node, atWeight);
  const sum = load<f64>(node, atSum);
  const minWeight = load<f64>(node, atMinWeight);
  const width = (<usize>classes) << 3;
  const left = sums + width;
  const right = left + width;
  let leftSquares: f64 = 0;
  let rightSquares: f64 = 0;
  if (criterion == gini || criterion == entropy) {
    memory.fill(left, 0, width);
    memory.copy(right, sums, width);
    for (let k: usize = 0; k < width; k += 8) rightSquares += load<f64>(sums + k) * load<f64>(sums + k);
  }
  let leftWeight: f64 = 0;
  let leftSum: f64 = 0;
  let best: f64 = -Infinity;
  let bound: f64 = -Infinity;
  let at: i32 = 0;
  let rank = rankOf(keys, 0);
  for (let p: i32 = 0; p < to; ) {
    const place = placeOf(keys, p) << 3;
    const own = load<f64>(w + place);
    const target = load<f64>(y + place);
    leftWeight += own;
    if (criterion == moments || criterion == poisson) leftSum += own * target;
    else {
      const k = (<usize>target) << 3;
      const l = load<f64>(left + k);
      const r = load<f64>(right + k);
      if (criterion == gini) {
        leftSquares += own * (l + l + own);
        rightSquares += own * (own - r - r);
      }
      store<f64>(left + k, l + own);
      store<f64>(right + k, r - own);
    }
    const before = rank;
    p++;
    rank = rankOf(keys, p);
    if (rank == before || p < from) continue;
    const rightWeight = weight - leftWeight;
    if (leftWeight < minWeight || rightWeight < minWeight || rightWeight <= 0) continue;
    let score: f64;
    if (criterion == moments) score = momentsScore(leftSum, leftWeight, rightWeight, sum, weight);
    else if (criterion == poisson) score = poissonScore(leftSum, leftWeight, sum - leftSum, rightWeight);
    else if (criterion == gini) score = leftSquares / leftWeight + rightSquares / rightWeight;
    else score = entropyScore(left, right, width, leftWeight, rightWeight);
    if (!(score > bound)) continue;
    if (sign != 0 && !isMonotone(criterion, node, sign, leftSum, leftWeight, sum - leftSum, rightWeight, left, right)) continue;
    best = score;
    bound = score + 1e-12 * Math.abs(score);
    at = p;
  }
  store<f64>(node, best, atScore);
  return at;
}

/** What a cut takes off Σ w (y − mean)², times the weight of the node. */
@inline function momentsScore(leftSum: f64, leftWeight: f64, rightWeight: f64, sum: f64, weight: f64): f64 {
  const off = leftSum * weight - sum * leftWeight;
  return (off * off) / (leftWeight * rightWeight);
}

@inline function poissonScore(leftSum: f64, leftWeight: f64, rightSum: f64, rightWeight: f64): f64 {
  const least: f64 = 10 * f64.EPSILON;
  if (leftSum <= least || rightSum <= least) return -Infinity;
  return leftSum * logarithm(leftSum / leftWeight) + rightSum * logarithm(rightSum / rightWeight);
}

/** Σ c log c − W log W of both sides: minus the weighted entropy, in nats. */
function entropyScore(left: usize, right: usize, width: usize, leftWeight: f64, rightWeight: f64): f64 {
  let score: f64 = 0;
  for (let k: usize = 0; k < width; k += 8) {
    const l = load<f64>(left + k);
    const r = load<f64>(right + k);
    if (l > 0) score += l * logarithm(l / leftWeight);
    if (r > 0) score += r * logarithm(r / rightWeight);
  }
  return score;
}

/** Whether the values of both sides are in the order of `sign` and within bounds; of two classes it is the share of the second. */
@inline function isMonotone(
  criterion: i32, node: usize, sign: i32, leftSum: f64, leftWeight: f64, rightSum: f64, rightWeight: f64, left: usize, right: usize,
): bool {
  const isClass = criterion == gini || criterion == entropy;
  const l = (isClass ? load<f64>(left, 8) : leftSum) / leftWeight;
  const r = (isClass ? load<f64>(right, 8) : rightSum) / rightWeight;
  return isOrdered(l, r, node, sign);
}

/**
 * Values of a node's rows in their own order, from a column of doubles; writes the lowest and the highest to `ends` and answers how many
 * are not missing.
 */
export function cartGather(column: usize, rows: usize, n: i32, out: usize, ends: usize): i32 {
  let lows = f64x2.splat(Infinity);
  let highs = f64x2.splat(-Infinity);
  let missing = i64x2.splat(0);
  let p: i32 = 0;
  for (; p + 1 < n; p += 2) {
    const ids = rows + ((<usize>p) << 2);
    const first = load<f64>(column + ((<usize>load<u32>(ids)) << 3));
    const second = load<f64>(column + ((<usize>load<u32>(ids, 4)) << 3));
    const pair = f64x2.replace_lane(f64x2.splat(first), 1, second);
    v128.store(out + ((<usize>p) << 3), pair);
    lows = f64x2.pmin(lows, pair); // keeps the former where the new one is NaN
    highs = f64x2.pmax(highs, pair);
    missing = i64x2.sub(missing, f64x2.ne(pair, pair));
  }
  let low = min(f64x2.extract_lane(lows, 0), f64x2.extract_lane(lows, 1));
  let high = max(f64x2.extract_lane(highs, 0), f64x2.extract_lane(highs, 1));
  let present: i32 = n - <i32>(i64x2.extract_lane(missing, 0) + i64x2.extract_lane(missing, 1));
  if (p < n) {
    const value = load<f64>(column + ((<usize>load<u32>(rows + ((<usize>p) << 2))) << 3));
    store<f64>(out + ((<usize>p) << 3), value);
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

/** `cartHalve` and `cartScanMoments` of its one cut at once, without keys. Answers how many rows are left, or 0 for no cut. */
export function cartCutMoments(
  values: usize, n: i32, threshold: f64, missingLeft: i32, y: usize, w: usize, least: i32, sign: i32, node: usize,
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
    const own = v128.and(v128.load(w + p), isLeft);
    counts = i64x2.sub(counts, isLeft);
    weights = f64x2.add(weights, own);
    sums = f64x2.add(sums, f64x2.mul(own, v128.load(y + p)));
  }
  let left = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  let leftWeight = f64x2.extract_lane(weights, 0) + f64x2.extract_lane(weights, 1);
  let leftSum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (p < end) {
    const value = load<f64>(values + p);
    if (value <= threshold || (value != value && missingLeft)) {
      left++;
      leftWeight += load<f64>(w + p);
      leftSum += load<f64>(w + p) * load<f64>(y + p);
    }
  }
  const minWeight = load<f64>(node, atMinWeight);
  const sum = load<f64>(node, atSum);
  const rightWeight = load<f64>(node, atWeight) - leftWeight;
  if (left < least || n - left < least || rightWeight <= 0 || leftWeight < minWeight || rightWeight < minWeight) return 0;
  if (sign != 0 && !isOrdered(leftSum / leftWeight, (sum - leftSum) / rightWeight, node, sign)) return 0;
  store<f64>(node, momentsScore(leftSum, leftWeight, rightWeight, sum, load<f64>(node, atWeight)), atScore);
  return left;
}
