import { describe, expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { autocorrelation } from "./autocorrelation.ts";
import { seasonalityStrength } from "./seasonality-strength.ts";
import { stl } from "./stl.ts";

interface Oracle {
  readonly rows: readonly {
    readonly y: readonly number[];
    readonly period: number;
    readonly options: Readonly<Record<string, number | boolean>>;
    readonly inner: number | null;
    readonly outer: number | null;
    readonly trend: readonly number[];
    readonly seasonal: readonly number[];
    readonly weights: readonly number[];
  }[];
  readonly autocorrelation: { readonly y: readonly number[]; readonly values: readonly number[]; readonly standard: number };
}

const oracle = fixture<Oracle>(import.meta.url, "stl");
const names: Readonly<Record<string, string>> = {
  seasonal_deg: "seasonalDegree",
  trend_deg: "trendDegree",
  low_pass_deg: "lowPassDegree",
  low_pass: "lowPass",
};

function farthest(found: Float64Array, wanted: readonly number[]): number {
  expect(found.length).toBe(wanted.length);
  return Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!)));
}

describe("stl", () => {
  test.each(oracle.rows)("period $period with $options equals statsmodels' STL", (row) => {
    const options = Object.fromEntries(Object.entries(row.options).map(([name, value]) => [names[name] ?? name, value]));
    const passes = { innerPasses: row.inner ?? undefined, outerPasses: row.outer ?? undefined };
    const found = stl(row.y, { period: row.period, ...options, ...passes });
    expect(farthest(found.trend, row.trend)).toBeLessThan(1e-9);
    expect(farthest(found.seasonal, row.seasonal)).toBeLessThan(1e-9);
    expect(farthest(found.weights, row.weights)).toBeLessThan(1e-9);
  });
  test("has parts that add up", () => {
    const { y } = oracle.rows[0]!;
    const { trend, seasonal, residual } = stl(y, { period: 7, robust: true });
    expect(
      farthest(
        trend.map((value, i) => value + seasonal[i]! + residual[i]!),
        y,
      ),
    ).toBeLessThan(1e-12);
  });
  test("gives a wild value no weight where robust", () => {
    const y = Array.from({ length: 70 }, (_, i) => Math.sin((2 * Math.PI * i) / 7) + 0.1 * Math.cos(i * i) + (i === 30 ? 20 : 0));
    expect(stl(y, { period: 7, robust: true }).weights[30]).toBe(0);
  });
  test("refuses spans that are none and a series without two seasons", () => {
    expect(() => stl([1, 2, 3, 4, 5], { period: 3 })).toThrow("needs two seasons at least, 6 values for period 3, got 5");
    expect(() => stl([1, 2, 3, 4], { period: 1 })).toThrow("stl: period must be a whole number ≥ 2, got 1");
    expect(() => stl([1, 2, 3, 4], { period: 2, seasonal: 8 })).toThrow("stl: seasonal must be odd, got 8");
    expect(() => stl([1, 2, 3, 4], { period: 2, trend: 2 })).toThrow("stl: trend must be a whole number ≥ 3, got 2");
    expect(() => stl([1, Number.NaN, 3, 4], { period: 2 })).toThrow("row 1 is missing");
  });
});

describe("seasonalityStrength", () => {
  const week = [0, 1, 3, 2, 5, 4, -2];
  test("is near 1 for a season that repeats", () => {
    const y = Array.from({ length: 70 }, (_, i) => week[i % 7]!);
    expect(seasonalityStrength(stl(y, { period: 7 })).seasonal).toBeGreaterThan(0.999_999);
  });
  test("is 0 for a series that does not vary", () => {
    expect(seasonalityStrength(stl(new Float64Array(20), { period: 4 }))).toEqual({ seasonal: 0, trend: 0 });
  });
  test("is 1 for the trend of a straight line", () => {
    const line = Array.from({ length: 30 }, (_, i) => 2 * i);
    expect(seasonalityStrength(stl(line, { period: 5 })).trend).toBeGreaterThan(0.999_999);
  });
});

describe("autocorrelation", () => {
  test("equals statsmodels' acf", () => {
    const { y, values, standard } = oracle.autocorrelation;
    expect(farthest(autocorrelation(y, { lags: 12 }), values)).toBeLessThan(1e-12);
    expect(autocorrelation(y).length - 1).toBe(standard);
  });
  test("refuses what has none", () => {
    expect(() => autocorrelation([3, 3, 3])).toThrow("values must vary, all 3 are 3");
    expect(() => autocorrelation([1, 2, 3], { lags: 3 })).toThrow("3 values have 2 lags at most, got 3");
  });
});
