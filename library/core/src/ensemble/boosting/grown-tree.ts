import type { Random } from "../../numeric/random.ts";

/** How a tree grows. */
export interface GrowSettings {
  /** `leaf`: the leaf with the best split first; `depth`: level by level. */
  readonly growth: "leaf" | "depth";
  readonly numLeaves: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly minChildWeight: number;
  readonly minSplitGain: number;
  readonly regLambda: number;
  readonly regAlpha: number;
  readonly maxDeltaStep: number;
  /** Share of the tree's columns that each split tries. */
  readonly colsampleByNode: number;
  /** −1, 0 or 1 a column (d). */
  readonly signs: Int8Array;
  /** Groups of columns that may meet on a path; undefined: all may. */
  readonly interactions: readonly (readonly number[])[] | undefined;
  /** 1 where a column holds categories (d). */
  readonly categories: Uint8Array;
}

/** A node of the tree that was grown; leaves have no split. */
export interface GrownNode {
  readonly depth: number;
  /** Place in the index of the node's first row, and number of rows. */
  start: number;
  rows: number;
  /** Σg and Σh in quantised units. */
  readonly g: number;
  readonly h: number;
  /** The answer's bounds under monotone constraints. */
  low: number;
  high: number;
  /** L2 penalty that the answer is taken with. */
  readonly penalty: number;
  /** Columns on the path, for interaction constraints. */
  readonly path: readonly number[];
  /** What a leaf here answers, before the step size. */
  value: number;
  histogram: number;
  best: Split | undefined;
  split: Split | undefined;
  left: number;
  right: number;
}

/** A split of a node. */
export interface Split {
  readonly gain: number;
  readonly column: number;
  /** Last bin that goes left; −1 for a set of categories. */
  readonly bin: number;
  missingLeft: boolean;
  readonly leftG: number;
  readonly leftH: number;
  /** L2 penalty of the children. */
  readonly penalty: number;
  /** 1 where a bin goes left (256). */
  readonly table: Uint8Array;
}

/** Quantised units of the gradients at hand. */
export interface Units {
  readonly g: number;
  readonly h: number;
  /** Where the pairs of this tree's output lie. */
  readonly gradients: number;
}

/** A node that nothing is known of yet. */
export const bare: GrownNode = {
  depth: 0,
  start: 0,
  rows: 0,
  g: 0,
  h: 0,
  low: -Infinity,
  high: Infinity,
  penalty: 0,
  path: [],
  value: 0,
  histogram: -1,
  best: undefined,
  split: undefined,
  left: -1,
  right: -1,
};

/** G beyond the L1 penalty, in units of the loss. */
function softG({ g }: GrownNode, { regAlpha }: GrowSettings, units: Units): number {
  const real = g * units.g;
  return Math.sign(real) * Math.max(0, Math.abs(real) - regAlpha);
}

/** What a leaf answers: −G / (H + λ), within the largest step and the bounds; 0 where nothing pulls. */
export function answerOf(leaf: GrownNode, settings: GrowSettings, units: Units): number {
  const below = leaf.h * units.h + leaf.penalty;
  const free = below > 0 ? -softG(leaf, settings, units) / below : 0;
  const { maxDeltaStep } = settings;
  const stepped = maxDeltaStep > 0 ? Math.max(-maxDeltaStep, Math.min(maxDeltaStep, free)) : free;
  return Math.min(leaf.high, Math.max(leaf.low, stepped));
}

/** Twice the fall of the loss that the leaf's own answer brings. */
export function fallOf(leaf: GrownNode, settings: GrowSettings, units: Units): number {
  const out = answerOf(leaf, settings, units);
  return -(2 * softG(leaf, settings, units) * out + (leaf.h * units.h + settings.regLambda) * out * out);
}

/** 0 where a leaf may split on a numeric column, 3 on one with missing values, 2 on one of categories, 1 not at all (d). */
export function columnKinds(
  { path }: GrownNode,
  { categories, interactions, colsampleByNode }: GrowSettings,
  allowed: Uint8Array,
  someMissing: Uint8Array,
  draw: Random,
): Uint8Array {
  const kinds = Uint8Array.from(allowed, (isAllowed, f) => (!isAllowed ? 1 : categories[f] ? 2 : 3 * someMissing[f]!));
  if (interactions) {
    const groups = interactions.filter((group) => path.every((f) => group.includes(f)));
    for (let f = 0; f < kinds.length; f++) if (!groups.some((group) => group.includes(f))) kinds[f] = 1;
  }
  if (colsampleByNode < 1) {
    const open = Array.from(kinds.keys()).filter((f) => kinds[f] !== 1);
    draw.shuffle(open);
    for (const f of open.slice(Math.max(1, Math.ceil(open.length * colsampleByNode)))) kinds[f] = 1;
  }
  return kinds;
}
