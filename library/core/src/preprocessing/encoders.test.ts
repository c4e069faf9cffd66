import { describe, expect, test } from "vitest";
import { fitSync, transformSync, transformTrainingSync } from "../base/run.ts";
import { makeContext } from "../base/worker.ts";
import { table } from "../data/table.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { kBinsDiscretizer } from "./bins.ts";
import { frequencyEncoder, labelEncoder, ordinalEncoder } from "./encoders.ts";
import { oneHotEncoder } from "./one-hot-encoder.ts";
import { outlierReplacer } from "./outlier-replacer.ts";
import { targetEncoder } from "./target-encoder.ts";

describe.each([
  "one_hot_encoder",
  "ordinal_encoder",
  "label_encoder",
  "frequency_encoder",
  "k_bins_discretizer",
  "outlier_replacer",
])("%s", (transformer) => {
  for (const { name, run } of estimatorChecks("transform", transformer)) test(name, run);
});

const fruits = table({
  colour: ["red", "green", "red", null, "green", "red"],
  weight: [1, 2, null, 4, 5, 6],
});
const rowsOf = ({ data, columns, rows }: Pick<Matrix, "data" | "columns" | "rows">): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));

describe("one-hot", () => {
  const given = fixture<{ x: string[][]; later: string[][]; answers: Record<string, number[][]> }>(import.meta.url, "one-hot");
  const asTable = (rows: string[][]) => table(rows.map(([a, b]) => ({ a: a!, b: b! })));
  test.each([
    ["plain", {}],
    ["first", { drop: "first" }],
    ["if_binary", { drop: "if_binary" }],
    ["rare", { minFrequency: 8 }],
    ["share", { minFrequency: 0.2, drop: "first" }],
    ["unknown", { minFrequency: 8, unknown: "rare" }],
  ] as const)("equals scikit-learn's: %s", async (name, params) => {
    const model = await oneHotEncoder(params).fit(asTable(given.x));
    expect(rowsOf(model.transform(asTable(given.later)))).toEqual(given.answers[name]);
  });

  test("makes a named column for each level, all 0 for a missing cell", async () => {
    const { names, data } = (await oneHotEncoder().fit(fruits)).transform(fruits);
    expect(names).toEqual(["colour=green", "colour=red", "weight"]);
    expect(Array.from(data.subarray(0, 3))).toEqual([0, 1, 1]);
    expect(Array.from(data.subarray(9, 11))).toEqual([0, 0]);
  });

  test("a level that was not there at the fit is 0 in all columns", async () => {
    const model = await oneHotEncoder().fit(fruits.select(["colour"]));
    expect(Array.from(model.transform(table({ colour: ["blue", "red"] })).data)).toEqual([0, 0, 0, 1]);
  });

  test("a level that only rows outside the fit hold makes no column", async () => {
    const model = await oneHotEncoder().fit(fruits.select(["colour"]).take([0, 2]));
    expect(model.transform(fruits).names).toEqual(["colour=red"]);
  });

  test("an unknown level is refused with its row where asked for", async () => {
    const model = await oneHotEncoder({ unknown: "error" }).fit(fruits.select(["colour"]));
    expect(() => model.transform(table({ colour: ["red", "blue"] }))).toThrow('column "colour" holds a missing cell or a level');
  });

  test.each(["none", "first", "if_binary"] as const)("the way back gives the levels, drop %s", async (drop) => {
    const whole = fruits.select(["colour"]).take([0, 1, 2, 4, 5]);
    const model = await oneHotEncoder({ drop }).fit(whole);
    const back = model.inverseTransform(model.transform(whole));
    expect(Array.from(back.data, (code) => back.levels![0]![code])).toEqual(whole.values("colour"));
  });

  test("a column named __proto__ with a level of that name is a column like others", async () => {
    const odd = table([
      { ["__proto__"]: "__proto__" },
      { ["__proto__"]: "b" },
      { ["__proto__"]: "b" },
      { ["__proto__"]: "__proto__" },
    ]);
    expect((await oneHotEncoder().fit(odd)).transform(odd).names).toEqual(["__proto__=__proto__", "__proto__=b"]);
  });

  test("names that would be the same are told apart", async () => {
    const odd = table({ "a=x": [1, 2, 3, 4], a: ["x", "x", "y", "y"] });
    expect((await oneHotEncoder().fit(odd)).transform(odd).names).toEqual(["a=x", "a=x_2", "a=y"]);
  });
});

describe("ordinal, label and frequency", () => {
  test("ordinal gives levels their number and unknown ones theirs", async () => {
    const model = await ordinalEncoder({ unknown: -5 }).fit(fruits.select(["colour"]));
    expect(Array.from(model.transform(table({ colour: ["red", "green", "violet", null] })).data)).toEqual([1, 0, -5, -5]);
  });

  test("ordinal takes the order it is given", async () => {
    const model = await ordinalEncoder({ order: ["red", "green"] }).fit(fruits.select(["colour"]));
    expect(Array.from(model.transform(fruits.select(["colour"])).data)).toEqual([0, 1, 0, -1, 1, 0]);
  });

  test("label numbers the sorted levels and leaves unknown ones missing, and goes back", async () => {
    const model = await labelEncoder().fit(fruits.select(["colour"]));
    const coded = model.transform(table({ colour: ["red", "violet"] }));
    expect(Array.from(coded.data)).toEqual([1, Number.NaN]);
    const back = model.inverseTransform(coded);
    expect(back.levels![0]![back.data[0]!]).toBe("red");
  });

  test("frequency gives shares of the fit's rows, 0 for unknown levels", async () => {
    const model = await frequencyEncoder().fit(fruits.select(["colour"]));
    expect(Array.from(model.transform(table({ colour: ["red", "green", "violet"] })).data)).toEqual([3 / 6, 2 / 6, 0]);
    expect(() => model.inverseTransform([[0.5]])).toThrow("frequency_encoder: has no inverse");
  });
});

describe("target encoder", () => {
  interface Answer {
    readonly target: number[];
    readonly trained: number[][];
    readonly later: number[][];
  }
  const { x, answers } = fixture<{ x: string[]; answers: Record<string, Answer> }>(import.meta.url, "target-encoder");
  const levels = [...new Set(x)].sort();
  const asMatrix = (letters: readonly string[]): Matrix => ({
    rows: letters.length,
    columns: 1,
    data: Float64Array.from(letters, (letter) => (levels.includes(letter) ? levels.indexOf(letter) : Number.NaN)),
    names: ["letter"],
    levels: [levels],
  });
  const close = (got: Matrix, wanted: number[][]): void => {
    for (const [k, value] of wanted.flat().entries()) expect(Math.abs(got.data[k]! - value)).toBeLessThan(1e-12);
    expect(got.data.length).toBe(wanted.flat().length);
  };
  test.each(Object.keys(answers))("equals scikit-learn's, on the rows of the fit by folds: %s", (name) => {
    const { target, trained, later } = answers[name]!;
    const [task, smooth] = name.split(" ");
    const classes = { regression: 0, binary: 2, multiclass: 3 }[task!]!;
    const context = makeContext(
      { classes, weights: undefined },
      1,
      () => false,
      () => {},
    );
    const spec = targetEncoder({ smooth: smooth === "auto" ? "auto" : Number(smooth), shuffled: false });
    const y = Float64Array.from(target);
    const fitted = fitSync(spec, asMatrix(x), y, context);
    close(transformSync(fitted, asMatrix(["a", "f", "z"])), later);
    close(transformTrainingSync(fitted, asMatrix(x), y, context), trained);
  });

  test("without a target is refused", async () => {
    await expect(targetEncoder().fit(fruits.select(["colour"]))).rejects.toThrow("target_encoder.fit: needs a target");
  });

  test("one row is the mean of nothing but itself", async () => {
    const one = table({ c: ["a", "a"], y: [3, 3] });
    const model = await targetEncoder().fit(one, { target: "y" });
    expect(Array.from(model.transform(one).data)).toEqual([3, 3]);
  });
});

describe("bins equal scikit-learn's", () => {
  interface Answer {
    readonly edges: number[][];
    readonly binned: number[][];
    readonly inverse: number[][];
  }
  const given = fixture<{ x: number[][]; later: number[][] } & Record<"uniform" | "quantile" | "kmeans", Answer>>(
    import.meta.url,
    "bins",
  );
  test.each(["uniform", "quantile", "kmeans"] as const)("%s", async (strategy) => {
    const model = await kBinsDiscretizer({ bins: 4, strategy }).fit(given.x);
    for (const [j, edges] of given[strategy].edges.entries())
      for (const [k, edge] of edges.entries())
        expect(Math.abs(model.state.edges[j]![k]! - edge)).toBeLessThan(1e-12 * Math.max(1, Math.abs(edge)));
    const binned = model.transform(given.later);
    expect(rowsOf(binned)).toEqual(given[strategy].binned);
    for (const [i, row] of rowsOf(model.inverseTransform(binned)).entries())
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(given[strategy].inverse[i]![j]!, 10);
  });

  test("a constant column has one bin, a missing cell none", async () => {
    const model = await kBinsDiscretizer().fit([[7], [7], [7]]);
    expect(Array.from(model.transform([[7], [9], [Number.NaN]]).data)).toEqual([0, 0, Number.NaN]);
    expect(model.inverseTransform([[0]]).data[0]).toBe(7);
  });
});

describe("outlier replacer", () => {
  const values = [[1], [2], [3], [4], [5], [100], [Number.NaN]];
  test.each([
    ["clip", 8.5],
    ["missing", Number.NaN],
    ["mean", 3],
    ["median", 3],
    ["mode", 1],
  ] as const)("by %s", async (action, wanted) => {
    const model = await outlierReplacer({ action }).fit(values);
    expect(Array.from(model.transform(values).data)).toEqual([1, 2, 3, 4, 5, wanted, Number.NaN]);
  });

  test("z-scores reach k standard deviations from the mean", async () => {
    const { state } = await outlierReplacer({ method: "zscore", k: 2 }).fit([[0], [2]]);
    expect([state.low[0], state.high[0]]).toEqual([-1, 3]);
  });

  test("bounds are those of the fit's rows", async () => {
    const model = await outlierReplacer({ method: "iqr" }).fit(values.slice(0, 5));
    expect(Array.from(model.transform([[1e308], [-1e308]]).data)).toEqual([7, -1]);
  });

  test("a range without bounds is refused", async () => {
    await expect(outlierReplacer({ method: "range" }).fit([[1]])).rejects.toThrow("the method range needs low or high");
  });
});
