import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { linearRegression } from "./linear-regression.ts";

describe.each(estimatorChecks("regression", "linear_regression"))("linear_regression", ({ name, run }) => test(name, run));

interface Case {
  name: string;
  x: number[][];
  y: number[];
  weights: number[] | null;
  params: { fitIntercept: boolean; positive: boolean; tol: number };
  coef: number[];
  intercept: number;
}

describe("linear regression equals scikit-learn's to 1e-9", () => {
  const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "linear-regression");
  test.each(cases.map((each) => [each.name, each] as const))("%s", async (_, { x, y, weights, params, coef, intercept }) => {
    const { state } = await linearRegression(params).fit(x, y, weights ? { weights } : {});
    for (const [j, value] of coef.entries()) expect(Math.abs(state.coef[j]! - value)).toBeLessThan(1e-9);
    expect(Math.abs(state.intercept - intercept)).toBeLessThan(1e-9);
  });
});

test("residuals are orthogonal to columns whose scales differ by 10⁶", async () => {
  const x = Array.from({ length: 500 }, (_, i) => [1e-3 * Math.sin(i), 1e3 * Math.cos(3 * i)]);
  const y = x.map(([a, b], i) => 1000 * a! + b! / 1000 + Math.sin(7 * i));
  const model = await linearRegression({ tol: 1e-12 }).fit(x, y);
  const residuals = Array.from(model.predict(x), (value, i) => y[i]! - value);
  for (const j of [0, 1]) {
    const size = Math.max(...x.map((row) => Math.abs(row[j]!)));
    expect(Math.abs(residuals.reduce((sum, r, i) => sum + (r * x[i]![j]!) / size, 0))).toBeLessThan(1e-9);
  }
});

test("values whose squares overflow are refused with their place", async () => {
  const x = [[1, 2], [3, -1e308], [5, 1e308], [2, 0]]; // biome-ignore format: one row a pair
  await expect(linearRegression().fit(x, [1, 2, 3, 4])).rejects.toThrow(
    'linear_regression.fit: squares must not overflow, got -1e+308 in row 1, column "x1"; scale the columns and y',
  );
});

test("fewer rows than columns are fitted exactly by the weights of least norm", async () => {
  const model = await linearRegression({ fitIntercept: false }).fit([[1, 1]], [4]);
  expect(Array.from(model.state.coef, (value) => Math.round(value * 1e12) / 1e12)).toEqual([2, 2]);
});
