import type { Column } from "assay";
import { expect, test } from "vitest";
import { kolmogorovSmirnov, populationStability } from "./stability.ts";

const numbers = (...values: number[]): Column => ({ kind: "number", values: Float64Array.from(values) });
const classes = (...codes: number[]): Column => ({ kind: "category", codes: Int32Array.from(codes), levels: ["a", "b"] });

test("the distance of 1 … 4 and 3 … 6 is a half, as scipy.stats.ks_2samp says; missing cells do not count", () => {
  expect(kolmogorovSmirnov(numbers(1, 2, 3, 4, Number.NaN), numbers(6, 5, 4, 3))).toBe(0.5);
});

test("columns that share no value are at distance 1, equal ones at 0", () => {
  expect(kolmogorovSmirnov(numbers(1, 2), numbers(3))).toBe(1);
  expect(kolmogorovSmirnov(numbers(1, 1, 2), numbers(2, 1, 1))).toBe(0);
});

test("shares of a half each against one and three quarters have an index of ln 3 over 4", () => {
  expect(populationStability(classes(0, 0, 1, 1), classes(0, 1, 1, 1))).toBeCloseTo(Math.log(3) / 4, 12);
});

test("text, different kinds and columns without values have no figure", () => {
  expect(populationStability({ kind: "text", values: ["a"] }, { kind: "text", values: ["a"] })).toBeNull();
  expect(populationStability(numbers(1), classes(0))).toBeNull();
  expect(kolmogorovSmirnov(numbers(Number.NaN), numbers(1))).toBeNull();
});
