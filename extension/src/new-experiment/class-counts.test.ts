import type { ColumnProfile } from "assay-lab/contract";
import { expect, test } from "vitest";
import { classCounts } from "./class-counts";
import type { Draft } from "./use-draft";

const target = {
  top: [
    { value: "CONFIRMED", count: 100 },
    { value: false, count: 7 },
    { value: 1, count: 1 },
  ],
} as ColumnProfile;
const counts = (testSize: number, validationSize: number) => classCounts(target, { testSize, validationSize } as Draft);

test("each class gets its share of the test, and the rest trains", () => {
  expect(counts(0.2, 0)[0]).toEqual({ label: "CONFIRMED", rows: 100, train: 80, test: 20 });
});

test("rows that validate train no model", () => {
  expect(counts(0.2, 0.1)[0]).toEqual({ label: "CONFIRMED", rows: 100, train: 70, test: 20 });
});

test("counts are whole, and a class of one row keeps it for training", () => {
  expect(counts(0.2, 0)[1]).toEqual({ label: "false", rows: 7, train: 6, test: 1 });
  expect(counts(0.2, 0)[2]).toEqual({ label: "1", rows: 1, train: 1, test: 0 });
});

test("a target of which no value is known has no classes", () => {
  expect(classCounts({ ...target, top: [] }, { testSize: 0.2, validationSize: 0 } as Draft)).toEqual([]);
});
