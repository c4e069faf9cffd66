import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionFunction } from "./decision-function.ts";
import { svc } from "./svc.ts";

describe.each(estimatorChecks("classification", "svm"))("svm", ({ name, run }) => test(name, run));
describe.each(estimatorChecks("classification", "svm", { probability: true }))("svm with probability", ({ name, run }) =>
  test(name, run),
);

interface Case {
  x: number[][];
  y: number[];
  weights: number[] | null;
  params: Parameters<typeof svc>[0] & object;
  fresh: number[][];
  decision: number[][];
  predicted: number[];
  support: number[];
}
const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "svc");

// 0.01 MB hold some thirty rows: the others are made again, and settled ones are left out
describe.each([200, 0.01])("decision values equal scikit-learn's to 1e-6, with %d MB for kernel rows", (cacheMb) => {
  test.each(cases.map((each) => [`${each.params.kernel}, ${each.support.length} classes`, each] as const))(
    "%s",
    async (_, each) => {
      const { x, y, weights, params, fresh, decision, predicted, support } = each;
      const model = await svc({ ...params, cacheMb, tol: 1e-10 }).fit(x, y, weights ? { weights } : {});
      const { data } = decisionFunction(model, fresh, { pairs: true });
      for (const [cell, value] of decision.flat().entries()) expect(Math.abs(data[cell]! - value)).toBeLessThan(1e-6);
      expect(model.predict(fresh)).toEqual(predicted);
      expect([...model.state.nSupport]).toEqual(support);
      expect(model.state.converged).toBe(true);
    },
  );
});

const plain = Array.from({ length: 80 }, (_, i) => [Math.sin(i), Math.cos(3 * i), 1]);
const ring = plain.map(([a, b]) => (a! * a! + b! * b! > 0.8 ? "out" : "in"));

test("decision values have one column a class, and the predicted class the largest", async () => {
  const labels = plain.map(([a, b]) => (a! > 0.3 ? "a" : b! > 0 ? "b" : "c"));
  const model = await svc().fit(plain, labels);
  const { data, columns } = decisionFunction(model, plain);
  expect(columns).toBe(3);
  for (const [i, label] of model.predict(plain).entries()) {
    const row = data.subarray(3 * i, 3 * i + 3);
    expect(row[model.classes.indexOf(label)]).toBe(Math.max(...row));
  }
});

test("decision values of two classes are positive for the second", async () => {
  const model = await svc().fit(plain, ring);
  const { data } = decisionFunction(model, plain);
  expect(model.predict(plain)).toEqual(Array.from(data, (value) => (value > 0 ? "out" : "in")));
});

test("Platt's probabilities order the rows as the decision values do", async () => {
  const model = await svc({ probability: true }).fit(plain, ring);
  const { data: decisions } = decisionFunction(model, plain);
  const { data } = model.predictProba(plain);
  const order = [...decisions.keys()].sort((a, b) => decisions[a]! - decisions[b]!);
  for (const [k, i] of order.slice(1).entries()) expect(data[2 * i + 1]).toBeGreaterThanOrEqual(data[2 * order[k]! + 1]!);
});

test("rows that are all the same are fitted without an end that never comes", async () => {
  const same = plain.map(() => [1, 2]);
  const model = await svc({ c: 10 }).fit(same, ring);
  expect(model.state.converged).toBe(true);
});

test("values whose kernel overflows are refused with their place", async () => {
  const huge = plain.map((row, i) => (i === 7 ? [0, 1e200, 0] : row));
  await expect(svc().fit(huge, ring)).rejects.toThrow(
    'svm.fit: the kernel must not overflow, got 1e+200 in row 7, column "x1"; put ml.standardScaler() before it',
  );
});

test("powers beyond what a kernel row holds are refused", async () => {
  const wide = plain.map(([a, b]) => [100 * a!, 100 * b!]);
  await expect(svc({ kernel: "poly", degree: 30, gamma: 1 }).fit(wide, ring)).rejects.toThrow(/the kernel must not overflow/);
});

test("a class whose rows all weigh 0 is refused", async () => {
  const weights = ring.map((label) => (label === "in" ? 0 : 1));
  await expect(svc().fit(plain, ring, { weights })).rejects.toThrow(/every class must have a row of weight > 0/);
});

test("steps at most are obeyed, and told by converged", async () => {
  const { state } = await svc({ maxIter: 3 }).fit(plain, ring);
  expect([state.iterations, state.converged]).toEqual([3, false]);
});

test("decision values of another model are refused", async () => {
  const { logisticRegression } = await import("../linear/index.ts");
  const other = await logisticRegression().fit(plain, ring);
  expect(() => decisionFunction(other, plain)).toThrow(/needs a model of svc or linearSVC, got logistic_regression/);
});
