import { z } from "zod";
import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { categoryColumn, cellOf, lengthOf, numberColumn } from "../data/column.ts";
import { instantOfText } from "../data/instant-text.ts";
import type { Cell } from "../data/table.ts";
import { sharedFloat64 } from "../numeric/matrix.ts";
import { isNumeric } from "./step-columns.ts";
import { columnsFor, presentColumns, type StepResult, stepKind } from "./step-kind.ts";

/** Reads columns as another kind. Text becomes numbers, true and false, or UTC instants by ISO 8601; anything becomes text. */
export const castStep = stepKind("cast", {
  state: () => z.strictObject({}),
  fit: (table, { columns }, context) => {
    columnsFor(table, columns, context);
    return {};
  },
  apply(table, { columns, kind, invalid }, _state, context): StepResult {
    let made = table;
    for (const name of presentColumns(table, columns, context)) {
      const column = table.column(name);
      if (column.kind === kind) continue;
      const refuse = (row: number, cell: Cell): null => {
        if (invalid === "missing") return null;
        throw new DataError(
          `${context.who}: column "${name}" cannot be ${kind}, got ${JSON.stringify(cell)} in row ${row}; take invalid: "missing" to leave such cells out`,
        );
      };
      made = made.with(name, castTo(kind, column, refuse));
    }
    return { table: made };
  },
});

function castTo(kind: Column["kind"], column: Column, refuse: (row: number, cell: Cell) => null): Column {
  const cells = Array.from({ length: lengthOf(column) }, (_, i) => cellOf(column, i));
  const each = <T>(read: (cell: Exclude<Cell, null>) => T | undefined): (T | null)[] =>
    cells.map((cell, i) => (cell === null ? null : (read(cell) ?? refuse(i, cell))));
  switch (kind) {
    case "number":
      return numberColumn(each(numberOf).map((value) => value ?? Number.NaN));
    case "boolean":
      return { kind, values: Uint8Array.from(each(booleanOf), (value) => (value === null ? 255 : Number(value))) };
    case "datetime": {
      const values = sharedFloat64(cells.length);
      values.set(each(instantOf).map((value) => value ?? Number.NaN));
      return { kind, values };
    }
    case "category":
      return categoryColumn(each(textOf));
    case "text":
      return { kind, values: each(textOf) };
  }
}

function textOf(cell: Exclude<Cell, null>): string {
  return cell instanceof Date ? cell.toISOString() : String(cell);
}

function numberOf(cell: Exclude<Cell, null>): number | undefined {
  if (typeof cell === "string") return isNumeric(cell) ? Number(cell) : undefined;
  return Number(cell); // a date in milliseconds since 1970
}

const yes = new Set(["true", "t", "yes", "y", "1"]);
const no = new Set(["false", "f", "no", "n", "0"]);

function booleanOf(cell: Exclude<Cell, null>): boolean | undefined {
  const word = String(cell).trim().toLowerCase();
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}

/** Milliseconds since 1970; a time without a zone is UTC, a number is milliseconds already. */
function instantOf(cell: Exclude<Cell, null>): number | undefined {
  if (typeof cell === "number") return cell;
  const instant = typeof cell === "string" ? instantOfText(cell.trim()) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
