import { type CartKernels, nodeBlock } from "../numeric/cart-kernels.ts";
import type { Pointer } from "../numeric/wasm.ts";
import type { GrowingRoom } from "./rank-columns.ts";

/** Names of the split criteria. */
export type CriterionName = "gini" | "entropy" | "log_loss" | "squared_error" | "absolute_error" | "poisson";

/** A kernel memory as typed arrays. */
export interface Views {
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
}

/** What a criterion says of a node, and where it would cut it. The node is the n rows from place `begin` on. */
export interface Criterion {
  /** Outputs of a node: classes, or 1. */
  readonly outputs: number;
  /** Looks at a node: its weight, impurity and value from now on. */
  measure(begin: number, n: number): void;
  weight(): number;
  impurity(): number;
  /** What monotone constraints order: the mean or median as the kernels see it, the share of the second of two classes. */
  level(): number;
  /** Writes the node's value, held within the bounds of `level`, from a place on. */
  write(values: Float64Array, at: number, lower: number, upper: number): void;
  /** Whether `cartCutMoments` judges a single cut. */
  readonly isMoments: boolean;
  /** The best cut of the node that was measured last, at a place in from … to of the order `keys`; 0 for none. */
  scan(keys: Pointer, begin: number, n: number, from: number, to: number, sign: number): number;
}

/** A criterion over one thread's room. `centre` was taken off y. */
export function criterionOf(
  name: CriterionName,
  kernels: CartKernels,
  views: Views,
  room: GrowingRoom,
  classes: number,
  centre: number,
): Criterion {
  if (classes > 0) return classCriterion(name === "gini", kernels, views, room, classes);
  if (name === "absolute_error") return absoluteError(kernels, views, room);
  if (name === "poisson") return poissonDeviance(kernels, views, room);
  return squaredError(kernels, views, room, centre);
}

/** Gini impurity, or entropy in bits. Two classes are cut by Gini as 0 and 1 by squared error, which is the same and cheaper. */
function classCriterion(
  isGini: boolean,
  kernels: CartKernels,
  { f64 }: Views,
  { y, w, block, sums }: GrowingRoom,
  classes: number,
): Criterion {
  const counts = sums / 8;
  const node = block / 8;
  const weight = (): number => f64[node + nodeBlock.weight]!;
  const share = (): number => f64[counts + 1]! / weight();
  const scanClasses = isGini ? kernels.cartScanGini : kernels.cartScanEntropy;
  return {
    outputs: classes,
    isMoments: isGini && classes === 2,
    measure(begin, n) {
      kernels.cartCount(y + 8 * begin, w + 8 * begin, n, sums, classes);
      let total = 0;
      for (let k = 0; k < classes; k++) total += f64[counts + k]!;
      f64[node + nodeBlock.weight] = total;
      f64[node + nodeBlock.sum] = f64[counts + 1]!;
    },
    weight,
    impurity() {
      const total = weight();
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        const p = f64[counts + k]! / total;
        sum += isGini ? p * p : p > 0 ? p * Math.log2(p) : 0;
      }
      return isGini ? 1 - sum : -sum;
    },
    level: share,
    write(values, at, lower, upper) {
      for (let k = 0; k < classes; k++) values[at + k] = f64[counts + k]! / weight();
      if (share() >= lower && share() <= upper) return;
      values[at + 1] = Math.min(upper, Math.max(lower, share()));
      values[at] = 1 - values[at + 1]!;
    },
    scan: (keys, begin, _, from, to, sign) =>
      isGini && classes === 2
        ? kernels.cartScanMoments(keys, y + 8 * begin, w + 8 * begin, from, to, sign, block)
        : scanClasses(keys, y + 8 * begin, w + 8 * begin, from, to, sign, block, sums, classes),
  };
}

/** Variance of y. */
function squaredError(kernels: CartKernels, { f64 }: Views, { y, w, block }: GrowingRoom, centre: number): Criterion {
  const node = block / 8;
  const moments = node + nodeBlock.size;
  const level = (): number => f64[moments + 1]! / f64[moments]!;
  return {
    outputs: 1,
    isMoments: true,
    measure(begin, n) {
      kernels.cartMoments(y + 8 * begin, w + 8 * begin, n, 8 * moments);
      f64[node + nodeBlock.weight] = f64[moments]!;
      f64[node + nodeBlock.sum] = f64[moments + 1]!;
    },
    weight: () => f64[moments]!,
    impurity: () => f64[moments + 2]! / f64[moments]!,
    level,
    write(values, at, lower, upper) {
      values[at] = centre + Math.min(upper, Math.max(lower, level()));
    },
    scan: (keys, begin, _, from, to, sign) => kernels.cartScanMoments(keys, y + 8 * begin, w + 8 * begin, from, to, sign, block),
  };
}

/** Half the mean Poisson deviance of y ≥ 0 about its mean; endless where all of y is 0. */
function poissonDeviance(kernels: CartKernels, views: Views, room: GrowingRoom): Criterion {
  const { f64 } = views;
  const { y, w, block } = room;
  const moments = squaredError(kernels, views, room, 0);
  let deviance = 0;
  return {
    ...moments,
    isMoments: false,
    measure(begin, n) {
      moments.measure(begin, n);
      const mean = moments.level();
      let sum = 0;
      for (let p = begin; p < begin + n; p++) {
        const target = f64[y / 8 + p]!;
        if (target > 0) sum += f64[w / 8 + p]! * target * Math.log(target / mean);
      }
      deviance = sum / moments.weight();
    },
    impurity: () => deviance,
    scan: (keys, begin, _, from, to, sign) => kernels.cartScanPoisson(keys, y + 8 * begin, w + 8 * begin, from, to, sign, block),
  };
}

/** Mean absolute error about the weighted median. O(n log n) a node and column. */
function absoluteError(kernels: CartKernels, { f64, u32 }: Views, room: GrowingRoom): Criterion {
  const { rows, y, w, keys, scratch, counts, block, targets, places, sorted, fenwick, errors } = room;
  const node = block / 8;
  let middle = 0;
  let error = 0;
  return {
    outputs: 1,
    isMoments: false,
    measure(begin, n) {
      const isConstant = kernels.cartSort(targets, 0xffffffff, rows + 4 * begin, n, keys, scratch, counts) < 0;
      let total = 0;
      for (let p = begin; p < begin + n; p++) total += f64[w / 8 + p]!;
      f64[node + nodeBlock.weight] = total;
      middle = f64[y / 8 + begin]!;
      error = 0;
      if (isConstant) return;
      kernels.cartOrder(keys, y + 8 * begin, n, places, sorted);
      const weightAt = (p: number): number => f64[w / 8 + begin + u32[keys / 4 + 2 * p]!]!;
      let below = 0;
      let p = 0;
      while (below + weightAt(p) < total / 2) below += weightAt(p++);
      middle = f64[sorted / 8 + p]!;
      if (below + weightAt(p) === total / 2) middle = middle / 2 + f64[sorted / 8 + p + 1]! / 2;
      for (let q = 0; q < n; q++) error += weightAt(q) * Math.abs(f64[sorted / 8 + q]! - middle);
    },
    weight: () => f64[node + nodeBlock.weight]!,
    impurity: () => error / f64[node + nodeBlock.weight]!,
    level: () => middle,
    write(values, at, lower, upper) {
      values[at] = Math.min(upper, Math.max(lower, middle));
    },
    scan: (order, begin, n, from, to, sign) =>
      kernels.cartScanAbsolute(order, w + 8 * begin, n, from, to, sign, block, places, sorted, fenwick, errors),
  };
}
