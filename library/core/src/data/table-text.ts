import { cellOf, countMissing } from "./column.ts";
import type { Cell, Table } from "./table.ts";

/** Head and tail of a table as text of at most 12 columns, each with its kind and its missing cells. */
export function tableText(table: Table): string {
  const names = table.names.slice(0, 12);
  const shown = table.rows <= 10 ? range(0, table.rows) : [...range(0, 5), ...range(table.rows - 5, table.rows)];
  const columns = names.map((name) => {
    const column = table.column(name);
    const missing = countMissing(column);
    return [name, column.kind + (missing ? ` (${missing} missing)` : ""), ...shown.map((i) => cellText(cellOf(column, i)))];
  });
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const line = (k: number): string =>
    columns
      .map((cells, j) => cells[k]!.padEnd(widths[j]!))
      .join("  ")
      .trimEnd();
  const lines = range(0, shown.length + 2).map(line);
  if (shown.length < table.rows) lines.splice(7, 0, "…");
  const more = table.names.length > names.length ? `, ${table.names.length - names.length} more columns` : "";
  return [`Table ${table.rows} × ${table.names.length}${more}`, ...lines].join("\n");
}

/** A cell as people read it: at most 24 characters, numbers to six digits. */
export function cellText(cell: Cell): string {
  if (cell === null) return "–";
  if (typeof cell === "number") return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(6)));
  if (cell instanceof Date) return cell.toISOString().replace("T00:00:00.000Z", "");
  const text = String(cell).replaceAll(/\s+/g, " ");
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, k) => begin + k);
}
