import type { TrialInfo } from "assay-lab/contract";
import { expect, test } from "vitest";
import { hasContour, numbersFirst, pairFigure, paramsOf, shareFigure, timelineFigure } from "./trial-figures";

const trial = (number: number, more: Partial<TrialInfo>): TrialInfo => ({
  number,
  state: "completed",
  params: { depth: number + 1, rate: 10 ** -number, kind: number % 2 ? "gini" : "entropy" },
  values: [number / 10],
  intermediate: [],
  error: null,
  attributes: {},
  run_id: null,
  worker: null,
  attempt: 1,
  started_at: `2026-01-01T00:00:0${number}.000Z`,
  ended_at: null,
  duration_ms: 500,
  ...more,
});
const trials = [
  trial(0, {}),
  trial(1, {}),
  trial(2, {}),
  trial(3, { state: "pruned", values: null }),
  trial(4, { values: ["NaN"] }),
  trial(5, { state: "waiting", values: null, started_at: null, duration_ms: null }),
];

const pairOf = (x: string, y: string) => ({ x, y, metric: "loss", minimized: true, withContour: true });

test("two parameters stand against each other for trials with a number, coloured by it", () => {
  const { data, layout } = pairFigure(trials, pairOf("depth", "rate"));
  expect(data[0]).toMatchObject({ x: [1, 2, 3], y: [1, 0.1, 0.01], marker: { color: [0, 0.1, 0.2], reversescale: true } });
  expect(layout).toMatchObject({ xaxis: { title: { text: "depth" } } });
});

test("a parameter over more than two powers of ten stands by its logarithm, one of words by its words", () => {
  const many = [...trials, trial(6, { started_at: null })];
  expect(pairFigure(many, pairOf("rate", "kind")).layout).toMatchObject({
    xaxis: { type: "log" },
    yaxis: { type: "category" },
  });
});

test("contours of the value lie below the trials where both parameters are numbers of five trials", () => {
  const many = [...trials, trial(6, { started_at: null }), trial(7, { started_at: null })];
  expect(hasContour(many, "depth", "rate")).toBe(true);
  const { data } = pairFigure(many, pairOf("depth", "rate"));
  expect(data.map(({ type }) => type)).toEqual(["contour", "scatter"]);
  expect(data[0]).toMatchObject({ reversescale: true, zmin: 0, zmax: 0.7 });
  expect(pairFigure(many, { ...pairOf("depth", "rate"), withContour: false }).data).toHaveLength(1);
});

test("words, one parameter twice, and too few trials have no contours", () => {
  const many = [...trials, trial(6, { started_at: null }), trial(7, { started_at: null })];
  expect(hasContour(many, "depth", "kind")).toBe(false);
  expect(hasContour(many, "depth", "depth")).toBe(false);
  expect(hasContour(trials, "depth", "rate")).toBe(false);
});

test("the share of trials grows to one", () => {
  expect(shareFigure(trials, { metric: "loss", share: "share" }).data[0]).toMatchObject({
    x: [0, 0.1, 0.2],
    y: [1 / 3, 2 / 3, 1],
  });
});

test("the time of each trial that began is a bar from its start", () => {
  const { data } = timelineFigure(trials, { completed: "done", pruned: "cut" }, "trial");
  expect(data.map(({ name, y, x }) => [name, y, x])).toEqual([
    ["done", [0, 1, 2, 4], [500, 500, 500, 500]],
    ["cut", [3], [500]],
  ]);
});

test("parameters that are numbers come first, the others behind them", () => {
  expect(numbersFirst(trials, ["kind", "depth", "rate"])).toEqual(["depth", "rate", "kind"]);
});

test("parameters come in the order of their first use", () => {
  expect(paramsOf(trials)).toEqual(["depth", "rate", "kind"]);
});
