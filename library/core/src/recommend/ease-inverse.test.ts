import { expect, test } from "vitest";
import { makeContext } from "../base/worker.ts";
import { random } from "../numeric/random.ts";
import { invertSymmetric } from "../numeric/symmetric-inverse.ts";
import { invertPlan, matrixOf, openSweep } from "./ease-inverse.ts";

const context = makeContext(
  { classes: 0, weights: undefined },
  1,
  () => false,
  () => {},
);

test.each([1, 5, 32, 33, 70, 130])("the inverse of a matrix of side %i in blocks is that of its plain twin", (n) => {
  const stream = random(n, "ease-inverse");
  const plan = openSweep(n);
  const a = matrixOf(plan);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = i === j ? n : stream.normal() / 2;
  const wanted = a.slice();
  expect(invertSymmetric(wanted, n)).toBe(true);
  expect(invertPlan(plan, context)).toBe(true);
  for (let at = 0; at < n * n; at++) expect(Math.abs(a[at]! - wanted[at]!)).toBeLessThan(1e-14);
});

test("a matrix that is not positive definite is refused", () => {
  const plan = openSweep(2);
  matrixOf(plan).set([1, 2, 2, 1]);
  expect(invertPlan(plan, context)).toBe(false);
});
