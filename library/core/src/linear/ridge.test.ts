import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { ridge } from "./ridge.ts";

describe("ridge", () => {
  for (const { name, run } of estimatorChecks("regression", "ridge")) test(name, run);
});

interface Case {
  x: number[][];
  y: number[];
  alpha: number;
  fitIntercept: boolean;
  weights: number[] | null;
  coef: number[];
  intercept: number;
}

describe("ridge equals scikit-learn's to 1e-9", () => {
  const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "ridge");
  test.each(
    cases.map(
      (each) =>
        [`${each.x.length} × ${each.x[0]!.length}, α ${each.alpha}, ${each.weights ? "weighted" : "unweighted"}`, each] as const,
    ),
  )("%s", async (_, { x, y, alpha, fitIntercept, weights, coef, intercept }) => {
    const { state } = await ridge({ alpha, fitIntercept }).fit(x, y, weights ? { weights } : {});
    for (const [j, value] of coef.entries()) expect(Math.abs(state.coef[j]! - value)).toBeLessThan(1e-9);
    expect(Math.abs(state.intercept - intercept)).toBeLessThan(1e-9);
  });
});

test("ridge with alpha 0 equals least squares: residuals are orthogonal to the columns", async () => {
  const x = Array.from({ length: 20 }, (_, i) => [i, (i * i) % 7]);
  const y = x.map(([a, b]) => 3 * a! - b! + Math.sin(a!));
  const model = await ridge({ alpha: 0 }).fit(x, y);
  const residuals = Array.from(model.predict(x), (value, i) => y[i]! - value);
  for (const j of [0, 1]) expect(Math.abs(residuals.reduce((sum, r, i) => sum + r * x[i]![j]!, 0))).toBeLessThan(1e-9);
});

test.each([2, 3])("values whose squares overflow are refused, %d rows", async (rows) => {
  const x = [[1e308, -1e300, 2], [3, 1e308, 1], [1, 2, 3]].slice(0, rows); // biome-ignore format: rows
  await expect(ridge().fit(x, [1, 2, 3].slice(0, rows))).rejects.toThrow(
    /^ridge.fit: squares must not overflow, got 1e\+308 in row 0/,
  );
});
