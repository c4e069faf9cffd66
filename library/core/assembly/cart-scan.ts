// Where a node is cut best: every place in the order of a column is looked at.
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
@inline export function momentsScore(leftSum: f64, leftWeight: f64, rightWeight: f64, sum: f64, weight: f64): f64 {
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
