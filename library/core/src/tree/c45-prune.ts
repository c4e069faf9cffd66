import { normalQuantile } from "../numeric/normal.ts";
import { type C45Node, type C45Table, divide, joinBags, leafOf, noRows, sharesOf, type WeighedRows } from "./c45-grow.ts";
import { bagTotal, branchOf, type C45Question, classTotals, epsilon } from "./c45-split.ts";

/** Takes back, from the top, every subtree that makes no fewer errors on the training rows than a leaf in its place. O(m + n depth). */
export function collapse(root: C45Node, table: C45Table): void {
  const order = preorder(root);
  const wrong = new Map<C45Node, number>();
  for (const node of order.toReversed())
    wrong.set(node, node.question ? node.sons.reduce((sum, son) => sum + wrong.get(son)!, 0) : wrongOf(node.bags));
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (!node.question) continue;
    if (wrong.get(node)! >= wrongOf(classTotalsOf(node, table)) - 1e-3) becomeLeaf(node, table);
    else for (const son of node.sons) open.push(son);
  }
}

/**
 * Error-based pruning, from the leaves up: a question becomes a leaf, or with `raising` gives way to its largest branch, where that is
 * expected to make no more than a tenth of an error more on new rows. Errors are estimated by the upper end of their confidence interval.
 * Source: Quinlan (1993), C4.5, chapter 4. O(n depth).
 */
export function prune(root: C45Node, table: C45Table, confidence: number, raising: boolean, checkpoint: () => void): void {
  const stack = preorder(root);
  for (let node = stack.pop(); node; node = stack.pop()) {
    checkpoint();
    if (!node.question) {
      node.errors = expectedErrors(node.bags, confidence);
      continue;
    }
    const asTree = node.sons.reduce((sum, son) => sum + son.errors, 0);
    const asLeaf = expectedErrors(classTotalsOf(node, table), confidence);
    const branch = node.sons[largestBag(node.bags, table.classes)]!;
    const asBranch = raising ? errorsOfBranch(node, branch, table, confidence, checkpoint) : Infinity;
    if (asLeaf <= asTree + 0.1 && asLeaf <= asBranch + 0.1) {
      becomeLeaf(node, table);
      node.errors = asLeaf;
    } else if (asBranch <= asTree + 0.1) {
      const held = rowsBelow([node], table);
      Object.assign(node, branch);
      descend(node, held, table, checkpoint, true, (at, part) => Object.assign(at, part));
      for (const below of preorder(node)) stack.push(below);
    } else node.errors = asTree;
  }
}

/** Errors among rows of these class weights that a leaf makes on the rows it was grown on. */
function wrongOf(bag: Float64Array): number {
  return bag.reduce((a, b) => a + b, 0) - bag.reduce((most, weight) => Math.max(most, weight), 0);
}

function classTotalsOf({ bags, sons }: C45Node, { classes }: C45Table): Float64Array {
  return classTotals(bags, Math.max(1, sons.length), classes);
}

function becomeLeaf(node: C45Node, table: C45Table): void {
  const bags = classTotalsOf(node, table);
  Object.assign(node, { held: rowsBelow([node], table), question: undefined, sons: [], bags });
}

/** Errors that a leaf of these class weights is expected to make on as many new rows. */
function expectedErrors(bag: Float64Array, confidence: number): number {
  const total = bag.reduce((a, b) => a + b, 0);
  if (total < epsilon) return 0;
  const wrong = Math.max(0, wrongOf(bag));
  return wrong + addedErrors(total, wrong, confidence);
}

/** What the upper end of the binomial confidence interval adds to e errors among n rows; exact below one error, else by the normal law. */
export function addedErrors(n: number, e: number, confidence: number): number {
  if (e < 1) {
    const none = n * -Math.expm1(Math.log(confidence) / n); // n (1 − CF^(1/n))
    return e === 0 ? none : none + e * (addedErrors(n, 1, confidence) - none);
  }
  if (e + 0.5 >= n) return Math.max(n - e, 0);
  const z = normalQuantile(1 - confidence);
  const f = (e + 0.5) / n;
  const upper = (f + (z * z) / (2 * n) + z * Math.sqrt(f / n - (f * f) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return upper * n - e;
}

/** The branch with the most weight; the last of equals. */
function largestBag(bags: Float64Array, classes: number): number {
  let best = 0;
  for (let b = 1; b * classes < bags.length; b++)
    if (bagTotal(bags, b, classes) > bagTotal(bags, best, classes) - epsilon) best = b;
  return best;
}

/** Every node of a subtree, a parent before its sons. */
function preorder(root: C45Node): C45Node[] {
  const order: C45Node[] = [];
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    order.push(node);
    for (let b = node.sons.length - 1; b >= 0; b--) stack.push(node.sons[b]!);
  }
  return order;
}

/** The rows of some subtrees' leaves, the parts of a row put together again. */
function rowsBelow(roots: readonly C45Node[], { places }: C45Table): WeighedRows {
  const leaves = roots.flatMap(preorder).filter(({ question }) => !question);
  if (leaves.length === 1) return leaves[0]!.held;
  const size = leaves.reduce((sum, { held }) => sum + held.rows.length, 0);
  const rows = new Int32Array(size);
  const weights = new Float64Array(size);
  let n = 0;
  for (const { held } of leaves)
    for (let i = 0; i < held.rows.length; i++) {
      const row = held.rows[i]!;
      if (places[row]! < 0) {
        places[row] = n;
        rows[n++] = row;
      }
      weights[places[row]!]! += held.weights[i]!;
    }
  for (let i = 0; i < n; i++) places[rows[i]!] = -1;
  return { rows: rows.subarray(0, n), weights: weights.subarray(0, n) };
}

/**
 * Errors that a branch is expected to make on all rows of its node. Without missing values the branch's own rows stay where they are, and
 * only those of its siblings are sent through it.
 */
function errorsOfBranch(node: C45Node, branch: C45Node, table: C45Table, confidence: number, checkpoint: () => void): number {
  const moved = table.hasMissing ? [node] : node.sons.filter((son) => son !== branch);
  let errors = table.hasMissing ? 0 : branch.errors;
  descend(branch, rowsBelow(moved, table), table, checkpoint, false, (at, { bags }) => {
    if (at.question) return;
    if (table.hasMissing) errors += expectedErrors(bags, confidence);
    else
      errors +=
        expectedErrors(
          bags.map((weight, k) => weight + at.bags[k]!),
          confidence,
        ) - at.errors;
  });
  return errors;
}

/** Sends rows through a subtree, to nodes without any too where `everywhere`; `visit` hears of each its bags, and of a leaf its rows. */
function descend(
  root: C45Node,
  held: WeighedRows,
  table: C45Table,
  checkpoint: () => void,
  everywhere: boolean,
  visit: (node: C45Node, part: Pick<C45Node, "bags" | "held">) => void,
): void {
  const { columns, y, classes } = table;
  const stack: [C45Node, C45Node][] = [[root, leafOf(held, y, classes)]];
  for (let at = stack.pop(); at; at = stack.pop()) {
    const [node, asLeaf] = at;
    const { question } = node;
    checkpoint();
    if (!question) {
      visit(node, asLeaf);
      continue;
    }
    const shares = sharesOf(knownBags(question, asLeaf.held, table), question.branches, classes);
    const parts = divide(question, shares, asLeaf.held, columns).map((part) => leafOf(part, y, classes));
    visit(node, { bags: joinBags(parts, classes), held: noRows });
    parts.forEach((part, b) => {
      if (everywhere || part.held.rows.length > 0) stack.push([node.sons[b]!, part]);
    });
  }
}

/** The bags of a question over the rows that have a value. */
function knownBags(question: C45Question, { rows, weights }: WeighedRows, { columns, y, classes }: C45Table): Float64Array {
  const { cells } = columns[question.column]!;
  const bags = new Float64Array(question.branches * classes);
  for (let i = 0; i < rows.length; i++) {
    const b = branchOf(question, cells[rows[i]!]!);
    if (b >= 0) bags[b * classes + y[rows[i]!]!]! += weights[i]!;
  }
  return bags;
}
