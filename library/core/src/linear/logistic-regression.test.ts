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
