import { writeFile } from "node:fs/promises";
import { LimitError, ParamsError } from "../base/errors.ts";
import { cellOf } from "./column.ts";
import { guardedCell } from "./formula-guard.ts";
import type { Table } from "./table.ts";
import { writeWhole } from "./write-whole.ts";

const mostRows = 1_048_575;
const mostColumns = 16_384;
const mostCharacters = 32_767;

/**
 * Writes a table as an .xlsx workbook of one sheet, whole or not at all: dates as Excel's (UTC), missing cells and infinities empty. Strings that
 * a spreadsheet could take for a formula get an apostrophe before them. Throws LimitError beyond what a sheet holds (1,048,575 rows and a
 * header, 16,384 columns, 32,767 characters a cell).
 */
export async function writeExcel(
  table: Table,
  path: string,
  { sheet = "data" }: { readonly sheet?: string } = {},
): Promise<void> {
  if (!/^[^\\/?*[\]:']{1,31}$/.test(sheet))
    throw new ParamsError(
      `writeExcel: a sheet's name must have 1 to 31 characters, none of \\ / ? * [ ] : ', got ${JSON.stringify(sheet)}`,
    );
  if (table.rows > mostRows) throw new LimitError(`writeExcel: a sheet holds at most ${mostRows} rows, got ${table.rows}`);
  if (table.names.length > mostColumns)
    throw new LimitError(`writeExcel: a sheet holds at most ${mostColumns} columns, got ${table.names.length}`);
  const columns = table.names.map((name) => table.column(name));
  const rows: unknown[][] = [table.names.map((name) => guardedCell(name))];
  for (let i = 0; i < table.rows; i++)
    rows.push(
      columns.map((column, j) => {
        const cell = guardedCell(cellOf(column, i));
        if (typeof cell === "string" && cell.length > mostCharacters)
          throw new LimitError(
            `writeExcel: a cell holds at most ${mostCharacters} characters, row ${i} of "${table.names[j]}" has ${cell.length}`,
          );
        return typeof cell === "number" && !Number.isFinite(cell) ? null : cell;
      }),
    );
  const xlsx = await import("@e965/xlsx");
  const book = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows, { dense: true, cellDates: true, UTC: true }), sheet);
  const bytes = xlsx.write(book, { type: "buffer", bookType: "xlsx", compression: true, cellDates: true }) as Buffer;
  await writeWhole("writeExcel", path, (temporary) => writeFile(temporary, bytes));
}
