import { DataError, ParamsError } from "../base/errors.ts";
import type { Table } from "../data/table.ts";
import { type OutlierRule, outlierBounds } from "./outlier-replacer.ts";
import { finite } from "./step-columns.ts";

/** Which cells are looked for. */
export interface FindOutliersOptions extends Partial<OutlierRule> {
  /** Default: all columns of numbers. */
  readonly columns?: readonly string[];
  /** Cells that are listed at most, in the order of columns and rows; default 1,000. All are counted. */
  readonly limit?: number;
}

/** Outliers of one column. */
export interface ColumnOutliers {
  readonly column: string;
  /** Least value that is none; null where there is no bound. */
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
}

/** An outlier and its place. */
export interface OutlierCell {
  /** Row number, the first is 0. */
  readonly row: number;
  readonly column: string;
  readonly value: number;
}

/** Outliers of a table. */
export interface OutlierReport {
  readonly columns: readonly ColumnOutliers[];
  readonly cells: readonly OutlierCell[];
  /** Rows with an outlier at least. */
  readonly rows: number;
}

/** Finds the numbers that lie far from the others of their column, with their rows. Infinite ones always are. O(n d log n). */
export function findOutliers(table: Table, options: FindOutliersOptions = {}): OutlierReport {
  const {
    columns = table.names.filter((name) => table.kind(name) === "number"),
    limit = 1000,
    method = "iqr",
    ...rule
  } = options;
  if (!(Number.isInteger(limit) && limit >= 0))
    throw new ParamsError(`findOutliers: limit must be a whole number ≥ 0, got ${limit}`);
  const cells: OutlierCell[] = [];
  const touched = new Set<number>();
  const found = columns.map((name): ColumnOutliers => {
    const column = table.column(name);
    if (column.kind !== "number")
      throw new DataError(`findOutliers: column "${name}" must hold numbers, it holds ${column.kind}`);
    const { low, high } = outlierBounds(finite(column), { method, ...rule });
    let count = 0;
    for (const [row, value] of column.values.entries()) {
      if (!(value < low[0]! || value > high[0]! || Math.abs(value) === Infinity)) continue;
      count++;
      touched.add(row);
      if (cells.length < limit) cells.push({ row, column: name, value });
    }
    const bound = (value: number): number | null => (Number.isFinite(value) ? value : null);
    return { column: name, low: bound(low[0]!), high: bound(high[0]!), count };
  });
  return { columns: found, cells, rows: touched.size };
}
