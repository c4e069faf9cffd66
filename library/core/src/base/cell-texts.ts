import type { Column } from "./columns.ts";

/** Cells as text, null where missing. */
export function cellTexts(column: Column): (string | null)[] {
  switch (column.kind) {
    case "text":
      return [...column.values];
    case "category":
      return Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!));
    case "boolean":
      return Array.from(column.values, (value) => (value === 255 ? null : String(value === 1)));
    default:
      return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  }
}
