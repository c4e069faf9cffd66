import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { armOf, placeOf } from "./ab-arm.ts";

test("a person's place is what the published vectors say", () => {
  const vectors: { seed: string; user: string; place: number }[] = JSON.parse(
    readFileSync(new URL("fixtures/ab-places.json", import.meta.url), "utf8"),
  );
  for (const { seed, user, place } of vectors) expect(placeOf(seed, user)).toBe(place);
});

test("a place is on [0, 1), always the same, and B's alone below its share", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      (seed, user, ratio) => {
        const place = placeOf(seed, user);
        expect(place >= 0 && place < 1).toBe(true);
        expect(armOf(seed, ratio, user)).toBe(place < ratio ? "b" : "a");
        expect(placeOf(seed, user)).toBe(place);
      },
    ),
  );
});

test("of a million people B gets its share, spread evenly, and independently of another test", () => {
  const n = 1_000_000;
  const [ratio, other] = [0.3, 0.5];
  let inB = 0;
  let both = 0;
  let inOther = 0;
  let moved = 0;
  const tenths = new Float64Array(10);
  for (let i = 0; i < n; i++) {
    const place = placeOf("first", `user-${i}`);
    const isB = place < ratio;
    const isOtherB = armOf("second", other, `user-${i}`) === "b";
    inB += Number(isB);
    inOther += Number(isOtherB);
    both += Number(isB && isOtherB);
    tenths[Math.floor(10 * place)]!++;
    if (i % 100 === 0) moved += Number((armOf("first", ratio, `user-${i}`) === "b") !== isB);
  }
  const off = (count: number, share: number): number => Math.abs(count - n * share) / Math.sqrt(n * share * (1 - share));
  expect(moved).toBe(0);
  expect(off(inB, ratio)).toBeLessThan(4);
  expect(off(inOther, other)).toBeLessThan(4);
  expect(off(both, ratio * other)).toBeLessThan(4);
  for (const count of tenths) expect(off(count, 0.1)).toBeLessThan(4.5);
});
