import type { CellObject, WorkBook } from "@e965/xlsx";
import { DataError, LimitError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { type CellOptions, cellColumn, checkColumnKinds, checkColumnNames } from "./cell-column.ts";
import { checkOptionNames } from "./read-options.ts";
import { openSource, type Source, type SourceOptions } from "./source.ts";
import { type Cell, Table } from "./table.ts";
import { checkZip } from "./zip-check.ts";

/** How a workbook is read. */
export interface ExcelOptions extends SourceOptions, CellOptions {
  /** The sheet, by name or place from 0; default the first. */
  readonly sheet?: string | number;
  /** Whether the first row that is not empty names the columns; default true. */
  readonly header?: boolean;
}

const mostBytes = 2 ** 28;
const mostColumns = 16_384;

/**
 * Reads a sheet of an .xlsx workbook: numbers, booleans, strings, dates (as UTC, both of Excel's calendars), formulas as the values that were
 * saved with them, errors like #N/A as missing. Empty rows at the end and rows before the first filled one are left out; a cell keeps its row
 * number in messages. Throws DataError for what is no workbook or a column of mixed kinds, ParamsError for a sheet that is not there,
 * LimitError beyond 256 MiB packed or 512 MiB unpacked.
 */
export async function readExcel(source: Source, options: ExcelOptions = {}): Promise<Table> {
  checkOptionNames("readExcel", options, ["sheet", "header", "columns", "missing"]);
  checkColumnKinds("readExcel", options.columns);
  const open = await openSource("readExcel", source, options);
  if (open.sizeBytes > mostBytes)
    throw new LimitError(`readExcel: the file must have at most ${mostBytes} bytes, got ${open.sizeBytes} (${open.name})`);
  const bytes = await open.bytes();
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    throw new DataError(`readExcel: the file must be an .xlsx workbook (older .xls must be saved as such) (${open.name})`);
  checkZip("readExcel", bytes, open.name);
  const xlsx = await import("@e965/xlsx");
  const rows = sheetRows(xlsx.read, bytes, options, open.name);
  const first = rows.findIndex((row) => row?.some((cell) => cellValue(cell) !== null));
  if (first < 0) throw new DataError(`readExcel: the sheet is empty (${open.name})`);
  const width = rows.reduce((most, row) => Math.max(most, lastFilled(row)), 0);
  if (width > mostColumns)
    throw new DataError(`readExcel: a sheet has at most ${mostColumns} columns, got ${width} (${open.name})`);
  const header = options.header ?? true;
  const names = namesOf(header ? rows[first] : undefined, width, open.name);
  checkColumnNames("readExcel", options.columns, names, open.name);
  const begin = header ? first + 1 : first;
  let end = rows.length;
  while (end > begin && lastFilled(rows[end - 1]) === 0) end--;
  const where = (i: number): string => `row ${begin + i + 1} (${open.name})`;
  return new Table(
    names.map((name, j) => {
      const cells = Array.from({ length: end - begin }, (_, i) => cellValue(rows[begin + i]?.[j]));
      return [name, cellColumn("readExcel", name, cells, options, where)] as const;
    }),
  );
}

type SheetRow = readonly (CellObject | undefined)[] | undefined;

function sheetRows(
  read: (data: Uint8Array, options: object) => WorkBook,
  bytes: Uint8Array,
  { sheet = 0 }: ExcelOptions,
  file: string,
): readonly SheetRow[] {
  const parse = (options: object): WorkBook => {
    try {
      return read(bytes, {
        type: "array",
        dense: true,
        cellDates: true,
        UTC: true,
        cellFormula: false,
        cellHTML: false,
        cellText: false,
        ...options,
      });
    } catch (cause) {
      throw new DataError(`readExcel: the file is no workbook: ${(cause as Error).message.split("\n")[0]} (${file})`, { cause });
    }
  };
  const { SheetNames: names } = parse({ bookSheets: true });
  const name = typeof sheet === "number" ? names?.[sheet] : sheet;
  if (!names?.length) throw new DataError(`readExcel: the workbook has no sheets (${file})`);
  if (name === undefined || !names.includes(name))
    throw new ParamsError(`readExcel: no sheet ${JSON.stringify(sheet)}${suggest(String(sheet), names)} (${file})`);
  const found = parse({ sheets: name }).Sheets[name] as { readonly "!data"?: readonly SheetRow[] } | undefined;
  return found?.["!data"] ?? [];
}

function namesOf(header: SheetRow, width: number, file: string): string[] {
  const names = Array.from({ length: width }, (_, j) => {
    const cell = cellValue(header?.[j]);
    return cell === null ? `column_${j + 1}` : cell instanceof Date ? cell.toISOString() : String(cell).trim();
  });
  for (const [j, name] of names.entries())
    if (names.indexOf(name) < j)
      throw new DataError(`readExcel: columns ${names.indexOf(name) + 1} and ${j + 1} are both named "${name}" (${file})`);
  return names;
}

function lastFilled(row: SheetRow): number {
  let last = row?.length ?? 0;
  while (last > 0 && cellValue(row![last - 1]) === null) last--;
  return last;
}

function cellValue(cell: CellObject | undefined): Cell {
  if (!cell || cell.t === "z" || cell.t === "e" || cell.v === undefined || cell.v === null) return null;
  if (typeof cell.v === "string") return cell.v.trim() === "" ? null : cell.v.trim();
  if (cell.v instanceof Date) return Number.isNaN(cell.v.getTime()) ? null : cell.v;
  return cell.v;
}
