import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { random } from "../numeric/random.ts";
import { folds, split } from "./split.ts";

const draw = random(1, "split-test");
const stars = table({
  star: Array.from({ length: 400 }, () => draw.int(150)),
  verdict: Array.from({ length: 400 }, () => ["planet", "false", "unclear"][draw.int(10) < 6 ? 0 : 1 + draw.int(2)]!),
  night: Array.from({ length: 400 }, () => new Date(1e12 + draw.int(1_000_000) * 1000)),
});

test("train, validation and test hold every row once, with the asked counts", () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(0, 0.1, 0.3), (seed, validation) => {
      const { train, test, validation: held, indices } = split(stars, { test: 0.2, validation, seed });
      expect([test.rows, held.rows, train.rows]).toEqual([80, 400 * validation, 320 - 400 * validation]);
      expect(new Set([...indices.train, ...indices.test, ...indices.validation]).size).toBe(400);
    }),
    { numRuns: 20 },
  ));

test("a share of rows is rounded up, as scikit-learn's train_test_split does", () => {
  const counts = [2, 3, 11, 399].map(
    (n) => split(stars.head(n), { test: 0.3, stratify: n === 399 ? "verdict" : undefined }).test.rows,
  );
  expect(counts).toEqual([1, 1, 4, 120]);
});

test("the tables are the rows of the indices", () => {
  const { test: held, indices } = split(stars, { test: 0.25, seed: 3 });
  expect(held.values("star")).toEqual(stars.take(indices.test).values("star"));
});

test("the same seed gives the same rows, another seed others", () => {
  const rows = (seed: number) => [...split(stars, { seed }).indices.test];
  expect(rows(5)).toEqual(rows(5));
  expect(rows(5)).not.toEqual(rows(6));
});

test("a stratified test part has each class's share within one row", () => {
  const { test: held } = split(stars, { test: 0.3, stratify: "verdict" });
  for (const verdict of ["planet", "false", "unclear"]) {
    const count = (part: typeof stars) => part.values("verdict").filter((value) => value === verdict).length;
    expect(Math.abs(count(held) - 0.3 * count(stars))).toBeLessThanOrEqual(1);
  }
});

test("a grouped split has no group on both sides, stratified or not", () => {
  for (const stratify of [undefined, "verdict"]) {
    const { train, test: held } = split(stars, { test: 0.2, group: "star", stratify });
    const trained = new Set(train.values("star"));
    expect(held.values("star").filter((star) => trained.has(star))).toEqual([]);
    expect(Math.abs(held.rows - 80)).toBeLessThanOrEqual(8);
  }
});

test("a split by time tests the latest rows", () => {
  const { train, test: held } = split(stars, { test: 0.2, time: "night" });
  const times = (part: typeof stars) => part.values("night").map((night) => (night as Date).getTime());
  expect(Math.max(...times(train))).toBeLessThanOrEqual(Math.min(...times(held)));
});

test("folds by time train on the past only", () => {
  const times = stars.values("night").map((night) => (night as Date).getTime());
  for (const { train, test: held } of folds(stars, { folds: 4, time: "night" }))
    expect(Math.max(...Array.from(train, (i) => times[i]!))).toBeLessThanOrEqual(Math.min(...Array.from(held, (i) => times[i]!)));
});

describe("splits that cannot be are refused", () => {
  test("a share outside 0 to 1", () =>
    expect(() => split(stars, { test: 1.5 })).toThrow("split: test must be a share of 0 to 1, got 1.5"));
  test("a share in place of the options", () =>
    expect(() => split(stars, 0.2 as never)).toThrow("split: options must be an object, got 0.2"));
  test("an option that nobody reads", () =>
    expect(() => split(stars, { tests: 0.2 } as never)).toThrow("split: no option tests, did you mean test"));
  test("nothing left to train on", () => expect(() => split(stars, { test: 0.6, validation: 0.5 })).toThrow("must leave rows"));
  test("one row", () =>
    expect(() => split(stars.head(1), { test: 0.2 })).toThrow("split: test 0.2 of 1 rows leaves a part empty"));
  test("a column that is not there", () =>
    expect(() => split(stars, { group: "sta" })).toThrow('no column "sta", did you mean star'));
  test("a missing group, by row", () =>
    expect(() => split(table({ g: [1, null, 2, 3] }), { test: 0.5, group: "g" })).toThrow(
      'split: column "g" is missing in row 1',
    ));
});
