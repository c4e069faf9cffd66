import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { plotBoxes, plotCorrelation, plotHistogram, plotMissing, plotScatter, plotScatterMatrix } from "./table-plots.ts";

const people = table(
  Array.from({ length: 100 }, (_, i) => ({
    age: i % 10 === 0 ? null : i,
    height: 150 + (i % 40),
    sex: i % 3 === 0 ? "f" : "m",
    born: new Date(Date.UTC(1950 + (i % 50), 0, 1)),
  })),
);
const sum = (values: unknown) => (values as number[]).reduce((a, b) => a + b, 0);

describe("a histogram", () => {
  test("counts every cell that is not missing", () => {
    expect(sum(plotHistogram(people, "age").data[0]!["y"])).toBe(90);
  });
  test("of groups counts each cell once", () => {
    const { data } = plotHistogram(people, "height", { by: "sex", bins: 7 });
    expect(data.map((trace) => sum(trace["y"]))).toEqual([66, 34]);
  });
  test("of categories has a bar for each value, the most frequent first", () => {
    expect(plotHistogram(people, "sex").data[0]).toMatchObject({ x: ["m", "f"], y: [66, 34] });
  });
  test("of a constant is one bar, of nothing none", () => {
    expect(plotHistogram(table([{ a: 3 }, { a: 3 }]), "a").data[0]).toMatchObject({ y: [2] });
    expect(plotHistogram(table({ a: [Number.NaN, Number.NaN] }), "a").data).toEqual([]);
  });
  test("of numbers near the largest counts them all", () => {
    expect(sum(plotHistogram(table([{ a: -1.7e308 }, { a: 1.7e308 }, { a: 0 }]), "a").data[0]!["y"])).toBe(3);
  });
  test("of no column names the near one", () => {
    expect(() => plotHistogram(people, "agee")).toThrow("did you mean age");
  });
});

test("a box has the quartiles, whiskers within 1.5 interquartile ranges, and the points beyond", () => {
  const values = [...Array.from({ length: 9 }, (_, i) => ({ a: i })), { a: 100 }];
  expect(plotBoxes(table(values)).data[0]).toMatchObject({ q1: [2.25], median: [4.5], q3: [6.75], upperfence: [8], y: [[100]] });
});

test("a scatter of 5,000 rows draws 2,000, the same each time", () => {
  const wide = table(Array.from({ length: 5000 }, (_, i) => ({ a: i, b: -i })));
  const [first, second] = [plotScatter(wide, "a", "b"), plotScatter(wide, "a", "b")];
  expect((first.data[0]!["x"] as number[]).length).toBe(2000);
  expect(second).toEqual(first);
});

test("a scatter matrix of d columns has d² axes", () => {
  const { data, layout } = plotScatterMatrix(people, ["age", "height", "born"]);
  expect(data.length).toBe(9);
  expect(Object.keys(layout).filter((key) => key.startsWith("xaxis")).length).toBe(9);
});

test("a scatter of text is refused", () => {
  expect(() => plotScatter(people, "sex", "age")).toThrow('column "sex" must hold numbers or dates');
});

test("a correlation heatmap is 1 on its diagonal", () => {
  const z = plotCorrelation(people, ["age", "height"]).data[0]!["z"] as number[][];
  expect(z.map((row, i) => row[i])).toEqual([1, 1]);
});

test("a map of missing cells holds the share of each stretch", () => {
  const trace = plotMissing(table({ a: [1, null, 3, null], b: [1, 2, 3, 4] })).data[0]!;
  expect(trace).toMatchObject({
    x: ["a", "b"],
    z: [
      [0, 0],
      [1, 0],
      [0, 0],
      [1, 0],
    ],
  });
});
