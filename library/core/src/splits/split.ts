import { checkKeys } from "../base/check-keys.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { labelsOf } from "../base/targets.ts";
import type { Table } from "../data/table.ts";
import { random } from "../numeric/random.ts";
import { type Fold, groupKFold, kFold, stratifiedGroupKFold, stratifiedKFold } from "./folds.ts";
import { timeSeriesSplit } from "./time-series-split.ts";

/** How a table is split once. */
export interface SplitOptions {
  /** Share of the rows for the test, 0 … 1; default 0.2. */
  readonly test?: number;
  /** Share of the rows for the validation, 0 … 1; default none. */
  readonly validation?: number;
  /** Column whose values keep their shares in each part. */
  readonly stratify?: string | undefined;
  /** Column whose equal values stay in one part. */
  readonly group?: string | undefined;
  /** Column that orders the rows: the latest are the test. */
  readonly time?: string | undefined;
  /** Default 42. */
  readonly seed?: number;
}

/** The parts of a table, and which of its rows each holds. */
export interface Split {
  readonly train: Table;
  readonly test: Table;
  /** No rows unless `validation` was asked for. */
  readonly validation: Table;
  readonly indices: SplitIndices;
}

/** Row indices of the parts, ascending. */
export interface SplitIndices {
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Splits a table into training, test and (when asked) validation rows: at random, stratified, by group, both, or by time. A share that is no whole
 * number of rows is rounded up, as scikit-learn's train_test_split does.
 * Same seed, same rows. Throws ParamsError for shares that leave nothing to train on and unknown options, DataError for a missing value in the columns named.
 */
export function split(table: Table, options: SplitOptions = {}): Split {
  const indices = splitIndices(table, options);
  return {
    train: table.take(indices.train),
    test: table.take(indices.test),
    validation: table.take(indices.validation),
    indices,
  };
}

const keys: readonly (keyof SplitOptions)[] = ["test", "validation", "stratify", "group", "time", "seed"];

/** The row indices that `split` would use. */
export function splitIndices(table: Table, options: SplitOptions = {}): SplitIndices {
  checkKeys("split", options, keys);
  const { test = 0.2, validation = 0, stratify, group, time, seed = 42 } = options;
  for (const [name, share] of Object.entries({ test, validation }))
    if (!(share >= 0 && share < 1)) throw new ParamsError(`split: ${name} must be a share of 0 to 1, got ${share}`);
  if (test + validation >= 1)
    throw new ParamsError(`split: test and validation must leave rows to train on, got ${test} and ${validation}`);
  if (time !== undefined && (stratify !== undefined || group !== undefined))
    throw new ParamsError("split: time goes with neither stratify nor group");
  const labels = stratify === undefined ? undefined : wholeColumn(table, stratify);
  const groups = group === undefined ? undefined : wholeColumn(table, group);
  const order = time === undefined ? undefined : orderByTime(table, time);
  const n = table.rows;
  const draw = (rows: Int32Array, share: number, name: string): Set<number> => {
    const count = Math.ceil(share * n);
    if (share === 0) return new Set();
    if (count === 0 || count >= rows.length) throw new DataError(`split: ${name} ${share} of ${n} rows leaves a part empty`);
    if (order) {
      const left = new Set(rows);
      return new Set(order.filter((i) => left.has(i)).slice(-count));
    }
    return choose(rows, count, labels, groups, seed, name);
  };
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const tested = draw(all, test, "test");
  const rest = all.filter((i) => !tested.has(i));
  const validated = draw(rest, validation, "validation");
  return {
    train: rest.filter((i) => !validated.has(i)),
    test: all.filter((i) => tested.has(i)),
    validation: all.filter((i) => validated.has(i)),
  };
}

/** How a table is split into folds. */
export interface FoldsOptions extends Pick<SplitOptions, "stratify" | "group" | "time" | "seed"> {
  readonly folds: number;
}

/** The folds of a table: stratified, by group, both, or by time, as the columns named ask for. */
export function folds(table: Table, { folds: k, stratify, group, time, seed = 42 }: FoldsOptions): Fold[] {
  if (time !== undefined) {
    const order = orderByTime(table, time);
    return [...timeSeriesSplit(table.rows, { folds: k })].map(({ train, test }) => ({
      train: train.map((i) => order[i]!).sort(),
      test: test.map((i) => order[i]!).sort(),
    }));
  }
  const labels = stratify === undefined ? undefined : wholeColumn(table, stratify);
  const groups = group === undefined ? undefined : wholeColumn(table, group);
  if (labels && groups) return [...stratifiedGroupKFold(labels, groups, { folds: k, seed })];
  if (labels) return [...stratifiedKFold(labels, { folds: k, seed })];
  if (groups) return [...groupKFold(groups, { folds: k })];
  return [...kFold(table.rows, { folds: k, seed })];
}

/** `count` of these rows, of whole groups and with the shares of the labels where asked for. */
function choose(
  rows: Int32Array,
  count: number,
  labels: readonly unknown[] | undefined,
  groups: readonly unknown[] | undefined,
  seed: number,
  name: string,
): Set<number> {
  const stream = random(seed, `split/${name}`);
  const buckets = new Map<unknown, unknown[]>(); // by label: units (groups, or single rows)
  const members = new Map<unknown, number[]>();
  for (const i of rows) {
    const unit = groups ? groups[i] : i;
    const list = members.get(unit);
    if (list) list.push(i);
    else members.set(unit, [i]);
  }
  for (const [unit, list] of members) {
    const label = labels ? majority(list.map((i) => labels[i])) : "";
    const bucket = buckets.get(label);
    if (bucket) bucket.push(unit);
    else buckets.set(label, [unit]);
  }
  const share = count / rows.length;
  const chosen = new Set<number>();
  let owed = 0; // what the labels before were short of, carried on so that the total is right
  for (const label of [...buckets.keys()].sort((a, b) => (String(a) < String(b) ? -1 : 1))) {
    const units = buckets.get(label)!;
    const size = units.reduce<number>((sum, unit) => sum + members.get(unit)!.length, 0);
    const wanted = share * size + owed;
    stream.shuffle(units);
    let taken = 0;
    for (const unit of units) {
      const list = members.get(unit)!;
      if (Math.abs(taken + list.length - wanted) >= Math.abs(taken - wanted)) continue;
      for (const i of list) chosen.add(i);
      taken += list.length;
    }
    owed = wanted - taken;
  }
  if (chosen.size === 0 || chosen.size === rows.length)
    throw new DataError(`split: ${name} leaves a part empty; the groups are too few`);
  return chosen;
}

function majority(values: readonly unknown[]): unknown {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** A column's labels, none missing. */
export function wholeColumn(table: Table, name: string): readonly unknown[] {
  const labels = labelsOf(table.column(name));
  const at = labels.indexOf(null);
  if (at >= 0) throw new DataError(`split: column "${name}" is missing in row ${at}`);
  return labels;
}

/** Row indices in the order of a number or datetime column; equal instants keep their order. */
export function orderByTime(table: Table, name: string): Int32Array {
  const column = table.column(name);
  if (column.kind !== "number" && column.kind !== "datetime")
    throw new DataError(`split: time column "${name}" must hold numbers or dates, it holds ${column.kind}`);
  const missing = column.values.findIndex((value) => Number.isNaN(value));
  if (missing >= 0) throw new DataError(`split: column "${name}" is missing in row ${missing}`);
  return Int32Array.from({ length: table.rows }, (_, i) => i).sort((a, b) => column.values[a]! - column.values[b]! || a - b);
}
