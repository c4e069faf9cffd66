import { open } from "node:fs/promises";
import { cellOf } from "./column.ts";
import { writeWhole } from "./parquet.ts";
import type { Cell, Table } from "./table.ts";

/**
 * Writes a table as CSV: UTF-8, comma, a header, "\n"; cells quoted where they hold a comma, a quote, a line end or outer space.
 * Missing cells are empty; instants ISO 8601 in UTC; numbers in the shortest form that reads back the same. Whole or not at all.
 */
export async function writeCsv(table: Table, path: string): Promise<void> {
  const columns = table.names.map((name) => table.column(name));
  await writeWhole("writeCsv", path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      await file.write(`${table.names.map(quoted).join(",")}\n`);
      for (let begin = 0; begin < table.rows; begin += 5000) {
        let text = "";
        for (let i = begin; i < Math.min(table.rows, begin + 5000); i++)
          text += `${columns.map((column) => cellText(cellOf(column, i))).join(",")}\n`;
        await file.write(text);
      }
    } finally {
      await file.close();
    }
  });
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === "string" ? quoted(cell) : String(cell);
}

function quoted(text: string): string {
  return text === "" || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
