import { open } from "node:fs/promises";
import { ParamsError } from "../base/errors.ts";
import { cellOf } from "./column.ts";
import { guardedCell } from "./formula-guard.ts";
import type { Cell, Table } from "./table.ts";
import { writeWhole } from "./write-whole.ts";

/** How a CSV file is written. */
export interface WriteCsvOptions {
  /** Between cells; default a comma. */
  readonly delimiter?: "," | ";" | "\t" | "|";
  /**
   * Whether the file is for a spreadsheet program: it begins with the mark of UTF-8, and strings that would be taken for a formula get an apostrophe before them. Default false: the
   * cells are written as they are and read back the same.
   */
  readonly forSpreadsheet?: boolean;
}

/**
 * Writes a table as CSV: UTF-8, a header, "\n"; cells quoted where they hold the delimiter, a quote, a line end or outer space.
 * Missing cells are empty; instants ISO 8601 in UTC; numbers in the shortest form that reads back the same. Whole or not at all.
 */
export async function writeCsv(
  table: Table,
  path: string,
  { delimiter = ",", forSpreadsheet = false }: WriteCsvOptions = {},
): Promise<void> {
  if (![",", ";", "\t", "|"].includes(delimiter))
    throw new ParamsError(`writeCsv: delimiter must be one of , ; tab |, got ${JSON.stringify(delimiter)}`);
  const columns = table.names.map((name) => table.column(name));
  const text = (cell: Cell): string => cellText(forSpreadsheet ? guardedCell(cell) : cell, delimiter);
  await writeWhole("writeCsv", path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      await file.write(`${forSpreadsheet ? "\ufeff" : ""}${table.names.map(text).join(delimiter)}\n`); // the mark says UTF-8
      for (let begin = 0; begin < table.rows; begin += 5000) {
        let lines = "";
        for (let i = begin; i < Math.min(table.rows, begin + 5000); i++)
          lines += `${columns.map((column) => text(cellOf(column, i))).join(delimiter)}\n`;
        await file.write(lines);
      }
    } finally {
      await file.close();
    }
  });
}

/** Writes a table as tab-separated values, else as `writeCsv`. */
export function writeTsv(table: Table, path: string, options: Omit<WriteCsvOptions, "delimiter"> = {}): Promise<void> {
  return writeCsv(table, path, { ...options, delimiter: "\t" });
}

function cellText(cell: Cell, delimiter: string): string {
  if (cell === null) return "";
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === "string" ? quoted(cell, delimiter) : String(cell);
}

function quoted(text: string, delimiter: string): string {
  return text === "" || /["\r\n]|^[\s#]|\s$/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
