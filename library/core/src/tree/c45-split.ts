import { type CodedColumn, placeOf } from "./coded-columns.ts";
import { weighedEntropy, type Xlogx } from "./weighed-entropy.ts";

/** What a node of C4.5 asks: is a number at most the value of rank `cut`, which level is it, or is it one `level`. */
export type C45Question =
  | { readonly kind: "number"; readonly column: number; readonly branches: 2; readonly cut: number }
  | { readonly kind: "levels"; readonly column: number; readonly branches: number }
  | { readonly kind: "level"; readonly column: number; readonly branches: 2; readonly level: number };

/** A question with what it gains. */
export interface C45Split {
  readonly question: C45Question;
  /** Information gain in bits a row, corrected for the choice of the cut. */
  readonly gain: number;
  /** Gain over the information of the division itself. */
  readonly ratio: number;
  /** Weight of each class in each branch, missing values left out (branches × k). */
  readonly bags: Float64Array;
}

/** What splits are judged on: the rows of one node. */
interface C45Rows {
  /** Rows of the node. */
  readonly rows: Int32Array;
  /** Weight of all the node's rows. */
  readonly total: number;
}

/** What is the same at every node. */
export interface SplitRules {
  readonly classes: number;
  /** Class code of each row (n). */
  readonly y: Int32Array;
  /** Weight of each row in the node that is looked at (n). */
  readonly weight: Float64Array;
  readonly xlogx: Xlogx;
  /** Weight that two branches must have, at least. */
  readonly minNumObj: number;
  readonly mdlCorrection: boolean;
}

/** Differences below this are none: the figures of Weka's J48 are compared so. */
export const epsilon = 1e-6;

/** Branch of a cell (a code or rank); −1 where it is missing. */
export function branchOf(question: C45Question, cell: number): number {
  if (cell < 0 || question.kind === "levels") return cell;
  return question.kind === "number" ? (cell <= question.cut ? 0 : 1) : cell === question.level ? 0 : 1;
}

/** A branch for each level of a category; undefined where it does not divide the rows. O(n + branches k). */
export function splitLevels(column: number, coded: CodedColumn, node: C45Rows, rules: SplitRules): C45Split | undefined {
  const bags = countLevels(coded, node, rules);
  if (!divides(bags, coded.levels, rules)) return undefined;
  const gain = gainOf(bags, coded.levels, node.total, rules);
  const ratio = ratioOf(gain, bags, coded.levels, node.total, rules);
  return { question: { kind: "levels", column, branches: coded.levels }, gain, ratio, bags };
}

/** The level against all others that has the best gain ratio; undefined where none divides the rows. O(n + levels k). */
export function splitOneLevel(column: number, coded: CodedColumn, node: C45Rows, rules: SplitRules): C45Split | undefined {
  const k = rules.classes;
  const counts = countLevels(coded, node, rules);
  const known = classTotals(counts, coded.levels, k);
  let best: C45Split | undefined;
  for (let level = 0; level < coded.levels; level++) {
    const bags = new Float64Array(2 * k);
    for (let c = 0; c < k; c++) {
      bags[c] = counts[level * k + c]!;
      bags[k + c] = known[c]! - bags[c]!;
    }
    if (!divides(bags, 2, rules)) continue;
    const gain = gainOf(bags, 2, node.total, rules);
    const ratio = ratioOf(gain, bags, 2, node.total, rules);
    if (!best || ratio > best.ratio + epsilon)
      best = { question: { kind: "level", column, branches: 2, level }, gain, ratio, bags };
  }
  return best;
}

/**
 * The best cut of a number between two neighbours; `order` holds the rows with a value, ascending. The gain pays log₂ of the number of
 * cuts over n for the choice (Quinlan 1996). Undefined where nothing is gained. O(n + cuts) logarithms.
 */
export function splitNumber(
  column: number,
  { cells, values }: CodedColumn,
  order: Int32Array,
  node: C45Rows,
  rules: SplitRules,
): C45Split | undefined {
  const known = countRows(order, rules);
  const total = known.reduce((a, b) => a + b, 0);
  const least = leastBranch(total, rules);
  if (total < 2 * least - epsilon) return undefined;
  const { place, cuts } = bestCut(cells, order, known, total, least, node, rules);
  if (place < 0) return undefined;
  const bags = new Float64Array(2 * rules.classes);
  for (let p = 0; p < order.length; p++)
    bags[(p <= place ? 0 : rules.classes) + rules.y[order[p]!]!]! += rules.weight[order[p]!]!;
  const gain = gainOf(bags, 2, node.total, rules) - (rules.mdlCorrection ? Math.log2(cuts) / node.total : 0);
  if (gain < epsilon) return undefined;
  const ratio = ratioOf(gain, bags, 2, node.total, rules);
  const cut = cutBetween(values, cells[order[place]!]!, cells[order[place + 1]!]!);
  return { question: { kind: "number", column, branches: 2, cut }, gain, ratio, bags };
}

/** Place in the order of the last row below the best cut, −1 for none, and the number of cuts that were possible. */
function bestCut(
  cells: Int32Array,
  order: Int32Array,
  known: Float64Array,
  total: number,
  least: number,
  node: C45Rows,
  { classes, y, weight, xlogx }: SplitRules,
): { place: number; cuts: number } {
  const left = new Float64Array(classes);
  const right = known.slice();
  const before = weighedEntropy(known, 0, classes, xlogx);
  const scale = 1 / node.total; // known share × 1 / known weight
  let inside = known.reduce((sum, value) => sum + xlogx(value), 0); // Σ of both sides' classes
  let leftTotal = 0;
  let best = 0;
  let place = -1;
  let cuts = 0;
  for (let p = 0; p < order.length - 1; p++) {
    const row = order[p]!;
    const c = y[row]!;
    const w = weight[row]!;
    inside -= xlogx(left[c]!) + xlogx(right[c]!);
    left[c]! += w;
    right[c]! -= w;
    inside += xlogx(left[c]!) + xlogx(right[c]!);
    leftTotal += w;
    if (cells[order[p + 1]!] === cells[row] || leftTotal < least - epsilon) continue;
    const rightTotal = total - leftTotal;
    if (rightTotal < least - epsilon) break;
    cuts++;
    const gain = (before - (xlogx(leftTotal) + xlogx(rightTotal) - inside)) * scale;
    if (gain > best + epsilon) {
      best = gain;
      place = p;
    }
  }
  return { place, cuts };
}

/** Weight that both sides of a cut must have: a tenth of the mean class, at most 25, at least minNumObj. */
function leastBranch(total: number, { classes, minNumObj }: SplitRules): number {
  const tenth = (0.1 * total) / classes;
  return tenth <= minNumObj + epsilon ? minNumObj : Math.min(25, tenth);
}

/** Rank of the largest value of the whole fit that is no more than the middle of two neighbours of a node. */
function cutBetween(values: Float64Array, lower: number, upper: number): number {
  return Math.min(upper - 1, Math.max(lower, placeOf(values, values[lower]! / 2 + values[upper]! / 2)));
}

function countLevels({ cells, levels }: CodedColumn, { rows }: C45Rows, { classes, y, weight }: SplitRules): Float64Array {
  const bags = new Float64Array(levels * classes);
  for (const row of rows) if (cells[row]! >= 0) bags[cells[row]! * classes + y[row]!]! += weight[row]!;
  return bags;
}

function countRows(rows: Int32Array, { classes, y, weight }: SplitRules): Float64Array {
  const counts = new Float64Array(classes);
  for (const row of rows) counts[y[row]!]! += weight[row]!;
  return counts;
}

/** Whether two branches have enough weight. */
function divides(bags: Float64Array, branches: number, { classes, minNumObj }: SplitRules): boolean {
  let enough = 0;
  for (let b = 0; b < branches; b++) if (bagTotal(bags, b, classes) > minNumObj - epsilon) enough++;
  return enough > 1;
}

/** Information gain in bits a row of the node; rows whose value is missing gain nothing. */
function gainOf(bags: Float64Array, branches: number, total: number, { classes, xlogx }: SplitRules): number {
  let after = 0;
  for (let b = 0; b < branches; b++) after += weighedEntropy(bags, b * classes, classes, xlogx);
  const saved = weighedEntropy(classTotals(bags, branches, classes), 0, classes, xlogx) - after;
  return saved < epsilon ? 0 : saved / total;
}

/** Gain over the information of the division, where the missing values are a branch of their own. */
function ratioOf(gain: number, bags: Float64Array, branches: number, total: number, { classes, xlogx }: SplitRules): number {
  let information = xlogx(total);
  let known = 0;
  for (let b = 0; b < branches; b++) {
    const weight = bagTotal(bags, b, classes);
    information -= xlogx(weight);
    known += weight;
  }
  information -= xlogx(total - known);
  return information < epsilon ? 0 : gain / (information / total);
}

/** Weight of one branch. */
export function bagTotal(bags: Float64Array, branch: number, classes: number): number {
  let total = 0;
  for (let c = 0; c < classes; c++) total += bags[branch * classes + c]!;
  return total;
}

/** Weight of each class over all branches (k). */
export function classTotals(bags: Float64Array, branches: number, classes: number): Float64Array {
  const totals = new Float64Array(classes);
  for (let b = 0; b < branches; b++) for (let c = 0; c < classes; c++) totals[c]! += bags[b * classes + c]!;
  return totals;
}
