import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { polynomialFeatures } from "./polynomial-features.ts";
import { polynomialRegression } from "./polynomial-regression.ts";

describe.each(estimatorChecks("regression", "polynomial_regression"))("polynomial_regression", ({ name, run }) =>
  test(name, run),
);
describe.each(estimatorChecks("transform", "polynomial_features"))("polynomial_features", ({ name, run }) => test(name, run));

interface Case {
  degree: number;
  interactionOnly: boolean;
  names: string[];
  features: number[][];
  predicted: number[];
}
const { x, y, cases } = fixture<{ x: number[][]; y: number[]; cases: Case[] }>(import.meta.url, "polynomial");
const titled = cases.map((each) => [`degree ${each.degree}${each.interactionOnly ? ", interactions only" : ""}`, each] as const);

test.each(titled)("polynomial features are scikit-learn's, with its names: %s", async (_, { features, names, ...options }) => {
  const { degree, interactionOnly } = options;
  const made = (await polynomialFeatures({ degree, interactionOnly }).fit(x)).transform(x.slice(0, 4));
  expect(made.names).toEqual(names);
  for (const [cell, value] of features.flat().entries()) expect(made.data[cell]).toBeCloseTo(value, 10);
});

test.each(titled)("polynomial regression predicts what scikit-learn's pipeline does to 1e-9: %s", async (_, each) => {
  const { degree, interactionOnly, predicted } = each;
  const model = await polynomialRegression({ degree, interactionOnly, tol: 1e-12 }).fit(x, y);
  const answers = model.predict(x);
  for (const [i, value] of predicted.entries()) expect(Math.abs(answers[i]! - value)).toBeLessThan(1e-9);
});

test("a degree that makes more columns than memory holds is refused before they are made", async () => {
  const wide = [Array.from({ length: 100 }, (_, j) => j)];
  await expect(polynomialFeatures({ degree: 12 }).fit(wide)).rejects.toThrow(/100 columns to degree 12 make [\d,]+ columns/);
});

test("powers beyond double precision are refused with their column", async () => {
  await expect(polynomialRegression().fit([[1e200], [1], [2]], [1, 2, 3])).rejects.toThrow(/got 1e\+200 in row 0, column "x0"/);
});
