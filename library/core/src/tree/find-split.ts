import { type CartKernels, nodeBlock } from "../numeric/cart-kernels.ts";
import type { Cells } from "./cells.ts";
import type { Criterion, Views } from "./criteria.ts";
import type { GrowOptions } from "./grow.ts";
import type { RandomWords } from "./random-words.ts";
import type { GrowingRoom, RankedColumns } from "./rank-columns.ts";

/** Where a node is cut. */
export interface Split {
  feature: number;
  threshold: number;
  score: number;
  /** Rows of this rank or below go left; unused where cuts are drawn. */
  cut: number;
  /** Whether missing values go left: 0 or 1. */
  missingLeft: number;
  /** Columns known to be constant in the node, and so below it. */
  constants: number;
}

/** Looks for the split of a node: the n rows from place `begin` on, of which `known` columns are known to be constant. */
export type FindSplit = (begin: number, n: number, known: number) => Split;

/**
 * The search for splits over one thread's room. Columns are drawn without putting back as scikit-learn does it: constant ones count among
 * `maxFeatures`, but the search goes on until one has been tried that is not. Of equal scores (within 1e-12) the lower column and the
 * lower threshold is taken. A column with missing cells is tried with them on either side, the right one first.
 */
export function splitFinder(
  { x, sizes, values }: RankedColumns,
  cells: Cells,
  kernels: CartKernels,
  { f64, u32 }: Views,
  { rows, y, w, keys, scratch, counts, block, ...room }: GrowingRoom,
  criterion: Criterion,
  options: GrowOptions,
  random: RandomWords,
  checkpoint: () => void,
): FindSplit {
  const { minSamplesLeaf, maxFeatures, monotonic } = options;
  const d = x.columns;
  const ends = block + 8 * nodeBlock.size;
  const features = new Int32Array(u32.buffer, room.features, d);
  const constants = new Int32Array(u32.buffer, room.constants, d);
  for (let j = 0; j < d; j++) features[j] = j;
  const best: Split = { feature: -1, threshold: 0, score: 0, cut: 0, missingLeft: 0, constants: 0 };

  return (begin, n, known) => {
    best.feature = -1;
    best.score = -Infinity;
    let end = d; // behind it: columns that were tried
    let visited = 0;
    let found = 0;
    let drawn = 0;
    while (end > known + found && (visited < maxFeatures || visited <= found + drawn)) {
      visited++;
      let at = maxFeatures < d ? drawn + random.int(end - found - drawn) : drawn;
      if (at < known) {
        swap(features, drawn++, at);
        continue;
      }
      at += found;
      if (n > 10_000) checkpoint();
      if (values ? tryDrawnCut(values.bytes, features[at]!, begin, n) : tryCuts(features[at]!, begin, n))
        swap(features, --end, at);
      else swap(features, known + found++, at);
    }
    // the node's sibling finds the constants of their parent in the old order
    for (let k = 0; k < known; k++) features[k] = constants[k]!;
    for (let k = known; k < known + found; k++) constants[k] = features[k]!;
    best.constants = known + found;
    return best;
  };

  /** Tries every cut of a column; false where it is constant. */
  function tryCuts(feature: number, begin: number, n: number): boolean {
    const present = kernels.cartSort(
      cells.column(feature),
      u32[sizes / 4 + feature]!,
      rows + 4 * begin,
      n,
      keys,
      scratch,
      counts,
    );
    if (present < 0) return false;
    tryOrder(keys, feature, begin, n, present, 0);
    if (present === n) return true;
    kernels.cartRotate(keys, present, n, scratch);
    tryOrder(scratch, feature, begin, n, present, 1);
    return true;
  }

  function tryOrder(order: number, feature: number, begin: number, n: number, present: number, missingLeft: number): void {
    const from = Math.max(minSamplesLeaf, missingLeft ? n - present + 1 : 1);
    const to = Math.min(n - minSamplesLeaf, missingLeft ? n - 1 : present === n ? n - 1 : present);
    if (from > to) return;
    const at = criterion.scan(order, begin, n, from, to, monotonic?.[feature] ?? 0);
    if (at === 0 || !isBetter(feature)) return;
    const low = order / 4 + 2 * (at - 1);
    const atPlace = (place: number): number => x.data[cells.row(u32[rows / 4 + begin + u32[place]!]!) * d + feature]!;
    best.feature = feature;
    best.cut = u32[low + 1]!;
    best.missingLeft = present < n ? missingLeft : Number(at > n - at);
    best.threshold = !missingLeft && at === present ? Infinity : between(atPlace(low), atPlace(low + 2));
  }

  /** Tries one cut drawn evenly between the lowest and the highest value of a column; false where it is constant. */
  function tryDrawnCut(bytes: number, feature: number, begin: number, n: number): boolean {
    const present = kernels.cartGather(cells.column(feature), cells.rowStep(), bytes, rows + 4 * begin, n, scratch, ends);
    const lowest = f64[ends / 8]!;
    const highest = f64[ends / 8 + 1]!;
    if (present === 0 || (lowest === highest && present === n)) return false;
    const share = random.share();
    let threshold = (1 - share) * lowest + share * highest;
    if (!(threshold >= lowest && threshold < highest)) threshold = lowest;
    const missingLeft = present < n ? random.int(2) : 0;
    const left = judgeCut(begin, n, threshold, missingLeft, monotonic?.[feature] ?? 0);
    if (left === 0 || !isBetter(feature)) return true;
    best.feature = feature;
    best.threshold = threshold;
    best.missingLeft = present < n ? missingLeft : Number(left > n - left);
    return true;
  }

  /** Scores one cut of the values in `scratch`; rows on the left, or 0 where it must not be. */
  function judgeCut(begin: number, n: number, threshold: number, missingLeft: number, sign: number): number {
    const [ys, ws] = [y + 8 * begin, w + 8 * begin];
    if (criterion.isMoments)
      return kernels.cartCutMoments(scratch, n, threshold, missingLeft, ys, ws, minSamplesLeaf, sign, block);
    const left = kernels.cartHalve(scratch, n, threshold, missingLeft, keys);
    if (left < minSamplesLeaf || n - left < minSamplesLeaf) return 0;
    return criterion.scan(keys, begin, n, left, left, sign);
  }

  /** Whether the score in the block beats the best one; takes it over then. */
  function isBetter(feature: number): boolean {
    const score = f64[block / 8 + nodeBlock.score]!;
    const near = best.feature < 0 ? 0 : 1e-12 * Math.abs(best.score);
    if (score <= best.score + near && !(score >= best.score - near && feature < best.feature)) return false;
    best.score = score;
    return true;
  }
}

function swap(values: Int32Array, i: number, j: number): void {
  const value = values[i]!;
  values[i] = values[j]!;
  values[j] = value;
}

/** A threshold that separates two neighbours even where their mean rounds to the upper one. */
export function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= high || middle < low ? low : middle;
}
