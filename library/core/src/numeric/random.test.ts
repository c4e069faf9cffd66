import { describe, expect, test } from "vitest";
import { philox, random } from "./random.ts";

describe("philox4x32-10 gives the published answers", () => {
  test.each([
    ["zeros", [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    [
      "ones",
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      "digits of π",
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("for %s", (_, counter, key, expected) => {
    const out = new Uint32Array(4);
    philox(Uint32Array.from(counter), Uint32Array.from(key), out);
    expect(Array.from(out)).toEqual(expected);
  });
});

describe("random", () => {
  const draws = (seed: number, name: string) => Array.from({ length: 20 }, random(seed, name).float);

  test("repeats for the same seed and name", () => expect(draws(7, "tree/1")).toEqual(draws(7, "tree/1")));
  test("differs between names", () => expect(draws(7, "tree/1")).not.toEqual(draws(7, "tree/2")));
  test("differs between seeds", () => expect(draws(7, "tree/1")).not.toEqual(draws(8, "tree/1")));
  test("permutation holds every index once", () => {
    expect(Array.from(random(1, "p").permutation(100)).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
  test("int is uniform: χ² of 60,000 draws over 6 faces lies below its 99.9 % quantile", () => {
    const { int } = random(3, "die");
    const counts = new Float64Array(6);
    for (let i = 0; i < 60_000; i++) counts[int(6)]!++;
    expect(counts.reduce((sum, n) => sum + ((n - 10_000) * (n - 10_000)) / 10_000, 0)).toBeLessThan(20.52);
  });
  test("normal has mean 0 and variance 1 to four standard errors", () => {
    const { normal } = random(5, "normal");
    const values = Array.from({ length: 40_000 }, normal);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) * (b - mean), 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(4 / 200);
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 40_000));
  });
});
