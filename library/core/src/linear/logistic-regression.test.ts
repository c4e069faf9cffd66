import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { logisticRegression } from "./logistic-regression.ts";

describe("logistic_regression", () => {
  for (const { name, run } of estimatorChecks("classification", "logistic_regression")) test(name, run);
});

interface Case {
  x: number[][];
  y: number[];
  c: number;
  classWeight: "none" | "balanced";
  proba: number[][];
}

describe("logistic regression's probabilities equal scikit-learn's to 1e-6", () => {
  const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "logistic-regression");
  test.each(cases.map((each) => [`${each.proba[0]!.length} classes, C ${each.c}, ${each.classWeight}`, each] as const))(
    "%s",
    async (_, { x, y, proba, ...params }) => {
      const { c, classWeight } = params;
      const { data } = (await logisticRegression({ c, classWeight, tol: 1e-9, maxIter: 2000 }).fit(x, y)).predictProba(x);
      for (const [i, value] of proba.flat().entries()) expect(Math.abs(data[i]! - value)).toBeLessThan(1e-6);
    },
  );
});

interface PenaltyCase {
  x: number[][];
  y: number[];
  weights: number[] | null;
  params: { penalty: "none" | "l1" | "l2" | "elasticnet"; c: number; l1Ratio: number; fitIntercept: boolean };
  coef: number[][];
  intercept: number[];
  proba: number[][];
}

describe("logistic regression's coefficients equal scikit-learn's to 1e-6", () => {
  const { cases } = fixture<{ cases: PenaltyCase[] }>(import.meta.url, "logistic-penalties");
  test.each(
    cases.map((each) => {
      const { penalty, c, fitIntercept } = each.params;
      const classes = `${each.proba[0]!.length} classes`;
      return [
        `${penalty}, ${classes}, C ${c}, ${each.weights ? "weighted" : "unweighted"}, ${fitIntercept ? "intercept" : "no intercept"}`,
        each,
      ] as const;
    }),
  )("%s", async (_, { x, y, weights, params, coef, intercept }) => {
    for (const solver of params.penalty === "l2" || params.penalty === "none"
      ? (["newton", "lbfgs"] as const)
      : (["newton"] as const)) {
      const estimator = logisticRegression({ ...params, solver, tol: solver === "newton" ? 1e-12 : 1e-9, maxIter: 2000 });
      const { state } = await estimator.fit(x, y, weights ? { weights } : {});
      for (const [p, value] of coef.flat().entries()) expect(Math.abs(state.coef[p]! - value)).toBeLessThan(1e-6);
      if (params.fitIntercept)
        for (const [k, value] of intercept.entries()) expect(Math.abs(state.intercept[k]! - value)).toBeLessThan(1e-6);
    }
  });
});

const line = Array.from({ length: 40 }, (_, i) => [i, Math.sin(i)]);

test("without a penalty classes that a plane separates are refused with a remedy", async () => {
  const labels = line.map(([a]) => (a! < 20 ? "low" : "high"));
  await expect(logisticRegression({ penalty: "none" }).fit(line, labels)).rejects.toThrow(
    /the classes must overlap, got 40 rows that a plane separates/,
  );
});

test("a column's scale and mean change the way and not the answer", async () => {
  const labels = line.map(([a, b]) => (a! + 10 * b! > 20 ? 1 : 0));
  const moved = line.map(([a, b]) => [1e6 + 1e4 * a!, b!]);
  const params = { penalty: "none", tol: 1e-10 } as const;
  const noisy = labels.map((label, i) => (i % 7 === 3 ? 1 - label : label));
  const here = await logisticRegression(params).fit(line, noisy);
  const there = await logisticRegression(params).fit(moved, noisy);
  const one = here.predictProba(line).data;
  const other = there.predictProba(moved).data;
  for (const [i, value] of one.entries()) expect(Math.abs(other[i]! - value)).toBeLessThan(1e-6);
});

test("a collinear and a constant column leave the probabilities as they are", async () => {
  const labels = line.map((_, i) => (i % 3 === 0 || i > 30 ? 1 : 0));
  const wide = line.map(([a, b]) => [a!, b!, 5, 2 * a! - b!]);
  const params = { penalty: "none", tol: 1e-10 } as const;
  const one = (await logisticRegression(params).fit(line, labels)).predictProba(line).data;
  const other = (await logisticRegression(params).fit(wide, labels)).predictProba(wide).data;
  for (const [i, value] of one.entries()) expect(Math.abs(other[i]! - value)).toBeLessThan(1e-6);
});

test("one weight a class is the same as weights of the rows", async () => {
  const labels = line.map((_, i) => i % 2);
  const weights = labels.map((label) => (label === 1 ? 3 : 0.5));
  const one = await logisticRegression({ classWeight: [0.5, 3] }).fit(line, labels);
  const other = await logisticRegression().fit(line, labels, { weights });
  expect(one.state.coef).toEqual(other.state.coef);
  await expect(logisticRegression({ classWeight: [1, 2, 3] }).fit(line, labels)).rejects.toThrow(/each of 2 classes, got 3/);
});

test("the solver lbfgs refuses an L1 term", async () => {
  const labels = line.map((_, i) => i % 2);
  await expect(logisticRegression({ penalty: "l1", solver: "lbfgs" }).fit(line, labels)).rejects.toThrow(/take newton/);
});
