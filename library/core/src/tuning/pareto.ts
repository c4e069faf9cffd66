import type { Direction } from "./storage.ts";

/**
 * Places of the points that no other dominates: none is as good in every objective and better in one. Equal points all stay.
 * In ascending order of place. O(n log n) for one and two objectives, else O(n² m).
 */
export function paretoFront(values: readonly (readonly number[])[], directions: readonly Direction[]): number[] {
  const losses = lossesOf(values, directions);
  const order = losses.map((_, k) => k).sort((a, b) => compareLosses(losses[a]!, losses[b]!));
  const front = directions.length <= 2 ? sweep(losses, order) : pairwise(losses, order);
  return front.sort((a, b) => a - b);
}

/** The values as losses: small is good. */
export function lossesOf(values: readonly (readonly number[])[], directions: readonly Direction[]): number[][] {
  return values.map((point) => point.map((value, m) => (directions[m] === "minimize" ? value : -value)));
}

/** Lexicographic order of losses. */
export function compareLosses(a: readonly number[], b: readonly number[]): number {
  for (let m = 0; m < a.length; m++) if (a[m] !== b[m]) return a[m]! < b[m]! ? -1 : 1;
  return 0;
}

/** Whether a is nowhere worse than b and somewhere better. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let m = 0; m < a.length; m++) {
    if (a[m]! > b[m]!) return false;
    if (a[m]! < b[m]!) better = true;
  }
  return better;
}

/** In lexicographic order a point stays when its last loss is below all before, or when it equals the last that stayed. */
function sweep(losses: readonly (readonly number[])[], order: readonly number[]): number[] {
  const front: number[] = [];
  let least = Infinity;
  for (const k of order) {
    const last = losses[k]!.at(-1)!;
    const former = front.at(-1);
    const equal = former !== undefined && compareLosses(losses[former]!, losses[k]!) === 0;
    if (former !== undefined && !equal && (losses[k]!.length === 1 || last >= least)) continue;
    front.push(k);
    least = Math.min(least, last);
  }
  return front;
}

/** In lexicographic order only points before can dominate, and of those only the ones that stay. */
function pairwise(losses: readonly (readonly number[])[], order: readonly number[]): number[] {
  const front: number[] = [];
  for (const k of order) if (!front.some((other) => dominates(losses[other]!, losses[k]!))) front.push(k);
  return front;
}

/** Rank of each point: 0 the front, 1 the front of what is left, and so on. O(n² m). Source: Deb et al. (2002), NSGA-II. */
export function paretoRanks(losses: readonly (readonly number[])[]): Int32Array {
  const ranks = new Int32Array(losses.length);
  const fronts: number[][] = [];
  const order = losses.map((_, k) => k).sort((a, b) => compareLosses(losses[a]!, losses[b]!));
  for (const k of order) {
    let rank = fronts.findIndex((front) => !front.some((other) => dominates(losses[other]!, losses[k]!)));
    if (rank < 0) rank = fronts.push([]) - 1;
    fronts[rank]!.push(k);
    ranks[k] = rank;
  }
  return ranks;
}
