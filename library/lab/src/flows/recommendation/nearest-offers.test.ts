import { random } from "assay";
import { expect, test } from "vitest";
import { nearestOffers, offersOf } from "./nearest-offers.ts";

const stream = random(3, "nearest-offers");
/** Tenths, so that many items are as near. */
const tenths = (count: number): number[] => Array.from({ length: count }, () => stream.int(4) / 10);
const items = Array.from({ length: 300 }, (_, k) => ({
  id: `i${String(k).padStart(3, "0")}`,
  category: null,
  region: null,
  vector: tenths(8),
}));

/** All scores, sorted. */
function plain(profile: readonly number[], k: number, isAllowed: (place: number) => boolean) {
  return items
    .filter((_, place) => isAllowed(place))
    .map(({ id, vector }) => {
      const squares = vector.reduce((sum, value, j) => sum + (value - profile[j]!) * (value - profile[j]!), 0);
      return { item: id, score: 1 - Math.sqrt(squares / 8) };
    })
    .sort((a, b) => b.score - a.score || (a.item < b.item ? -1 : 1))
    .slice(0, k);
}

test("the nearest offers are those of all scores in order, of equals the name that sorts first", () => {
  const offers = offersOf(items);
  for (const k of [1, 7, 400]) {
    const profile = tenths(8);
    expect(nearestOffers(offers, profile, k, undefined, new Set())).toEqual(plain(profile, k, () => true));
    const allowed = Uint8Array.from(items, () => stream.int(2));
    const isLeft = (place: number) => allowed[place] === 1 && place !== 5;
    expect(nearestOffers(offers, profile, k, allowed, new Set(["i005"]))).toEqual(plain(profile, k, isLeft));
  }
});
