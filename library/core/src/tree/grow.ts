import type { Matrix } from "../numeric/matrix.ts";
import type { Random } from "../numeric/random.ts";
import { type Criterion, type CriterionName, classCriterion, squaredError } from "./criteria.ts";

/** A fitted tree as flat arrays, nodes in preorder: a child comes after its parent. */
export interface TreeArrays {
  /** Column that a node splits on; −1 at a leaf (m). */
  readonly feature: Int32Array;
  /** Rows with x ≤ threshold go left (m). */
  readonly threshold: Float64Array;
  /** Places of the children; −1 at a leaf (m). */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Class probabilities or mean of y (m × outputs). */
  readonly value: Float64Array;
  readonly outputs: number;
  /** Impurity of a node (m). */
  readonly impurity: Float64Array;
  /** Weight of the rows in a node (m). */
  readonly weight: Float64Array;
}

/** How a tree grows. */
export interface GrowOptions {
  readonly criterion: CriterionName;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Columns tried at each split. */
  readonly maxFeatures: number;
  readonly minImpurityDecrease: number;
}

interface Best {
  feature: number;
  threshold: number;
  gain: number;
}

/**
 * Grows a CART by the best split of every node. `rows` are the rows to learn from (a bootstrap may hold a row twice); `weights` may be
 * undefined for all 1. `random` draws the columns tried; a column that is constant in the node does not count. O(d n log n) a level.
 * Source: Breiman, Friedman, Olshen, Stone (1984), Classification and Regression Trees.
 */
export function growTree(
  x: Matrix,
  y: Float64Array,
  rows: Int32Array,
  weights: Float64Array | undefined,
  classes: number,
  options: GrowOptions,
  random: Random,
  checkpoint: () => void,
): TreeArrays {
  const outputs = classes || 1;
  const samples = rows.slice();
  const criterion: Criterion = classes ? classCriterion(options.criterion, classes) : squaredError(meanOf(y, samples));
  const sorter = new NodeSorter(x, samples.length);
  const features = Int32Array.from({ length: x.columns }, (_, j) => j);
  const nodes = {
    feature: [] as number[],
    threshold: [] as number[],
    left: [] as number[],
    right: [] as number[],
    value: [] as number[],
    impurity: [] as number[],
    weight: [] as number[],
  };
  const weightOf = (i: number): number => (weights ? weights[i]! : 1);
  let total = 0;
  for (const i of samples) total += weightOf(i);
  const stack = [{ begin: 0, end: samples.length, depth: 0, parent: -1, isLeft: false }];
  const best: Best = { feature: -1, threshold: 0, gain: 0 };

  while (stack.length > 0) {
    checkpoint();
    const { begin, end, depth, parent, isLeft } = stack.pop()!;
    const node = nodes.feature.length;
    if (parent >= 0) (isLeft ? nodes.left : nodes.right)[parent] = node;
    criterion.reset();
    for (let p = begin; p < end; p++) criterion.add(y[samples[p]!]!, weightOf(samples[p]!));
    const impurity = criterion.impurity();
    nodes.impurity.push(impurity);
    nodes.weight.push(criterion.weight());
    criterion.write(nodes.value);
    nodes.left.push(-1);
    nodes.right.push(-1);
    const grows =
      depth < options.maxDepth &&
      end - begin >= options.minSamplesSplit &&
      end - begin >= 2 * options.minSamplesLeaf &&
      impurity > 1e-15;
    best.feature = -1;
    if (grows) findSplit(begin, end, impurity);
    nodes.feature.push(best.feature);
    nodes.threshold.push(best.feature < 0 ? 0 : best.threshold);
    if (best.feature < 0) continue;
    const middle = partition(samples, begin, end, x, best.feature, best.threshold);
    stack.push({ begin: middle, end, depth: depth + 1, parent: node, isLeft: false });
    stack.push({ begin, end: middle, depth: depth + 1, parent: node, isLeft: true });
  }
  return {
    feature: Int32Array.from(nodes.feature),
    threshold: Float64Array.from(nodes.threshold),
    left: Int32Array.from(nodes.left),
    right: Int32Array.from(nodes.right),
    value: Float64Array.from(nodes.value),
    outputs,
    impurity: Float64Array.from(nodes.impurity),
    weight: Float64Array.from(nodes.weight),
  };

  function findSplit(begin: number, end: number, impurity: number): void {
    best.gain = -Infinity;
    let tried = 0;
    for (let drawn = 0; drawn < features.length && tried < options.maxFeatures; drawn++) {
      if (options.maxFeatures < features.length) {
        const other = drawn + random.int(features.length - drawn);
        const swap = features[drawn]!;
        features[drawn] = features[other]!;
        features[other] = swap;
      }
      const feature = features[drawn]!;
      if (!sorter.sort(samples, begin, end, feature)) continue;
      tried++;
      tryFeature(feature, end - begin, impurity);
    }
    if (options.maxFeatures >= features.length) features.sort();
    if (best.gain + Number.EPSILON < options.minImpurityDecrease) best.feature = -1;
  }

  /** Moves rows from right to left in the order of a column, and keeps the best place between two values. */
  function tryFeature(feature: number, n: number, impurity: number): void {
    const { values, order } = sorter;
    criterion.reset();
    for (let p = 0; p < n; p++) criterion.add(y[order[p]!]!, weightOf(order[p]!));
    criterion.startSplit();
    for (let p = 0; p < n - 1; p++) {
      criterion.moveLeft(y[order[p]!]!, weightOf(order[p]!));
      if (values[p + 1]! <= values[p]! || p + 1 < options.minSamplesLeaf || n - p - 1 < options.minSamplesLeaf) continue;
      const gain = (criterion.weight() / total) * (impurity - criterion.splitImpurity());
      // ties go to the lower column and the lower threshold, whatever the order of drawing
      const near = 1e-12 * Math.abs(gain);
      const isBetter = gain > best.gain + near;
      const isTie = !isBetter && gain >= best.gain - near && feature < best.feature;
      if (!isBetter && !isTie) continue;
      best.feature = feature;
      best.gain = gain;
      best.threshold = between(values[p]!, values[p + 1]!);
    }
  }
}

function meanOf(y: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (const i of rows) sum += y[i]!;
  return sum / rows.length;
}

/** A threshold that separates two neighbours even where their mean rounds to the upper one. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= high || !Number.isFinite(middle) ? low : middle;
}

/** Rows with x ≤ threshold first, both sides in their order; answers where the right side begins. */
function partition(samples: Int32Array, begin: number, end: number, x: Matrix, feature: number, threshold: number): number {
  const right: number[] = [];
  let place = begin;
  for (let p = begin; p < end; p++) {
    const i = samples[p]!;
    if (x.data[i * x.columns + feature]! <= threshold) samples[place++] = i;
    else right.push(i);
  }
  samples.set(right, place);
  return place;
}

/** Sorts a node's rows by a column. */
class NodeSorter {
  readonly values: Float64Array;
  readonly order: Int32Array;
  readonly #x: Matrix;

  constructor(x: Matrix, capacity: number) {
    this.#x = x;
    this.values = new Float64Array(capacity);
    this.order = new Int32Array(capacity);
  }

  /** Fills `order` and `values` for the node; false when the column is constant there. */
  sort(samples: Int32Array, begin: number, end: number, feature: number): boolean {
    const { data, columns } = this.#x;
    const n = end - begin;
    const first = data[samples[begin]! * columns + feature]!;
    let constant = true;
    for (let p = 0; p < n; p++) {
      const i = samples[begin + p]!;
      const value = data[i * columns + feature]!;
      this.order[p] = i;
      this.values[p] = value;
      if (value !== first) constant = false;
    }
    if (constant) return false;
    sortPairs(this.values, this.order, 0, n - 1);
    return true;
  }
}

/** Sorts keys ascending and carries the values along: quicksort of three parts, insertion below 16. In place, no allocation. */
function sortPairs(keys: Float64Array, values: Int32Array, low: number, high: number): void {
  let from = low;
  let to = high;
  while (to - from > 15) {
    const pivot = median(keys[from]!, keys[(from + to) >> 1]!, keys[to]!);
    let smaller = from;
    let at = from;
    let larger = to;
    while (at <= larger) {
      const key = keys[at]!;
      if (key < pivot) swap(keys, values, smaller++, at++);
      else if (key > pivot) swap(keys, values, at, larger--);
      else at++;
    }
    if (smaller - from < to - larger) {
      sortPairs(keys, values, from, smaller - 1);
      from = larger + 1;
    } else {
      sortPairs(keys, values, larger + 1, to);
      to = smaller - 1;
    }
  }
  for (let i = from + 1; i <= to; i++) {
    const key = keys[i]!;
    const value = values[i]!;
    let j = i - 1;
    for (; j >= from && keys[j]! > key; j--) {
      keys[j + 1] = keys[j]!;
      values[j + 1] = values[j]!;
    }
    keys[j + 1] = key;
    values[j + 1] = value;
  }
}

function median(a: number, b: number, c: number): number {
  return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}

function swap(keys: Float64Array, values: Int32Array, i: number, j: number): void {
  const key = keys[i]!;
  keys[i] = keys[j]!;
  keys[j] = key;
  const value = values[i]!;
  values[i] = values[j]!;
  values[j] = value;
}
