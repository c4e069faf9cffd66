import type { Recommendation } from "assay";
import type { ItemFacts } from "./read-interactions.ts";

/** What items offer, one after the other; those whose names sort first come first. */
export interface Offers {
  readonly ids: readonly string[];
  /** Items × dimensions. */
  readonly vectors: Float64Array;
}

/** The offers of items. */
export function offersOf(items: readonly ItemFacts[]): Offers {
  return { ids: items.map(({ id }) => id), vectors: Float64Array.from(items.flatMap(({ vector }) => vector)) };
}

/**
 * Items whose offer is nearest to a profile, of equals the one whose name sorts first; the score is 1 less the distance by the greatest there can be.
 * `allowed` holds 1 for the items that may come (all where undefined). O(items · dimensions).
 */
export function nearestOffers(
  { ids, vectors }: Offers,
  profile: readonly number[],
  k: number,
  allowed: Uint8Array | undefined,
  excluded: ReadonlySet<string>,
): Recommendation[] {
  const dimensions = profile.length;
  const best: { item: string; score: number; squares: number }[] = [];
  /** The squared distance of the worst of k: whatever is as far is not looked at to its end. */
  let limit = Infinity;
  const squaresOf = (item: number): number => {
    let squares = 0;
    for (let j = 0, at = item * dimensions; j < dimensions && squares < limit; j++, at++)
      squares += (vectors[at]! - profile[j]!) * (vectors[at]! - profile[j]!);
    return squares;
  };
  for (let item = 0; item < ids.length; item++) {
    if (allowed?.[item] === 0) continue;
    const squares = squaresOf(item);
    if (!(squares < limit) || excluded.has(ids[item]!)) continue;
    const score = 1 - Math.sqrt(squares / dimensions);
    let place = best.length;
    while (place > 0 && best[place - 1]!.score < score) place--;
    best.splice(place, 0, { item: ids[item]!, score, squares });
    if (best.length > k) best.pop();
    if (best.length === k) limit = best[k - 1]!.squares;
  }
  return best.map(({ item, score }) => ({ item, score }));
}
