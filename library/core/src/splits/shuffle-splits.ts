import { DataError, ParamsError } from "../base/errors.ts";
import { type Random, random } from "../numeric/random.ts";
import { kFold, stratifiedKFold } from "./folds.ts";
import { encode, type Fold } from "./partition.ts";

/** How rows are drawn again and again. */
export interface ShuffleSplitOptions {
  /** How often; default 10. */
  readonly splits?: number | undefined;
  /** Share of the rows (or groups) for the test, 0 … 1; default 0.1, of groups 0.2. */
  readonly test?: number | undefined;
  /** Share for the training; default all others. */
  readonly train?: number | undefined;
  /** Default 42. */
  readonly seed?: number | undefined;
}

/** How folds are drawn again and again. */
export interface RepeatedOptions {
  readonly folds: number;
  /** Default 10. */
  readonly repeats?: number | undefined;
  /** Default 42. */
  readonly seed?: number | undefined;
}

/** K-folds, shuffled anew each time. Oracle: sklearn.model_selection.RepeatedKFold. */
export function* repeatedKFold(n: number, { folds, repeats = 10, seed = 42 }: RepeatedOptions): Generator<Fold> {
  checkCount("repeatedKFold", "repeats", repeats);
  for (let k = 0; k < repeats; k++) yield* kFold(n, { folds, seed: seedOf(seed, k) });
}

/** Stratified K-folds, shuffled anew each time. Oracle: sklearn.model_selection.RepeatedStratifiedKFold. */
export function* repeatedStratifiedKFold(
  labels: ArrayLike<unknown>,
  { folds, repeats = 10, seed = 42 }: RepeatedOptions,
): Generator<Fold> {
  checkCount("repeatedStratifiedKFold", "repeats", repeats);
  for (let k = 0; k < repeats; k++) yield* stratifiedKFold(labels, { folds, seed: seedOf(seed, k) });
}

/** Random training and test rows, drawn anew each time. Oracle: sklearn.model_selection.ShuffleSplit. */
export function* shuffleSplit(n: number, { splits = 10, seed = 42, ...shares }: ShuffleSplitOptions = {}): Generator<Fold> {
  checkCount("shuffleSplit", "splits", splits);
  const { test, train } = sizes("shuffleSplit", n, "rows", 0.1, shares);
  for (let k = 0; k < splits; k++) {
    const order = random(seed, `shuffle-split/${k}`).permutation(n);
    yield { test: order.slice(0, test).sort(), train: order.slice(test, test + train).sort() };
  }
}

/** Random rows with each class's share within one row, drawn anew each time. Oracle: sklearn.model_selection.StratifiedShuffleSplit. */
export function* stratifiedShuffleSplit(
  labels: ArrayLike<unknown>,
  { splits = 10, seed = 42, ...shares }: ShuffleSplitOptions = {},
): Generator<Fold> {
  const who = "stratifiedShuffleSplit";
  checkCount(who, "splits", splits);
  const { codes, counts, values } = encode(labels);
  const { test, train } = sizes(who, labels.length, "rows", 0.1, shares);
  const single = counts.indexOf(1);
  if (single >= 0) throw new DataError(`${who}: class ${JSON.stringify(values[single])} has one row, two are needed`);
  if (Math.min(test, train) < counts.length)
    throw new DataError(`${who}: ${counts.length} classes need as many rows on both sides, got ${test} test and ${train} train`);
  const members = counts.map((count) => new Int32Array(count));
  const next = new Int32Array(counts.length);
  for (const [i, code] of codes.entries()) members[code]![next[code]!++] = i;
  for (let k = 0; k < splits; k++) {
    const draw = random(seed, `stratified-shuffle-split/${k}`);
    const trainCounts = proportional(counts, train, draw);
    const left = counts.map((count, c) => count - trainCounts[c]!);
    const testCounts = proportional(left, test, draw);
    const [trainRows, testRows]: [number[], number[]] = [[], []];
    for (const [c, own] of members.entries()) {
      const rows = own.slice();
      draw.shuffle(rows);
      for (let r = 0; r < trainCounts[c]!; r++) trainRows.push(rows[r]!);
      for (let r = 0; r < testCounts[c]!; r++) testRows.push(rows[trainCounts[c]! + r]!);
    }
    yield { train: Int32Array.from(trainRows).sort(), test: Int32Array.from(testRows).sort() };
  }
}

/** Random whole groups for test and training; the shares are of groups. Oracle: sklearn.model_selection.GroupShuffleSplit. */
export function* groupShuffleSplit(
  groups: ArrayLike<unknown>,
  { splits = 5, seed = 42, ...shares }: ShuffleSplitOptions = {},
): Generator<Fold> {
  checkCount("groupShuffleSplit", "splits", splits);
  const { codes, counts } = encode(groups);
  const { test, train } = sizes("groupShuffleSplit", counts.length, "groups", 0.2, shares);
  const rowsOf = (chosen: Int32Array): Int32Array => {
    const wanted = new Set(chosen);
    return Int32Array.from(codes.keys()).filter((i) => wanted.has(codes[i]!));
  };
  for (let k = 0; k < splits; k++) {
    const order = random(seed, `group-shuffle-split/${k}`).permutation(counts.length);
    yield { test: rowsOf(order.slice(0, test)), train: rowsOf(order.slice(test, test + train)) };
  }
}

/** A seed of its own for each repetition. */
function seedOf(seed: number, repetition: number): number {
  return random(seed, `repeat/${repetition}`).uint32();
}

function checkCount(who: string, name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1)) throw new ParamsError(`${who}: ${name} must be a whole number ≥ 1, got ${value}`);
}

/** Counts of test (rounded up) and training (rounded down), as scikit-learn. */
function sizes(
  who: string,
  n: number,
  what: string,
  usual: number,
  { test: testShare, train: trainShare }: Pick<ShuffleSplitOptions, "test" | "train">,
): { test: number; train: number } {
  for (const [name, share] of Object.entries({ test: testShare, train: trainShare }))
    if (share !== undefined && !(share > 0 && share < 1))
      throw new ParamsError(`${who}: ${name} must be a share between 0 and 1, got ${share}`);
  const share = testShare ?? (trainShare === undefined ? usual : 1 - trainShare);
  if (share + (trainShare ?? 0) > 1 + 1e-12)
    throw new ParamsError(`${who}: test and train must not exceed 1 together, got ${testShare} and ${trainShare}`);
  const test = Math.ceil(share * n - 1e-9);
  const train = trainShare === undefined ? n - test : Math.min(n - test, Math.floor(trainShare * n + 1e-9));
  if (test < 1 || train < 1) throw new DataError(`${who}: ${n} ${what} leave ${train} to train on and ${test} to test`);
  return { test, train };
}

/** Whole numbers that sum to `total`, proportional to the counts within one; ties of the remainders are drawn. */
function proportional(counts: readonly number[], total: number, draw: Random): number[] {
  const all = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((count) => (count / all) * total);
  const taken = exact.map(Math.floor);
  const ties = draw.permutation(counts.length);
  const order = exact
    .map((value, c) => ({ c, rest: value - taken[c]!, tie: ties[c]! }))
    .sort((a, b) => b.rest - a.rest || a.tie - b.tie);
  const short = total - taken.reduce((a, b) => a + b, 0);
  for (let k = 0; k < short; k++) taken[order[k]!.c]!++;
  return taken;
}
