import type { Table, Cell as TableCell } from "assay";
import type { Cell } from "../contract/values.ts";

/** A cell as JSON: instants and ±Infinity as text. */
export function jsonCell(cell: TableCell): Cell {
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === "number" && !Number.isFinite(cell) ? String(cell) : cell;
}

/** A table's rows as JSON, row-major. */
export function jsonRows(table: Table): Cell[][] {
  const columns = table.names.map((name) => table.values(name));
  return Array.from({ length: table.rows }, (_, i) => columns.map((column) => jsonCell(column[i]!)));
}
