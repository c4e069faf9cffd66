import type { CategorySettings } from "./workspace.ts";

/**
 * Improves `best` by the best split of a category column into a set that goes left and the rest, missing values among the rest. Few categories: one against
 * the others; many: the categories in the order of Σg / (Σh + smoothing), cut from either end, with an L2 penalty of their own. O(c log c) for c categories.
 * Source: Ke et al. (2017), LightGBM, `FindBestThresholdCategorical`; Fisher (1958), "On grouping for maximum homogeneity".
 */
export function findCategorySplit(
  numbers: Float64Array,
  words: Int32Array,
  bytes: Uint8Array,
  histogram: number,
  bins: number,
  column: number,
  facts: number,
  best: number,
  settings: CategorySettings,
): void {
  const [totalG, totalH, unitG, unitH, leastH, l1, l2] = numbers.subarray(facts / 8, facts / 8 + 7) as unknown as number[];
  const [rows, leastRows] = [numbers[facts / 8 + 11]!, numbers[facts / 8 + 12]!];
  const rowsOf = (sumH: number): number => Math.round((sumH * rows) / totalH!);
  const g = new Float64Array(bins);
  const h = new Float64Array(bins);
  for (let b = 0; b < bins; b++) {
    g[b] = whole(words, histogram / 4 + 4 * b);
    h[b] = whole(words, histogram / 4 + 4 * b + 2);
  }
  const fall = (sumG: number, sumH: number, penalty: number): number => {
    const soft = Math.max(0, Math.abs(sumG * unitG!) - l1!);
    return (soft * soft) / (sumH * unitH! + penalty);
  };
  const offer = (leftG: number, leftH: number, penalty: number, categories: Iterable<number>): void => {
    const gain = fall(leftG, leftH, penalty) + fall(totalG! - leftG, totalH! - leftH, penalty);
    if (!(gain > numbers[best / 8]!)) return;
    numbers.set([gain, column, -1, 0, leftG, leftH, penalty], best / 8);
    bytes.fill(0, best + 64, best + 64 + 256);
    for (const b of categories) bytes[best + 64 + b] = 1;
  };
  if (bins <= settings.maxCatToOnehot) {
    for (let b = 0; b < bins; b++) {
      const count = rowsOf(h[b]!);
      if (Math.min(count, rows - count) >= leastRows && Math.min(h[b]!, totalH! - h[b]!) >= leastH!)
        offer(g[b]!, h[b]!, l2!, [b]);
    }
    return;
  }
  const smooth = settings.catSmooth;
  const order = Array.from(h.keys()).filter((b) => rowsOf(h[b]!) >= smooth && h[b]! > 0);
  const rank = (b: number): number => (g[b]! * unitG!) / (h[b]! * unitH! + smooth);
  order.sort((a, b) => rank(a) - rank(b) || a - b);
  const most = Math.min(settings.maxCatThreshold, Math.floor((order.length + 1) / 2));
  const penalty = l2! + settings.catL2;
  for (const way of [order, order.toReversed()]) {
    let leftG = 0;
    let leftH = 0;
    let count = 0;
    let grouped = 0;
    for (let k = 0; k < most; k++) {
      const b = way[k]!;
      leftG += g[b]!;
      leftH += h[b]!;
      count += rowsOf(h[b]!);
      grouped += rowsOf(h[b]!);
      if (leftH < leastH! || count < leastRows) continue;
      if (totalH! - leftH < leastH! || rows - count < Math.max(leastRows, settings.minDataPerGroup)) break;
      if (grouped < settings.minDataPerGroup) continue;
      grouped = 0;
      offer(leftG, leftH, penalty, way.slice(0, k + 1));
    }
  }
}

/** A 64-bit integer of two words as a double; exact below 2⁵³. */
function whole(words: Int32Array, place: number): number {
  return words[place + 1]! * 4_294_967_296 + (words[place]! >>> 0);
}
