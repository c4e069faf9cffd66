import { describe, expect, test } from "vitest";
import { type Cell, type Table, table } from "../data/table.ts";
import { random } from "../numeric/random.ts";
import { findOutliers } from "./find-outliers.ts";
import { previewStep, previewSteps } from "./preview.ts";
import { fitApplySteps, fitSteps, recipeFrom } from "./recipe.ts";
import type { StepInput } from "./steps.ts";

const people = table({
  age: ["22", "?", "26", "35", "!!", "54", "2", "27"],
  fare: [7.25, 71.28, 7.92, null, 8.05, 51.86, 21.07, 512],
  port: ["S", "C", "S", "S", null, "S", "C", "Q"],
  note: ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"],
  alive: [true, null, true, true, false, false, false, true],
  born: [0, 1, 2, null, 4, 5, 6, 7].map((day) => (day === null ? null : new Date(day * 86_400_000))),
  label: ["no", "yes", "yes", "yes", "no", "no", "no", "yes"],
});
const after = async (steps: readonly StepInput[], of: Table = people, options = {}): Promise<Table> =>
  (await fitApplySteps(of, steps, options)).table;
const values = async (name: string, ...steps: StepInput[]): Promise<Cell[]> => (await after(steps)).values(name);

describe("replace_markers", () => {
  test("makes markers missing, and a column of numbers of what is left", async () => {
    expect(await values("age", { step: "replace_markers" })).toEqual([22, null, 26, 35, null, 54, 2, 27]);
  });
  test("keeps text where it is told to", async () => {
    const kept = await values("age", { step: "replace_markers", numbers: false });
    expect(kept.slice(0, 2)).toEqual(["22", null]);
  });
  test("takes numbers for markers too", async () => {
    const coded = table({ x: [1, -999, 3] });
    expect((await after([{ step: "replace_markers", markers: ["-999"] }], coded)).values("x")).toEqual([1, null, 3]);
  });
  test("leaves out the levels that were markers", async () => {
    const made = await after([{ step: "replace_markers", columns: ["port"], markers: ["Q"] }]);
    expect(made.column("port")).toMatchObject({ levels: ["C", "S"] });
  });
  test("a new cell that is no number is missing in a column of numbers", async () => {
    const recipe = await fitSteps(people.select(["age"]), [{ step: "replace_markers" }]);
    expect((await recipe.apply(table({ age: ["1e3", " 7 ", "old"] }))).values("age")).toEqual([1000, 7, null]);
  });
});

describe("drop_missing", () => {
  test("drops rows with a missing cell", async () => {
    expect((await fitApplySteps(people, [{ step: "drop_missing", columns: ["fare", "port"] }])).rows).toEqual(
      Int32Array.of(0, 1, 2, 5, 6, 7),
    );
  });
  test("drops rows beyond a share", async () => {
    const { rows } = await fitApplySteps(table({ a: [1, null, null], b: [1, 2, null] }), [{ step: "drop_missing", share: 0.5 }]);
    expect(Array.from(rows)).toEqual([0, 1]);
  });
  test("drops the columns that the training rows showed sparse, from new rows too", async () => {
    const recipe = await fitSteps(table({ a: [1, null, null], b: [1, 2, 3] }), [
      { step: "drop_missing", of: "columns", share: 0.4 },
    ]);
    expect((await recipe.apply(table({ a: [1, 2], b: [3, 4] }))).names).toEqual(["b"]);
  });
});

describe("impute", () => {
  test.each([
    ["mean", 679.43 / 7],
    ["median", 21.07],
    ["min", 7.25],
    ["max", 512],
  ] as const)("by %s", async (strategy, wanted) => {
    expect((await values("fare", { step: "impute", columns: ["fare"], strategy }))[3]).toBeCloseTo(wanted, 10);
  });
  test("text, categories and booleans take the most frequent value", async () => {
    const made = await after([{ step: "impute" }]);
    expect([made.values("port")[4], made.values("alive")[1]]).toEqual(["S", true]);
    expect(made.column("born")).toMatchObject({ kind: "datetime" });
    expect(made.values("born")[3]).toEqual(new Date(4 * 86_400_000));
  });
  test("a constant goes to the columns that can hold it", async () => {
    const made = await after([{ step: "impute", strategy: "constant", value: "none" }]);
    expect([made.values("port")[4], made.values("fare")[3]]).toEqual(["none", null]);
  });
  test("a constant that a named column cannot hold is refused", async () => {
    await expect(after([{ step: "impute", columns: ["fare"], strategy: "constant", value: "x" }])).rejects.toThrow(
      'steps[0] impute: column "fare" holds number, the constant "x" does not fit',
    );
  });
  test("forward and backward fill take the neighbour's cell, of every kind", async () => {
    const forward = await after([{ step: "impute", strategy: "forward_fill" }]);
    expect(["fare", "port", "alive"].map((name) => forward.values(name)[{ fare: 3, port: 4, alive: 1 }[name]!])).toEqual([
      7.92,
      "S",
      true,
    ]);
    expect((await values("fare", { step: "impute", strategy: "backward_fill" }))[3]).toBe(8.05);
  });
  test("indicators are columns of their own", async () => {
    expect(await values("fare missing", { step: "impute", columns: ["fare"], indicator: true })).toEqual([
      0, 0, 0, 1, 0, 0, 0, 0,
    ]);
  });
  test("a column that is missing all through stays so", async () => {
    expect((await after([{ step: "impute" }], table({ a: [null, null], b: [1, null] }))).values("a")).toEqual([null, null]);
  });
});

describe("outliers", () => {
  const wide = table({ x: [1, 2, 3, 4, 5, 100, null] });
  test.each([
    ["clip", [1, 2, 3, 4, 5, 8.5, null]],
    ["missing", [1, 2, 3, 4, 5, null, null]],
    ["median", [1, 2, 3, 4, 5, 3, null]],
    ["drop", [1, 2, 3, 4, 5, null]],
  ] as const)("%s", async (action, wanted) => {
    expect((await after([{ step: "outliers", action }], wide)).values("x")).toEqual(wanted);
  });
  test("a range with one bound clips on one side", async () => {
    expect((await after([{ step: "outliers", method: "range", high: 4 }], wide)).values("x")).toEqual([1, 2, 3, 4, 4, 4, null]);
    expect((await after([{ step: "outliers", method: "range", low: 3 }], wide)).values("x")).toEqual([3, 3, 3, 4, 5, 100, null]);
  });
  test("are reported with their rows", () => {
    const report = findOutliers(wide);
    expect(report).toEqual({
      columns: [{ column: "x", low: -1.5, high: 8.5, count: 1 }],
      cells: [{ row: 5, column: "x", value: 100 }],
      rows: 1,
    });
  });
  test("an infinite cell is one, and spoils no bound", () => {
    const report = findOutliers(table({ x: [1, 2, 3, Infinity] }), { method: "zscore" });
    expect(report.cells).toEqual([{ row: 3, column: "x", value: Infinity }]);
  });
});

describe("other steps", () => {
  test("scale, encode and bin put their columns where the old ones stood", async () => {
    const made = await after([
      { step: "encode", columns: ["port"] },
      { step: "scale", columns: ["fare"] },
      { step: "bin", columns: ["fare"], bins: 2 },
    ]);
    expect(made.names).toEqual(["age", "fare", "port=C", "port=Q", "port=S", "note", "alive", "born", "label"]);
    expect(new Set(made.values("fare"))).toEqual(new Set([0, 1, null]));
  });
  test("filter keeps the rows for which the condition holds, not those where it is unknown", async () => {
    expect((await fitApplySteps(people, [{ step: "filter", where: "fare < 50" }])).rows).toEqual(Int32Array.of(0, 2, 4, 6));
  });
  test("a filter that is no condition is refused", async () => {
    await expect(after([{ step: "filter", where: "fare + 1" }])).rejects.toThrow(
      "steps[0] filter: where must be true or false for each row, it gives number",
    );
  });
  test("derive adds a column, and keeps its kind on new rows", async () => {
    const recipe = await fitSteps(people, [{ step: "derive", name: "port2", sql: "lower(port)" }]);
    expect((await recipe.apply(people.head(1))).kind("port2")).toBe("category");
  });
  test("rename swaps names", async () => {
    const made = await after([
      {
        step: "rename",
        names: [
          { from: "age", to: "fare" },
          { from: "fare", to: "age" },
        ],
      },
    ]);
    expect([made.values("age")[0], made.values("fare")[0]]).toEqual([7.25, "22"]);
  });
  test("rename to a name that is taken is refused", async () => {
    await expect(after([{ step: "rename", names: [{ from: "age", to: "fare" }] }])).rejects.toThrow(
      'two columns are named "fare"',
    );
  });
  test("select and drop_columns choose columns", async () => {
    expect(
      (
        await after([
          { step: "select", columns: ["port", "age"] },
          { step: "drop_columns", columns: ["age"] },
        ])
      ).names,
    ).toEqual(["port"]);
    await expect(after([{ step: "drop_columns", columns: [...people.names] }])).rejects.toThrow(
      "steps[0] drop_columns: leaves no column",
    );
  });
  test("drop_duplicates keeps the first of equal rows", async () => {
    const twice = table({ a: [1, 1, 2, null, null], b: ["x", "x", "x", "y", "y"] });
    expect((await fitApplySteps(twice, [{ step: "drop_duplicates" }])).rows).toEqual(Int32Array.of(0, 2, 3));
  });
  test.each([
    ["number", "7", 7],
    ["text", 7, "7"],
    ["boolean", "Yes", true],
    ["datetime", "1970-01-02", new Date(86_400_000)],
    ["datetime", "1970-01-01T01:00+01:00", new Date(0)],
    ["category", true, "true"],
    ["number", true, 1],
  ] as const)("cast to %s: %j", async (kind, cell, wanted) => {
    expect((await after([{ step: "cast", columns: ["x"], kind }], table({ x: [cell, null] }))).values("x")).toEqual([
      wanted,
      null,
    ]);
  });
  test("a cell that cannot be cast is refused with its row, or made missing", async () => {
    const mixed = table({ x: ["1", "two"] });
    await expect(after([{ step: "cast", columns: ["x"], kind: "number" }], mixed)).rejects.toThrow(
      'steps[0] cast: column "x" cannot be number, got "two" in row 1; take invalid: "missing"',
    );
    expect((await after([{ step: "cast", columns: ["x"], kind: "number", invalid: "missing" }], mixed)).values("x")).toEqual([
      1,
      null,
    ]);
  });
  test("a column that is not there is refused with the near name", async () => {
    await expect(after([{ step: "scale" }, { step: "scale", columns: ["fair"] }])).rejects.toThrow(
      'steps[1] scale: no column "fair", did you mean fare',
    );
  });
  test("a column of another kind is refused", async () => {
    await expect(after([{ step: "scale", columns: ["port"] }])).rejects.toThrow(
      'column "port" must hold number, it holds category',
    );
  });
});

const all: StepInput[] = [
  { step: "replace_markers" },
  { step: "drop_duplicates" },
  { step: "drop_missing", columns: ["port"] },
  { step: "cast", columns: ["alive"], kind: "number" },
  { step: "impute" },
  { step: "outliers", columns: ["fare"], method: "zscore", k: 1.5 },
  { step: "derive", name: "double", sql: "fare * 2" },
  { step: "filter", where: "double > -1" },
  { step: "scale", columns: ["age"], method: "robust" },
  { step: "scale", columns: ["double"], method: "quantile" },
  { step: "scale", columns: ["fare"], method: "power" },
  { step: "bin", columns: ["age"], bins: 3 },
  { step: "encode", columns: ["note"], method: "target" },
  { step: "encode" },
  { step: "drop_columns", columns: ["born"] },
];

describe("a recipe", () => {
  test("comes back from its JSON and does the same", async () => {
    const recipe = await fitSteps(people, all, { target: "label" });
    const back = recipeFrom(JSON.stringify(recipe));
    expect((await back.apply(people)).toRows()).toEqual((await recipe.apply(people)).toRows());
    expect(JSON.stringify(back)).toBe(JSON.stringify(recipe));
  });
  test("leaves alone the target, which new rows may lack, and further columns", async () => {
    const recipe = await fitSteps(people, all, { target: "label" });
    const applied = await recipe.apply(people.drop(["label"]).with("more", people.column("note")));
    expect(applied.names).not.toContain("more");
    expect(applied.names).not.toContain("label");
    expect((await recipe.apply(people)).values("label")).toContain("yes");
  });
  test("refuses rows without a column that it needs", async () => {
    const recipe = await fitSteps(people, [{ step: "impute" }]);
    await expect(recipe.apply(people.drop(["fare"]))).rejects.toThrow('recipe.apply: no column "fare"');
  });
  test("does one row", async () => {
    const recipe = await fitSteps(people, all, { target: "label" });
    expect((await recipe.apply(people.head(1))).rows).toBe(1);
  });
  test("takes a column named __proto__", async () => {
    const odd = table([{ ["__proto__"]: 1 }, { ["__proto__"]: null }, { ["__proto__"]: 3 }]);
    const recipe = await fitSteps(odd, [{ step: "impute", strategy: "mean" }, { step: "scale" }]);
    const back = recipeFrom(JSON.parse(JSON.stringify(recipe)));
    expect((await back.apply(odd)).values("__proto__")).toEqual([expect.any(Number), 0, expect.any(Number)]);
    expect(({} as { step?: unknown }).step).toBeUndefined();
  });
  test.each([
    ["{", "recipeFrom: "],
    [null, "recipeFrom: the recipe"],
    [{ format: 2, columns: [], steps: [] }, "recipeFrom: format"],
    [{ format: 1, columns: [], steps: [{ step: { step: "boom" }, state: {} }] }, 'no step "boom"'],
    [
      {
        format: 1,
        columns: [],
        steps: [{ step: { step: "impute" }, state: { fill: [{ column: "a", value: { $number: "x" } }] } }],
      },
      "a number must be one",
    ],
    [{ format: 1, columns: [], steps: [{ step: { step: "impute" }, state: { fill: [{ column: 1 }] } }] }, "recipeFrom: fill.0"],
    [
      {
        format: 1,
        columns: [],
        steps: [
          {
            step: { step: "scale" },
            state: {
              columns: [
                {
                  column: "a",
                  fitted: {
                    task: "transform",
                    name: "standard_scaler",
                    params: {},
                    columns: [{ name: "a" }],
                    state: { centre: { $f64: [0] }, scale: { $f64: ["NaN"] } },
                  },
                },
              ],
            },
          },
        ],
      },
      "must be a fitted transformer",
    ],
  ])("that is none is refused: %j", (json, message) => {
    expect(() => recipeFrom(json)).toThrow(message);
    expect(() => recipeFrom(json)).toThrow(expect.objectContaining({ name: "StoreError" }));
  });
  test("ends when it is told to", async () => {
    await expect(fitSteps(people, all, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("no step learns from rows outside the training", () => {
  const n = 300;
  const draw = random(4, "leak");
  const clean = table({
    x: Array.from({ length: n }, () => draw.normal()),
    c: Array.from({ length: n }, (_, i) => `level ${i % 3}`),
    holed: Array.from({ length: n }, (_, i) => (i % 7 === 0 ? null : draw.normal())),
    y: Array.from({ length: n }, () => draw.normal()),
  });
  const rows = Int32Array.from({ length: 200 }, (_, i) => i);
  const planted = table(
    clean.toRows().map((row, i) => (i < 200 ? row : { x: 1e6, c: "only in the test", holed: i % 2 ? 1e6 : null, y: 1e6 })),
  );
  test.each([
    [{ step: "impute", strategy: "mean" }],
    [{ step: "impute", strategy: "max", indicator: true }],
    [{ step: "impute", strategy: "backward_fill" }],
    [{ step: "outliers", method: "zscore", action: "clip" }],
    [{ step: "outliers", method: "iqr", action: "mean" }],
    [{ step: "scale", method: "standard" }],
    [{ step: "scale", method: "min_max" }],
    [{ step: "scale", method: "robust" }],
    [{ step: "scale", method: "max_abs" }],
    [{ step: "scale", method: "power" }],
    [{ step: "scale", method: "quantile" }],
    [{ step: "encode", method: "one_hot" }],
    [{ step: "encode", method: "ordinal" }],
    [{ step: "encode", method: "label" }],
    [{ step: "encode", method: "frequency" }],
    [{ step: "encode", method: "target" }],
    [{ step: "bin", strategy: "quantile" }],
    [{ step: "bin", strategy: "kmeans" }],
    [{ step: "drop_missing", of: "columns", share: 0.2 }],
    [{ step: "drop_duplicates" }],
    [{ step: "derive", name: "z", sql: "x * 2" }],
  ] as [StepInput][])("%j", async (step) => {
    const options = { rows, target: "y" };
    const honest = await fitApplySteps(clean, [step], options);
    const tempted = await fitApplySteps(planted, [step], options);
    const trained = ({ table: made, rows: left }: typeof honest) =>
      made.take(Int32Array.from(left.keys()).filter((k) => left[k]! < 200));
    expect(trained(tempted).toRows()).toEqual(trained(honest).toRows());
    expect(await tempted.recipe.apply(clean.slice(200))).toEqual(await honest.recipe.apply(clean.slice(200)));
  });

  test("the planted rows would show in what is learnt, were they learnt from", async () => {
    const step: StepInput = { step: "scale", columns: ["x"] };
    const whole = async (of: Table) => JSON.stringify(await fitSteps(of, [step]));
    expect(await whole(planted)).not.toBe(await whole(clean));
  });

  test("nor does a training row's own target come back in its encoding", async () => {
    const ids = table({ id: Array.from({ length: n }, (_, i) => `u${i % 150}`), y: clean.values("y") as number[] });
    const { table: made } = await fitApplySteps(ids, [{ step: "encode", method: "target", columns: ["id"] }], { target: "y" });
    const [a, b] = [made.values("id") as number[], made.values("y") as number[]];
    const mean = (v: readonly number[]): number => v.reduce((s, each) => s + each, 0) / v.length;
    const [ma, mb] = [mean(a), mean(b)];
    const sum = (f: (i: number) => number): number => a.reduce((s, _, i) => s + f(i), 0);
    const correlation =
      sum((i) => (a[i]! - ma) * (b[i]! - mb)) / Math.sqrt(sum((i) => (a[i]! - ma) ** 2) * sum((i) => (b[i]! - mb) ** 2));
    expect(correlation).toBeLessThan(0.25); // with its own target in the mean of two rows it is about 0.7
  });

  test("rows come back in their order, with those that are left", async () => {
    const odd = Int32Array.from({ length: 150 }, (_, k) => 2 * k + 1);
    const { table: made, rows: left } = await fitApplySteps(clean, [{ step: "filter", where: "x > 0" }], { rows: odd });
    expect(made.values("x")).toEqual((clean.values("x") as number[]).filter((x) => x > 0));
    expect(made.values("x")).toEqual(clean.take(left).values("x"));
  });
  test("training rows that are not there are refused", async () => {
    await expect(fitSteps(clean, [], { rows: [0, 300] })).rejects.toThrow("rows must be different ones of 0 … 299, got 300");
    await expect(fitSteps(clean, [], { rows: [1, 1] })).rejects.toThrow("got 1");
    await expect(fitSteps(clean, [], { rows: [0.5] })).rejects.toThrow("rows must be row numbers, got 0.5");
  });
});

describe("a preview", () => {
  test("tells rows and cells touched, and the columns before and after", async () => {
    const report = await previewStep(people, { step: "impute", columns: ["fare"], strategy: "max" });
    expect(report).toMatchObject({
      rowsBefore: 8,
      rowsAfter: 8,
      rowsTouched: 1,
      cellsTouched: 1,
      changed: ["fare"],
      added: [],
      removed: [],
      examples: [3],
    });
    expect([report.before[0]!.missing, report.after[0]!.missing]).toEqual([1, 0]);
  });
  test("of a step that drops rows tells which", async () => {
    const report = await previewStep(people, { step: "filter", where: "fare > 8" });
    expect([report.rowsTouched, report.examples, report.before.length]).toEqual([3, [0, 2, 3], 7]);
  });
  test("numbers rows as the table does, after steps that dropped some and of training rows only", async () => {
    const steps: StepInput[] = [
      { step: "filter", where: "fare > 8" },
      { step: "outliers", columns: ["fare"], method: "range", high: 500 },
    ];
    expect((await previewSteps(people, steps))[1]!.examples).toEqual([7]);
    expect((await previewSteps(people, steps, { rows: [1, 5, 7] }))[1]!.examples).toEqual([7]);
  });
  test("of many rows is of a sample", async () => {
    const report = await previewStep(people, { step: "impute" }, { sample: 4 });
    expect(report.rowsBefore).toBe(4);
  });
  test("leaves the table as it is", async () => {
    const copy = people.toRows();
    await previewSteps(people, all, { target: "label" });
    expect(people.toRows()).toEqual(copy);
  });
});
