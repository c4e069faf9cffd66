import type { TableLike } from "../../base/columns.ts";
import type { Fitted, MatrixInput } from "../../base/contract.ts";
import { DataError } from "../../base/errors.ts";
import { readPredict } from "../../base/inputs.ts";
import { definitionOf } from "../../base/registry.ts";
import { checkPredict } from "../../base/run.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { type BoostedTrees, goesLeft } from "./boosted-trees.ts";

/** What each column adds to each raw score: base + Σ values = the score. */
export interface ShapValues {
  /** Mean score of the rows that the trees were grown on (outputs). */
  readonly base: Float64Array;
  /** One matrix a score: rows × columns, columns named. */
  readonly values: readonly Matrix[];
}

/**
 * SHAP values of boosted trees by the trees' own rows (path-dependent TreeSHAP). Values are in units of the raw score: log-odds, logarithms of the mean, or the target's.
 * O(n · trees · leaves · depth²). Throws DataError for a model that is no boosted trees.
 * Source: Lundberg, Erion, Lee (2018), "Consistent individualized feature attribution for tree ensembles". Oracle: lightgbm's pred_contrib.
 */
export function shapValues(model: Fitted, data: TableLike | MatrixInput): ShapValues {
  if (model.name !== "hist_gradient_boosting")
    throw new DataError(`shapValues: needs a model of hist_gradient_boosting, got ${model.name}`);
  const trees = model.state as BoostedTrees;
  if (trees.weights || trees.linear)
    throw new DataError("shapValues: needs trees with a value in each leaf, this model has linear parts");
  const { x } = readPredict("shapValues", model.columns, data);
  checkPredict(definitionOf(model), model, x);
  const names = model.columns.map(({ name }) => name);
  const values = Array.from({ length: trees.outputs }, () => new Float64Array(x.rows * x.columns));
  const base = trees.base.slice();
  for (let t = 0; t < trees.roots.length; t++) {
    const k = trees.output[t]!;
    if (k < 0) throw new DataError("shapValues: leaves of this model hold a value for every score");
    const walk = new TreeWalk(trees, t);
    base[k]! += walk.mean;
    for (let i = 0; i < x.rows; i++) walk.add(x.data.subarray(i * x.columns, (i + 1) * x.columns), values[k]!, i * x.columns);
  }
  return { base, values: values.map((data) => ({ rows: x.rows, columns: x.columns, data, names })) };
}

/** One step of a path: its column, the shares of rows that follow it without and with that column known, and the weights of subsets. */
interface Path {
  readonly column: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

class TreeWalk {
  /** Mean of the tree over its rows. */
  readonly mean: number;
  readonly #model: BoostedTrees;
  readonly #root: number;
  readonly #cover: Float64Array;
  /** Paths of every depth, one behind the other. */
  readonly #paths: Path[];

  constructor(model: BoostedTrees, tree: number) {
    this.#model = model;
    this.#root = model.roots[tree]!;
    this.#cover = model.count[this.#root]! > 0 ? model.count : model.weight;
    const { mean, depth } = this.#measure(this.#root, 0);
    this.mean = mean;
    this.#paths = Array.from({ length: depth + 2 }, () => ({
      column: new Int32Array(depth + 2),
      zero: new Float64Array(depth + 2),
      one: new Float64Array(depth + 2),
      weight: new Float64Array(depth + 2),
    }));
  }

  #measure(node: number, depth: number): { mean: number; depth: number } {
    const { feature, left, right, value } = this.#model;
    if (feature[node]! < 0) return { mean: value[node]!, depth };
    const [l, r] = [this.#measure(left[node]!, depth + 1), this.#measure(right[node]!, depth + 1)];
    const [a, b] = [this.#cover[left[node]!]!, this.#cover[right[node]!]!];
    return { mean: (l.mean * a + r.mean * b) / (a + b), depth: Math.max(l.depth, r.depth) };
  }

  /** Adds a row's contributions at `place` of `out`. */
  add(row: Float64Array, out: Float64Array, place: number): void {
    this.#descend(this.#root, 0, 0, 1, 1, -1, row, out, place);
  }

  #descend(
    node: number,
    level: number,
    length: number,
    zero: number,
    one: number,
    column: number,
    row: Float64Array,
    out: Float64Array,
    place: number,
  ): void {
    const path = this.#paths[level]!;
    if (level > 0) copyPath(this.#paths[level - 1]!, path, length);
    extend(path, length, zero, one, column);
    const { feature, left, right, value } = this.#model;
    const f = feature[node]!;
    if (f < 0) {
      for (let i = 1; i <= length; i++)
        out[place + path.column[i]!]! += unwoundSum(path, length, i) * (path.one[i]! - path.zero[i]!) * value[node]!;
      return;
    }
    const isLeft = goesLeft(this.#model, node, row[f]!);
    const [hot, cold] = isLeft ? [left[node]!, right[node]!] : [right[node]!, left[node]!];
    let [incomingZero, incomingOne, depth] = [1, 1, length];
    for (let i = 1; i <= length; i++)
      if (path.column[i] === f) {
        incomingZero = path.zero[i]!;
        incomingOne = path.one[i]!;
        unwind(path, length, i);
        depth--;
        break;
      }
    const all = this.#cover[node]!;
    this.#descend(hot, level + 1, depth + 1, (incomingZero * this.#cover[hot]!) / all, incomingOne, f, row, out, place);
    this.#descend(cold, level + 1, depth + 1, (incomingZero * this.#cover[cold]!) / all, 0, f, row, out, place);
  }
}

function copyPath(from: Path, to: Path, length: number): void {
  for (let i = 0; i < length; i++) {
    to.column[i] = from.column[i]!;
    to.zero[i] = from.zero[i]!;
    to.one[i] = from.one[i]!;
    to.weight[i] = from.weight[i]!;
  }
}

/** Algorithm 2, EXTEND. */
function extend({ column, zero, one, weight }: Path, length: number, z: number, o: number, f: number): void {
  column[length] = f;
  zero[length] = z;
  one[length] = o;
  weight[length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weight[i + 1]! += (o * weight[i]! * (i + 1)) / (length + 1);
    weight[i] = (z * weight[i]! * (length - i)) / (length + 1);
  }
}

/** Algorithm 2, UNWIND: takes step i out of the path. */
function unwind({ column, zero, one, weight }: Path, length: number, i: number): void {
  const [z, o] = [zero[i]!, one[i]!];
  let next = weight[length]!;
  for (let j = length - 1; j >= 0; j--) {
    if (o !== 0) {
      const kept = weight[j]!;
      weight[j] = (next * (length + 1)) / ((j + 1) * o);
      next = kept - (weight[j]! * z * (length - j)) / (length + 1);
    } else weight[j] = (weight[j]! * (length + 1)) / (z * (length - j));
  }
  for (let j = i; j < length; j++) {
    column[j] = column[j + 1]!;
    zero[j] = zero[j + 1]!;
    one[j] = one[j + 1]!;
  }
}

/** Sum of the weights that the path would have without step i. */
function unwoundSum({ zero, one, weight }: Path, length: number, i: number): number {
  const [z, o] = [zero[i]!, one[i]!];
  let next = weight[length]!;
  let total = 0;
  for (let j = length - 1; j >= 0; j--) {
    if (o !== 0) {
      const kept = (next * (length + 1)) / ((j + 1) * o);
      total += kept;
      next = weight[j]! - (kept * z * (length - j)) / (length + 1);
    } else total += (weight[j]! / (z * (length - j))) * (length + 1);
  }
  return total;
}
