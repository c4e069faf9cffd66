import type { Run } from "assay-lab/contract";
import { expect, test } from "vitest";
import { estimateTime, timingsOf } from "./time-estimate";

const run = (part: Partial<Run>) =>
  ({
    status: "completed",
    dataset: "koi@3",
    started_at: "2026-07-18T09:30:00.000Z",
    ended_at: "2026-07-18T09:30:02.000Z",
    ...part,
  }) as Run;
const sizes = new Map([["koi", 1000]]);

test("an earlier run tells its time by the size of its dataset, whatever the version", () => {
  expect(timingsOf([run({})], sizes)).toEqual([{ cells: 1000, ms: 2000 }]);
});

test("a run that did not end well, never began, or is of an unknown dataset tells nothing", () => {
  const silent = [
    run({ status: "failed" }),
    run({ status: "cancelled" }),
    run({ started_at: null }),
    run({ ended_at: null }),
    run({ dataset: null }),
    run({ dataset: "other@1" }),
  ];
  expect(timingsOf(silent, sizes)).toEqual([]);
});

test("a run that took no time took at least a millisecond", () => {
  expect(timingsOf([run({ ended_at: "2026-07-18T09:30:00.000Z" })], sizes)).toEqual([{ cells: 1000, ms: 1 }]);
});

test("runs of the same size give their least and greatest time, a quarter to spare", () => {
  const range = estimateTime(1000, 1, [
    { cells: 1000, ms: 400 },
    { cells: 1000, ms: 800 },
  ]);
  expect(range).toEqual({ low: 300, high: 1000, runs: 2 });
});

test("every fit takes as long", () => {
  expect(estimateTime(1000, 6, [{ cells: 1000, ms: 400 }])).toEqual({ low: 1800, high: 3000, runs: 1 });
});

test("runs of other sizes count only where none is near", () => {
  const near = { cells: 2000, ms: 100 };
  expect(estimateTime(1000, 1, [near, { cells: 1e6, ms: 9e6 }]).runs).toBe(1);
});

test("a size ten times as large takes 10^0.7 to 10^1.5 times as long", () => {
  const { low, high } = estimateTime(10_000, 1, [{ cells: 1000, ms: 100 }]);
  expect(low).toBeCloseTo(75 * 10 ** 0.7, 6);
  expect(high).toBeCloseTo(125 * 10 ** 1.5, 6);
});

test("what nobody trained here is a wide guess that grows with the size", () => {
  const [small, large] = [1e4, 1e7].map((cells) => estimateTime(cells, 1, []));
  expect(small!.runs).toBe(0);
  expect(small!.low < small!.high && small!.low < large!.low && small!.high < large!.high).toBe(true);
});

test("an empty table is no error", () => {
  expect(Number.isFinite(estimateTime(0, 1, [{ cells: 0, ms: 5 }]).high)).toBe(true);
});
