import type { TrialInfo } from "assay-lab/contract";
import { expect, test } from "vitest";
import { canBeLogarithmic, historyFigure } from "./history-figure";

const words = { metric: "loss", trial: "trial", value: "value", best: "best" };
/** Trials of these values; the later numbers ended first. */
const trials = [0.5, 0.2, 0.4, 0.1].map(
  (value, number) =>
    ({ number, state: "completed", values: [value], ended_at: `2026-01-01T00:00:0${9 - number}.000Z` }) as unknown as TrialInfo,
);
const lines = (axis: "number" | "time", minimized = true) =>
  historyFigure(trials, minimized, { axis, logarithmic: false }, words).data.map(({ y }) => y);

test("the best goes down at each better trial where less is better, and up where more is, until the last", () => {
  expect(lines("number")).toEqual([
    [0.5, 0.2, 0.4, 0.1],
    [0.5, 0.2, 0.1, 0.1],
  ]);
  expect(lines("number", false)[1]).toEqual([0.5, 0.5]);
});

test("of many trials some dots are drawn, and the best of all", () => {
  const many = Array.from({ length: 5000 }, (_, number) => ({ ...trials[0]!, number, values: [number === 1 ? 0 : 1] }));
  const [dots, best] = historyFigure(many, true, { axis: "number", logarithmic: false }, words).data;
  expect((dots!["x"] as number[]).length).toBeLessThanOrEqual(2000);
  expect(best).toMatchObject({ x: [0, 1, 4999], y: [1, 0, 0] });
});

test("by the clock the trials stand as they ended, and so does the best until then", () => {
  expect(lines("time")).toEqual([
    [0.1, 0.4, 0.2, 0.5],
    [0.1, 0.1],
  ]);
});

test("values stand by their logarithm where each is above 0", () => {
  const axis = (given: readonly TrialInfo[]) =>
    historyFigure(given, true, { axis: "number", logarithmic: true }, words).layout?.["yaxis"];
  expect(axis(trials)).toMatchObject({ type: "log" });
  const withNothing = [...trials, { ...trials[0]!, number: 4, values: [0] }];
  expect(canBeLogarithmic(withNothing)).toBe(false);
  expect(axis(withNothing)).not.toHaveProperty("type");
});
