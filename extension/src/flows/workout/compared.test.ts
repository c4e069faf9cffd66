import type { WorkoutBacktest } from "assay-lab/contract";
import { expect, test } from "vitest";
import { comparedIn } from "./compared";

const backtest = {
  error: 4,
  member_errors: { forest: 4.2, last: 4.4 },
  baseline_errors: { last: 4.4, trend: 5 },
  shares: { forest: 0.7, last: 0.3 },
} as unknown as WorkoutBacktest;

test("a simple forecast that is a member too stands there once, with its share", () => {
  expect(comparedIn(backtest).map(({ name, part, share }) => [name, part, share])).toEqual([
    ["ensemble", "ensemble", null],
    ["forest", "member", 0.7],
    ["last", "baseline", 0.3],
    ["trend", "baseline", null],
  ]);
});

test("the gain is measured against the same as last time, which gains nothing over itself", () => {
  const gains = Object.fromEntries(comparedIn(backtest).map(({ name, gain }) => [name, Number(gain.toFixed(6))]));
  expect(gains).toEqual({ ensemble: 0.4, forest: 0.2, last: 0, trend: -0.6 });
});
