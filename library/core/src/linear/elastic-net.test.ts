import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { elasticNet, lasso } from "./elastic-net.ts";

describe.each(estimatorChecks("regression", "lasso", { alpha: 0.1, tol: 1e-12 }))("lasso", ({ name, run }) => test(name, run));
describe.each(estimatorChecks("regression", "elastic_net", { alpha: 0.1, tol: 1e-12 }))("elastic_net", ({ name, run }) =>
  test(name, run),
);

interface Case {
  x: number[][];
  y: number[];
  weights: number[] | null;
  params: { alpha: number; l1Ratio: number; fitIntercept: boolean; positive: boolean };
  coef: number[];
  intercept: number;
}
const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "elastic-net");
const titled = cases.map((each) => {
  const { alpha, l1Ratio, positive } = each.params;
  const rows = `${each.x.length} × ${each.x[0]!.length}`;
  return [`${rows}, α ${alpha}, ρ ${l1Ratio}${positive ? ", positive" : ""}${each.weights ? ", weighted" : ""}`, each] as const;
});

describe.each(["cyclic", "random"] as const)("elastic net equals scikit-learn's to 1e-6, %s", (selection) => {
  test.each(titled)("%s", async (_, { x, y, weights, params, coef, intercept }) => {
    const estimator = elasticNet({ ...params, selection, tol: 1e-14, maxIter: 1_000_000 });
    const { state } = await estimator.fit(x, y, weights ? { weights } : {});
    for (const [j, value] of coef.entries()) expect(Math.abs(state.coef[j]! - value)).toBeLessThan(1e-6);
    expect(Math.abs(state.intercept - intercept)).toBeLessThan(1e-6);
    expect(state.converged).toBe(true);
  });
});

const { x, y } = cases[0]!;

test("the lasso is the elastic net without its L2 part", async () => {
  const params = { alpha: 0.3, tol: 1e-10 };
  const one = await lasso(params).fit(x, y);
  const other = await elasticNet({ ...params, l1Ratio: 1 }).fit(x, y);
  expect(one.state.coef).toEqual(other.state.coef);
});

test("a penalty beyond every slope leaves no weight", async () => {
  const { state } = await lasso({ alpha: 1e6 }).fit(x, y);
  expect([...state.coef].every((weight) => weight === 0)).toBe(true);
});

test("elastic net without L1 is ridge", async () => {
  const { ridge } = await import("./ridge.ts");
  const { state } = await elasticNet({ alpha: 0.5, l1Ratio: 0, tol: 1e-14, maxIter: 100_000 }).fit(x, y);
  const other = await ridge({ alpha: 0.5 * x.length }).fit(x, y);
  for (const [j, value] of other.state.coef.entries()) expect(Math.abs(state.coef[j]! - value)).toBeLessThan(1e-6);
});

test("too few sweeps are told by converged and the gap that is left", async () => {
  const { state } = await lasso({ alpha: 0.01, tol: 1e-14, maxIter: 2 }).fit(x, y);
  expect(state.converged).toBe(false);
  expect(state.dualityGap).toBeGreaterThan(0);
});

test("values whose squares overflow are refused", async () => {
  await expect(lasso().fit([[1e200], [-1e200]], [1, 2])).rejects.toThrow(/lasso.fit: squares must not overflow/);
});
