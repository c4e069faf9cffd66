import { expect, test } from "vitest";
import { waterfallOf } from "./waterfall";

const factor = (name: string, change: number) => ({ name, title: name, change, share: 0.5 });

test("each bar begins where the one before ends, and the last ends at the forecast", () => {
  const { bars } = waterfallOf(100, [factor("loads", 4), factor("fatigue", -3), factor("plates", 1.5)], 2.5);
  expect(bars.map(({ from, to }) => [from, to])).toEqual([
    [100, 104],
    [104, 101],
    [101, 102.5],
  ]);
});

test("the range holds every end, the last load too", () => {
  expect(waterfallOf(100, [factor("loads", -4), factor("plates", 1)], 2.5)).toMatchObject({ low: 96, high: 100 });
});

test("a factor that moves nothing has no bar", () => {
  expect(waterfallOf(100, [factor("bounds", 0), factor("loads", 1)], 2.5).bars.map(({ name }) => name)).toEqual(["loads"]);
});

test("what moves less than a step takes less than the width", () => {
  expect(waterfallOf(100, [factor("loads", 0.5)], 2.5)).toMatchObject({ low: 99, high: 101.5 });
});
