import { type Categories, type Merged, type MergeRules, mergeCategories } from "./chaid-merge.ts";
import type { MultiwayNode, MultiwayQuestion } from "./multiway-tree.ts";

/** A column as categories. */
export interface ChaidColumn {
  readonly name: string;
  /** Code of each row; −1 where missing (n). */
  readonly codes: Int32Array;
  /** Number of codes. */
  readonly size: number;
  readonly isOrdered: boolean;
  /** Upper ends of the intervals of a number, the last +∞; undefined for levels. */
  readonly ends: readonly number[] | undefined;
}

/** What a tree learns of its target: a row's addition to a profile, and what a profile says. */
export interface ChaidTarget {
  /** Numbers in a profile. */
  readonly width: number;
  /** Adds a row to the profile that begins at a place. */
  add(profiles: Float64Array, at: number, row: number): void;
  weight(profile: Float64Array): number;
  value(profile: Float64Array): Float64Array;
  impurity(profile: Float64Array): number;
}

/** How a tree grows. */
export interface ChaidRules extends MergeRules {
  readonly alphaSplit: number;
  readonly minSamplesSplit: number;
  readonly maxDepth: number;
}

/** A node with the test of its question. */
interface ChaidNode extends MultiwayNode {
  question: MultiwayQuestion | undefined;
  children: ChaidNode[];
  /** χ², likelihood ratio or F of the question; 0 at a leaf. */
  statistic: number;
  /** ln of its adjusted p-value. */
  logP: number;
}

/** Grows a tree: each node asks the column whose groups differ with the smallest adjusted p-value. O(d (n + merging)) a level. */
export function growChaid(
  who: string,
  columns: readonly ChaidColumn[],
  target: ChaidTarget,
  rows: Int32Array,
  rules: ChaidRules,
  checkpoint: () => void,
): ChaidNode {
  const root = leafOf(target, rows);
  const open = [{ node: root, rows, depth: 0 }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, rows: own, depth } = at;
    if (depth >= rules.maxDepth || node.weight < rules.minSamplesSplit || node.impurity <= 0) continue;
    const found = bestColumn(who, columns, target, own, rules, checkpoint);
    if (!found) continue;
    const { column, merged } = found;
    node.question = questionOf(columns, column, merged.groups);
    node.statistic = merged.statistic;
    node.logP = merged.logP;
    const parts = divideRows(columns[column]!, merged.groups, own);
    node.children = parts.map((part) => leafOf(target, part));
    parts.forEach((part, g) => {
      open.push({ node: node.children[g]!, rows: part, depth: depth + 1 });
    });
  }
  return root;
}

function leafOf(target: ChaidTarget, rows: Int32Array): ChaidNode {
  const profile = new Float64Array(target.width);
  for (const row of rows) target.add(profile, 0, row);
  const [weight, value, impurity] = [target.weight(profile), target.value(profile), target.impurity(profile)];
  return { question: undefined, children: [], weight, value, impurity, statistic: 0, logP: 0 };
}

function bestColumn(
  who: string,
  columns: readonly ChaidColumn[],
  target: ChaidTarget,
  rows: Int32Array,
  rules: ChaidRules,
  checkpoint: () => void,
): { column: number; merged: Merged } | undefined {
  let best: { column: number; merged: Merged } | undefined;
  for (let j = 0; j < columns.length; j++) {
    checkpoint();
    const column = columns[j]!;
    const merged = mergeCategories(`${who}: column "${column.name}"`, categoriesOf(column, target, rows), rules, checkpoint);
    if (merged && merged.logP <= Math.log(rules.alphaSplit) && isBetter(merged, best?.merged)) best = { column: j, merged };
  }
  return best;
}

/** Smaller p first; of equal ones the larger statistic, then the lower column. */
function isBetter(one: Merged, other: Merged | undefined): boolean {
  return !other || one.logP < other.logP || (one.logP === other.logP && one.statistic > other.statistic);
}

function categoriesOf({ codes, size, isOrdered }: ChaidColumn, target: ChaidTarget, rows: Int32Array): Categories {
  const { width } = target;
  const table = new Float64Array((size + 1) * width);
  const seen = new Uint8Array(size + 1);
  for (const row of rows) {
    const place = codes[row]! < 0 ? size : codes[row]!;
    target.add(table, place * width, row);
    seen[place] = 1;
  }
  const present = Array.from(seen, (is, place) => (is ? place : -1)).filter((place) => place >= 0);
  const profiles = present.map((place) => table.subarray(place * width, (place + 1) * width));
  return {
    codes: present.map((place) => (place === size ? -1 : place)),
    profiles,
    weights: profiles.map((profile) => target.weight(profile)),
    isOrdered,
  };
}

/** Codes that the node has not seen belong to their lower neighbour where there is an order, else to nobody. */
function questionOf(columns: readonly ChaidColumn[], column: number, groups: Merged["groups"]): MultiwayQuestion {
  const { size, isOrdered, ends } = columns[column]!;
  const pieceChild = new Int32Array(size).fill(-1);
  groups.forEach((group, g) => {
    for (const code of group) if (code >= 0) pieceChild[code] = g;
  });
  if (isOrdered) {
    let near = pieceChild.find((child) => child >= 0) ?? 0;
    for (let code = 0; code < size; code++) near = pieceChild[code]! < 0 ? (pieceChild[code] = near) : pieceChild[code]!;
  }
  return { column, pieceChild, missingChild: groups.findIndex((group) => group.includes(-1)), ...(ends && { pieceEnd: ends }) };
}

function divideRows({ codes, size }: ChaidColumn, groups: Merged["groups"], rows: Int32Array): Int32Array[] {
  const groupOf = new Int32Array(size + 1);
  groups.forEach((group, g) => {
    for (const code of group) groupOf[code < 0 ? size : code] = g;
  });
  const parts: number[][] = groups.map(() => []);
  for (const row of rows) parts[groupOf[codes[row]! < 0 ? size : codes[row]!]!]!.push(row);
  return parts.map((part) => Int32Array.from(part));
}
