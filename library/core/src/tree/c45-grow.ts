import {
  bagTotal,
  branchOf,
  type C45Question,
  type C45Split,
  classTotals,
  epsilon,
  type SplitRules,
  splitLevels,
  splitNumber,
  splitOneLevel,
} from "./c45-split.ts";
import type { CodedColumn } from "./coded-columns.ts";
import { xlogxTable } from "./weighed-entropy.ts";

/** Rows of a node with their weights: parts of a row, where a missing value sent it down several branches. */
export interface WeighedRows {
  readonly rows: Int32Array;
  readonly weights: Float64Array;
}

/** A node of C4.5 while it grows and is pruned. */
export interface C45Node {
  /** Undefined at a leaf. */
  question: C45Question | undefined;
  /** Weight of each class in each branch, the parts of missing values too (branches × k); of a leaf in its one bag (k). */
  bags: Float64Array;
  sons: C45Node[];
  /** Rows of a leaf; none at a question, whose rows are those of its leaves. */
  held: WeighedRows;
  /** Errors that are expected on new rows; set by pruning. */
  errors: number;
}

/** The table that a tree grows on. */
export interface C45Table {
  readonly columns: readonly CodedColumn[];
  /** Class code of each row (n). */
  readonly y: Int32Array;
  readonly classes: number;
  /** Whether some cell is missing. */
  readonly hasMissing: boolean;
  /** Room for the place of each row in a list; −1 between uses (n). */
  readonly places: Int32Array;
}

/** How a tree grows. */
interface C45Growth {
  readonly minNumObj: number;
  readonly binarySplits: boolean;
  readonly mdlCorrection: boolean;
  readonly maxDepth: number;
}

/** No rows. */
export const noRows: WeighedRows = { rows: new Int32Array(0), weights: new Float64Array(0) };

interface Open {
  readonly node: C45Node;
  readonly held: WeighedRows;
  /** Rows with a value in each column of numbers, ascending. */
  readonly orders: readonly (Int32Array | undefined)[];
  readonly depth: number;
}

/** Grows the whole tree, not yet pruned. O(d n log n + d n depth). */
export function growC45(table: C45Table, held: WeighedRows, growth: C45Growth, checkpoint: () => void): C45Node {
  const { columns, y, classes } = table;
  const weight = new Float64Array(y.length);
  const rules: SplitRules = { ...growth, classes, y, weight, xlogx: xlogxTable(y.length + 1) };
  const isMany = columns.map(({ levels }) => levels > 0 && levels >= 0.3 * y.length);
  const isCounted = isMany.includes(false) ? isMany.map((many) => !many) : isMany;
  const root = leafOf(held, y, classes);
  const open: Open[] = [{ node: root, held, orders: orderRows(columns, held.rows, checkpoint), depth: 0 }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, held, orders, depth } = at;
    checkpoint();
    if (depth >= growth.maxDepth || isSettled(node.bags, classes, growth.minNumObj)) continue;
    held.rows.forEach((row, i) => {
      weight[row] = held.weights[i]!;
    });
    const split = bestSplit(columns, orders, held, rules, growth.binarySplits, isCounted, checkpoint);
    if (!split) continue;
    const { question } = split;
    const shares = sharesOf(split.bags, question.branches, classes);
    const parts = divide(question, shares, held, columns);
    node.question = question;
    node.held = noRows;
    node.sons = parts.map((part) => leafOf(part, y, classes));
    node.bags = joinBags(node.sons, classes);
    const isNeeded = node.sons.map((son) => !isSettled(son.bags, classes, growth.minNumObj));
    const ordered = divideOrders(question, shares, orders, columns, isNeeded, checkpoint);
    for (let b = parts.length - 1; b >= 0; b--)
      if (isNeeded[b]) open.push({ node: node.sons[b]!, held: parts[b]!, orders: ordered[b]!, depth: depth + 1 });
  }
  return root;
}

/** A leaf over rows. */
export function leafOf(held: WeighedRows, y: Int32Array, classes: number): C45Node {
  const bags = new Float64Array(classes);
  for (let i = 0; i < held.rows.length; i++) bags[y[held.rows[i]!]!]! += held.weights[i]!;
  return { question: undefined, bags, sons: [], held, errors: 0 };
}

/** The bags of a question: the class weights of each son, one after the other. */
export function joinBags(sons: readonly C45Node[], classes: number): Float64Array {
  const bags = new Float64Array(sons.length * classes);
  sons.forEach((son, b) => {
    bags.set(son.question ? classTotals(son.bags, son.sons.length, classes) : son.bags, b * classes);
  });
  return bags;
}

/** Share of each branch in the weight of the rows that have a value; equal shares where none has. */
export function sharesOf(bags: Float64Array, branches: number, classes: number): Float64Array {
  const weights = Float64Array.from({ length: branches }, (_, b) => bagTotal(bags, b, classes));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 1 / branches));
}

/** The rows of each branch; a row whose value is missing goes down every branch in parts. O(n). */
export function divide(
  question: C45Question,
  shares: Float64Array,
  { rows, weights }: WeighedRows,
  columns: readonly CodedColumn[],
): WeighedRows[] {
  const { cells } = columns[question.column]!;
  const parts = divideList(question, shares, rows, cells);
  const filled = new Int32Array(parts.length);
  const partWeights = parts.map((part) => new Float64Array(part.length));
  for (let i = 0; i < rows.length; i++) {
    const b = branchOf(question, cells[rows[i]!]!);
    if (b >= 0) partWeights[b]![filled[b]!++] = weights[i]!;
    else
      for (let c = 0; c < parts.length; c++) if (shares[c]! > epsilon) partWeights[c]![filled[c]!++] = shares[c]! * weights[i]!;
  }
  return parts.map((part, b) => ({ rows: part, weights: partWeights[b]! }));
}

/** A list of rows as one list for each branch, in the same order. */
function divideList(question: C45Question, shares: Float64Array, list: Int32Array, cells: Int32Array): Int32Array[] {
  const counts = new Int32Array(question.branches);
  let missing = 0;
  for (const row of list) {
    const b = branchOf(question, cells[row]!);
    if (b >= 0) counts[b]!++;
    else missing++;
  }
  const parts = Array.from(counts, (count, b) => new Int32Array(count + (shares[b]! > epsilon ? missing : 0)));
  counts.fill(0);
  for (const row of list) {
    const b = branchOf(question, cells[row]!);
    if (b >= 0) parts[b]![counts[b]!++] = row;
    else for (let c = 0; c < parts.length; c++) if (shares[c]! > epsilon) parts[c]![counts[c]!++] = row;
  }
  return parts;
}

function divideOrders(
  question: C45Question,
  shares: Float64Array,
  orders: Open["orders"],
  columns: readonly CodedColumn[],
  isNeeded: readonly boolean[],
  checkpoint: () => void,
): Open["orders"][] {
  const out: (Int32Array | undefined)[][] = isNeeded.map(() => []);
  if (!isNeeded.includes(true)) return out;
  const { cells } = columns[question.column]!;
  orders.forEach((order, j) => {
    checkpoint();
    const parts = order && divideList(question, shares, order, cells);
    for (let b = 0; b < out.length; b++) if (isNeeded[b]) out[b]![j] = parts?.[b];
  });
  return out;
}

/** Rows in the order of each column of numbers, by counting their ranks. O(d n). */
function orderRows(columns: readonly CodedColumn[], rows: Int32Array, checkpoint: () => void): Open["orders"] {
  return columns.map(({ cells, levels, values }) => {
    checkpoint();
    if (levels > 0) return undefined;
    const places = new Int32Array(values.length + 1);
    for (const row of rows) if (cells[row]! >= 0) places[cells[row]! + 1]!++;
    for (let v = 0; v < values.length; v++) places[v + 1]! += places[v]!;
    const order = new Int32Array(places[values.length]!);
    for (const row of rows) if (cells[row]! >= 0) order[places[cells[row]!]!++] = row;
    return order;
  });
}

/** Whether a leaf cannot be divided: one class, or too little weight. */
function isSettled(bag: Float64Array, classes: number, minNumObj: number): boolean {
  const total = bagTotal(bag, 0, classes);
  return total < 2 * minNumObj - epsilon || total - bag.reduce((most, weight) => Math.max(most, weight), 0) < epsilon;
}

/**
 * The question of best gain ratio among those that gain no less than the mean of all useful ones. Categories of very many levels (0.3 n)
 * do not count in the mean, unless all columns are so.
 */
function bestSplit(
  columns: readonly CodedColumn[],
  orders: Open["orders"],
  { rows, weights }: WeighedRows,
  rules: SplitRules,
  isBinary: boolean,
  isCounted: readonly boolean[],
  checkpoint: () => void,
): C45Split | undefined {
  const node = { rows, total: weights.reduce((a, b) => a + b, 0) };
  const splits: C45Split[] = [];
  let gains = 0;
  let counted = 0;
  for (let j = 0; j < columns.length; j++) {
    const coded = columns[j]!;
    const order = orders[j];
    checkpoint();
    const nominal = isBinary && coded.levels > 2 ? splitOneLevel : splitLevels;
    const split = order ? splitNumber(j, coded, order, node, rules) : nominal(j, coded, node, rules);
    if (!split) continue;
    splits.push(split);
    if (!isCounted[j]) continue;
    gains += split.gain;
    counted++;
  }
  if (counted === 0) return undefined;
  let best: C45Split | undefined;
  for (const split of splits)
    if (split.gain >= gains / counted - 1e-3 && split.ratio > (best?.ratio ?? 0) + epsilon) best = split;
  return best;
}
