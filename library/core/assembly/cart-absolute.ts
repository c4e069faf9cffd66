// The cut of least absolute error, by a Fenwick tree over the order of the targets. Source: Fenwick (1994), Software: Practice and
// Experience 24(3).
import { atMinWeight, atScore, atWeight, isOrdered, placeOf, rankOf } from "./cart-node";

/** The order of a node by its targets: from its keys the place of each row in it, and the targets ascending. */
export function cartOrder(keys: usize, y: usize, n: i32, places: usize, sorted: usize): void {
  for (let p: i32 = 0; p < n; p++) {
    const place = placeOf(keys, p);
    store<i32>(places + (place << 2), p);
    store<f64>(sorted + ((<usize>p) << 3), load<f64>(y + (place << 3)));
  }
}

/**
 * The best cut by absolute error about the weighted median. Answers its place, or 0. `tree` holds 2 (n + 1) numbers: a Fenwick tree of w
 * and w y by place in the order of y; `errors` holds 2 n: absolute error and median of the first rows. O(n log n).
 */
export function cartScanAbsolute(
  keys: usize, w: usize, n: i32, from: i32, to: i32, sign: i32, node: usize, places: usize, sorted: usize, tree: usize, errors: usize,
): i32 {
  const weight = load<f64>(node, atWeight);
  const minWeight = load<f64>(node, atMinWeight);
  const medians = errors + ((<usize>n) << 3);
  let total: f64 = 0;
  let moment: f64 = 0;
  memory.fill(tree, 0, (<usize>(n + 1)) << 4);
  for (let p: i32 = 0; p < to; p++) {
    const place = placeOf(keys, p);
    const own = load<f64>(w + (place << 3));
    const rank = load<i32>(places + (place << 2));
    const value = load<f64>(sorted + ((<usize>rank) << 3));
    total += own;
    moment += own * value;
    plant(tree, n, rank, own, own * value);
    store<f64>(errors + ((<usize>p) << 3), absoluteError(tree, n, total, moment, sorted));
    if (sign != 0) store<f64>(medians + ((<usize>p) << 3), median(tree, n, total, sorted));
  }
  let rightWeight: f64 = 0;
  moment = 0;
  let top: f64 = -Infinity;
  let at: i32 = 0;
  memory.fill(tree, 0, (<usize>(n + 1)) << 4);
  for (let p: i32 = n - 1; p >= from; p--) {
    const place = placeOf(keys, p);
    const own = load<f64>(w + (place << 3));
    const rank = load<i32>(places + (place << 2));
    const value = load<f64>(sorted + ((<usize>rank) << 3));
    rightWeight += own;
    moment += own * value;
    plant(tree, n, rank, own, own * value);
    if (p > to || rankOf(keys, p) == rankOf(keys, p - 1)) continue;
    if (rightWeight < minWeight || weight - rightWeight < minWeight) continue;
    const score = -load<f64>(errors + ((<usize>(p - 1)) << 3)) - absoluteError(tree, n, rightWeight, moment, sorted);
    if (score < top - 1e-12 * Math.abs(top)) continue;
    if (sign != 0) {
      const l = load<f64>(medians + ((<usize>(p - 1)) << 3));
      const r = median(tree, n, rightWeight, sorted);
      if (!isOrdered(l, r, node, sign)) continue;
    }
    top = max(top, score);
    at = p;
  }
  store<f64>(node, top, atScore);
  return at;
}

/** Adds a row to a Fenwick tree. */
@inline function plant(tree: usize, n: i32, rank: i32, own: f64, moment: f64): void {
  for (let i: i32 = rank + 1; i <= n; i += i & -i) {
    const at = tree + ((<usize>i) << 4);
    store<f64>(at, load<f64>(at) + own);
    store<f64>(at, load<f64>(at, 8) + moment, 8);
  }
}

/** Σ w |y − median| of a tree's rows. */
function absoluteError(tree: usize, n: i32, total: f64, moment: f64, sorted: usize): f64 {
  let rank: i32 = 0;
  let below: f64 = 0;
  let belowMoment: f64 = 0;
  for (let step: i32 = 1 << (31 - clz(n)); step > 0; step >>= 1) {
    const at = tree + ((<usize>(rank + step)) << 4);
    if (rank + step > n || below + load<f64>(at) >= 0.5 * total) continue;
    rank += step;
    below += load<f64>(at);
    belowMoment += load<f64>(at, 8);
  }
  const middle = load<f64>(sorted + ((<usize>rank) << 3));
  return moment - belowMoment - middle * (total - below) + (middle * below - belowMoment);
}

/** The weighted median of a tree's rows: halfway where the weights on both sides are equal. */
function median(tree: usize, n: i32, total: f64, sorted: usize): f64 {
  const half = 0.5 * total;
  let lower: i32 = 0;
  let upper: i32 = 0;
  let below: f64 = 0;
  let upTo: f64 = 0;
  for (let step: i32 = 1 << (31 - clz(n)); step > 0; step >>= 1) {
    if (lower + step <= n) {
      const own = load<f64>(tree + ((<usize>(lower + step)) << 4));
      if (below + own < half) {
        lower += step;
        below += own;
      }
    }
    if (upper + step <= n) {
      const own = load<f64>(tree + ((<usize>(upper + step)) << 4));
      if (upTo + own <= half) {
        upper += step;
        upTo += own;
      }
    }
  }
  return load<f64>(sorted + ((<usize>lower) << 3)) / 2 + load<f64>(sorted + ((<usize>min(upper, n - 1)) << 3)) / 2;
}
