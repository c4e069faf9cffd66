import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { profile } from "./profile.ts";
import { table } from "./table.ts";

interface Figures extends Record<"mean" | "sd" | "skew" | "correlation", number> {
  readonly values: readonly number[];
  readonly other: readonly number[];
  readonly quantiles: Readonly<Record<"q05" | "q25" | "q50" | "q75" | "q95", number>>;
}
const fixture = new URL("./fixtures/column-figures.json", import.meta.url);
const oracle = JSON.parse(readFileSync(fixture, "utf8")) as Figures;

const draw = random(3, "profile-test");
const many = (cell: (i: number) => number | string | null) => Array.from({ length: 400 }, (_, i) => cell(i));
const alertsOf = (of: Parameters<typeof table>[0], target?: string) =>
  profile(table(of), target === undefined ? {} : { target }).alerts.map(({ kind, column }) => `${kind} ${column ?? ""}`.trim());

test("figures of a number column are numpy's and scipy's, missing cells left out", () => {
  const cells = table({ a: [...oracle.values, null], b: [...oracle.other, 1] });
  const { columns, correlation } = profile(cells);
  const [a] = columns;
  expect([a!.count, a!.missing, a!.distinct]).toEqual([200, 1, 200]);
  for (const name of ["mean", "sd", "skew"] as const) expect(a![name]).toBeCloseTo(oracle[name], 10);
  for (const [name, value] of Object.entries(oracle.quantiles)) expect(a!.quantiles![name as "q05"]).toBeCloseTo(value, 12);
  expect(correlation.values[0]![1]).toBeCloseTo(oracle.correlation, 10);
});

test("histogram counts add up to the values, and the outermost edges are least and greatest", () => {
  const { histogram } = profile(table({ a: oracle.values })).columns[0]!;
  expect(histogram!.counts.reduce((a, b) => a + b)).toBe(200);
  expect([histogram!.edges[0], histogram!.edges.at(-1)]).toEqual([Math.min(...oracle.values), Math.max(...oracle.values)]);
});

test("a profile is plain JSON, whatever the cells", () => {
  const made = profile(
    table({
      n: [Infinity, null, 1e308, -1e308],
      none: [null, null, null, null],
      d: [new Date(0), null, new Date(5), null],
      b: [true, null, false, true],
    }),
  );
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});

test("a table without rows has a profile", () => expect(profile(table({ a: [] })).columns[0]!.count).toBe(0));

describe("alerts name", () => {
  test("a constant", () => expect(alertsOf({ a: [1, 1, 1], b: [1, 2, 3] })).toEqual(["constant a"]));
  test("many missing cells", () => expect(alertsOf({ a: many((i) => (i % 3 ? i : null)) })).toContain("missing a"));
  test("a mark of missing cells", () => {
    expect(alertsOf({ a: many((i) => (i % 2 ? "?" : "x")) })).toContain("markers a");
    expect(alertsOf({ a: many((i) => (i % 2 ? "what?" : "x")) })).not.toContain("markers a");
  });
  test("many levels", () => expect(alertsOf({ a: many((i) => `star ${i}`) })).toContain("high_cardinality a"));
  test("imbalance", () => expect(alertsOf({ a: many((i) => (i < 5 ? "rare" : "usual")) })).toContain("imbalance a"));
  test("duplicate rows", () => expect(profile(table({ a: [1, 2, 1, 1], b: ["x", "x", "x", "y"] })).duplicateRows).toBe(1));
  test("whole numbers too long for a number", () =>
    expect(alertsOf({ a: ["9007199254740993", "9007199254740995"] })).toContain("long_integers a"));
});

describe("leaks of the target are found", () => {
  const y = many(() => ["planet", "false", "unclear"][draw.int(3)]!) as string[];
  const others = { noise: many(() => draw.float()), weak: y.map((label) => Number(label === "planet") + 2 * draw.normal()) };

  test("in a score that orders one class", () =>
    expect(alertsOf({ y, ...others, score: y.map((label) => Number(label === "false") + 0.1 * draw.float()) }, "y")).toEqual([
      "leakage score",
    ]));
  test("in another name of each class", () =>
    expect(alertsOf({ y, ...others, alias: y.map((label) => label[0]!) }, "y")).toEqual(["leakage alias"]));
  test("in what is missing but for one class", () =>
    expect(alertsOf({ y, ...others, named: y.map((label, i) => (label === "planet" ? i : null)) }, "y")).toContain(
      "leakage named",
    ));
  test("in a rescaled number", () => {
    const target = many(() => draw.normal()) as number[];
    expect(alertsOf({ target, ...others, copy: target.map((value) => 3 - 2 * value) }, "target")).toEqual(["leakage copy"]);
  });
  test("and none where there is none", () => expect(alertsOf({ y, ...others }, "y")).toEqual([]));
});
