// A whole subtree of a CART at once, for nodes so small that calls from outside would cost more than their rows. Its twin is
// `tree/open-node.ts` with `tree/find-split.ts`, which opens one node at a time and knows every option.
import { atMinWeight, atScore, atSum, atWeight, entropy, logarithm, moments, numbers, rankOf } from "./cart-node";
import { cartCutMoments, cartGather, cartHalve } from "./cart-drawn";
import { cartRotate, cartSort } from "./cart-order";
import { cartCompact, cartCount, cartMoments, cartPartition, cartPartitionValues } from "./cart-rows";
import { cartScanEntropy, cartScanGini, cartScanMoments } from "./cart-scan";

/** What a subtree needs to know, and how far it has come; `numeric/cart-kernels.ts` has the same list. */
@unmanaged class Growth {
  rows: usize;
  y: usize;
  w: usize;
  keys: usize;
  scratch: usize;
  counts: usize;
  block: usize;
  sums: usize;
  columns: usize;
  sizes: usize;
  compact: usize;
  ids: usize;
  features: usize;
  constants: usize;
  stack: usize;
  words: usize;
  nodes: usize;
  height: i32;
  d: i32;
  /** The table row by row where cuts are drawn, bytes of a value (0 where columns are ranked), rows of a node that reads it there. */
  table: usize;
  valueBytes: i32;
  tableRows: i32;
  /** Whether every weight is 1. */
  isUnit: i32;
  criterion: i32;
  classes: i32;
  maxFeatures: i32;
  minSamplesSplit: i32;
  minSamplesLeaf: i32;
  maxDepth: i32;
  /** Rows of a node that is copied to `compact`; 0 for never. */
  compactRows: i32;
  /** The next of the random words, and where they end. */
  word: i32;
  wordsEnd: i32;
  /** Tasks on the stack. */
  tasks: i32;
  /** Nodes of the subtree so far; nodes in the buffer, and how many it holds. */
  made: i32;
  buffered: i32;
  capacity: i32;
  /** The cells that are looked at: bytes from column to column and from row to row. */
  base: usize;
  columnStep: usize;
  rowStep: usize;
}

/** A node that waits: 6 numbers of 32 bits. */
@unmanaged class Task {
  begin: i32;
  end: i32;
  depth: i32;
  link: i32;
  constants: i32;
  isCompact: i32;
}

/** The best split so far. Its threshold: the cut that was drawn, or between the cells of two rows. */
let bestFeature: i32 = -1;
let bestScore: f64 = 0;
let bestCut: u32 = 0;
let bestMissingLeft: i32 = 0;
let bestLow: f64 = 0;
let bestHigh: f64 = 0;
let bestConstants: i32 = 0;

/**
 * Grows on until the subtree is whole, the buffer of nodes is full, the random words run low or about `budget` cells were looked at.
 * Answers 1 when it is whole. A node in the buffer: column (−1 at a leaf), 2 × parent + 1 if it is its left child, the threshold as two
 * numbers, side of missing values, impurity, weight, value.
 */
export function cartGrowSubtree(at: usize, budget: i32): i32 {
  const g = changetype<Growth>(at);
  const wordsNeeded = 5 * g.d + 64;
  while (g.tasks > 0) {
    if (budget <= 0 || g.buffered == g.capacity || g.wordsEnd - g.word < wordsNeeded) return 0;
    g.tasks--;
    const task = changetype<Task>(g.stack + <usize>g.tasks * offsetof<Task>());
    const begin = task.begin;
    const end = task.end;
    const depth = task.depth;
    const constants = task.constants;
    const n = end - begin;
    const node = g.made;
    g.made++;
    const outputs = max(1, g.classes);
    const record = g.nodes + <usize>(g.buffered * (7 + outputs)) * 8;
    g.buffered++;
    const impurity = measure(g, begin, n, record + 56);
    store<f64>(record, -1);
    store<f64>(record, <f64>task.link, 8);
    store<f64>(record, impurity, 40);
    const weight = load<f64>(g.block, atWeight);
    store<f64>(record, weight, 48);
    budget -= n;
    if (depth >= g.maxDepth || n < g.minSamplesSplit || n < 2 * g.minSamplesLeaf || !(impurity > f64.EPSILON)) continue;
    if (weight < 2 * load<f64>(g.block, atMinWeight)) continue;
    const isCompact = look(g, begin, n, depth, task.isCompact);
    budget -= n * findSplit(g, begin, n, constants);
    if (bestFeature < 0) continue;
    store<f64>(record, <f64>bestFeature);
    store<f64>(record, bestLow, 16);
    store<f64>(record, bestHigh, 24);
    store<f64>(record, <f64>bestMissingLeft, 32);
    const middle = begin + cut(g, begin, n);
    push(g, middle, end, depth + 1, 2 * node, bestConstants, isCompact);
    push(g, begin, middle, depth + 1, 2 * node + 1, bestConstants, isCompact);
  }
  return 1;
}

function push(g: Growth, begin: i32, end: i32, depth: i32, link: i32, constants: i32, isCompact: i32): void {
  const task = changetype<Task>(g.stack + <usize>g.tasks * offsetof<Task>());
  g.tasks++;
  task.begin = begin;
  task.end = end;
  task.depth = depth;
  task.link = link;
  task.constants = constants;
  task.isCompact = isCompact;
}

/** Weight and sums of a node for the scans, its value, and its impurity. */
function measure(g: Growth, begin: i32, n: i32, value: usize): f64 {
  const y = g.y + ((<usize>begin) << 3);
  if (g.classes == 0) {
    const out = g.block + numbers;
    cartMoments(y, g.w + ((<usize>begin) << 3), n, out);
    const weight = load<f64>(out);
    const sum = load<f64>(out, 8);
    store<f64>(g.block, weight, atWeight);
    store<f64>(g.block, sum, atSum);
    store<f64>(value, sum / weight);
    return load<f64>(out, 16) / weight;
  }
  cartCount(y, weightsAt(g, begin), n, g.sums, g.classes);
  let total: f64 = 0;
  for (let k: i32 = 0; k < g.classes; k++) total += load<f64>(g.sums + ((<usize>k) << 3));
  let sum: f64 = 0;
  for (let k: i32 = 0; k < g.classes; k++) {
    const share = load<f64>(g.sums + ((<usize>k) << 3)) / total;
    store<f64>(value + ((<usize>k) << 3), share);
    if (g.criterion != entropy) sum += share * share;
    else if (share > 0) sum += share * logarithm(share);
  }
  store<f64>(g.block, total, atWeight);
  store<f64>(g.block, load<f64>(g.sums, 8), atSum);
  return g.criterion == entropy ? -sum / 0.6931471805599453 : 1 - sum;
}

/** The weights of a node; 0 where every one is 1. */
@inline function weightsAt(g: Growth, begin: i32): usize {
  return g.isUnit ? 0 : g.w + ((<usize>begin) << 3);
}

/** The cells of a column. */
@inline function columnAt(g: Growth, feature: i32): usize {
  return g.base + (<usize>feature) * g.columnStep;
}

/** Chooses the cells that the node is split by, and copies them where that pays. */
function look(g: Growth, begin: i32, n: i32, depth: i32, isCompact: i32): i32 {
  if (isCompact) return 1;
  const width: usize = g.valueBytes || 4;
  const isTable = n <= g.tableRows;
  g.base = isTable ? g.table : g.columns;
  g.columnStep = isTable ? width : width * <usize>g.height;
  g.rowStep = isTable ? width * <usize>g.d : width;
  if (n > g.compactRows || n < 32 || g.maxDepth - depth < 4) return 0;
  cartCompact(g.columns, g.height, g.d, g.rows + ((<usize>begin) << 2), n, g.compact, g.ids);
  g.base = g.compact;
  g.columnStep = (<usize>n) << 2;
  return 1;
}

/** Draws columns and tries them; answers how many. */
function findSplit(g: Growth, begin: i32, n: i32, known: i32): i32 {
  bestFeature = -1;
  bestScore = -Infinity;
  let end = g.d;
  let visited: i32 = 0;
  let found: i32 = 0;
  let drawn: i32 = 0;
  while (end > known + found && (visited < g.maxFeatures || visited <= found + drawn)) {
    visited++;
    let at = g.maxFeatures < g.d ? drawn + whole(g, end - found - drawn) : drawn;
    if (at < known) {
      swap(g.features, drawn, at);
      drawn++;
      continue;
    }
    at += found;
    const feature = load<i32>(g.features + ((<usize>at) << 2));
    if (g.valueBytes ? tryDrawnCut(g, feature, begin, n) : tryCuts(g, feature, begin, n)) {
      end--;
      swap(g.features, end, at);
    } else {
      swap(g.features, known + found, at);
      found++;
    }
  }
  const behind = (<usize>known) << 2;
  const all = behind + ((<usize>found) << 2);
  for (let k: usize = 0; k < behind; k += 4) store<i32>(g.features + k, load<i32>(g.constants + k));
  for (let k = behind; k < all; k += 4) store<i32>(g.constants + k, load<i32>(g.features + k));
  bestConstants = known + found;
  return visited;
}

@inline function swap(values: usize, i: i32, j: i32): void {
  const a = values + ((<usize>i) << 2);
  const b = values + ((<usize>j) << 2);
  const value = load<i32>(a);
  store<i32>(a, load<i32>(b));
  store<i32>(b, value);
}

@inline function word(g: Growth): u32 {
  if (g.word >= g.wordsEnd) unreachable();
  const value = load<u32>(g.words + ((<usize>g.word) << 2));
  g.word++;
  return value;
}

/** Uniform on 0 … n − 1, as `Random.int`. */
function whole(g: Growth, n: i32): i32 {
  let value = word(g);
  // only behind the last whole multiple of n, which few words reach
  while (value >= <u32>-n && <u64>value >= 0x100000000 - (0x100000000 % <u64>n)) value = word(g);
  return <i32>(value % <u32>n);
}

/** Uniform on [0, 1), 32 bits. */
function share(g: Growth): f64 {
  return <f64>word(g) / 4294967296.0;
}

function tryCuts(g: Growth, feature: i32, begin: i32, n: i32): bool {
  const column = columnAt(g, feature);
  const rows = g.rows + ((<usize>begin) << 2);
  const present = cartSort(column, load<u32>(g.sizes + ((<usize>feature) << 2)), rows, n, g.keys, g.scratch, g.counts);
  if (present < 0) return false;
  tryOrder(g, g.keys, feature, begin, n, present, 0);
  if (present == n) return true;
  cartRotate(g.keys, present, n, g.scratch);
  tryOrder(g, g.scratch, feature, begin, n, present, 1);
  return true;
}

function tryOrder(g: Growth, order: usize, feature: i32, begin: i32, n: i32, present: i32, missingLeft: i32): void {
  const from = max(g.minSamplesLeaf, missingLeft ? n - present + 1 : 1);
  const to = min(n - g.minSamplesLeaf, missingLeft || present == n ? n - 1 : present);
  if (from > to) return;
  const at = scanAny(g, order, begin, from, to);
  if (at == 0 || !isBetter(g, feature)) return;
  bestFeature = feature;
  bestCut = rankOf(order, at - 1);
  bestMissingLeft = present < n ? missingLeft : <i32>(at > n - at);
  bestLow = <f64>rowOf(g, order, begin, at - 1);
  bestHigh = !missingLeft && at == present ? -1 : <f64>rowOf(g, order, begin, at);
}

/** The row of x at a place of an order. */
function rowOf(g: Growth, order: usize, begin: i32, p: i32): u32 {
  const place = load<u32>(order + ((<usize>p) << 3));
  const row = load<u32>(g.rows + ((<usize>begin + <usize>place) << 2));
  return g.base == g.columns ? row : load<u32>(g.ids + ((<usize>row) << 2));
}

function scanAny(g: Growth, order: usize, begin: i32, from: i32, to: i32): i32 {
  const y = g.y + ((<usize>begin) << 3);
  const w = g.w + ((<usize>begin) << 3);
  if (g.criterion == moments) return cartScanMoments(order, y, w, from, to, 0, g.block);
  if (g.criterion == entropy) return cartScanEntropy(order, y, w, from, to, 0, g.block, g.sums, g.classes);
  return cartScanGini(order, y, w, from, to, 0, g.block, g.sums, g.classes);
}

function tryDrawnCut(g: Growth, feature: i32, begin: i32, n: i32): bool {
  const ends = g.block + numbers;
  const rows = g.rows + ((<usize>begin) << 2);
  const present = cartGather(columnAt(g, feature), g.rowStep, g.valueBytes, rows, n, g.scratch, ends);
  const lowest = load<f64>(ends);
  const highest = load<f64>(ends, 8);
  if (present == 0 || (lowest == highest && present == n)) return false;
  const part = share(g);
  let threshold = (1 - part) * lowest + part * highest;
  if (!(threshold >= lowest && threshold < highest)) threshold = lowest;
  const missingLeft = present < n ? whole(g, 2) : 0;
  const left = judgeCut(g, begin, n, threshold, missingLeft);
  if (left == 0 || !isBetter(g, feature)) return true;
  bestFeature = feature;
  bestLow = threshold;
  bestMissingLeft = present < n ? missingLeft : <i32>(left > n - left);
  return true;
}

function judgeCut(g: Growth, begin: i32, n: i32, threshold: f64, missingLeft: i32): i32 {
  if (g.criterion == moments) {
    const y = g.y + ((<usize>begin) << 3);
    return cartCutMoments(g.scratch, n, threshold, missingLeft, y, weightsAt(g, begin), g.minSamplesLeaf, 0, g.block);
  }
  const left = cartHalve(g.scratch, n, threshold, missingLeft, g.keys);
  if (left < g.minSamplesLeaf || n - left < g.minSamplesLeaf) return 0;
  return scanAny(g, g.keys, begin, left, left);
}

@inline function isBetter(g: Growth, feature: i32): bool {
  const score = load<f64>(g.block, atScore);
  const near = bestFeature < 0 ? 0 : 1e-12 * Math.abs(bestScore);
  if (score <= bestScore + near && !(score >= bestScore - near && feature < bestFeature)) return false;
  bestScore = score;
  return true;
}

function cut(g: Growth, begin: i32, n: i32): i32 {
  const rows = g.rows + ((<usize>begin) << 2);
  const y = g.y + ((<usize>begin) << 3);
  const column = columnAt(g, bestFeature);
  if (g.valueBytes) {
    const w = weightsAt(g, begin);
    return cartPartitionValues(column, g.rowStep, g.valueBytes, bestLow, bestMissingLeft, rows, y, w, n, g.counts, g.keys, g.scratch);
  }
  const w = g.w + ((<usize>begin) << 3);
  const missing = load<u32>(g.sizes + ((<usize>bestFeature) << 2));
  return cartPartition(column, missing, bestCut, bestMissingLeft, rows, y, w, n, g.counts, g.keys, g.scratch);
}
