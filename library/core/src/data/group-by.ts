import type { Column, TableLike } from "../base/columns.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { sharedFloat64 } from "../numeric/matrix.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { isMissing, takeColumn } from "./column.ts";
import { type Keys, keysOf, keysOfColumn, pairs, rowsByKey } from "./keys.ts";

/** What a group's cells become: missing cells are left out; a group without cells gives missing, or 0 for count, distinct and sum. */
export type Aggregate = "count" | "distinct" | "first" | "last" | "max" | "mean" | "median" | "min" | "sd" | "sum" | "variance";
/** A column and its aggregate, the aggregate alone for the column of the same name, or the number of rows. */
export type Aggregation = readonly [column: string, aggregate: Aggregate] | Aggregate | "rows";

const aggregates: readonly Aggregate[] = [
  "count",
  "distinct",
  "first",
  "last",
  "max",
  "mean",
  "median",
  "min",
  "sd",
  "sum",
  "variance",
];

/** A table's rows, grouped by the cells of some columns. */
export interface Groups<T> {
  /** Number of groups. */
  readonly count: number;
  /**
   * A row a group, in the order in which groups are first seen: its keys, then a column for each aggregate, as in
   * `{ stars: "rows", deepest: ["koi_depth", "max"], koi_period: "mean" }`. Sums are compensated; sd and variance divide by n − 1. Cost O(n) a column.
   */
  aggregate(columns: Readonly<Record<string, Aggregation>>): T;
  /** Each group's keys as a table of one row, and its rows, in the same order. */
  tables(): Generator<{ readonly keys: T; readonly table: T }>;
}

/** The column and the aggregate of an aggregation under a name. */
export function pairOf(name: string, aggregation: Exclude<Aggregation, "rows">): readonly [column: string, aggregate: Aggregate] {
  return typeof aggregation === "string" ? [name, aggregation] : aggregation;
}

/** Groups the rows of a table; missing keys are a group of their own. `make` makes the tables that come out. */
export function groupRows<T>(table: TableLike, names: readonly string[], make: (columns: Map<string, Column>) => T): Groups<T> {
  const keys = keysOf(
    names.map((name) => table.column(name)),
    table.rows,
  );
  const take = (from: readonly string[], rows: Int32Array): Map<string, Column> =>
    new Map(from.map((name) => [name, takeColumn(table.column(name), rows)]));
  return {
    count: keys.groups,
    aggregate(columns) {
      const made = take(names, keys.first);
      for (const [name, aggregation] of Object.entries(columns)) {
        if (made.has(name)) throw new DataError(`table.groupBy: "${name}" is a key, an aggregate needs another name`);
        made.set(name, aggregation === "rows" ? countRows(keys) : aggregateColumn(table, keys, pairOf(name, aggregation)));
      }
      return make(made);
    },
    *tables() {
      const { starts, rows } = rowsByKey(keys);
      for (let k = 0; k < keys.groups; k++)
        yield {
          keys: make(take(names, keys.first.subarray(k, k + 1))),
          table: make(take(table.names, rows.subarray(starts[k], starts[k + 1]))),
        };
    },
  };
}

/** One aggregate of one column, a cell a key. */
export function aggregateColumn(table: TableLike, keys: Keys, [name, aggregate]: readonly [string, Aggregate]): Column {
  if (!aggregates.includes(aggregate))
    throw new ParamsError(
      `table.groupBy: unknown aggregate "${aggregate}"${suggest(String(aggregate), [...aggregates, "rows"])}`,
    );
  const column = table.column(name);
  switch (aggregate) {
    case "count":
      return countCells(keys, column);
    case "distinct":
      return countDistinct(keys, column);
    case "first":
    case "last":
      return takeColumn(column, presentRows(keys, column, aggregate === "last"));
  }
  if (column.kind === "category" || column.kind === "text")
    throw new DataError(
      `table.groupBy: ${aggregate} needs numbers, column "${name}" holds ${column.kind}; count, distinct, first and last take it`,
    );
  const values =
    column.kind === "boolean" ? Float64Array.from(column.values, (value) => (value === 255 ? Number.NaN : value)) : column.values;
  const made = figures(aggregate, values, keys);
  const isInstant = column.kind === "datetime" && ["max", "mean", "median", "min"].includes(aggregate);
  return { kind: isInstant ? "datetime" : "number", values: made };
}

function figures(aggregate: Aggregate, values: Float64Array, keys: Keys): Float64Array {
  switch (aggregate) {
    case "min":
      return extremes(values, keys, -1);
    case "max":
      return extremes(values, keys, 1);
    case "median":
      return medians(values, keys);
    case "sum":
      return sums(values, keys).sum;
    case "mean": {
      const { sum, count } = sums(values, keys);
      return shared(sum.map((each, k) => (count[k] ? each / count[k]! : Number.NaN)));
    }
    default: {
      const variance = variances(values, keys);
      return shared(aggregate === "sd" ? variance.map(Math.sqrt) : variance);
    }
  }
}

function shared(values: Float64Array): Float64Array {
  const made = sharedFloat64(values.length);
  made.set(values);
  return made;
}

function countRows({ codes, groups }: Keys): Column {
  const values = sharedFloat64(groups);
  for (let i = 0; i < codes.length; i++) values[codes[i]!]!++;
  return { kind: "number", values };
}

function countCells({ codes, groups }: Keys, column: Column): Column {
  const values = sharedFloat64(groups);
  for (let i = 0; i < codes.length; i++) if (!isMissing(column, i)) values[codes[i]!]!++;
  return { kind: "number", values };
}

function countDistinct(keys: Keys, column: Column): Column {
  const values = sharedFloat64(keys.groups);
  for (const i of pairs(keys, keysOfColumn(column)).first) if (!isMissing(column, i)) values[keys.codes[i]!]!++;
  return { kind: "number", values };
}

/** The first or last row of each group that has a cell, −1 for none. */
function presentRows({ codes, groups }: Keys, column: Column, last: boolean): Int32Array {
  const rows = new Int32Array(groups).fill(-1);
  for (let i = 0; i < codes.length; i++) {
    const k = codes[i]!;
    if ((last || rows[k]! < 0) && !isMissing(column, i)) rows[k] = i;
  }
  return rows;
}

/** Sums by Neumaier's compensation, and how many cells went in. */
function sums(values: Float64Array, { codes, groups }: Keys): { readonly sum: Float64Array; readonly count: Float64Array } {
  const sum = sharedFloat64(groups);
  const lost = new Float64Array(groups);
  const count = new Float64Array(groups);
  for (let i = 0; i < codes.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const k = codes[i]!;
    const before = sum[k]!;
    const after = before + value;
    lost[k]! += Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
    sum[k] = after;
    count[k]!++;
  }
  for (let k = 0; k < groups; k++) if (Number.isFinite(lost[k])) sum[k]! += lost[k]!;
  return { sum, count };
}

function variances(values: Float64Array, keys: Keys): Float64Array {
  const { sum, count } = sums(values, keys);
  const squares = values.map((value, i) => {
    const off = value - sum[keys.codes[i]!]! / count[keys.codes[i]!]!;
    return off * off;
  });
  const spread = sums(squares, keys).sum;
  return spread.map((each, k) => (count[k]! > 1 ? each / (count[k]! - 1) : Number.NaN));
}

function extremes(values: Float64Array, { codes, groups }: Keys, sign: 1 | -1): Float64Array {
  const found = sharedFloat64(groups).fill(Number.NaN);
  for (let i = 0; i < codes.length; i++) {
    const value = values[i]!;
    const k = codes[i]!;
    const best = found[k]!;
    if (!Number.isNaN(value) && (Number.isNaN(best) || sign * value > sign * best)) found[k] = value;
  }
  return found;
}

function medians(values: Float64Array, keys: Keys): Float64Array {
  const { starts, rows } = rowsByKey(keys);
  const made = sharedFloat64(keys.groups);
  for (let k = 0; k < keys.groups; k++) {
    const cells = Float64Array.from(rows.subarray(starts[k], starts[k + 1]), (i) => values[i]!).filter(
      (value) => !Number.isNaN(value),
    );
    made[k] = cells.length === 0 ? Number.NaN : quantileOfSorted(cells.sort(), 0.5);
  }
  return made;
}
