import { expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { fixture } from "../testing/fixture.ts";
import { couplePairs, fitSigmoid, sigmoidOf } from "./platt.ts";

test("coupled probabilities solve the linear system of Wu, Lin and Weng", () => {
  const { cases } = fixture<{ cases: { r: number[][]; p: number[] }[] }>(import.meta.url, "pairwise");
  for (const { r, p } of cases) {
    const out = new Float64Array(p.length);
    couplePairs(Float64Array.from(r.flat()), p.length, out);
    for (const [k, value] of p.entries()) expect(Math.abs(out[k]! - value)).toBeLessThan(1e-9);
  }
});

const draw = random(1, "platt");
const values = Float64Array.from({ length: 400 }, () => 2 * draw.normal());
const positive = Array.from(values, (f) => draw.float() < 1 / (1 + Math.exp(-1.5 * f + 0.5)));

test("at the sigmoid that is found no slope of the likelihood is left", () => {
  const { a, b } = fitSigmoid(values, positive);
  const above = positive.filter(Boolean).length;
  const [high, low] = [(above + 1) / (above + 2), 1 / (400 - above + 2)];
  let slope = 0;
  let level = 0;
  for (const [i, f] of values.entries()) {
    const off = sigmoidOf(f, { a, b }) - (positive[i] ? high : low);
    slope += off * f;
    level += off;
  }
  expect(Math.abs(slope)).toBeLessThan(1e-6);
  expect(Math.abs(level)).toBeLessThan(1e-6);
});

test("the sigmoid of logistic data is near the one that drew them", () => {
  const { a, b } = fitSigmoid(values, positive);
  expect(Math.abs(a + 1.5)).toBeLessThan(0.4);
  expect(Math.abs(b - 0.5)).toBeLessThan(0.4);
});

test("decision values that separate give probabilities off 0 and 1", () => {
  const apart = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? -1 - i : i));
  const sigmoid = fitSigmoid(
    apart,
    Array.from(apart, (f) => f > 0),
  );
  expect(sigmoidOf(30, sigmoid)).toBeGreaterThan(0.9);
  expect(sigmoidOf(-30, sigmoid)).toBeGreaterThan(0);
});
