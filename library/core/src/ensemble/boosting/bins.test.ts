import { describe, expect, test } from "vitest";
import { random } from "../../numeric/random.ts";
import { binCount, categoryBins, numericBins } from "./bins.ts";

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
const uppersOf = (values: readonly number[], maxBins = 255, minDataInBin = 1): number[] => {
  const bins = numericBins(sorted(values), maxBins, minDataInBin);
  return bins.kind === "number" ? [...bins.uppers] : [];
};

describe("numericBins", () => {
  test("of few values end halfway between them, the last at +∞", () => {
    expect(uppersOf([1, 2, 2, 4]).map((upper) => Number(upper.toPrecision(12)))).toEqual([1e-35, 1.5, 3, Infinity]);
  });

  test("give zero a bin of its own", () => {
    expect(uppersOf([-1, 0, 0, 1])).toEqual([-1e-35, 1e-35, Infinity]);
  });

  test("hold the least number of values each, where the values allow it", () => {
    expect(uppersOf([1, 2, 3, 4, 5, 6], 255, 3)).toEqual([1e-35, 3.5000000000000004, Infinity]);
  });

  test("are never more than asked for", () => {
    const draw = random(1, "bins");
    const values = Array.from({ length: 5000 }, () => draw.normal());
    expect([2, 3, 16, 255].map((most) => uppersOf(values, most).length <= most)).toEqual([true, true, true, true]);
  });

  test("hold about equally many values", () => {
    const draw = random(2, "bins");
    const values = sorted(Array.from({ length: 10_000 }, () => draw.float() + 1));
    const uppers = uppersOf([...values], 21);
    const counts = uppers.slice(1).map((upper, k) => values.filter((value) => value > uppers[k]! && value <= upper).length);
    expect([Math.min(...counts) > 450, Math.max(...counts) < 550]).toEqual([true, true]);
  });

  test("give a value with very many rows a bin to itself", () => {
    const draw = random(3, "bins");
    const values = [...Array.from({ length: 900 }, () => 5), ...Array.from({ length: 1000 }, () => draw.float() * 10 + 0.1)];
    const uppers = uppersOf(values, 10);
    const bin = uppers.findIndex((upper) => upper >= 5);
    expect([uppers[bin - 1]! < 5, uppers[bin]! - uppers[bin - 1]! < 0.05]).toEqual([true, true]);
  });

  test("do not overflow between ±1e308", () => {
    expect(uppersOf([-1e308, 1e308])).toEqual([-1e-35, 1e-35, Infinity]);
  });

  test("of a column without values are one", () => {
    expect(binCount(numericBins(new Float64Array(0), 255, 3))).toBe(1);
  });
});

describe("categoryBins", () => {
  test("take the most frequent first, the lower code of equals", () => {
    const bins = categoryBins(Float64Array.of(3, 9, 3, 0), 255, 1);
    expect(bins.kind === "category" && [...bins.categories]).toEqual([1, 0, 2]);
  });

  test("leave out what lies beyond 99 % of the rows", () => {
    expect(binCount(categoryBins(Float64Array.of(500, 495, 3, 2), 255, 1))).toBe(2);
  });

  test("are never more than asked for", () => {
    expect(binCount(categoryBins(new Float64Array(1000).fill(5), 255, 1))).toBe(255);
  });
});
