import { expect, test } from "vitest";
import { plotIntervals } from "./interval-plots.ts";

test("intervals are drawn from their ends, the largest value on top, one without ends as a point", () => {
  const { data, layout } = plotIntervals(
    "nDCG@10",
    [
      { name: "ease", value: 0.3, low: 0.2, high: 0.5 },
      { name: "coverage", value: 0.4, low: null, high: null },
      { name: "popularity", value: 0.1, low: 0.05, high: 0.2, isBaseline: true },
    ],
    "nDCG",
  );
  const [points] = data as unknown as {
    x: number[];
    y: string[];
    error_x: { array: number[]; arrayminus: number[] };
    marker: { color: string[] };
  }[];
  expect(points!.y).toEqual(["popularity", "ease", "coverage"]);
  expect(points!.error_x.array.map((each) => Number(each.toFixed(12)))).toEqual([0.1, 0.2, 0]);
  expect(points!.error_x.arrayminus.map((each) => Number(each.toFixed(12)))).toEqual([0.05, 0.1, 0]);
  expect(new Set(points!.marker.color).size).toBe(2);
  expect(JSON.stringify(layout)).toContain("nDCG@10");
});
