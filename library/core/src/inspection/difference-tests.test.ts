import { describe, expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { type LossSums, shareDifference, welchDifference } from "./difference-tests.ts";
import { mcnemarP } from "./mcnemar.ts";
import { benjaminiHochberg } from "./multiple-tests.ts";

interface Oracle {
  readonly p: readonly number[];
  readonly adjusted: readonly number[];
  readonly shares: readonly {
    readonly counts: readonly [number, number, number, number];
    readonly p: number;
    readonly interval: readonly number[];
  }[];
  readonly means: readonly {
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly p: number;
    readonly interval: readonly number[];
  }[];
  readonly mcnemar: readonly { readonly counts: readonly [number, number]; readonly p: number }[];
}

const oracle = fixture<Oracle>(import.meta.url, "difference-tests");

const sums = (values: readonly number[], weight = 1): LossSums => ({
  count: values.length,
  weight: weight * values.length,
  weightSquares: weight * weight * values.length,
  loss: values.reduce((sum, value) => sum + weight * value, 0),
  lossSquares: values.reduce((sum, value) => sum + weight * value * value, 0),
});

describe("differences of losses", () => {
  test.each(oracle.shares)(
    "$counts: Fisher's p and Newcombe's interval equal scipy's and statsmodels'",
    ({ counts, p, interval }) => {
      const found = shareDifference(...counts);
      expect(found.pValue).toBeCloseTo(p, 11);
      expect(found.interval[0]).toBeCloseTo(interval[0]!, 9);
      expect(found.interval[1]).toBeCloseTo(interval[1]!, 9);
    },
  );
  test.each(oracle.means)("Welch's p and interval equal scipy's", ({ a, b, p, interval }) => {
    const found = welchDifference(sums(a), sums(b));
    expect(found.pValue).toBeCloseTo(p, 10);
    expect(found.interval[0]).toBeCloseTo(interval[0]!, 8);
    expect(found.interval[1]).toBeCloseTo(interval[1]!, 8);
  });
  test("weights of one size change nothing", () => {
    const [{ a, b }] = oracle.means as [Oracle["means"][number]];
    expect(welchDifference(sums(a, 3), sums(b, 3)).pValue).toBeCloseTo(welchDifference(sums(a), sums(b)).pValue, 12);
  });
  test("losses that do not vary differ surely, or not at all", () => {
    expect(welchDifference(sums([1, 1, 1]), sums([0, 0, 0])).pValue).toBe(0);
    expect(welchDifference(sums([1, 1, 1]), sums([1, 1, 1]))).toEqual({ effect: 0, interval: [0, 0], pValue: 1 });
  });
});

test("benjaminiHochberg equals statsmodels' fdr_bh", () => {
  for (const [k, p] of benjaminiHochberg(oracle.p).entries()) expect(p).toBeCloseTo(oracle.adjusted[k]!, 14);
});

test("benjaminiHochberg refuses what is no p-value", () => {
  expect(() => benjaminiHochberg([0.1, 2])).toThrow("p-values must be 0 … 1, got 2 at 1");
  expect(benjaminiHochberg([])).toHaveLength(0);
});

test.each(oracle.mcnemar)("mcnemarP of $counts equals statsmodels' exact test", ({ counts, p }) => {
  expect(mcnemarP(...counts)).toBeCloseTo(p, 12);
});

test("mcnemarP of models that never differ is 1", () => expect(mcnemarP(0, 0)).toBe(1));
