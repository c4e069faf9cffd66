import { expect, test } from "vitest";
import { random } from "./random.ts";
import { invertSymmetric } from "./symmetric-inverse.ts";

test.each([1, 2, 7, 40])("the product of a matrix of side %i and its inverse is the identity", (n) => {
  const stream = random(n, "symmetric-inverse");
  const root = Float64Array.from({ length: n * n }, () => stream.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      a[i * n + j] = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) a[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
    }
  const inverse = a.slice();
  expect(invertSymmetric(inverse, n)).toBe(true);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let product = 0;
      for (let k = 0; k < n; k++) product += a[i * n + k]! * inverse[k * n + j]!;
      expect(product).toBeCloseTo(i === j ? 1 : 0, 9);
    }
});

test("a matrix that is not positive definite is refused", () => {
  expect(invertSymmetric(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
});
