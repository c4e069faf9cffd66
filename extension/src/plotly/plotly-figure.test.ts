import { expect, test } from "vitest";
import { untitledFigure } from "./plotly-figure";

test("long names on an axis are cut at its ticks, and stay in the data", () => {
  const long = "a very long name of a column that says everything";
  const { data, layout } = untitledFigure({
    data: [{ type: "heatmap", x: ["a", long], y: [1, 2] }],
    layout: { title: "t", xaxis: { side: "top" } },
  });
  expect(layout?.["xaxis"]).toEqual({
    side: "top",
    tickmode: "array",
    tickvals: ["a", long],
    ticktext: ["a", "a very long name of a c…"],
  });
  expect(layout?.["yaxis"]).toBeUndefined();
  expect(data[0]?.["x"]).toEqual(["a", long]);
});

test("of hundreds of names at most forty are ticks", () => {
  const names = Array.from({ length: 500 }, (_, k) => `a column with quite a long name ${k}`);
  const { layout } = untitledFigure({ data: [{ x: names }] });
  expect(layout?.["xaxis"]).toMatchObject({ tickvals: { length: 39 } });
});

test("a figure of short names keeps its axes and loses its title", () => {
  const { layout } = untitledFigure({ data: [{ x: ["a", "b"] }], layout: { title: "t", xaxis: { type: "category" } } });
  expect(layout?.["xaxis"]).toEqual({ type: "category" });
  expect(layout?.["title"]).toBeUndefined();
});
