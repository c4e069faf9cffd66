import { sortDoubles } from "../numeric/sort-doubles.ts";
import { kthDistances } from "./nearest-in-plane.ts";

/** Euler's constant. */
const gamma = 0.577_215_664_901_532_9;

/** ψ(1), ψ(2), … up to ψ(n) at place n: the digamma function of whole numbers. */
export function digammas(n: number): Float64Array {
  const psi = new Float64Array(n + 1);
  psi[0] = Number.NaN;
  psi[1] = -gamma;
  for (let m = 2; m <= n; m++) psi[m] = psi[m - 1]! + 1 / (m - 1);
  return psi;
}

/**
 * Mutual information of two number columns, in nats, from the distances to the k-th nearest rows. O(n log n).
 * Source: Kraskov, Stögbauer & Grassberger (2004), Physical Review E 69, first estimator. Oracle: scikit-learn's _compute_mi_cc.
 */
export function informationOfNumbers(x: Float64Array, y: Float64Array, neighbors: number, checkpoint: () => void): number {
  const n = x.length;
  const k = Math.min(neighbors, n - 1);
  const radii = kthDistances(x, y, k, checkpoint);
  const psi = digammas(n);
  checkpoint();
  const nearX = meanDigammaOfNear(x, sortDoubles(x.slice()), radii, psi);
  checkpoint();
  const nearY = meanDigammaOfNear(y, sortDoubles(y.slice()), radii, psi);
  return Math.max(0, psi[n]! + psi[k]! - nearX - nearY);
}

/**
 * Mutual information of a number column and classes, in nats: rows alone in their class are left out. O(n log n).
 * Source: Ross (2014), PLoS ONE 9(2). Oracle: scikit-learn's _compute_mi_cd.
 */
export function informationOfClasses(
  values: Float64Array,
  codes: Int32Array,
  classes: number,
  neighbors: number,
  checkpoint: () => void,
): number {
  const counts = new Int32Array(classes);
  for (const code of codes) counts[code]!++;
  const rows = Int32Array.from(values.keys()).filter((i) => counts[codes[i]!]! > 1);
  const n = rows.length;
  if (n === 0) return 0;
  const kept = new Float64Array(n);
  const radii = new Float64Array(n);
  const psi = digammas(n);
  let ofNeighbors = 0;
  let ofClasses = 0;
  let at = 0;
  for (let code = 0; code < classes; code++) {
    const m = counts[code]!;
    if (m < 2) continue;
    checkpoint();
    const own = new Float64Array(m);
    let filled = 0;
    for (const i of rows) if (codes[i] === code) own[filled++] = values[i]!;
    sortDoubles(own);
    const k = Math.min(neighbors, m - 1);
    kthDistancesOnLine(own, k, radii.subarray(at, at + m));
    kept.set(own, at);
    at += m;
    ofNeighbors += m * psi[k]!;
    ofClasses += m * psi[m]!;
  }
  checkpoint();
  const near = meanDigammaOfNear(kept, sortDoubles(kept.slice()), radii, psi);
  return Math.max(0, psi[n]! + ofNeighbors / n - ofClasses / n - near);
}

/** Mutual information of two columns of codes, in nats. O(n + levels × classes). Oracle: sklearn.metrics.mutual_info_score. */
export function informationOfCodes(a: Int32Array, b: Int32Array): number {
  const n = a.length;
  const width = b.reduce((most, code) => Math.max(most, code), 0) + 1;
  const cells = new Map<number, number>();
  const [inA, inB] = [new Map<number, number>(), new Map<number, number>()];
  for (let i = 0; i < n; i++) {
    const cell = a[i]! * width + b[i]!;
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
    inA.set(a[i]!, (inA.get(a[i]!) ?? 0) + 1);
    inB.set(b[i]!, (inB.get(b[i]!) ?? 0) + 1);
  }
  let sum = 0;
  for (const [cell, count] of cells) {
    const expected = inA.get(Math.floor(cell / width))! * inB.get(cell % width)!;
    sum += (count / n) * (Math.log(count) - Math.log(expected) + Math.log(n));
  }
  return Math.abs(sum) < Number.EPSILON ? 0 : Math.max(0, sum);
}

/** Distance of each value to its k-th nearest other one; values ascending. O(n + shifts of the window). */
function kthDistancesOnLine(sorted: Float64Array, k: number, out: Float64Array): void {
  const m = sorted.length;
  for (let i = 0, low = 0; i < m; i++) {
    const value = sorted[i]!;
    low = Math.max(low, i - k);
    while (low < i && low + k + 1 < m && sorted[low + k + 1]! - value < value - sorted[low]!) low++;
    out[i] = Math.max(value - sorted[low]!, sorted[Math.min(m - 1, low + k)]! - value);
  }
}

/** Mean of ψ(how many values lie nearer than the radius, itself among them); at radius 0 how many are equal. O(n log n). */
function meanDigammaOfNear(values: Float64Array, sorted: Float64Array, radii: Float64Array, psi: Float64Array): number {
  let sum = 0;
  let lost = 0; // Kahan
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const radius = radii[i]!;
    const term = psi[firstBeyond(sorted, value, radius) - firstWithin(sorted, value, radius)]! - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sum / values.length;
}

/** First place whose value is nearer below than the radius. */
function firstWithin(sorted: Float64Array, value: number, radius: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const away = value - sorted[middle]!;
    if (away < radius || away <= 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** First place behind the values that are nearer above than the radius. */
function firstBeyond(sorted: Float64Array, value: number, radius: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const away = sorted[middle]! - value;
    if (away < radius || away <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
