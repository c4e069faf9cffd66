import { defineCrew } from "../../base/crew.ts";
import { DataError } from "../../base/errors.ts";
import { crewOfPool, poolSize } from "../../base/pool.ts";
import { type Matrix, sharedFloat64, toShared } from "../../numeric/matrix.ts";
import { type ScoreKernels, tileRows } from "../../numeric/score-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../../numeric/wasm.ts";
import { type BoostedTrees, goesLeft, nodeFlag, type ScoredTrees } from "./boosted-trees.ts";
import { type PackedTrees, packSome, packTrees } from "./packed-trees.ts";
import { addPackedByRow, packedForFew } from "./walk-packed.ts";

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

/** Bytes of packed trees that are kept with their model, and that lie in a kernel memory together. */
const mostPackedBytes = 1 << 26;

/** Adds trees first … last − 1 to scores (n × outputs). */
export function addTrees(model: ScoredTrees, x: Matrix, first: number, last: number, scores: Float64Array): void {
  const { roots, feature, linear } = model;
  // packing and copying costs a visit of each node
  const isWorth = x.rows >= fewRows && x.rows * roots.length > feature.length / 4;
  if (linear || x.columns >= mostPackedColumns) addTreesByRow(model, x, first, last, scores);
  else if (!isWorth) addToFew(model, x, first, last, scores);
  else if (bytesOf(model, feature.length) <= mostPackedBytes) addPackedTrees(model, packTrees(model), first, last, x, scores);
  else addInBlocks(model, x, first, last, scores);
}

/** Adds trees to few rows: by the packed trees once the model has been asked so often, as in a service, that they are there. */
function addToFew(model: ScoredTrees, x: Matrix, first: number, last: number, scores: Float64Array): void {
  const packed = packedForFew(model, x.rows);
  if (packed) addPackedByRow(packed, x, model.outputs, first, last, scores);
  else addTreesByRow(model, x, first, last, scores);
}

/** Bytes of so many nodes of a model when they are packed. */
function bytesOf({ value, feature }: ScoredTrees, nodes: number): number {
  return nodes * (16 + (8 * value.length) / feature.length);
}

/** Adds the trees of a model that is too large to be packed as a whole, some trees at a time. */
function addInBlocks(model: ScoredTrees, x: Matrix, first: number, last: number, scores: Float64Array): void {
  const { roots, feature } = model;
  for (let begin = first, end = first; begin < last; begin = end) {
    do end++;
    while (end < last && bytesOf(model, (roots[end + 1] ?? feature.length) - roots[begin]!) <= mostPackedBytes);
    addPackedTrees(model, packSome(model, begin, end), 0, end - begin, x, scores);
  }
}

/** The same row by row: few rows, linear leaves; the kernels' plain twin. */
export function addTreesByRow(model: ScoredTrees, x: Matrix, first: number, last: number, scores: Float64Array): void {
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

/** What the threads that score need. */
interface ScoreWork {
  readonly memory: KernelMemory;
  readonly data: Float64Array;
  readonly rows: number;
  /** Rows of a piece: whole tiles. */
  readonly pieceRows: number;
  readonly columns: number;
  readonly outputs: number;
  /** Values of a leaf. */
  readonly width: number;
  /** The trees at which the parts end that all rows go through one after the other. */
  readonly parts: readonly number[];
  readonly plain: boolean;
  readonly single: boolean;
  /** Places: nodes, values, roots, outputs of the trees, sets, room of the threads, number of the next thread. */
  readonly at: Readonly<Record<"nodes" | "values" | "roots" | "places" | "sets" | "rooms" | "threads", Pointer>>;
  readonly roomBytes: number;
  readonly scores: Float64Array;
}

defineCrew("boosted trees", (work: ScoreWork) => {
  const { memory, data, rows, columns, outputs, width, at, scores } = work;
  const kernel = kernels<ScoreKernels>(memory);
  const numbers = new Float64Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  const room = at.rooms + Atomics.add(new Int32Array(memory.buffer), at.threads / 4, 1) * work.roomBytes;
  const tile = room + 8 * tileRows * columns;
  const sums = tile + 8 * tileRows * columns;
  return (part, piece) => {
    const first = part === 0 ? 0 : work.parts[part - 1]!;
    const last = work.parts[part]!;
    const end = Math.min(rows, (piece + 1) * work.pieceRows);
    for (let begin = piece * work.pieceRows; begin < end; begin += tileRows) {
      const n = Math.min(tileRows, end - begin);
      numbers.set(data.subarray(begin * columns, (begin + n) * columns), room / 8);
      for (let k = 0, from = sums / 8; k < outputs; k++, from += tileRows)
        for (let i = 0; i < n; i++) numbers[from + i] = scores[(begin + i) * outputs + k]!;
      addToTile(first, last, n);
      for (let k = 0, from = sums / 8; k < outputs; k++, from += tileRows)
        for (let i = 0; i < n; i++) scores[(begin + i) * outputs + k] = numbers[from + i]!;
    }
  };

  /** Adds the trees first … last − 1 to the sums of the n rows in the room. */
  function addToTile(first: number, last: number, n: number): void {
    const odd = kernel.layTile(room, n, columns, work.single ? 1 : 0, tile);
    const isPlain = work.plain && !odd;
    // XGBoost rounds its sums after every tree of one output
    const isRounded = work.single && width === 1;
    const step = isRounded ? 1 : last - first;
    for (let t = first; t < last; t += step) {
      const [roots, places] = [at.roots + 4 * t, at.places + 4 * t];
      if (isPlain) kernel.scoreNumbers(at.nodes, roots, places, step, at.values, width, tile, n, sums);
      else kernel.scoreAny(at.nodes, roots, places, step, at.values, width, at.sets, tile, n, sums);
      if (!isRounded) continue;
      const from = sums / 8 + words[places / 4]! * tileRows;
      for (let i = from; i < from + n; i++) numbers[i] = Math.fround(numbers[i]!);
    }
  }
});

/** Bytes of a tree's nodes from which on it counts as deep. */
const deepTreeBytes = 1 << 15;
/** Bytes of deep trees that all rows go through before the next: what stays in cache. */
const partBytes = 1 << 17;

/** The trees at which parts of about `partBytes` end. */
function partsOf({ roots, nodes }: PackedTrees, first: number, last: number): number[] {
  const parts: number[] = [];
  let begin = roots[first]!;
  for (let t = first + 1; t <= last; t++) {
    if (t < last && (roots[t + 1] ?? nodes.length) - begin <= partBytes) continue;
    parts.push(t - first);
    begin = roots[t] ?? nodes.length;
  }
  return parts;
}

/** One memory for all predictions of a thread, as large as the largest needed. */
let scratch: KernelMemory | undefined;
/** Visits of a node that are worth a thread: about 5 ms. */
const visitsOfThread = 1_000_000;

/** Adds the trees first … last − 1 of those that were packed. */
function addPackedTrees(
  model: ScoredTrees,
  trees: PackedTrees,
  first: number,
  last: number,
  x: Matrix,
  scores: Float64Array,
): void {
  const { outputs } = model;
  const pieceRows = tileRows * Math.max(8, Math.ceil(x.rows / (4000 * tileRows)));
  const pieces = Math.ceil(x.rows / pieceRows);
  const threads = Math.max(1, Math.min(poolSize(), pieces, Math.ceil((x.rows * (last - first) * 6) / visitsOfThread)));
  const isDeep = trees.nodes.length / trees.roots.length > deepTreeBytes;
  const parts = isDeep ? partsOf(trees, first, last) : [last - first];
  const roomBytes = 8 * tileRows * (2 * x.columns + outputs);
  const layout = new Layout();
  const at = {
    nodes: layout.reserve(trees.nodes.length),
    values: layout.reserve(8 * trees.values.length),
    roots: layout.reserve(4 * trees.roots.length),
    places: layout.reserve(4 * trees.outputs.length),
    sets: layout.reserve(4 * model.setBits.length),
    rooms: layout.reserve(threads * roomBytes),
    threads: layout.reserve(4),
  };
  if (!scratch || scratch.buffer.byteLength < layout.sizeBytes) scratch = openMemory("predict", layout);
  const memory = scratch;
  const words = new Uint32Array(memory.buffer);
  new Uint8Array(memory.buffer).set(trees.nodes, at.nodes);
  new Float64Array(memory.buffer).set(trees.values, at.values / 8);
  words.set(trees.roots.subarray(first, last), at.roots / 4);
  words.set(trees.outputs.subarray(first, last), at.places / 4);
  words.set(model.setBits, at.sets / 4);
  words[at.threads / 4] = 0;
  const isShared = threads > 1;
  const sums = isShared ? toShared(scores) : scores;
  const work: ScoreWork = {
    memory,
    data: isShared ? toShared(x.data) : x.data,
    rows: x.rows,
    pieceRows,
    columns: x.columns,
    outputs,
    width: trees.width,
    parts,
    plain: trees.plain,
    single: model.single,
    at,
    roomBytes,
    scores: sums,
  };
  const crew = crewOfPool("boosted trees", work, threads);
  try {
    for (let part = 0; part < parts.length; part++) crew.run(part, pieces);
  } finally {
    crew.end();
  }
  if (isShared) scores.set(sums);
}

/** The leaf that the row at `row` of the data reaches in tree t. */
function leafOf(model: ScoredTrees, t: number, data: Float64Array, row: number): number {
  const { feature, left, right, flags, threshold } = model;
  let k = model.roots[t]!;
  for (let f = feature[k]!; f >= 0; f = feature[k]!) {
    const x = data[row + f]!;
    const isPlain = (flags[k]! & ~nodeFlag.missingLeft) === 0 && !Number.isNaN(x);
    const isLeft = isPlain ? x <= threshold[k]! : goesLeft(model, k, x);
    k = isLeft ? left[k]! : right[k]!;
  }
  return k;
}

function linearLeaf({ linear, value }: ScoredTrees, leaf: number, data: Float64Array, row: number): number {
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
  for (let t = 0; t < trees; t++) {
    if (output[t]! < 0) for (let k = 0; k < outputs; k++) counts[k]!++;
    else counts[output[t]!]!++;
  }
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
