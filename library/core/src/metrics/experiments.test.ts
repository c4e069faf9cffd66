import { describe, expect, test } from "vitest";
import { type Random, random } from "../numeric/random.ts";
import { variance } from "../numeric/statistics.ts";
import { fixture } from "../testing/fixture.ts";
import { meanEffect, powerOf, type Sums, sampleRatioTest, sampleSize, sequentialEffect, shareEffect } from "./index.ts";

interface Oracle {
  readonly shares: readonly { counts: [number, number, number, number]; low: number; high: number; p: number }[];
  readonly means: readonly { first: number[]; second: number[]; low: number; high: number; p: number }[];
  readonly ratios: readonly { counts: number[]; shares: number[]; chi: number; p: number; always: number }[];
  readonly mixtures: readonly { difference: number; error: number; count: number; p: number }[];
  readonly powers: readonly { effect: number; sd: number; power: number; ratio: number; first: number }[];
  readonly chances: readonly { baseline: number; effect: number; total: number; power: number }[];
}
const oracle = fixture<Oracle>(import.meta.url, "experiments");

const sumsOf = (values: number[]): Sums => ({
  count: values.length,
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  variance: variance(values, 1),
});
const near = (value: number, wanted: number, tolerance = 1e-9): void =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1e-3, Math.abs(wanted)));

describe("against statsmodels and scipy", () => {
  test("the difference of shares has Newcombe's interval and the score test's p", () => {
    for (const { counts, low, high, p } of oracle.shares) {
      const effect = shareEffect({ ones: counts[0], count: counts[1] }, { ones: counts[2], count: counts[3] });
      near(effect.low, low);
      near(effect.high, high);
      near(effect.pValue, p);
    }
  });

  test("the difference of means has Welch's interval and p", () => {
    for (const { first, second, low, high, p } of oracle.means) {
      const effect = meanEffect(sumsOf(first), sumsOf(second), { confidence: 0.9 });
      near(effect.low, low);
      near(effect.high, high);
      near(effect.pValue, p);
    }
  });

  test("the sample ratio has χ², its p, and the Dirichlet-multinomial ratio", () => {
    for (const { counts, shares, chi, p, always } of oracle.ratios) {
      const ratio = sampleRatioTest(counts, shares);
      near(ratio.chiSquare, chi);
      near(ratio.pValue, p);
      near(ratio.alwaysValidPValue, always);
    }
  });

  test("the always-valid p is the normal mixture's integral", () => {
    for (const { difference, error, count, p } of oracle.mixtures) {
      const group = { count: count / 2, variance: (error * error * count) / 4 };
      near(sequentialEffect({ ...group, mean: 0 }, { ...group, mean: difference }).pValue, p, 1e-8);
    }
  });

  test("the sample size for means, and the power for shares", () => {
    for (const { first, ...options } of oracle.powers) expect(Math.abs(sampleSize(options).first - first)).toBeLessThan(1);
    for (const { total, power, ...options } of oracle.chances)
      expect(Math.abs(powerOf(total, options) - power)).toBeLessThan(2e-3);
  });
});

/** How often a bound on the difference of two equal laws is ever broken, looked at after every value. */
function brokenShare(draw: (from: Random) => number, options: { binary: boolean; ratio: number }, name: string): number {
  let broken = 0;
  for (let round = 0; round < 400; round++) {
    const from = random(round, `experiments/${name}`);
    const [a, b] = [
      { count: 0, mean: 0, squares: 0 },
      { count: 0, mean: 0, squares: 0 },
    ];
    for (let i = 0; i < 2500; i++) {
      const group = from.float() < options.ratio ? b : a;
      const value = draw(from);
      const off = value - group.mean;
      group.count++;
      group.mean += off / group.count;
      group.squares += off * (value - group.mean);
      const sums = (of: typeof a): Sums => ({ count: of.count, mean: of.mean, variance: of.squares / (of.count - 1) });
      if (i % 5 > 0 || sequentialEffect(sums(a), sums(b), { binary: options.binary, plannedCount: 1000 }).pValue > 0.05) continue;
      broken++;
      break;
    }
  }
  return broken / 400;
}

describe("under looks without end", () => {
  // 0.05 and three standard errors of 400 rounds
  const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / 400);

  test.each([
    ["rare ones", (from: Random) => Number(from.float() < 0.05), { binary: true, ratio: 0.5 }],
    ["rare ones, a tenth in the second group", (from: Random) => Number(from.float() < 0.05), { binary: true, ratio: 0.1 }],
    ["even ones", (from: Random) => Number(from.float() < 0.5), { binary: true, ratio: 0.5 }],
    ["normal values", (from: Random) => from.normal(), { binary: false, ratio: 0.3 }],
    ["skewed values", (from: Random) => -Math.log(1 - from.float()), { binary: false, ratio: 0.5 }],
  ] as const)("%s of no difference seldom look different", (name, draw, options) => {
    expect(brokenShare(draw, options, name)).toBeLessThanOrEqual(most);
  });

  test("Welch's p breaks far more often: the bound is needed", () => {
    let broken = 0;
    for (let round = 0; round < 200; round++) {
      const from = random(round, "experiments/naive");
      const values: [number[], number[]] = [[], []];
      for (let i = 0; i < 400; i++) {
        values[i % 2]!.push(from.normal());
        if (i < 40 || i % 10 > 0) continue;
        if (meanEffect(sumsOf(values[0]), sumsOf(values[1])).pValue > 0.05) continue;
        broken++;
        break;
      }
    }
    expect(broken / 200).toBeGreaterThan(0.12);
  });

  test("a difference that is there is found", () => {
    let found = 0;
    for (let round = 0; round < 50; round++) {
      const from = random(round, "experiments/power");
      const shares = [0.1, 0.16];
      const ones = shares.map((share) => Array.from({ length: 2500 }, () => Number(from.float() < share)));
      if (sequentialEffect(sumsOf(ones[0]!), sumsOf(ones[1]!), { binary: true }).low > 0) found++;
    }
    expect(found).toBeGreaterThanOrEqual(45);
  });

  test("a sample ratio as asked for seldom looks wrong, a wrong one does", () => {
    let broken = 0;
    for (let round = 0; round < 300; round++) {
      const from = random(round, "experiments/ratio");
      const counts = [0, 0];
      for (let i = 0; i < 3000; i++) {
        counts[from.float() < 0.3 ? 1 : 0]!++;
        if (i % 10 > 0 || sampleRatioTest(counts, [0.7, 0.3]).alwaysValidPValue > 0.05) continue;
        broken++;
        break;
      }
    }
    expect(broken / 300).toBeLessThanOrEqual(most);
    expect(sampleRatioTest([7600, 2400], [0.7, 0.3]).alwaysValidPValue).toBeLessThan(1e-6);
  });
});

describe("edges", () => {
  test("groups without spread or with few values have no sequential bound", () => {
    const few = { count: 49, mean: 1, variance: 1 };
    expect(sequentialEffect(few, { ...few, count: 1000 })).toMatchObject({ pValue: 1, low: -Infinity, high: Infinity });
    const equal = { count: 100, mean: 1, variance: 0 };
    expect(sequentialEffect(equal, { ...equal, mean: 2 }).pValue).toBe(1);
    expect(shareEffect({ ones: 0, count: 5 }, { ones: 0, count: 9 }).pValue).toBe(1);
  });

  test("the second group's gain turns its sign when the groups are swapped", () => {
    const [a, b] = [
      { count: 50, mean: 1, variance: 2 },
      { count: 70, mean: 1.5, variance: 1 },
    ];
    const [there, back] = [meanEffect(a, b), meanEffect(b, a)];
    expect(there.low).toBeCloseTo(-back.high, 14);
    expect(sequentialEffect(a, b).pValue).toBe(sequentialEffect(b, a).pValue);
  });

  test.each([
    [() => sampleRatioTest([1], [1]), "sampleRatioTest: needs a share"],
    [() => sampleRatioTest([1, 2.5], [0.5, 0.5]), "counts must be whole and ≥ 0, got 1, 2.5"],
    [() => sampleRatioTest([1, 2], [0.5, 0.6]), "shares must be above 0 with sum 1"],
    [() => sampleSize({ baseline: 0.1, effect: 0 }), "effect must be a number other than 0"],
    [() => sampleSize({ baseline: 0.1, effect: 0.95 }), "baseline and baseline + effect"],
    [() => sampleSize({ effect: 1 }), "needs either baseline, for shares, or sd"],
    [() => sampleSize({ sd: 1, effect: 1, power: 1 }), "power must be above 0 and below 1, got 1"],
    [() => powerOf(0, { sd: 1, effect: 1 }), "total must be above 0"],
    [() => powerOf(10, { sd: 1e200, effect: 1 }), "beyond what doubles hold"],
    [() => meanEffect({ count: 1, mean: 0, variance: 0 }, { count: 5, mean: 0, variance: 0 }), "needs two values"],
    [
      () => sequentialEffect({ count: 1, mean: 0, variance: 0 }, { count: 5, mean: 0, variance: 0 }, { plannedCount: 0 }),
      "plannedCount",
    ],
  ])("%s is refused", (call, words) => {
    expect(call).toThrow(words);
  });

  test("the sample size and its power are each other's inverse", () => {
    const options = { baseline: 0.1, effect: 0.01 };
    const { total, first } = sampleSize(options);
    expect(first).toBe(14_751);
    expect(powerOf(total, options)).toBeCloseTo(0.8, 4);
  });
});
