import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { sortByComparing, sortByNumber } from "./sort-numbers.ts";
import { type Table, table } from "./table.ts";

const stars = table({
  name: ["a", "b", "a", null, "b", null],
  depth: [3, null, 1, 7, 2, null],
  when: [new Date(2), new Date(1), null, new Date(9), new Date(3), null],
});
const rows = (of: Table) => of.toRows().map((row) => Object.values(row));

describe("groupBy", () => {
  test("keeps the order in which keys are first seen, missing among them", () =>
    expect(rows(stars.groupBy("name").aggregate({ n: "rows", count: ["depth", "count"] }))).toEqual([
      ["a", 2, 2],
      ["b", 2, 1],
      [null, 2, 1],
    ]));

  test("an aggregate alone is of the column of its name", () =>
    expect(rows(stars.groupBy([]).aggregate({ depth: "sum" }))).toEqual([[13]]));

  test("aggregates leave missing cells out", () =>
    expect(
      rows(
        stars.groupBy("name").aggregate({
          sum: ["depth", "sum"],
          mean: ["depth", "mean"],
          min: ["depth", "min"],
          max: ["depth", "max"],
          median: ["depth", "median"],
          sd: ["depth", "sd"],
          variance: ["depth", "variance"],
          first: ["depth", "first"],
          last: ["depth", "last"],
          distinct: ["depth", "distinct"],
        }),
      ),
    ).toEqual([
      ["a", 4, 2, 1, 3, 2, Math.SQRT2, 2, 3, 1, 2],
      ["b", 2, 2, 2, 2, 2, null, null, 2, 2, 1],
      [null, 7, 7, 7, 7, 7, null, null, 7, 7, 1],
    ]));

  test("the latest of instants is an instant", () =>
    expect(
      stars
        .groupBy("name")
        .aggregate({ latest: ["when", "max"] })
        .values("latest"),
    ).toEqual([new Date(2), new Date(3), new Date(9)]));

  test("of no column is one group of all rows", () =>
    expect(rows(stars.groupBy([]).aggregate({ n: "rows", sum: ["depth", "sum"] }))).toEqual([[6, 13]]));

  test("sums do not lose what is small beside what cancels", () =>
    expect(
      table({ x: [1, 1e100, 1, -1e100] })
        .groupBy([])
        .aggregate({ sum: ["x", "sum"] })
        .values("sum"),
    ).toEqual([2]));

  test("gives each group's rows", () =>
    expect(
      [...stars.groupBy("name").tables()].map(({ keys, table: of }) => [keys.values("name")[0], of.values("depth")]),
    ).toEqual([
      ["a", [3, 1]],
      ["b", [null, 2]],
      [null, [7, null]],
    ]));

  test("tells 3,000 groups of two keys apart as a map of strings does", () => {
    const n = 20_000;
    const a = Array.from({ length: n }, (_, i) => ((i * 7919) % 61) / 7);
    const b = Array.from({ length: n }, (_, i) => `${(i * 104_729) % 53}`);
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) counts.set(`${a[i]} ${b[i]}`, (counts.get(`${a[i]} ${b[i]}`) ?? 0) + 1);
    const made = table({ a, b }).groupBy(["a", "b"]).aggregate({ n: "rows" });
    expect(made.toRows().map((row) => [`${row["a"]} ${row["b"]}`, row["n"]])).toEqual([...counts]);
  });

  test("refuses a mean of strings, an unknown aggregate and a key's name", () => {
    expect(() => stars.groupBy("depth").aggregate({ m: ["name", "mean"] })).toThrow('mean needs numbers, column "name" holds');
    expect(() => stars.groupBy("name").aggregate({ m: ["depth", "maen" as "mean"] })).toThrow("did you mean mean");
    expect(() => stars.groupBy("name").aggregate({ name: "rows" })).toThrow('"name" is a key');
  });
});

describe("join", () => {
  const left = table({ id: [1, 2, 2, null], x: ["p", "q", "r", "s"] });
  const right = table({ id: [2, 3, 2, null], x: [20, 30, 21, 40] });
  const joined = (how: "inner" | "left" | "right" | "outer" | "semi" | "anti") => rows(left.join(right, { on: "id", how }));

  test("inner pairs every equal key and no missing one", () =>
    expect(joined("inner")).toEqual([
      [2, "q", 20],
      [2, "q", 21],
      [2, "r", 20],
      [2, "r", 21],
    ]));
  test("left keeps rows without a partner", () => expect(joined("left").at(0)).toEqual([1, "p", null]));
  test("right keeps the right's rows in their order", () =>
    expect(joined("right")).toEqual([
      [2, "q", 20],
      [2, "r", 20],
      [3, null, 30],
      [2, "q", 21],
      [2, "r", 21],
      [null, null, 40],
    ]));
  test("outer keeps both", () =>
    expect(joined("outer").slice(-3)).toEqual([
      [null, "s", null],
      [3, null, 30],
      [null, null, 40],
    ]));
  test("semi and anti keep left rows once", () => {
    expect(joined("semi")).toEqual([
      [2, "q"],
      [2, "r"],
    ]);
    expect(joined("anti")).toEqual([
      [1, "p"],
      [null, "s"],
    ]);
  });
  test("a name that both have stands with _right", () =>
    expect(left.join(right, { on: "id" }).names).toEqual(["id", "x", "x_right"]));
  test("columns of other names are joined by a map", () =>
    expect(rows(left.join(right.rename({ id: "key" }), { on: { id: "key" }, how: "semi" })).length).toBe(2));
  test("text and category are joined by their strings", () => {
    const few = table({ k: ["a", "a", "b", "b"], v: [1, 2, 3, 4] });
    const text = table({ k: ["b"], w: [9] });
    expect([few.kind("k"), text.kind("k")]).toEqual(["category", "text"]);
    expect(rows(few.join(text, { on: "k" }))).toEqual([
      ["b", 3, 9],
      ["b", 4, 9],
    ]);
    expect(few.join(text, { on: "k", how: "outer" }).rows).toBe(4);
  });
  test("keys of different kinds are refused", () =>
    expect(() => left.join(right, { on: { x: "x" } })).toThrow('"x" holds text in the left table, "x" number in the right'));
  test("equals a nested loop on random keys", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 })), fc.array(fc.integer({ min: 0, max: 5 })), (a, b) => {
        const one = table({ k: a, i: a.map((_, i) => i) });
        const two = table({ k: b, j: b.map((_, j) => j) });
        const loops = a.flatMap((k, i) => b.flatMap((other, j) => (k === other ? [[k, i, j]] : [])));
        expect(rows(one.join(two, { on: "k" }))).toEqual(loops);
      }),
    ));
  test("a key that is unique on the right gives what one that is not gives", () => {
    const ids = [3, 9, null, 4, 100];
    for (const cells of [ids, ids.map((id) => (id === null ? null : `s${id}`))]) {
      const unique = table({ k: cells, v: [1, 2, 3, 4, 5] });
      const one = table({ k: [...cells, cells[0]!, cells[1]!, null], row: [0, 1, 2, 3, 4, 5, 6, 7] });
      for (const how of ["inner", "left"] as const) {
        const twice = one.join(unique.concat(unique), { on: "k", how });
        expect(rows(one.join(unique, { on: "k", how }))).toEqual(rows(twice.distinct()));
      }
    }
  });
  test("columns whose rows all stay in place are shared", () => {
    const one = table({ k: [2, 1], v: ["a", "b"] });
    expect(one.join(table({ k: [1, 2], w: [1, 2] }), { on: "k" }).column("v")).toBe(one.column("v"));
  });
  test("a million rows to a million rows is linear", () => {
    const n = 1_000_000;
    const k = Float64Array.from({ length: n }, (_, i) => (i * 7919) % n);
    const big = table({ k: [] }).with("k", { kind: "number", values: k });
    expect(big.join(big.with("v", { kind: "number", values: k.map((each) => 2 * each) }), { on: "k" }).rows).toBe(n);
  });
});

describe("pivot", () => {
  const long = table({ land: ["a", "a", "b", "b"], what: ["x", "y", "x", "x"], value: [1, 2, 3, 5] });
  test("makes a column of each different cell", () =>
    expect(long.pivot({ rows: "land", columns: "what", values: "value", aggregate: "mean" }).toRows()).toEqual(
      table([
        { land: "a", x: 1, y: 2 },
        { land: "b", x: 4, y: null },
      ]).toRows(),
    ));
  test("refuses a name that is taken", () =>
    expect(() => long.with("what", ["land", "y", "x", "x"]).pivot({ rows: "land", columns: "what", values: "value" })).toThrow(
      'two columns would be named "land"',
    ));
});

describe("distinct", () => {
  test("keeps the first of equal rows", () =>
    expect(rows(table({ a: [1, 1, 2, 1], b: ["x", "x", "x", "x"] }).distinct())).toEqual([
      [1, "x"],
      [2, "x"],
    ]));
  test("by some columns keeps all others", () => expect(rows(stars.distinct(["name"])).length).toBe(3));
  test("takes 0 and −0 for equal, and missing for missing", () =>
    expect(table({ a: [0, -0, null, null] }).distinct().rows).toBe(2));
});

describe("sort", () => {
  test("orders any doubles as comparison does, missing last", () =>
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), fc.boolean(), (values, descending) => {
        const sorted = table({ x: [...values, null] })
          .sort("x", { descending })
          .values("x");
        const expected = values
          .slice()
          .sort((a, b) => (descending ? b - a || Number(b > a) - Number(b < a) : a - b || Number(a > b) - Number(a < b)));
        expect(sorted.slice(0, -1).map((x) => (x as number) + 0)).toEqual(expected.map((x) => x + 0));
        expect(sorted.at(-1)).toBeNull();
      }),
    ));
  test("many rows by digits as by comparing, either way", () => {
    const draw = random(3, "sort-numbers");
    const n = 20_000;
    const odd = [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, -5e-324, 1e308, -Number.NaN];
    const values = Float64Array.from({ length: n }, () =>
      draw.int(3) ? draw.normal() * Math.exp(draw.normal() * 9) : odd[draw.int(odd.length)]!,
    );
    const order = random(4, "order").permutation(n);
    for (const descending of [false, true])
      expect(sortByNumber(values, order, descending)).toEqual(sortByComparing(values, order, descending));
  });
  test("by two columns lets the first decide first", () =>
    expect(rows(stars.sort(["name", "depth"]).select(["name", "depth"]))).toEqual([
      ["a", 1],
      ["a", 3],
      ["b", 2],
      ["b", null],
      [null, 7],
      [null, null],
    ]));
});

test("rows taken by threads are those taken one by one, missing where there is none", () => {
  const n = 400_000;
  const wide = table({ b: [true], c: ["x"], d: [new Date(0)], n: [1], t: ["y"] }).take(new Int32Array(n));
  const filled = wide.with("n", { kind: "number", values: Float64Array.from({ length: n }, (_, i) => i) });
  const scattered = Int32Array.from({ length: n }, (_, k) => (k % 5 === 0 ? -1 : (k * 7919) % n));
  const taken = filled.take(scattered);
  for (const k of [0, 1, 2, 199_999, n - 1]) expect(taken.row(k)).toEqual(filled.take([scattered[k]!]).row(0));
});

test("many scattered rows are taken as few are", () => {
  const n = 300_000;
  const order = Int32Array.from({ length: n }, (_, i) => (i % 1000 === 7 ? 0 : (i * 7919) % n));
  const many = table({ x: [] }).with("x", { kind: "number", values: Float64Array.from({ length: n }, (_, i) => i / 2) });
  const taken = many.take(order).column("x") as { readonly values: Float64Array };
  expect(taken.values).toEqual(Float64Array.from(order, (i) => i / 2));
});

test("cast turns codes into categories and text into numbers or instants, and names a cell that cannot be", () => {
  const cast = table({ code: [1, 2, null], n: ["1", "2.5", null], d: ["2020-01-01", "x", null] }).cast({
    code: "category",
    n: "number",
  });
  expect([cast.kind("code"), cast.values("code"), cast.values("n")]).toEqual(["category", ["1", "2", null], [1, 2.5, null]]);
  expect(() => cast.cast({ d: "datetime" })).toThrow('table.cast: column "d" must hold datetimes, got "x" in row 1');
});
