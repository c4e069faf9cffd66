import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Fold, groupKFold, kFold, stratifiedGroupKFold, stratifiedKFold } from "./folds.ts";
import { timeSeriesSplit } from "./time-series-split.ts";

type Splitter = "kFold" | "stratifiedKFold" | "groupKFold" | "stratifiedGroupKFold" | "timeSeriesSplit";
interface Answers extends Record<Splitter, Readonly<Record<string, number[][]>>> {
  readonly labels: readonly number[];
  readonly groups: readonly number[];
  readonly rareClasses: number[][];
}
const oracle = JSON.parse(readFileSync(new URL("./fixtures/folds.json", import.meta.url), "utf8")) as Answers;
const { labels, groups } = oracle;
const n = labels.length;
const testRows = (folds: Iterable<Fold>): number[][] => Array.from(folds, (fold) => Array.from(fold.test));

describe("without a seed, the folds are scikit-learn's", () => {
  const ours = {
    kFold: (folds: number) => kFold(n, { folds }),
    stratifiedKFold: (folds: number) => stratifiedKFold(labels, { folds }),
    groupKFold: (folds: number) => groupKFold(groups, { folds }),
    stratifiedGroupKFold: (folds: number) => stratifiedGroupKFold(labels, groups, { folds }),
    timeSeriesSplit: (folds: number) => timeSeriesSplit(n, { folds }),
  };
  for (const [name, split] of Object.entries(ours))
    for (const [k, rows] of Object.entries(oracle[name as Splitter]))
      test(`${name} with ${k} folds`, () => expect(testRows(split(Number(k)))).toEqual(rows));
});

const anyLabels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 12, maxLength: 80 });
const anySeed = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined });

/** Every row is tested once, and no row is on both sides. */
function isPartition(folds: readonly Fold[], rows: number): void {
  const tested = folds.flatMap((fold) => [...fold.test]).sort((a, b) => a - b);
  expect(tested).toEqual(Array.from({ length: rows }, (_, i) => i));
  for (const { train, test } of folds) expect(new Set([...train, ...test]).size).toBe(rows);
}

test("kFold tests every row once, in parts that differ by a row at most", () =>
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 90 }), fc.integer({ min: 2, max: 5 }), anySeed, (rows, k, seed) => {
      const folds = [...kFold(rows, seed === undefined ? { folds: k } : { folds: k, seed })];
      isPartition(folds, rows);
      const sizes = folds.map((fold) => fold.test.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  ));

test("stratifiedKFold keeps each class's rows per fold within one row of each other", () =>
  fc.assert(
    fc.property(anyLabels, fc.integer({ min: 0, max: 99 }), (y, seed) => {
      const counts = [0, 1, 2].map((c) => y.filter((label) => label === c).length).filter((count) => count > 0);
      fc.pre(Math.min(...counts) >= 3);
      const folds = [...stratifiedKFold(y, { folds: 3, seed })];
      isPartition(folds, y.length);
      for (const c of new Set(y)) {
        const perFold = folds.map((fold) => [...fold.test].filter((i) => y[i] === c).length);
        expect(Math.max(...perFold) - Math.min(...perFold)).toBeLessThanOrEqual(1);
      }
    }),
  ));

test("grouped folds never have a group on both sides", () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(9)), { minLength: 30, maxLength: 80 }), fc.nat(99), (rows, seed) => {
      const y = rows.map(([label]) => label);
      const g = rows.map(([, group]) => `g${group}`);
      fc.pre(new Set(g).size >= 3);
      for (const folds of [[...groupKFold(g, { folds: 3 })], [...stratifiedGroupKFold(y, g, { folds: 3, seed })]]) {
        isPartition(folds, rows.length);
        for (const { train, test } of folds) {
          const trained = new Set(Array.from(train, (i) => g[i]));
          expect(Array.from(test).filter((i) => trained.has(g[i]))).toEqual([]);
        }
      }
    }),
  ));

test("the same seed gives the same folds, another seed others", () => {
  const draw = (seed: number) => testRows(stratifiedKFold(labels, { folds: 5, seed }));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("a class with fewer rows than folds is tested where it can be, with a warning", async () => {
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  expect(testRows(stratifiedKFold(["a", "b", "a", "a", "a", "c"], { folds: 3 }))).toEqual(oracle.rareClasses);
  expect((await warned).message).toContain('class "b" has 1 rows for 3 folds');
});

describe("folds that cannot be are refused", () => {
  test("no class with a row for each fold", () =>
    expect(() => [...stratifiedKFold(["a", "a", "a", "b"], { folds: 4 })]).toThrow(
      'stratifiedKFold: class "b" has 1 rows for 4 folds, and no class has one for each',
    ));
  test("fewer groups than folds", () =>
    expect(() => [...groupKFold([1, 1, 2, 2], { folds: 3 })]).toThrow("groupKFold: 2 groups are too few for 3 folds"));
  test("fewer rows than folds", () => expect(() => [...kFold(2, { folds: 3 })]).toThrow("kFold: 2 rows are too few for 3 folds"));
  test("one fold", () => expect(() => [...kFold(9, { folds: 1 })]).toThrow("kFold: folds must be a whole number ≥ 2, got 1"));
});
