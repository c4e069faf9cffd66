import { LimitError, StoreError } from "../base/errors.ts";

/** A fitted tree whose questions have two answers or more, as flat arrays: the root first, the children of a node side by side, level by level. */
export interface MultiwayTree {
  /** Column that a node asks; −1 at a leaf (m). */
  readonly feature: Int32Array;
  /** Place of the first child; −1 at a leaf (m). */
  readonly firstChild: Int32Array;
  /** Number of children; 0 at a leaf (m). */
  readonly childCount: Int32Array;
  /** Where a node's pieces begin (m + 1): the levels of the column by their codes, or the intervals of its values in order. */
  readonly firstPiece: Int32Array;
  /** Child (0, 1, …) that a piece belongs to; −1 for a level that the node did not see (p). */
  readonly pieceChild: Int32Array;
  /** Upper end of an interval, which belongs to it, the last +∞; NaN for a level (p). */
  readonly pieceEnd: Float64Array;
  /** Child of the rows whose value is missing; −1 where they have none of their own (m). */
  readonly missingChild: Int32Array;
  /** Class probabilities or mean of y (m × outputs). */
  readonly value: Float64Array;
  readonly outputs: number;
  /** Weight of the rows in a node (m). */
  readonly weight: Float64Array;
  /** Entropy of the classes in bits, or variance of y (m). */
  readonly impurity: Float64Array;
}

/** How a node sends its rows to its children. */
export interface MultiwayQuestion {
  readonly column: number;
  readonly pieceChild: ArrayLike<number>;
  /** Upper ends of the intervals; absent for a column of levels. */
  readonly pieceEnd?: ArrayLike<number>;
  readonly missingChild: number;
}

/** A node of a tree that has grown. */
export interface MultiwayNode {
  readonly question?: MultiwayQuestion | undefined;
  readonly children: readonly MultiwayNode[];
  readonly value: Float64Array;
  readonly weight: number;
  readonly impurity: number;
}

const piecesMax = 50_000_000;

/** A grown tree as flat arrays, and its nodes in the same order. Throws LimitError beyond 50 million levels over all nodes. O(m + p). */
export function flattenTree<N extends MultiwayNode>(who: string, root: N): { tree: MultiwayTree; nodes: N[] } {
  const nodes: MultiwayNode[] = [root];
  const firstChild: number[] = [];
  const firstPiece: number[] = [0];
  for (let at = 0; at < nodes.length; at++) {
    const { question, children } = nodes[at]!;
    firstChild.push(question ? nodes.length : -1);
    for (const child of children) nodes.push(child);
    firstPiece.push(firstPiece[at]! + (question?.pieceChild.length ?? 0));
    if (firstPiece[at + 1]! > piecesMax)
      throw new LimitError(`${who}: the tree's questions have more than ${piecesMax} answers; drop columns of very many levels`);
  }
  const pieceChild = new Int32Array(firstPiece[nodes.length]!);
  const pieceEnd = new Float64Array(pieceChild.length).fill(Number.NaN);
  nodes.forEach(({ question }, at) => {
    if (!question) return;
    pieceChild.set(question.pieceChild, firstPiece[at]!);
    if (question.pieceEnd) pieceEnd.set(question.pieceEnd, firstPiece[at]!);
  });
  const outputs = root.value.length;
  const value = new Float64Array(nodes.length * outputs);
  nodes.forEach((node, at) => {
    value.set(node.value, at * outputs);
  });
  const tree = {
    feature: Int32Array.from(nodes, ({ question }) => question?.column ?? -1),
    firstChild: Int32Array.from(firstChild),
    childCount: Int32Array.from(nodes, ({ children }) => children.length),
    firstPiece: Int32Array.from(firstPiece),
    pieceChild,
    pieceEnd,
    missingChild: Int32Array.from(nodes, ({ question }) => question?.missingChild ?? -1),
    value,
    outputs,
    weight: Float64Array.from(nodes, ({ weight }) => weight),
    impurity: Float64Array.from(nodes, ({ impurity }) => impurity),
  };
  return { tree, nodes: nodes as N[] };
}

/** Whether a question is about numbers; else about levels. */
export function asksNumber({ firstPiece, pieceEnd }: MultiwayTree, node: number): boolean {
  return !Number.isNaN(pieceEnd[firstPiece[node]!]!);
}

/** Place of the child that a cell goes to; −1 where a missing value or an unknown level has none. O(log pieces). */
export function childOf(tree: MultiwayTree, node: number, cell: number): number {
  const { firstChild, firstPiece, pieceChild, pieceEnd, missingChild } = tree;
  const begin = firstPiece[node]!;
  let child = missingChild[node]!;
  if (!Number.isNaN(cell)) {
    let low = begin;
    let high = firstPiece[node + 1]! - 1;
    if (asksNumber(tree, node))
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cell <= pieceEnd[middle]!) high = middle;
        else low = middle + 1;
      }
    else low = cell <= high - begin ? begin + cell : -1;
    child = low < 0 ? -1 : pieceChild[low]!;
  }
  return child < 0 ? -1 : firstChild[node]! + child;
}

/** What each column's questions took off the impurity, as shares of 1; up to the last column that is asked. */
export function importanceOfColumns(tree: MultiwayTree): Float64Array {
  const { feature, firstChild, childCount, weight, impurity } = tree;
  const out = new Float64Array(feature.reduce((most, column) => Math.max(most, column), -1) + 1);
  const unit = impurity[0]!; // variances may be as large as doubles go
  let total = 0;
  feature.forEach((column, node) => {
    if (column < 0) return;
    let gain = weight[node]! * (impurity[node]! / unit);
    for (let child = firstChild[node]!; child < firstChild[node]! + childCount[node]!; child++)
      gain -= weight[child]! * (impurity[child]! / unit);
    out[column]! += gain;
    total += gain;
  });
  return total > 0 ? out.map((gain) => gain / total) : out;
}

/** Throws StoreError unless the arrays are one tree on so many columns: of their kinds and lengths, every node the child of one before it. */
export function checkMultiway(tree: MultiwayTree, columns: number): void {
  const { feature, firstChild, childCount, firstPiece, pieceChild, pieceEnd, missingChild, value, outputs } = tree;
  const nodes = feature instanceof Int32Array ? feature.length : 0;
  const pieces = pieceChild instanceof Int32Array ? pieceChild.length : -1;
  const isWhole =
    nodes > 0 &&
    [firstChild, childCount, missingChild].every((array) => array instanceof Int32Array && array.length === nodes) &&
    [tree.weight, tree.impurity].every((array) => array instanceof Float64Array && array.length === nodes) &&
    firstPiece instanceof Int32Array &&
    firstPiece.length === nodes + 1 &&
    pieceEnd instanceof Float64Array &&
    pieceEnd.length === pieces &&
    value instanceof Float64Array &&
    Number.isInteger(outputs) &&
    outputs > 0 &&
    value.length === nodes * outputs;
  if (!isWhole) throw new StoreError("loadModel: the arrays of the tree have different lengths");
  if (!tree.weight.every((weight) => weight >= 0 && weight < Infinity))
    throw new StoreError("loadModel: a node of the tree has a weight that is none");
  let next = 1;
  let piece = 0;
  for (let node = 0; node < nodes; node++) {
    checkNode(tree, node, columns, next, piece);
    next += childCount[node]!;
    piece = firstPiece[node + 1]!;
  }
  if (next !== nodes || piece !== pieces)
    throw new StoreError(`loadModel: the tree has ${nodes} nodes and ${pieces} answers, its questions ${next} and ${piece}`);
}

function checkNode(tree: MultiwayTree, node: number, columns: number, next: number, piece: number): void {
  const { firstPiece, pieceChild, pieceEnd } = tree;
  const [feature, count, missing] = [tree.feature[node]!, tree.childCount[node]!, tree.missingChild[node]!];
  const refuse = (what: string): never => {
    throw new StoreError(`loadModel: node ${node} of the tree ${what}`);
  };
  const end = firstPiece[node + 1]!;
  if (firstPiece[node] !== piece || end < piece || end > pieceChild.length) refuse(`has the answers ${piece} … ${end}`);
  if (feature < 0) {
    if (count !== 0 || end !== piece) refuse("is a leaf with children");
    return;
  }
  if (feature >= columns) refuse(`asks column ${feature} of ${columns}`);
  if (tree.firstChild[node] !== next || next <= node || count < 1 || next + count > tree.feature.length)
    refuse(`has the children ${tree.firstChild[node]} … of ${tree.feature.length} nodes`);
  if (missing < -1 || missing >= count) refuse(`sends missing values to the child ${missing}`);
  if (end === piece) refuse("asks nothing");
  const isNumber = asksNumber(tree, node);
  for (let p = piece; p < end; p++) {
    if (pieceChild[p]! < -1 || pieceChild[p]! >= count) refuse(`has an answer with the child ${pieceChild[p]}`);
    const isInOrder = isNumber ? p === piece || pieceEnd[p]! > pieceEnd[p - 1]! : Number.isNaN(pieceEnd[p]!);
    if (!isInOrder) refuse(`has intervals that do not ascend`);
  }
  if (isNumber && pieceEnd[end - 1] !== Infinity) refuse("has a last interval that ends");
}
