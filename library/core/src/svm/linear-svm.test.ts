import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionFunction } from "./decision-function.ts";
import { linearSVC } from "./linear-svc.ts";
import { linearSVR } from "./linear-svr.ts";

const tight = { tol: 1e-10, maxIter: 1_000_000 };
describe.each(estimatorChecks("classification", "linear_svm"))("linear_svm", ({ name, run }) => test(name, run));
describe.each(estimatorChecks("classification", "linear_svm", { probability: true }))(
  "linear_svm with probability",
  ({ name, run }) => test(name, run),
);
describe.each(estimatorChecks("regression", "linear_svm", tight))("linear_svm", ({ name, run }) => test(name, run));

interface SvcCase {
  x: number[][];
  y: number[];
  weights: number[] | null;
  params: Parameters<typeof linearSVC>[0] & object;
  coef: number[][];
  intercept: number[];
}
interface SvrCase extends Omit<SvcCase, "params" | "coef" | "intercept"> {
  params: Parameters<typeof linearSVR>[0] & object;
  coef: number[];
  intercept: number;
}

describe("linear support vector classification equals scikit-learn's to 1e-6", () => {
  const { cases } = fixture<{ cases: SvcCase[] }>(import.meta.url, "linear-svc");
  test.each(cases.map((each) => [`${each.params.loss}, ${each.coef.length} weight rows`, each] as const))(
    "%s",
    async (_, each) => {
      const { x, y, weights, params, coef, intercept } = each;
      const { state } = await linearSVC({ ...params, ...tight }).fit(x, y, weights ? { weights } : {});
      for (const [p, value] of coef.flat().entries()) expect(Math.abs(state.coef[p]! - value)).toBeLessThan(1e-6);
      for (const [k, value] of intercept.entries()) expect(Math.abs(state.intercept[k]! - value)).toBeLessThan(1e-6);
    },
  );
});

describe("linear support vector regression equals scikit-learn's to 1e-6", () => {
  const { cases } = fixture<{ cases: SvrCase[] }>(import.meta.url, "linear-svr");
  test.each(cases.map((each) => [`${each.params.loss}, ε ${each.params.epsilon}`, each] as const))("%s", async (_, each) => {
    const { x, y, weights, params, coef, intercept } = each;
    const { state } = await linearSVR({ ...params, ...tight }).fit(x, y, weights ? { weights } : {});
    for (const [p, value] of coef.entries()) expect(Math.abs(state.coef[p]! - value)).toBeLessThan(1e-6);
    expect(Math.abs(state.intercept - intercept)).toBeLessThan(1e-6);
  });
});

test("the predicted class has the largest decision value", async () => {
  const x = Array.from({ length: 60 }, (_, i) => [i % 7, (i * 5) % 11]);
  const y = x.map(([a, b]) => (a! > 4 ? "a" : b! > 5 ? "b" : "c"));
  const model = await linearSVC().fit(x, y);
  const { data } = decisionFunction(model, x);
  const best = model.predict(x).map((label, i) => [label, data.subarray(3 * i, 3 * i + 3)] as const);
  for (const [label, row] of best) expect(row[model.classes.indexOf(label)]).toBe(Math.max(...row));
});
