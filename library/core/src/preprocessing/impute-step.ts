import { z } from "zod";
import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { cellOf, isMissing, lengthOf, numberColumn } from "../data/column.ts";
import { sharedFloat64 } from "../numeric/matrix.ts";
import { presentValues } from "./column-values.ts";
import { statistic } from "./imputer.ts";
import { finite, freeName, mapNumbers, names, wrongKind } from "./step-columns.ts";
import { columnsFor, presentColumns, stepKind } from "./step-kind.ts";

const cell = () => z.union([z.number(), z.string(), z.boolean(), z.null()]);

/** Fills missing cells: learns one value a column, or takes the neighbour's. */
export const imputeStep = stepKind("impute", {
  state: () => z.strictObject({ fill: z.array(z.strictObject({ column: z.string(), value: cell() })) }),
  fit(table, { columns, strategy, value }, context) {
    const isConstant = strategy === "constant";
    const names = columnsFor(table, columns, context).filter(
      (name) => !isConstant || columns !== undefined || bears(table.column(name), value),
    );
    const fill = names.map((name) => {
      const column = table.column(name);
      if (!isConstant) return { column: name, value: strategy.endsWith("_fill") ? null : usual(column, strategy as "mean") };
      if (!bears(column, value))
        throw new DataError(
          `${context.who}: column "${name}" holds ${column.kind}, the constant ${JSON.stringify(value)} does not fit`,
        );
      return { column: name, value };
    });
    return { fill };
  },
  apply(table, { strategy, indicator }, { fill }, context) {
    let made = table;
    for (const name of presentColumns(table, names(fill), context)) {
      const column = table.column(name);
      const { value } = fill.find((each) => each.column === name)!;
      if (strategy.endsWith("_fill")) made = made.with(name, filledFromNeighbour(column, strategy === "forward_fill" ? 1 : -1));
      else if (value !== null) made = made.with(name, filled(context.who, name, column, value));
      if (indicator) made = made.with(freeName(made, `${name} missing`), missingness(column));
    }
    return { table: made };
  },
});

/** Whether a constant can stand in a column. */
function bears({ kind }: Column, value: number | string): boolean {
  if (kind === "text" || kind === "category") return typeof value === "string";
  return typeof value === "number" && (kind !== "boolean" || value === 0 || value === 1);
}

/** A column's statistic; its most frequent value where it holds no numbers; null where every cell is missing. */
function usual(column: Column, strategy: "mean" | "median" | "mode" | "min" | "max"): number | string | boolean | null {
  if (column.kind === "number" || column.kind === "datetime") {
    const present = presentValues(finite(column), 0);
    return present.length > 0 ? statistic(strategy, present) : null;
  }
  const counts = new Map<string | boolean, number>();
  for (let i = 0; i < lengthOf(column); i++) {
    const value = cellOf(column, i) as string | boolean | null;
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

function filled(who: string, name: string, column: Column, value: number | string | boolean): Column {
  if (column.kind === "number" || column.kind === "datetime") {
    if (typeof value !== "number") throw wrongKind(who, name, column);
    const { kind } = column;
    return { kind, values: mapNumbers(column.values, (each) => (Number.isNaN(each) ? value : each)).values };
  }
  if (column.kind === "boolean") {
    if (typeof value === "string") throw wrongKind(who, name, column);
    return { kind: "boolean", values: column.values.map((each) => (each === 255 ? Number(value) : each)) };
  }
  if (typeof value !== "string") throw wrongKind(who, name, column);
  if (column.kind === "text") return { kind: "text", values: column.values.map((each) => each ?? value) };
  const known = column.levels.indexOf(value);
  const code = known < 0 ? column.levels.length : known;
  const levels = known < 0 ? [...column.levels, value] : column.levels;
  return { kind: "category", codes: column.codes.map((each) => (each < 0 ? code : each)), levels };
}

/** Missing cells take the last cell before them (1) or the next after them (−1). */
function filledFromNeighbour(column: Column, direction: 1 | -1): Column {
  const n = lengthOf(column);
  const source = Int32Array.from({ length: n }, (_, i) => i);
  for (let k = 1; k < n; k++) {
    const i = direction === 1 ? k : n - 1 - k;
    if (isMissing(column, i)) source[i] = source[i - direction]!;
  }
  switch (column.kind) {
    case "category":
      return { ...column, codes: column.codes.map((_, i) => column.codes[source[i]!]!) };
    case "text":
      return { kind: "text", values: column.values.map((_, i) => column.values[source[i]!]!) };
    case "boolean":
      return { kind: "boolean", values: column.values.map((_, i) => column.values[source[i]!]!) };
    default: {
      const values = sharedFloat64(n);
      for (let i = 0; i < n; i++) values[i] = column.values[source[i]!]!;
      return { kind: column.kind, values };
    }
  }
}

function missingness(column: Column): Column {
  return numberColumn(Array.from({ length: lengthOf(column) }, (_, i) => Number(isMissing(column, i))));
}
