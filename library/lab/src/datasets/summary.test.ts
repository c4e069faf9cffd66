import { Table } from "assay";
import { expect, test } from "vitest";
import { summarise } from "./summary.ts";

const of = (values: readonly number[]) => summarise(new Table([["x", { kind: "number", values: Float64Array.from(values) }]]))[0];

test("a summary of numbers counts missing and distinct ones, −0 and 0 as one, infinities as neither", () => {
  expect(of([3, 1, Number.NaN, 3, 0, -0, Infinity])).toMatchObject({ missing: 1, distinct: 3, min: 0, max: 3, mean: 1.4 });
});

test("a summary of nothing has no figures", () => {
  expect(of([Number.NaN, Infinity])).toEqual({
    name: "x",
    kind: "number",
    missing: 1,
    distinct: 0,
    mean: null,
    sd: null,
    min: null,
    max: null,
  });
});

test("a summary whose sums overflow says no figure in place of a wrong one", () => {
  expect(of([1.7e308, -1.7e308])).toMatchObject({ sd: null, min: -1.7e308, max: 1.7e308 });
});

test("a summary counts more different values than a Set holds", () => {
  const values = Float64Array.from({ length: 17_000_000 }, (_, i) => i);
  expect(summarise(new Table([["x", { kind: "number", values }]]))[0]!.distinct).toBe(17_000_000);
});
