import { correctedResampledP } from "./student-t.ts";

/**
 * P-values adjusted for how many there are, so that the chance of one false alarm among all stays below the level. NaN stays, and does not
 * count. O(m log m). Source: Holm (1979), Scandinavian Journal of Statistics 6(2). Oracle: statsmodels' multipletests.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.flatMap((p, k) => (Number.isNaN(p) ? [] : [k])).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => Number.NaN);
  let largest = 0;
  for (const [rank, k] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * pValues[k]!));
    adjusted[k] = largest;
  }
  return adjusted;
}

/** P-value of the difference of two models on shared folds, by the corrected resampled t-test; NaN where a fold has no score. */
export function pairedP(a: readonly number[], b: readonly number[], testShare: number): number {
  const differences = a.map((score, k) => score - b[k]!);
  return differences.length > 1 && differences.every(Number.isFinite) ? correctedResampledP(differences, testShare) : Number.NaN;
}

/**
 * Letters that say which of several things differ: two that share a letter do not differ, two that share none do. `differ` holds the pairs that do,
 * each as [smaller place, larger place]. Source: Piepho (2004), Journal of Computational and Graphical Statistics 13(2): insert and absorb.
 */
export function significanceLetters(count: number, differ: readonly (readonly [number, number])[]): string[] {
  let groups: ReadonlySet<number>[] = [new Set(Array.from({ length: count }, (_, k) => k))];
  for (const [a, b] of differ) {
    const split = groups.flatMap((group) => (group.has(a) && group.has(b) ? [without(group, a), without(group, b)] : [group]));
    groups = split.filter(
      (group, k) => !split.some((other, o) => o !== k && isWithin(group, other) && (group.size < other.size || o < k)),
    );
  }
  const sorted = groups.map((group) => [...group].sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]! || a.at(-1)! - b.at(-1)!);
  return Array.from({ length: count }, (_, k) => sorted.map((group, g) => (group.includes(k) ? letterOf(g) : "")).join(""));
}

function isWithin(group: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return [...group].every((member) => other.has(member));
}

function without(group: ReadonlySet<number>, member: number): ReadonlySet<number> {
  return new Set([...group].filter((each) => each !== member));
}

function letterOf(place: number): string {
  return place < 26
    ? String.fromCharCode(97 + place)
    : `${String.fromCharCode(96 + Math.floor(place / 26))}${letterOf(place % 26)}`;
}
