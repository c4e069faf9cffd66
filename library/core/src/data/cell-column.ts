import type { Column } from "../base/columns.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { columnOf } from "./column.ts";
import { instantOfText } from "./instant-text.ts";
import type { Cell } from "./table.ts";

/** What columns hold, by kind. */
const columnKinds: readonly Column["kind"][] = ["number", "category", "boolean", "datetime", "text"];

/** How cells of a file that knows types (JSON, Excel) become columns. */
export interface CellOptions {
  /** Kinds of columns; default: found from all cells. */
  readonly columns?: Readonly<Record<string, Column["kind"]>>;
  /** Strings that mean missing; default: none. */
  readonly missing?: readonly string[];
}

/** Throws ParamsError for a kind that is none. */
export function checkColumnKinds(who: string, columns: CellOptions["columns"]): void {
  for (const [column, kind] of Object.entries(columns ?? {}))
    if (!columnKinds.includes(kind))
      throw new ParamsError(`${who}: column "${column}" must be ${columnKinds.join(", ")}, got ${JSON.stringify(kind)}`);
}

/** Throws ParamsError when kinds are asked for a column that is not there. */
export function checkColumnNames(who: string, columns: CellOptions["columns"], names: readonly string[], file: string): void {
  const known = new Set(names);
  for (const name of Object.keys(columns ?? {}))
    if (!known.has(name))
      throw new ParamsError(`${who}: columns names "${name}", which the file has not${suggest(name, names)} (${file})`);
}

/**
 * A column of cells as a file gives them: of the kind asked for, else of the one kind that all are; strings that are all ISO 8601 dates become
 * instants. Throws DataError naming the place for a cell that does not fit.
 */
export function cellColumn(
  who: string,
  name: string,
  given: readonly Cell[],
  { columns, missing }: CellOptions,
  where: (i: number) => string,
): Column {
  const markers = new Set(missing);
  const cells = markers.size === 0 ? given : given.map((cell) => (typeof cell === "string" && markers.has(cell) ? null : cell));
  const wanted = columns && Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (wanted)
    return columnOf(
      name,
      cells.map((cell, i) =>
        convert(cell, wanted, () => `${who}: column "${name}" must hold ${wanted}s, got ${JSON.stringify(cell)} in ${where(i)}`),
      ),
      wanted,
    );
  const first = cells.find((cell) => cell !== null);
  const odd = cells.findIndex((cell) => cell !== null && kindOf(cell) !== kindOf(first!));
  if (odd >= 0)
    throw new DataError(
      `${who}: column "${name}" holds ${kindOf(first!)}s, got ${JSON.stringify(cells[odd])} in ${where(odd)}; name what means missing or the column's kind, as in { columns: { ${JSON.stringify(name)}: "text" } }`,
    );
  if (typeof first === "string") {
    const instants = cells.map((cell) => (cell === null ? Number.NaN : instantOfText(cell as string)));
    if (cells.every((cell, i) => cell === null || !Number.isNaN(instants[i]!)))
      return columnOf(
        name,
        instants.map((value) => (Number.isNaN(value) ? null : new Date(value))),
      );
  }
  return columnOf(name, cells);
}

function kindOf(cell: Exclude<Cell, null>): string {
  return cell instanceof Date ? "date" : typeof cell;
}

function convert(cell: Cell, kind: Column["kind"], message: () => string): Cell {
  if (cell === null) return null;
  switch (kind) {
    case "category":
    case "text":
      return cell instanceof Date ? cell.toISOString() : String(cell);
    case "number": {
      const value = typeof cell === "string" && cell.trim() !== "" ? Number(cell) : cell;
      if (typeof value === "number" && !Number.isNaN(value)) return value;
      break;
    }
    case "datetime": {
      const value = cell instanceof Date ? cell.getTime() : typeof cell === "string" ? instantOfText(cell) : Number.NaN;
      if (!Number.isNaN(value)) return new Date(value);
      break;
    }
    case "boolean": {
      const text = String(cell).toLowerCase();
      if (text === "true" || text === "1") return true;
      if (text === "false" || text === "0") return false;
    }
  }
  throw new DataError(message());
}
