import type { CartKernels } from "../numeric/cart-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { Random } from "../numeric/random.ts";
import { kernels } from "../numeric/wasm.ts";
import { cellsOf } from "./cells.ts";
import { type CriterionName, criterionOf } from "./criteria.ts";
import { enterRows } from "./enter-rows.ts";
import { splitFinder } from "./find-split.ts";
import { type GrowSubtree, subtreeGrower } from "./grow-subtree.ts";
import { NodeList } from "./node-list.ts";
import { nodeOpener, type OpenNode, type Task } from "./open-node.ts";
import { pruneTree } from "./prune.ts";
import { randomWords } from "./random-words.ts";
import { type RankedColumns, rankColumns, takeRoom } from "./rank-columns.ts";
import { inPreorder } from "./tree-arrays.ts";

/** A fitted tree as flat arrays, nodes in preorder: a child comes after its parent. */
export interface TreeArrays {
  /** Column that a node splits on; −1 at a leaf (m). */
  readonly feature: Int32Array;
  /** Rows with x ≤ threshold go left (m). */
  readonly threshold: Float64Array;
  /** Places of the children; −1 at a leaf (m). */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where rows whose value is missing go left (m); where the array is absent they go right. */
  readonly missingLeft?: Uint8Array;
  /** Class probabilities, mean or median of y (m × outputs). */
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
  /** Rows, or a share of x's rows below 1. */
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Columns tried at each split. */
  readonly maxFeatures: number;
  readonly minImpurityDecrease: number;
  /** The best cut of a column, or one drawn between its lowest and highest value (extra trees); default best. */
  readonly splitter?: "best" | "random";
  /** Leaves at most, grown best first; default no bound. */
  readonly maxLeafNodes?: number | null;
  /** Share of the whole weight that a leaf has at least; default 0. */
  readonly minWeightFractionLeaf?: number;
  /** For each column 1, −1 or 0: the value, or probability of the second of two classes, rises, falls or is free. */
  readonly monotonic?: readonly number[] | null;
  /** Splits that are not worth this much a leaf are taken back; default 0. */
  readonly ccpAlpha?: number;
}

/** Grows trees on columns that were ranked once. `rows` may hold a row several times, which counts as so much more weight. */
export type GrowTree = (
  y: Float64Array,
  rows: Int32Array,
  weights: Float64Array | undefined,
  classes: number,
  options: GrowOptions,
  random: Random,
  checkpoint: () => void,
) => TreeArrays;

/**
 * Grows a CART by the best split of every node. `rows` are the rows to learn from; one that is held twice has twice its weight, and
 * counts once in `minSamplesSplit` and `minSamplesLeaf`. `weights` may be undefined for all 1. `random` draws the columns tried.
 * Ranking the columns costs O(d n), the tree O(d n) a level; for several trees on the same x take `treeGrower`, which ranks once.
 * Throws DataError for targets that the criterion does not bear. Oracle: sklearn.tree.
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
  const columns = rankColumns("tree", x, { ...options, classes }, checkpoint);
  return treeGrower(columns)(y, rows, weights, classes, options, random, checkpoint);
}

/** Grows trees on ranked columns, one at a time, in a room of its own; `columns` were ranked for as many classes and this criterion. */
export function treeGrower(columns: RankedColumns): GrowTree {
  const room = takeRoom(columns);
  const calls = kernels<CartKernels>(columns.memory);
  const views = { f64: new Float64Array(columns.memory.buffer), u32: new Uint32Array(columns.memory.buffer) };
  let expected = 256; // nodes: the trees of a forest are of like size
  return (y, rows, weights, classes, given, random, checkpoint) => {
    const options = inRows(given, columns.x.rows);
    const entered = enterRows(columns, calls, views, room, y, rows, weights, classes > 0 ? undefined : options.criterion);
    const criterion = criterionOf(options.criterion, calls, views, room, classes, entered.centre);
    const cells = cellsOf(columns, calls, views.u32, room, options);
    const isDrawing = options.splitter === "random" || options.maxFeatures < columns.x.columns;
    const words = randomWords(random, calls, views.u32, room, columns.x.columns, isDrawing);
    const findSplit = splitFinder(columns, cells, calls, views, room, criterion, options, words, checkpoint);
    const nodes = new NodeList(criterion.outputs, expected);
    const growSubtree = subtreeGrower(columns, calls, views, room, nodes, classes, entered, options, words, checkpoint);
    const open = nodeOpener(columns, cells, calls, views, room, criterion, findSplit, nodes, entered.weight, options);
    const root: Task = {
      begin: 0,
      end: entered.rows,
      depth: 0,
      parent: -1,
      isLeft: false,
      constants: 0,
      lower: -Infinity,
      upper: Infinity,
      isCompact: false,
    };
    if (options.maxLeafNodes == null) growDepthFirst(open, growSubtree, root, checkpoint);
    else growBestFirst(open, nodes, root, options.maxLeafNodes, checkpoint);
    const tree = options.maxLeafNodes == null ? nodes.finish() : inPreorder(nodes.finish());
    expected = Math.ceil(1.05 * nodes.count);
    return options.ccpAlpha ? pruneTree(tree, options.ccpAlpha) : tree;
  };
}

/** The options with shares of n rows as numbers of rows. */
function inRows(options: GrowOptions, n: number): GrowOptions {
  const count = (value: number): number => (value < 1 ? Math.ceil(value * n) : value);
  return {
    ...options,
    minSamplesSplit: count(options.minSamplesSplit),
    minSamplesLeaf: Math.max(1, count(options.minSamplesLeaf)),
  };
}

function growDepthFirst(open: OpenNode, growSubtree: GrowSubtree, root: Task, checkpoint: () => void): void {
  const stack = [root];
  for (let task = stack.pop(); task; task = stack.pop()) {
    checkpoint();
    if (growSubtree(task)) continue;
    const cut = open(task);
    if (cut) stack.push(cut.right, cut.left);
  }
}

/** Of all nodes that could be cut the one that gains most is cut next; those that are left over become leaves. */
function growBestFirst(open: OpenNode, nodes: NodeList, root: Task, maxLeafNodes: number, checkpoint: () => void): void {
  const first = open(root);
  const frontier = first ? [first] : [];
  for (let leaves = 1; leaves < maxLeafNodes && frontier.length > 0; leaves++) {
    checkpoint();
    let best = 0;
    for (let k = 1; k < frontier.length; k++) if (frontier[k]!.gain > frontier[best]!.gain) best = k;
    const [{ left, right }] = frontier.splice(best, 1) as [(typeof frontier)[0]];
    for (const side of [left, right]) {
      const cut = open(side);
      if (cut) frontier.push(cut);
    }
  }
  for (const { node } of frontier) nodes.makeLeaf(node);
}
