import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { fixture } from "../testing/fixture.ts";
import { stratifiedKFold } from "./folds.ts";
import { leaveOneGroupOut, leaveOneOut, predefinedSplit } from "./leave-out.ts";
import type { Fold } from "./partition.ts";
import { drawFolds, type FoldsInput, foldsFrom } from "./saved-folds.ts";
import {
  groupShuffleSplit,
  repeatedKFold,
  repeatedStratifiedKFold,
  shuffleSplit,
  stratifiedShuffleSplit,
} from "./shuffle-splits.ts";
import { split } from "./split.ts";
import { timeSeriesSplit } from "./time-series-split.ts";

interface Counts {
  readonly train: number[];
  readonly test: number[];
  readonly groups: [number, number];
}
interface Answers {
  readonly labels: number[];
  readonly groups: number[];
  readonly timeSeries: { readonly options: { readonly folds: number }; readonly folds: number[][][] }[];
  readonly lateLabels: number[];
  readonly stratifiedLate: number[][];
  readonly leaveOneOut: number[][][];
  readonly leaveOneGroupOut: number[][];
  readonly testFold: number[];
  readonly predefined: number[][][];
  readonly shares: {
    readonly test: number;
    readonly train: number | null;
    readonly shuffle: Counts;
    readonly stratified: Counts;
    readonly group: Counts;
  }[];
}
const oracle = fixture<Answers>(import.meta.url, "more-splits");
const { labels, groups } = oracle;
const both = (folds: Iterable<Fold>): number[][][] => Array.from(folds, ({ train, test }) => [[...train], [...test]]);
const tests = (folds: Iterable<Fold>): number[][] => Array.from(folds, (fold) => [...fold.test]);

describe("the folds are scikit-learn's", () => {
  test.each(oracle.timeSeries)("timeSeriesSplit with $options", ({ options, folds }) => {
    expect(both(timeSeriesSplit(23, options))).toEqual(folds);
  });
  test("stratifiedKFold where the last class stands first", () =>
    expect(tests(stratifiedKFold(oracle.lateLabels, { folds: 4 }))).toEqual(oracle.stratifiedLate));
  test("leaveOneOut", () => expect(both(leaveOneOut(5))).toEqual(oracle.leaveOneOut));
  test("leaveOneGroupOut", () => expect(tests(leaveOneGroupOut(groups))).toEqual(oracle.leaveOneGroupOut));
  test("predefinedSplit", () => expect(both(predefinedSplit(oracle.testFold))).toEqual(oracle.predefined));
});

describe("random splits take as many rows as scikit-learn's", () => {
  const of = (rows: Int32Array) => rows.length;
  const perClass = (rows: Int32Array): number[] => [0, 1, 2].map((c) => Array.from(rows).filter((i) => labels[i] === c).length);
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  test.each(oracle.shares)("test $test, train $train", ({ test: testShare, train: trainShare, ...theirs }) => {
    const options = { splits: 1, test: testShare, ...(trainShare !== null && { train: trainShare }) };
    const [shuffled] = shuffleSplit(labels.length, options);
    expect([of(shuffled!.train), of(shuffled!.test)]).toEqual([sum(theirs.shuffle.train), sum(theirs.shuffle.test)]);
    const [stratified] = stratifiedShuffleSplit(labels, options);
    for (const side of ["train", "test"] as const)
      for (const [c, count] of perClass(stratified![side]).entries())
        expect(Math.abs(count - theirs.stratified[side][c]!)).toBeLessThanOrEqual(1);
    const [grouped] = groupShuffleSplit(groups, options);
    const distinct = (rows: Int32Array): number => new Set(Array.from(rows, (i) => groups[i])).size;
    expect([distinct(grouped!.train), distinct(grouped!.test)]).toEqual(theirs.group.groups);
  });
});

const anyRows = fc.array(fc.tuple(fc.nat(2), fc.nat(9), fc.nat(50)), { minLength: 30, maxLength: 90 });
const overlap = ({ train, test }: Fold): number[] => {
  const trained = new Set(train);
  return [...test].filter((i) => trained.has(i));
};

test("random splits are disjoint, and the same for the same seed", () =>
  fc.assert(
    fc.property(anyRows, fc.nat(99), fc.constantFrom(0.1, 0.2, 0.5), (rows, seed, share) => {
      const y = rows.map(([label]) => label);
      const g = rows.map(([, group]) => group);
      const counts = [0, 1, 2].map((c) => y.filter((label) => label === c).length);
      fc.pre(counts.every((count) => count > 5) && new Set(g).size >= 5);
      const options = { splits: 2, test: share, seed };
      for (const draw of [
        () => both(shuffleSplit(rows.length, options)),
        () => both(stratifiedShuffleSplit(y, options)),
        () => both(groupShuffleSplit(g, options)),
      ]) {
        const drawn = draw();
        expect(drawn).toEqual(draw());
        for (const [train, held] of drawn)
          expect(overlap({ train: Int32Array.from(train!), test: Int32Array.from(held!) })).toEqual([]);
      }
      for (const { train, test: held } of stratifiedShuffleSplit(y, options))
        for (const rowsOf of [train, held])
          for (const [c, count] of counts.entries()) {
            const here = [...rowsOf].filter((i) => y[i] === c).length;
            expect(Math.abs(here - (count * rowsOf.length) / rows.length)).toBeLessThanOrEqual(1.5);
          }
      for (const { train, test: held } of groupShuffleSplit(g, options)) {
        const trained = new Set(Array.from(train, (i) => g[i]));
        expect([...held].filter((i) => trained.has(g[i]!))).toEqual([]);
      }
    }),
    { numRuns: 50 },
  ));

test("each random split is another", () => {
  const [first, second] = both(shuffleSplit(100, { splits: 2 }));
  expect(first).not.toEqual(second);
});

test("time never runs backwards, and the gap and the training size are kept", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 90 }),
      fc.integer({ min: 2, max: 5 }),
      fc.nat(3),
      fc.integer({ min: 1, max: 9 }),
      (n, folds, gap, most) => {
        for (const { train, test: held } of timeSeriesSplit(n, { folds, gap, maxTrainSize: most })) {
          expect(train.at(-1)! + gap).toBeLessThan(held[0]!);
          expect(train.length).toBeLessThanOrEqual(most);
        }
      },
    ),
  ));

test("repeated folds test every row once in each repetition, by other folds", () => {
  const drawn = tests(repeatedKFold(20, { folds: 4, repeats: 3, seed: 5 }));
  for (const r of [0, 4, 8])
    expect(
      drawn
        .slice(r, r + 4)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(drawn.slice(0, 4)).not.toEqual(drawn.slice(4, 8));
  expect(tests(repeatedStratifiedKFold(labels, { folds: 3, repeats: 2 }))).toHaveLength(6);
});

test("a stratified split has each class within one row, whatever the classes", () =>
  fc.assert(
    fc.property(anyRows, fc.nat(99), fc.constantFrom(0.15, 0.2, 0.4), (rows, seed, share) => {
      const t = table({ y: rows.map(([label]) => `c${label}`) });
      const { test: held, validation } = split(t, { test: share, validation: 0.1, stratify: "y", seed });
      expect([held.rows, validation.rows]).toEqual([Math.ceil(share * t.rows), Math.ceil(0.1 * t.rows)]);
      for (const part of [held, validation])
        for (const c of new Set(t.values("y"))) {
          const count = (of: typeof t): number => of.values("y").filter((value) => value === c).length;
          const wanted = (part.rows / t.rows) * count(t); // the parts are whole rows, so are their shares
          expect(Math.abs(count(part) - wanted)).toBeLessThanOrEqual(part === held ? 1 : 2);
        }
    }),
    { numRuns: 50 },
  ));

describe("saved folds", () => {
  const stars = table({
    verdict: labels.map((label) => `v${label}`),
    star: groups,
    night: labels.map((_, i) => new Date(1e12 + ((i * 7919) % 120) * 1000)),
    fold: labels.map((_, i) => (i % 4) - 1),
  });
  const settings: FoldsInput[] = [
    { kind: "k_fold" },
    { kind: "k_fold", folds: 3, seed: 1 },
    { kind: "stratified_k_fold", stratify: "verdict" },
    { kind: "group_k_fold", group: "star" },
    { kind: "stratified_group_k_fold", stratify: "verdict", group: "star" },
    { kind: "time_series", time: "night", gap: 2 },
    { kind: "repeated_k_fold", repeats: 2 },
    { kind: "repeated_stratified_k_fold", stratify: "verdict", repeats: 2 },
    { kind: "leave_one_out" },
    { kind: "leave_one_group_out", group: "star" },
    { kind: "shuffle_split", splits: 2 },
    { kind: "stratified_shuffle_split", stratify: "verdict", splits: 2 },
    { kind: "group_shuffle_split", group: "star", splits: 2 },
    { kind: "predefined", fold: "fold" },
  ];
  test.each(settings)("$kind comes back from its JSON as it was", (given) => {
    const saved = drawFolds(stars, given);
    const back = foldsFrom(JSON.stringify(saved), stars.rows);
    expect(both(back)).toEqual(saved.folds.map((fold) => [fold.train, fold.test]));
    expect(drawFolds(stars, saved.settings)).toEqual(saved);
  });

  test("folds by time hold rows, not places", () => {
    const times = stars.values("night").map((night) => (night as Date).getTime());
    for (const { train, test: held } of drawFolds(stars, { kind: "time_series", time: "night" }).folds)
      expect(Math.max(...train.map((i) => times[i]!))).toBeLessThanOrEqual(Math.min(...held.map((i) => times[i]!)));
  });

  test("a row on both sides is refused", () => {
    const saved = drawFolds(stars, { kind: "k_fold", folds: 2 });
    const [first] = saved.folds;
    const bad = { ...saved, folds: [{ train: first!.train, test: [...first!.test, first!.train[0]!] }] };
    expect(() => foldsFrom(bad, stars.rows)).toThrow(/fold 0 holds row \d+ twice/);
    expect(() => foldsFrom({ ...saved, folds: [{ train: [500], test: [1] }] }, stars.rows)).toThrow("fold 0 holds row 500");
  });
  test("folds of another table are refused", () =>
    expect(() => foldsFrom(drawFolds(stars, { kind: "k_fold" }), 7)).toThrow("the folds are of 120 rows, the table has 7"));
  test("what is no folds is refused", () => {
    for (const bad of ["{", "null", { format: 2 }, []]) expect(() => foldsFrom(bad, 3)).toThrow(/^foldsFrom: /);
  });
  test("a kind that is none is refused, and a setting too", () => {
    expect(() => drawFolds(stars, { kind: "__proto__" } as never)).toThrow("drawFolds: kind must be one of k_fold");
    expect(() => drawFolds(stars, { kind: "k_fold", folds: 1 })).toThrow("drawFolds k_fold: folds must be ≥ 2, got 1");
  });
});

describe("splits that cannot be are refused", () => {
  test("a gap that leaves nothing to train on", () =>
    expect(() => [...timeSeriesSplit(10, { folds: 4, gap: 2 })]).toThrow(
      "10 rows are too few for 4 folds of 2 rows with a gap of 2",
    ));
  test("one group", () => expect(() => [...leaveOneGroupOut([1, 1])]).toThrow("needs two groups at least, got 1"));
  test("one row", () => expect(() => [...leaveOneOut(1)]).toThrow("leaveOneOut: needs two rows at least, got 1"));
  test("a class of one row", () =>
    expect(() => [...stratifiedShuffleSplit(["a", "a", "b"], { test: 0.5 })]).toThrow('class "b" has one row'));
  test("shares beyond one", () =>
    expect(() => [...shuffleSplit(9, { test: 0.6, train: 0.6 })]).toThrow("test and train must not exceed 1 together"));
  test("a fold number that is none, by row", () =>
    expect(() => [...predefinedSplit([0, 1.5])]).toThrow("folds must be whole numbers ≥ -1, got 1.5 in row 1"));
});
