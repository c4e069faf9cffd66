import type { Column, TableLike } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { cellText } from "../data/table-text.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";

/** One part of a column: a level, a value, or the numbers of a range. */
export interface SlicePart {
  readonly column: string;
  /** The level or value; null for missing cells; undefined for a range. */
  readonly value?: string | number | boolean | null;
  /** Least value of a range, which it holds. */
  readonly from?: number | string;
  /** End of a range: it is not held, but for the last range. */
  readonly to?: number | string;
  /** As people read it: `age 30 … 45`. */
  readonly text: string;
}

/** A column cut into parts. */
export interface SliceColumn {
  readonly name: string;
  readonly parts: readonly SlicePart[];
  /** Number of each row's part (n). */
  readonly codes: Int32Array;
}

/** Different values of a column up to which each is a part of its own. */
const fewValues = 10;
/** Levels of a column of strings at most. */
const mostLevels = 200;

/** Cuts a column into parts: levels and few values each by itself, numbers into `bins` ranges of equally many rows; undefined for free text. */
export function sliceColumn(who: string, table: TableLike, name: string, bins: number): SliceColumn | undefined {
  if (!table.names.includes(name)) throw new DataError(`${who}: no column "${name}"${suggest(name, table.names)}`);
  const column = table.column(name);
  if (column.kind === "number" || column.kind === "datetime") return ofNumbers(name, column, bins);
  const cells = stringsOf(column);
  const levels = [...new Set(cells)];
  if (levels.length > mostLevels) return undefined;
  const places = new Map(levels.map((level, k) => [level, k]));
  const parts = levels.map(
    (value): SlicePart => ({ column: name, value, text: `${name} = ${value === null ? "missing" : cellText(value)}` }),
  );
  return { name, parts, codes: Int32Array.from(cells, (cell) => places.get(cell)!) };
}

function stringsOf(column: Exclude<Column, { kind: "number" | "datetime" }>): (string | boolean | null)[] {
  if (column.kind === "category") return Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!));
  if (column.kind === "boolean") return Array.from(column.values, (value) => (value === 255 ? null : value === 1));
  return [...column.values];
}

function ofNumbers(name: string, { kind, values }: Extract<Column, { kind: "number" | "datetime" }>, bins: number): SliceColumn {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = [...new Set(present)];
  const shown = (value: number): number | string => (kind === "datetime" ? new Date(value).toISOString() : value);
  const words = (value: number): string =>
    kind === "datetime" ? cellText(new Date(value)) : String(Number(value.toPrecision(4)));
  const missing: SlicePart[] = present.length < values.length ? [{ column: name, value: null, text: `${name} = missing` }] : [];
  if (distinct.length <= fewValues) {
    const places = new Map(distinct.map((value, k) => [value, k]));
    const parts = distinct.map((value): SlicePart => ({ column: name, value: shown(value), text: `${name} = ${words(value)}` }));
    return { name, parts: [...parts, ...missing], codes: Int32Array.from(values, (value) => places.get(value) ?? parts.length) };
  }
  const edges = [...new Set(Array.from({ length: bins + 1 }, (_, k) => quantileOfSorted(present, k / bins)))];
  const parts = edges.slice(0, -1).map((from, k): SlicePart => {
    const to = edges[k + 1]!;
    return { column: name, from: shown(from), to: shown(to), text: `${name} ${words(from)} … ${words(to)}` };
  });
  const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? parts.length : rangeOf(edges, value)));
  return { name, parts: [...parts, ...missing], codes };
}

/** The range that holds a value: its lower edge belongs to it, the greatest value to the last. */
function rangeOf(edges: readonly number[], value: number): number {
  let range = 0;
  while (range + 2 < edges.length && value >= edges[range + 1]!) range++;
  return range;
}
