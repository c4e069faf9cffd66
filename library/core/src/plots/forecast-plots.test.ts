import { expect, test } from "vitest";
import { ShapeError } from "../base/errors.ts";
import { figureSvg } from "../notebook/figure-svg.ts";
import { plotCounts, plotErrors, plotForecast, plotTrend } from "./forecast-plots.ts";

const times = ["2025-01-01T10:00:00.000Z", "2025-01-08T10:00:00.000Z", "2025-01-15T10:00:00.000Z"];
const observed = { name: "top weight", times, values: [100, null, 105] };
const next = { time: "2025-01-22T10:00:00.000Z", value: 107.5, low: 100, high: 115 };

test("a forecast stands behind what was observed, with a bar for its interval", () => {
  const { data } = plotForecast({ title: "Squat", unit: "kg", observed, others: [observed], forecasts: [next] });
  expect(data.map(({ name }) => name)).toEqual(["top weight", "top weight", "interval", "forecast"]);
  expect(data[2]).toMatchObject({ x: [next.time, next.time, null], y: [100, 115, null] });
  expect(data[3]).toMatchObject({ y: [107.5] });
});

test("without a forecast there is what was observed alone", () => {
  expect(plotForecast({ title: "Squat", unit: "kg", observed }).data).toHaveLength(1);
});

test("times and values of different length are refused by name", () => {
  const wrong = { ...observed, values: [1] };
  expect(() => plotForecast({ title: "", unit: "", observed: wrong })).toThrow(ShapeError);
  expect(() => plotForecast({ title: "", unit: "", observed: wrong })).toThrow('"top weight" has 3 times but 1 values');
  expect(() => plotCounts("", ["a"], [1, 2], "")).toThrow("got 1 names but 2 counts");
});

test("a trend's line carries its verdict; without one the values stand alone", () => {
  const line = { from: times[0]!, to: times[2]!, first: 100, last: 104 };
  const drawn = plotTrend({ title: "Squat", unit: "kg", observed, line, verdict: "plateau" });
  expect(drawn.data[1]).toMatchObject({ name: "plateau", x: [times[0], times[2]], y: [100, 104] });
  expect(plotTrend({ title: "Squat", unit: "kg", observed, verdict: "too short" }).data).toHaveLength(1);
});

test("errors are sorted, the least on top, one's own in another colour", () => {
  const { data } = plotErrors(
    "Errors",
    [
      { name: "ours", error: 1, isOwn: true },
      { name: "theirs", error: 2 },
    ],
    "kg",
  );
  const { y, marker } = data[0] as unknown as { y: string[]; marker: { color: string[] } };
  expect(y).toEqual(["theirs", "ours"]);
  expect(new Set(marker.color).size).toBe(2);
});

test("all of them are drawn as pictures too, whatever the names hold", () => {
  const hostile = "<script>alert(1)</script>";
  const figures = [
    plotForecast({ title: hostile, unit: hostile, observed: { ...observed, name: hostile }, forecasts: [next] }),
    plotTrend({ title: hostile, unit: "kg", observed, verdict: hostile }),
    plotCounts(hostile, [hostile], [3], hostile),
    plotErrors(hostile, [{ name: hostile, error: 1 }], hostile),
  ];
  for (const figure of figures) {
    const svg = figureSvg(figure);
    expect(svg).toContain("<svg");
    expect(svg).not.toContain("<script");
  }
});
