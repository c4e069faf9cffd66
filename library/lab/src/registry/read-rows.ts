import { type Cell, DataError, suggest } from "assay";
import type { ModelVersion } from "../contract/models.ts";

/** Values by column name. */
export type InputRow = Readonly<Record<string, Cell | undefined>>;

/** Rows as a model takes them, and what was odd about them. */
export interface ReadRows {
  readonly matrix: {
    readonly rows: number;
    readonly columns: number;
    readonly data: Float64Array;
    readonly names: readonly string[];
    readonly levels: readonly (readonly string[] | undefined)[];
  };
  readonly warnings: readonly string[];
}

/** Reads rows by a version's signature. */
export interface RowReader {
  readonly names: readonly string[];
  /** Throws DataError naming the field and the row; `first` is the number of the first row in messages. */
  read(rows: readonly InputRow[], first?: number): ReadRows;
}

const listedMost = 20;

/**
 * A reader of rows for the columns of a signature, matched by name; other fields are ignored and told. A number may come as a
 * number, a boolean (0 or 1), an instant (milliseconds), or the text of a number or boolean; a category as text, number or boolean. null is
 * missing, and so is a category that was not there at the training, which is told.
 */
export function rowReader({ columns, target }: ModelVersion["signature"]): RowReader {
  const names = columns.map(({ name }) => name);
  const known = new Set(names);
  const levels = columns.map((column) => column.levels);
  const places = levels.map((list) => list && new Map(list.map((level, code) => [level, code])));
  return {
    names,
    read(rows, first = 0) {
      const warnings = new Set<string>();
      const ignored = new Set<string>();
      const data = new Float64Array(rows.length * names.length);
      for (let i = 0, at = 0; i < rows.length; i++) {
        const row = rows[i]!;
        for (const field in row) if (!known.has(field) && field !== target && ignored.size < listedMost) ignored.add(field);
        for (let j = 0; j < names.length; j++, at++) {
          const name = names[j]!;
          if (!Object.hasOwn(row, name))
            throw fieldError(name, undefined, `field "${name}" is missing in row ${first + i}${suggest(name, Object.keys(row))}`);
          const cell = row[name] ?? null;
          const codes = places[j];
          data[at] = codes ? codeOf(name, cell, codes, warnings, first + i) : numberOf(name, cell, first + i);
        }
      }
      if (ignored.size > 0) warnings.add(`ignored: ${[...ignored].join(", ")}`);
      return { matrix: { rows: rows.length, columns: names.length, data, names, levels }, warnings: [...warnings] };
    },
  };
}

function codeOf(name: string, cell: Cell, codes: ReadonlyMap<string, number>, warnings: Set<string>, row: number): number {
  if (cell === null) return Number.NaN;
  if (typeof cell === "object" && !(cell instanceof Date))
    throw fieldError(name, cell, `field "${name}" must be a text, got ${JSON.stringify(cell)} in row ${row}`);
  const text = cell instanceof Date ? String(cell.getTime()) : String(cell);
  const code = codes.get(text);
  if (code !== undefined) return code;
  if (warnings.size < listedMost)
    warnings.add(`${name}: ${JSON.stringify(text)} was not there at the training, taken as missing`);
  return Number.NaN;
}

function numberOf(name: string, cell: Cell, row: number): number {
  if (typeof cell === "number" && Number.isFinite(cell)) return cell;
  if (cell === null) return Number.NaN;
  if (typeof cell === "boolean") return cell ? 1 : 0;
  const number = cell instanceof Date ? cell.getTime() : cell;
  if (Number.isFinite(number)) return number as number;
  if (typeof cell === "string") {
    const text = cell.trim();
    if (text !== "" && Number.isFinite(Number(text))) return Number(text);
    if (text === "true" || text === "false") return text === "true" ? 1 : 0;
  }
  throw fieldError(name, cell, `field "${name}" must be a number, got ${JSON.stringify(cell)} in row ${row}`);
}

function fieldError(field: string, value: unknown, message: string): DataError {
  return Object.assign(new DataError(`predict: ${message}`), { field: `features.${field}`, value });
}
