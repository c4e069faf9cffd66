import { findOutliers, type Table } from "assay";
import type { ChartFigure } from "../contract/charts.ts";

/** Which cells lie far out. */
interface OutlierSearch {
  readonly columns?: readonly string[] | undefined;
  readonly method: "iqr" | "zscore";
  /** Interquartile ranges beyond the quartiles, or standard deviations from the mean. */
  readonly threshold?: number | undefined;
  readonly limit: number;
}

/** The outliers of number columns with their rows and bounds, the furthest (in widths of its column's bounds) first. */
export function outlierRows(
  table: Table,
  { columns, method, threshold, limit }: OutlierSearch,
): NonNullable<ChartFigure["table"]> {
  const found = findOutliers(table, {
    method,
    limit: 100_000,
    ...(columns && { columns }),
    ...(threshold !== undefined && { k: threshold }),
  });
  const bounds = new Map(found.columns.map(({ column, low, high }) => [column, { low, high }]));
  const distance = ({ column, value }: { readonly column: string; readonly value: number }): number => {
    const { low, high } = bounds.get(column)!;
    const [least, greatest] = [low ?? -Infinity, high ?? Infinity];
    return Math.max(least - value, value - greatest) / (greatest - least || 1);
  };
  const cells = [...found.cells].sort((a, b) => distance(b) - distance(a) || a.row - b.row);
  return {
    column_names: ["row", "column", "value", "lowest", "highest"],
    rows: cells.slice(0, limit).map(({ row, column, value }) => {
      const { low, high } = bounds.get(column)!;
      return [row, column, Number.isFinite(value) ? value : String(value), low, high];
    }),
    total_rows: found.columns.reduce((sum, { count }) => sum + count, 0),
  };
}
