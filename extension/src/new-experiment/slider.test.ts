import { expect, test } from "vitest";
import { notches, notchOf, sliderRange, valueAt } from "./slider";

const rate = { low: 0.001, high: 1, log: true, integer: false };
const depth = { low: 1, high: 30, log: false, integer: true };

test("a slider over the logarithm begins at the low end, ends at the high one, and has their geometric mean in the middle", () => {
  expect([0, notches / 2, notches].map((notch) => valueAt(notch, rate))).toEqual([0.001, 0.0316, 1]);
});

test("a slider of a whole number gives whole numbers alone", () => {
  const values = Array.from({ length: notches + 1 }, (_, notch) => valueAt(notch, depth));
  expect(values.every(Number.isInteger)).toBe(true);
  expect([values[0], values.at(-1)]).toEqual([1, 30]);
});

test("the notch of a notch's value is the notch", () => {
  for (const range of [rate, { ...rate, low: 0, log: false }])
    for (let notch = 0; notch <= notches; notch++) expect(notchOf(valueAt(notch, range), range)).toBe(notch);
});

test("a value beyond the range stands at its end", () => {
  expect([notchOf(-5, rate), notchOf(0, rate), notchOf(1e6, rate)]).toEqual([0, 0, notches]);
});

test("the range that is usually searched goes before the bounds", () => {
  const property = { type: "number", minimum: 0, maximum: 100, search: "log" };
  const searched = { type: "float", low: 0.01, high: 10, log: true } as never;
  expect(sliderRange(property, searched)).toEqual({ low: 0.01, high: 10, log: true, integer: false });
});

test("bounds alone give a slider, of whole numbers where the parameter is whole or null", () => {
  expect(sliderRange({ type: ["integer", "null"], minimum: 1, maximum: 30 }, undefined)).toEqual(depth);
});

test("a range that holds zero has no logarithm", () => {
  expect(sliderRange({ type: "number", minimum: 0, maximum: 1, search: "log" }, undefined)?.log).toBe(false);
});

test("a parameter without both bounds, with equal ones, or with an end beyond sight has no slider", () => {
  for (const bounds of [{ minimum: 1 }, { maximum: 5 }, { minimum: 2, maximum: 2 }, { minimum: 1, maximum: 9e15 }])
    expect(sliderRange({ type: "integer", ...bounds }, undefined)).toBeNull();
});
