import { LimitError } from "../base/errors.ts";

/** Trees as TreeSHAP walks them: flat arrays of nodes, those of the boosters and of the forests alike. */
export interface WalkedTrees {
  /** Column that a node asks for; −1 at a leaf (m). */
  readonly feature: Int32Array;
  /** Places of the children (m). */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What leaves answer (m × width). */
  readonly value: Float64Array;
  readonly width: number;
  /** Rows, or their weight, that reached a node in the fit (m). */
  readonly cover: Float64Array;
  /** Whether a cell goes to the left child of a node. */
  goesLeft(node: number, cell: number): boolean;
}

/** The paths of a tree need room for the square of its depth. */
const mostDepth = 2000;

/**
 * SHAP values of one tree by the rows that it was grown on (path-dependent TreeSHAP). O(leaves · depth²) a row.
 * Source: Lundberg, Erion, Lee (2018), "Consistent individualized feature attribution for tree ensembles", Algorithm 2.
 */
export class TreeWalk {
  /** Mean of the tree over its rows (width). */
  readonly mean: Float64Array;
  readonly #trees: WalkedTrees;
  readonly #root: number;
  /** Steps of a path at most. */
  readonly #stride: number;
  /**
   * Paths of every depth, one behind the other: each step's column, the share of rows that follow it with that column unknown, whether the
   * row follows it (1 or 0), and the weight of the subsets of as many steps.
   */
  readonly #column: Int32Array;
  readonly #zero: Float64Array;
  readonly #one: Float64Array;
  readonly #weight: Float64Array;
  /** 1 / k. */
  readonly #inverse: Float64Array;

  constructor(trees: WalkedTrees, root: number) {
    this.#trees = trees;
    this.#root = root;
    const { mean, depth } = this.#measure(root, 0);
    if (depth > mostDepth) throw new LimitError(`explain: trees must be at most ${mostDepth} questions deep, got ${depth}`);
    this.mean = mean;
    this.#stride = depth + 2;
    const size = this.#stride * this.#stride;
    this.#column = new Int32Array(size);
    this.#zero = new Float64Array(size);
    this.#one = new Float64Array(size);
    this.#weight = new Float64Array(size);
    this.#inverse = Float64Array.from({ length: depth + 4 }, (_, k) => 1 / k);
  }

  #measure(node: number, depth: number): { mean: Float64Array; depth: number } {
    const { feature, left, right, value, width, cover } = this.#trees;
    if (feature[node]! < 0) return { mean: value.slice(node * width, (node + 1) * width), depth };
    const [l, r] = [this.#measure(left[node]!, depth + 1), this.#measure(right[node]!, depth + 1)];
    const [a, b] = [cover[left[node]!]!, cover[right[node]!]!];
    return { mean: l.mean.map((value, k) => (value * a + r.mean[k]! * b) / (a + b)), depth: Math.max(l.depth, r.depth) };
  }

  /** Adds a row's contributions at `place` of each output's array (width). */
  add(row: Float64Array, out: readonly Float64Array[], place: number): void {
    this.#descend(this.#root, 0, 0, 1, 1, -1, row, out, place);
  }

  #descend(
    node: number,
    begin: number,
    length: number,
    zero: number,
    one: number,
    column: number,
    row: Float64Array,
    out: readonly Float64Array[],
    place: number,
  ): void {
    if (begin > 0) this.#copy(begin - this.#stride, begin, length);
    this.#extend(begin, length, zero, one, column);
    const { feature, left, right, cover } = this.#trees;
    const f = feature[node]!;
    if (f < 0) {
      this.#addLeaf(node, begin, length, out, place);
      return;
    }
    const isLeft = this.#trees.goesLeft(node, row[f]!);
    const hot = isLeft ? left[node]! : right[node]!;
    const cold = isLeft ? right[node]! : left[node]!;
    let incomingZero = 1;
    let incomingOne = 1;
    let depth = length;
    for (let i = 1; i <= length; i++)
      if (this.#column[begin + i] === f) {
        incomingZero = this.#zero[begin + i]!;
        incomingOne = this.#one[begin + i]!;
        this.#unwind(begin, length, i);
        depth--;
        break;
      }
    const share = incomingZero / cover[node]!;
    const next = begin + this.#stride;
    this.#descend(hot, next, depth + 1, share * cover[hot]!, incomingOne, f, row, out, place);
    this.#descend(cold, next, depth + 1, share * cover[cold]!, 0, f, row, out, place);
  }

  #copy(from: number, to: number, length: number): void {
    for (let i = 0; i < length; i++) {
      this.#column[to + i] = this.#column[from + i]!;
      this.#zero[to + i] = this.#zero[from + i]!;
      this.#one[to + i] = this.#one[from + i]!;
      this.#weight[to + i] = this.#weight[from + i]!;
    }
  }

  /** EXTEND: one step more. */
  #extend(begin: number, length: number, zero: number, one: number, column: number): void {
    const weight = this.#weight;
    this.#column[begin + length] = column;
    this.#zero[begin + length] = zero;
    this.#one[begin + length] = one;
    weight[begin + length] = length === 0 ? 1 : 0;
    const inverse = this.#inverse[length + 1]!;
    for (let i = length - 1; i >= 0; i--) {
      weight[begin + i + 1]! += one * weight[begin + i]! * (i + 1) * inverse;
      weight[begin + i] = zero * weight[begin + i]! * (length - i) * inverse;
    }
  }

  /** UNWIND: takes step i out of the path. */
  #unwind(begin: number, length: number, i: number): void {
    const weight = this.#weight;
    const z = this.#zero[begin + i]!;
    if (this.#one[begin + i] === 0) {
      const scale = (length + 1) / z;
      for (let j = length - 1; j >= 0; j--) weight[begin + j] = weight[begin + j]! * scale * this.#inverse[length - j]!;
    } else {
      let next = weight[begin + length]!;
      const back = z * this.#inverse[length + 1]!;
      for (let j = length - 1; j >= 0; j--) {
        const kept = weight[begin + j]!;
        weight[begin + j] = next * (length + 1) * this.#inverse[j + 1]!;
        next = kept - weight[begin + j]! * back * (length - j);
      }
    }
    for (let j = begin + i; j < begin + length; j++) {
      this.#column[j] = this.#column[j + 1]!;
      this.#zero[j] = this.#zero[j + 1]!;
      this.#one[j] = this.#one[j + 1]!;
    }
  }

  /** What each step of a whole path adds: the leaf's values by the weights that the path would have without the step. */
  #addLeaf(node: number, begin: number, length: number, out: readonly Float64Array[], place: number): void {
    const { value, width } = this.#trees;
    const weight = this.#weight;
    const inverse = this.#inverse;
    let apart = 0; // the same for every step that the row does not follow, but for its share
    for (let j = 0; j < length; j++) apart += weight[begin + j]! * inverse[length - j]!;
    apart *= length + 1;
    for (let i = 1; i <= length; i++) {
      const z = this.#zero[begin + i]!;
      let share = -apart; // (apart / z) · (0 − z)
      if (this.#one[begin + i] !== 0) {
        let next = weight[begin + length]!;
        const back = z * inverse[length + 1]!;
        let total = 0;
        for (let j = length - 1; j >= 0; j--) {
          const kept = next * (length + 1) * inverse[j + 1]!;
          total += kept;
          next = weight[begin + j]! - kept * back * (length - j);
        }
        share = total * (1 - z);
      }
      const at = place + this.#column[begin + i]!;
      for (let k = 0; k < width; k++) out[k]![at]! += share * value[node * width + k]!;
    }
  }
}
