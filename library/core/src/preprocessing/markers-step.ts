import { z } from "zod";
import type { Column } from "../base/columns.ts";
import { categoryColumn, numberColumn } from "../data/column.ts";
import { isNumeric, mapNumbers, names, textsOf, toNumber } from "./step-columns.ts";
import { columnsFor, presentColumns, stepKind } from "./step-kind.ts";

/** Turns markers into missing cells, and columns that hold only numbers then into numbers. */
export const replaceMarkersStep = stepKind("replace_markers", {
  state: () => z.strictObject({ columns: z.array(z.strictObject({ column: z.string(), numbers: z.boolean() })) }),
  fit(table, { columns, markers, numbers }, context) {
    const marked = new Set(markers.map((marker) => marker.trim()));
    const found = columnsFor(table, columns, context).map((column) => {
      const texts = textsOf(table.column(column));
      const left = texts?.filter((text) => text !== null && !marked.has(text.trim())) ?? [];
      return { column, numbers: numbers && left.length > 0 && left.every((text) => isNumeric(text!)) };
    });
    return { columns: found };
  },
  apply(table, { markers }, { columns }, context) {
    const marked = new Set(markers.map((marker) => marker.trim()));
    const markedNumbers = new Set(markers.filter(isNumeric).map(Number));
    let made = table;
    const present = new Set(presentColumns(table, names(columns), context));
    for (const { column: name, numbers } of columns) {
      if (!present.has(name)) continue;
      const column = table.column(name);
      const texts = textsOf(column);
      if (texts) {
        const left = texts.map((text) => (text === null || marked.has(text.trim()) ? null : text));
        made = made.with(name, numbers ? numberColumn(left.map(toNumber)) : asStrings(column, left));
      } else if (column.kind === "number" && markedNumbers.size > 0)
        made = made.with(
          name,
          mapNumbers(column.values, (value) => (markedNumbers.has(value) ? Number.NaN : value)),
        );
    }
    return { table: made };
  },
});

/** Strings as a column of the kind they were. */
function asStrings({ kind }: Column, values: readonly (string | null)[]): Column {
  return kind === "category" ? categoryColumn(values) : { kind: "text", values };
}
