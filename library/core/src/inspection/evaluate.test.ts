import { expect, test } from "vitest";
import { table } from "../data/table.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { ridge } from "../linear/ridge.ts";
import { evaluate } from "./evaluate.ts";

const rows = table({ x: [1, 2, 3, 4, 5, 6], z: [2, 1, 4, 3, 6, 5], y: ["a", "a", "b", "a", "b", "b"] });

test("a classifier's evaluation counts every row once in the confusion matrix", async () => {
  const { confusion } = evaluate(await logisticRegression().fit(rows, { target: "y" }), rows);
  expect(confusion!.counts.flat().reduce((a, b) => a + b)).toBe(6);
});

test("a regressor's evaluation has residuals and no classes", async () => {
  const { figures, classes, confusion } = evaluate(await ridge().fit(rows, { target: "z", features: ["x"] }), rows);
  expect([figures.map(({ name }) => name), classes, confusion]).toEqual([["residuals"], [], null]);
});

test("a label that the model never learnt is named with its row", async () => {
  const model = await logisticRegression().fit(rows, { target: "y" });
  const odd = rows.with("y", ["a", "a", "b", "a", "c", "b"]);
  expect(() => evaluate(model, odd)).toThrow('label "c" in row 4 is not one of the model\'s classes a, b');
});
