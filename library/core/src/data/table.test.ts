import { describe, expect, test } from "vitest";
import { accuracy, rmse } from "../metrics/index.ts";
import { Table, table } from "./table.ts";

const proto = "__proto__";
const stars = table([
  { name: "a", depth: 3, when: new Date(2), good: true },
  { name: "b", depth: null, when: new Date(1), good: false },
  { name: "a", depth: 1, when: null, good: null },
  { name: "b", depth: 2, when: new Date(3), good: true },
]);

test("kinds are guessed from the cells", () =>
  expect(stars.names.map((name) => stars.kind(name))).toEqual(["category", "number", "datetime", "boolean"]));

test("rows and columns give the same table", () =>
  expect(table({ name: ["a", "b", "a", "b"], depth: [3, null, 1, 2] }).toRows()).toEqual(
    stars.select(["name", "depth"]).toRows(),
  ));

test("sort puts missing last in both directions and keeps equal rows in order", () => {
  expect(stars.sort("depth").values("depth")).toEqual([1, 2, 3, null]);
  expect(stars.sort("depth", { descending: true }).values("depth")).toEqual([3, 2, 1, null]);
  expect(stars.sort("name").values("depth")).toEqual([3, 1, null, 2]);
});

test("where, derive, take and slice give new tables and leave the old one", () => {
  expect(stars.where(({ depth }) => depth !== null && (depth as number) > 1).values("depth")).toEqual([3, 2]);
  expect(stars.derive({ deep: ({ depth }) => depth === 3 }).values("deep")).toEqual([true, false, false, false]);
  expect(stars.take([3, 0, 3]).values("depth")).toEqual([2, 3, 2]);
  expect([stars.slice(1, 3).rows, stars.head(9).rows, stars.tail(1).values("depth")]).toEqual([2, 4, [2]]);
  expect(stars.names).toEqual(["name", "depth", "when", "good"]);
});

test("sample draws without putting back, the same rows for the same seed", () => {
  const many = table({ i: Array.from({ length: 100 }, (_, i) => i) });
  expect(many.sample(10, { seed: 1 }).values("i")).toEqual(many.sample(10, { seed: 1 }).values("i"));
  expect(new Set(many.sample(100).values("i")).size).toBe(100);
});

test("numeric columns lie in shared memory", () => {
  for (const name of ["depth", "when"]) {
    const column = stars.take([0, 1]).column(name);
    expect((column as { values: Float64Array }).values.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
});

test("concat keeps kinds, also where one part is all missing, and joins levels", () => {
  const both = stars
    .take([2])
    .concat(stars)
    .concat(table({ name: ["c", "c"], depth: [null, 5], when: [new Date(9), null], good: [true, true] }));
  expect(both.names.map((name) => both.kind(name))).toEqual(stars.names.map((name) => stars.kind(name)));
  expect(both.values("name")).toEqual(["a", "a", "b", "a", "b", "c", "c"]);
  expect(both.values("when").at(-2)).toEqual(new Date(9));
});

test("concat refuses different kinds, by column", () =>
  expect(() => stars.concat(stars.with("depth", stars.values("good")))).toThrow(
    'column "depth" holds number in one table and boolean in the other',
  ));

test("__proto__ is a name like any other", () => {
  const odd = table({ ["__proto__"]: [1, 2], constructor: [3, 4] });
  expect(odd.toRows().map((row) => row[proto])).toEqual([1, 2]);
  expect(odd.derive({ sum: (row) => (row[proto] as number) + (row["constructor"] as never as number) }).values("sum")).toEqual([
    4, 6,
  ]);
});

test("printing shows head, tail, kinds and missing cells", () => {
  const text = String(table({ i: Array.from({ length: 100 }, (_, i) => (i === 50 ? null : i)) }));
  expect(text).toContain("Table 100 × 1");
  expect(text).toContain("number (1 missing)");
  expect(text).toContain("99");
});

describe("what cannot be is refused", () => {
  test("an unknown column, with the near name", () =>
    expect(() => stars.column("dept")).toThrow('table: no column "dept", did you mean depth'));
  test("columns of different lengths", () =>
    expect(() => table({ a: [1], b: [1, 2] })).toThrow('table: column "b" has 2 rows, "a" has 1'));
  test("a name that stands twice", () => expect(() => stars.rename({ name: "depth" })).toThrow('two columns are named "depth"'));
  test("mixed kinds, by row", () => expect(() => table({ a: [1, "x"] })).toThrow('column "a" holds numbers, got "x" in row 1'));
  test("text in a matrix", () => expect(() => stars.toMatrix()).toThrow('table.toMatrix: column "name" holds category'));
  test("a sample larger than the table", () => expect(() => stars.sample(5)).toThrow("n must be 0 … 4, got 5"));
  test("a table of one column twice", () => {
    const column = stars.column("depth");
    expect(
      () =>
        new Table([
          ["a", column],
          ["a", column],
        ]),
    ).toThrow('two columns are named "a"');
  });
});

test("a column's cells are taken by what asks for labels or numbers", () => {
  const told = table({ truth: ["a", "b"], said: ["a", "a"], x: [1, 2] });
  expect([accuracy(told.values("truth"), told.values("said")), rmse(told.values("x"), told.values("x"))]).toEqual([0.5, 0]);
});
