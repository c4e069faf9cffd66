import { DataError } from "../../base/errors.ts";
import { type Matrix, sharedFloat64 } from "../../numeric/matrix.ts";
import { type ScoreKernels, tileRows } from "../../numeric/score-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory } from "../../numeric/wasm.ts";
import { type BoostedTrees, goesLeft } from "./boosted-trees.ts";
import { packTrees } from "./packed-trees.ts";

/**
 * Raw scores of rows (n × outputs, row-major) by the first `trees` trees, default all. Missing values and unseen categories go where each node
 * says. O(n · trees · depth).
 */
export function rawScores(model: BoostedTrees, x: Matrix, trees: number = model.roots.length): Float64Array {
  const { outputs, base } = model;
  const scores = new Float64Array(x.rows * outputs);
  for (let i = 0; i < x.rows; i++) scores.set(base, i * outputs);
  const rows = model.single ? { ...x, data: Float64Array.from(Float32Array.from(x.data)) } : x;
  if (model.weights) addLinear(model, rows, scores);
  addTrees(model, rows, 0, trees, scores);
  if (model.average) averageOver(model, trees, scores, x.rows);
  return scores;
}

/** Fewer rows than this are not worth packing trees for. */
const fewRows = 32;
/** A packed node names its column by 28 bits of bytes, 1,024 a column. */
const mostPackedColumns = 2 ** 18;

/** Adds trees first … last − 1 to scores (n × outputs). */
export function addTrees(model: BoostedTrees, x: Matrix, first: number, last: number, scores: Float64Array): void {
  const isPlain = model.linear === undefined && model.value.length === model.feature.length;
  if (x.rows >= fewRows && isPlain && x.columns < mostPackedColumns) addPackedTrees(model, x, first, last, scores);
  else addTreesByRow(model, x, first, last, scores);
}

/** The same row by row: few rows, linear leaves, leaves of vectors; the kernels' plain twin. */
export function addTreesByRow(model: BoostedTrees, x: Matrix, first: number, last: number, scores: Float64Array): void {
  const { outputs, output, value } = model;
  for (let i = 0; i < x.rows; i++)
    for (let t = first; t < last; t++) {
      const k = output[t]!;
      const leaf = leafOf(model, t, x.data, i * x.columns);
      if (k < 0) for (let c = 0; c < outputs; c++) scores[i * outputs + c]! += value[leaf * outputs + c]!;
      else scores[i * outputs + k]! += model.linear ? linearLeaf(model, leaf, x.data, i * x.columns) : value[leaf]!;
      if (model.single && k >= 0) scores[i * outputs + k] = Math.fround(scores[i * outputs + k]!);
    }
}

/** One memory a thread for all predictions, as large as the largest needed. */
let scratch: { readonly memory: KernelMemory; readonly kernel: ScoreKernels } | undefined;

function addPackedTrees(model: BoostedTrees, x: Matrix, first: number, last: number, scores: Float64Array): void {
  const { outputs } = model;
  const d = x.columns;
  const trees = packTrees(model);
  const layout = new Layout();
  const nodes = layout.reserve(trees.nodes.length);
  const values = layout.reserve(8 * trees.values.length);
  const roots = layout.reserve(4 * trees.roots.length);
  const places = layout.reserve(4 * trees.outputs.length);
  const sets = layout.reserve(4 * model.setBits.length);
  const rows = layout.reserve(8 * tileRows * d);
  const tile = layout.reserve(8 * tileRows * d);
  const sums = layout.reserve(8 * tileRows * outputs);
  if (!scratch || scratch.memory.buffer.byteLength < layout.sizeBytes) {
    const memory = openMemory("predict", layout);
    scratch = { memory, kernel: kernels<ScoreKernels>(memory) };
  }
  const { memory, kernel } = scratch;
  const numbers = new Float64Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  new Uint8Array(memory.buffer).set(trees.nodes, nodes);
  numbers.set(trees.values, values / 8);
  words.set(trees.roots.subarray(first, last), roots / 4);
  words.set(trees.outputs.subarray(first, last), places / 4);
  words.set(model.setBits, sets / 4);
  for (let begin = 0; begin < x.rows; begin += tileRows) {
    const n = Math.min(tileRows, x.rows - begin);
    numbers.set(x.data.subarray(begin * d, (begin + n) * d), rows / 8);
    const odd = kernel.layTile(rows, n, d, model.single ? 1 : 0, tile);
    for (let k = 0, from = sums / 8; k < outputs; k++, from += tileRows)
      for (let i = 0; i < n; i++) numbers[from + i] = scores[(begin + i) * outputs + k]!;
    const step = model.single ? 1 : last - first;
    for (let t = 0; t < last - first; t += step) {
      if (trees.plain && !odd) kernel.scoreNumbers(nodes, roots + 4 * t, places + 4 * t, step, values, tile, n, sums);
      else kernel.scoreAny(nodes, roots + 4 * t, places + 4 * t, step, values, sets, tile, n, sums);
      if (!model.single) continue;
      const from = sums / 8 + trees.outputs[first + t]! * tileRows;
      for (let i = from; i < from + n; i++) numbers[i] = Math.fround(numbers[i]!);
    }
    for (let k = 0, from = sums / 8; k < outputs; k++, from += tileRows)
      for (let i = 0; i < n; i++) scores[(begin + i) * outputs + k] = numbers[from + i]!;
  }
}

/** The leaf that the row at `row` of the data reaches in tree t. */
export function leafOf(model: BoostedTrees, t: number, data: Float64Array, row: number): number {
  const { feature, left, right } = model;
  let k = model.roots[t]!;
  for (let f = feature[k]!; f >= 0; f = feature[k]!) k = goesLeft(model, k, data[row + f]!) ? left[k]! : right[k]!;
  return k;
}

function linearLeaf({ linear, value }: BoostedTrees, leaf: number, data: Float64Array, row: number): number {
  const { constant, offsets, feature, coefficient } = linear!;
  let sum = constant[leaf]!;
  for (let c = offsets[leaf]!; c < offsets[leaf + 1]!; c++) {
    const x = data[row + feature[c]!]!;
    if (Number.isNaN(x)) return value[leaf]!;
    sum += coefficient[c]! * x;
  }
  return sum;
}

function addLinear({ weights, outputs }: BoostedTrees, x: Matrix, scores: Float64Array): void {
  for (let i = 0; i < x.rows; i++)
    for (let f = 0; f < x.columns; f++) {
      const value = x.data[i * x.columns + f]!;
      if (Number.isNaN(value)) continue;
      for (let k = 0; k < outputs; k++) scores[i * outputs + k]! += value * weights![f * outputs + k]!;
    }
}

function averageOver({ output, outputs }: BoostedTrees, trees: number, scores: Float64Array, rows: number): void {
  const counts = new Float64Array(outputs);
  for (let t = 0; t < trees; t++) counts[output[t]!]!++;
  for (let i = 0; i < rows; i++) for (let k = 0; k < outputs; k++) scores[i * outputs + k]! /= Math.max(1, counts[k]!);
}

/** What a model answers for raw scores (n × outputs): the link applied. */
export function applyLink({ link, scale, outputs }: BoostedTrees, scores: Float64Array): Float64Array {
  switch (link) {
    case "identity":
      return scores;
    case "sigmoid":
    case "sigmoid_each":
      return scores.map((score) => 1 / (1 + Math.exp(-scale * score)));
    case "exp":
      return scores.map(Math.exp);
    case "log1p_exp":
      return scores.map((score) => Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))));
    case "sign":
      return scores.map((score) => (score > 0 ? 1 : 0));
    case "signed_square":
      return scores.map((score) => Math.sign(score) * score * score);
    default:
      return softmaxRows(scores, outputs);
  }
}

/** Class probabilities of raw scores (n × k). */
export function probabilitiesOf(model: BoostedTrees, scores: Float64Array, rows: number): Matrix {
  const answers = applyLink(model, scores);
  if (model.outputs > 1) return { rows, columns: model.outputs, data: answers };
  const data = sharedFloat64(2 * rows);
  for (let i = 0; i < rows; i++) {
    data[2 * i + 1] = answers[i]!;
    data[2 * i] = 1 - answers[i]!;
  }
  return { rows, columns: 2, data };
}

/** Numbers that a model of one output answers for raw scores (n). Throws DataError for one of several. */
export function answersOf(model: BoostedTrees, scores: Float64Array): Float64Array {
  if (model.outputs > 1)
    throw new DataError(
      `hist_gradient_boosting.predict: this model answers ${model.outputs} numbers a row; take predictOutputs(model, x)`,
    );
  return applyLink(model, scores);
}

function softmaxRows(scores: Float64Array, k: number): Float64Array {
  const out = scores.slice();
  for (let row = 0; row < out.length; row += k) {
    let top = -Infinity;
    for (let c = 0; c < k; c++) top = Math.max(top, out[row + c]!);
    let sum = 0;
    for (let c = 0; c < k; c++) sum += out[row + c] = Math.exp(out[row + c]! - top);
    for (let c = 0; c < k; c++) out[row + c]! /= sum;
  }
  return out;
}
