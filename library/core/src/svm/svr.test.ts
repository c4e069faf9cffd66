import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { svr } from "./svr.ts";

describe.each(estimatorChecks("regression", "svm", { tol: 1e-9 }))("svm", ({ name, run }) => test(name, run));

interface Case {
  x: number[][];
  y: number[];
  weights: number[] | null;
  params: Parameters<typeof svr>[0] & object;
  predicted: number[];
}
const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "svr");

describe.each([200, 0.01])("predictions equal scikit-learn's to 1e-6, with %d MB for kernel rows", (cacheMb) => {
  test.each(cases.map((each) => [`${each.params.kernel}, ε ${each.params.epsilon}`, each] as const))("%s", async (_, each) => {
    const { x, y, weights, params, predicted } = each;
    const model = await svr({ ...params, cacheMb, tol: 1e-10 }).fit(x, y, weights ? { weights } : {});
    const answers = model.predict(x);
    for (const [i, value] of predicted.entries()) expect(Math.abs(answers[i]! - value)).toBeLessThan(1e-6);
  });
});

test("rows inside the tube are no support vectors", async () => {
  const x = Array.from({ length: 30 }, (_, i) => [i / 10]);
  const model = await svr({ kernel: "linear", epsilon: 0.5, c: 100 }).fit(
    x,
    x.map(([a]) => 2 * a! + 0.1 * Math.sin(9 * a!)),
  );
  expect(model.state.support.length).toBeLessThan(5);
});
