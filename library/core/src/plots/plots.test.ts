import { describe, expect, test } from "vitest";
import { ParamsError, ShapeError } from "../base/errors.ts";
import { calibrationCurve } from "../metrics/calibration.ts";
import { figureGallery } from "../testing/figure-gallery.ts";
import { colour, thin } from "./figure.ts";
import * as plots from "./index.ts";

test("a thinned line keeps its ends and its extremes", () => {
  const x = Array.from({ length: 10_000 }, (_, i) => i);
  const y = x.map((i) => (i === 5_003 ? 100 : i === 7_001 ? -100 : Math.sin(i)));
  const line = thin(x, y, 200);
  expect(line.x.length).toBeLessThanOrEqual(200);
  expect([line.x[0], line.x.at(-1), Math.max(...line.y), Math.min(...line.y)]).toEqual([0, 9_999, 100, -100]);
});

describe.each(Object.entries(figureGallery()))("%s", (_, { data, layout }) => {
  test("is plain JSON without holes", () => {
    const text = JSON.stringify({ data, layout });
    expect(JSON.parse(text)).toEqual({ data, layout });
  });
  test("has a title, and axes that say what they show", () => {
    expect((layout["title"] as { text: string }).text.length).toBeGreaterThan(0);
    const titles = Object.entries(layout)
      .filter(([key]) => /^[xy]axis\d*$/.test(key))
      .map(([, axis]) => (axis as { title: { text: string } }).title.text);
    const isNamedByItsTicks = data.every(({ type }) => type === "parcoords" || type === "box" || type === "heatmap");
    expect(isNamedByItsTicks || titles.some((title) => title.length > 0)).toBe(true);
  });
  test("uses traces that the panels draw", () => {
    for (const { type } of data) expect(["scatter", "bar", "box", "heatmap", "histogram", "parcoords"]).toContain(type);
  });
});

test("importances are bars, the largest on top", () => {
  const { data } = plots.plotImportance([
    { feature: "a", importance: 0.7 },
    { feature: "b", importance: 0.3 },
  ]);
  expect(data[0]!["y"]).toEqual(["b", "a"]);
  expect(data[0]).not.toHaveProperty("error_x");
});

test("a ROC figure has the diagonal of chance", () => {
  const curve = { falsePositiveRate: [0, 1], truePositiveRate: [0, 1], thresholds: [Infinity, 0] };
  expect(plots.plotRoc([{ name: "a", curve, auc: 0.5 }]).data.at(-1)).toMatchObject({ name: "chance", x: [0, 1], y: [0, 1] });
});

test("a calibration figure has its bars on axes of their own", () => {
  const { data } = plots.plotCalibration([{ name: "a", curve: calibrationCurve([true, false], [0.9, 0.1]) }]);
  expect(data.at(-1)).toMatchObject({ type: "bar", xaxis: "x2", yaxis: "y2", y: [1, 1] });
});

test("scores of each class are shares that sum to 1", () => {
  const { data } = plots.plotScores([{ name: "a", scores: [0.1, 0.2, 1] }]);
  expect((data[0]!["y"] as number[]).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test("a waterfall ends at the prediction, and what is not shown is one bar", () => {
  const { data } = plots.plotShapWaterfall(
    { features: ["a", "b", "c"], contributions: [1, -0.5, 0.25], base: 2 },
    { features: 1 },
  );
  const [bases, steps] = [data[0]!["base"] as number[], data[0]!["x"] as number[]];
  expect(data[0]!["y"]).toEqual(["2 other columns", "a"]);
  expect(bases.at(-1)! + steps.at(-1)!).toBe(2.75);
  expect(bases[0]).toBe(2);
});

test("a SHAP summary has the column that moves most on top", () => {
  const { layout } = plots.plotShapSummary({ features: ["weak", "strong"], contributions: [0.1, 2, -0.1, -2] });
  expect((layout["yaxis"] as { ticktext: string[] }).ticktext).toEqual(["weak", "strong"]);
});

test("the best so far never gets worse, whichever way is better", () => {
  const trials = [3, 1, 2, 5, 4].map((value, number) => ({ number, state: "completed", params: {}, values: [value] }));
  const best = (direction: "minimize" | "maximize") => plots.plotStudyHistory({ directions: [direction], trials }).data[1]!["y"];
  expect([best("minimize"), best("maximize")]).toEqual([
    [3, 1, 1, 1, 1],
    [3, 3, 3, 5, 5],
  ]);
});

test("the Pareto front is what no trial beats in both", () => {
  const pairs = [
    [1, 5],
    [2, 3],
    [3, 4],
    [4, 1],
    [4, 2],
  ];
  const trials = pairs.map((values, number) => ({ number, state: "completed", params: {}, values }));
  const front = plots.plotStudyPareto({ directions: ["minimize", "minimize"], trials }).data[1]!;
  expect([front["x"], front["y"]]).toEqual([
    [1, 2, 4],
    [5, 3, 1],
  ]);
});

test("trials that failed or were pruned are not among the completed", () => {
  const trials = ["completed", "failed", "pruned"].map((state, number) => ({
    number,
    state,
    params: {},
    values: state === "failed" ? null : [1],
  }));
  expect(plots.plotStudyHistory({ directions: ["minimize"], trials }).data[0]!["x"]).toEqual([0]);
});

test("a study of one objective has no Pareto front", () =>
  expect(() => plots.plotStudyPareto({ directions: ["minimize"], trials: [] })).toThrow(ParamsError));
test("sizes that do not fit are refused", () => {
  expect(() => plots.plotResiduals([1, 2], [1])).toThrow(ShapeError);
  expect(() => plots.plotPartialDependence({ feature: "a", grid: [1, 2], average: [1] })).toThrow("one value for each of the 2");
  expect(() => plots.plotShapWaterfall({ features: ["a"], contributions: [1, 2], base: 0 })).toThrow(
    "one contribution for each of 1 columns, got 2",
  );
});
test("colours come again after the eighth", () => expect(colour(8)).toBe(colour(0)));
