import { expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { compareProfiles } from "./compare-profiles.ts";
import { table } from "./table.ts";

interface Drift extends Record<"psi" | "distance" | "pValue", number> {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

test("the index and the Kolmogorov–Smirnov distance are numpy's and scipy's, the p-value to the third digit", () => {
  const oracle = fixture<Drift>(import.meta.url, "drift");
  const { psi, ks } = compareProfiles(table({ x: oracle.before }), table({ x: oracle.after })).columns[0]!;
  expect(psi).toBeCloseTo(oracle.psi, 10);
  expect(ks!.distance).toBeCloseTo(oracle.distance, 12);
  expect(ks!.pValue).toBeCloseTo(oracle.pValue, 2);
});

test("a table does not differ from itself", () => {
  const same = table({ x: [1, 2, 3, null], c: ["a", "b", "a", "b"], b: [true, false, null, true] });
  const { columns, added, removed, changed } = compareProfiles(same, same);
  expect(columns.map(({ psi }) => psi)).toEqual([0, 0, 0]);
  expect(columns.find(({ name }) => name === "x")!.ks).toEqual({ distance: 0, pValue: 1 });
  expect([added, removed, changed]).toEqual([[], [], []]);
});

test("columns that came, went, changed their kind or got new values are named, the most changed first", () => {
  const before = table({ gone: [1, 2], kind: [1, 2], city: ["a", "a"], n: [1, 1] });
  const after = table({ come: [1, 2], kind: ["x", "x"], city: ["b", "b"], n: [1, 1] });
  const { added, removed, changed, columns } = compareProfiles(before, after);
  expect([added, removed, changed]).toEqual([["come"], ["gone"], [{ name: "kind", kinds: ["number", "category"] }]]);
  expect(columns.map(({ name }) => name)).toEqual(["city", "n"]);
  expect(columns[0]!.unseen).toEqual(["b"]);
});

test("more missing cells are a drift", () => {
  const n = Array.from({ length: 100 }, (_, i) => i);
  const { missing, psi } = compareProfiles(table({ n }), table({ n: n.map((i) => (i % 2 ? null : i)) })).columns[0]!;
  expect(missing).toEqual([0, 0.5]);
  expect(psi).toBeGreaterThan(0.25);
});

test("a side without rows has no index", () =>
  expect(compareProfiles(table({ n: [1] }), table({ n: [1] }).head(0)).columns[0]!.psi).toBeNull());
