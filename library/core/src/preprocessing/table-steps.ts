import { z } from "zod";
import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { categoryColumn, cellOf, countMissing, isMissing } from "../data/column.ts";
import { Table } from "../data/table.ts";
import { evaluateExpression } from "./expression.ts";
import { columnsFor, keepRows, presentColumns, type StepContext, type StepResult, stepKind } from "./step-kind.ts";

const nothing = () => z.strictObject({});
const columnList = () => z.strictObject({ columns: z.array(z.string()) });

/** Leaves out rows, or columns, with more missing cells than a share. */
export const dropMissingStep = stepKind("drop_missing", {
  state: columnList,
  fit(table, { columns, of, share }, context) {
    const wanted = columnsFor(table, columns, columns ? context : { ...context, target: undefined });
    if (of === "rows") return { columns: [...wanted] };
    return { columns: wanted.filter((name) => countMissing(table.column(name)) > share * table.rows) };
  },
  apply(table, { of, share }, { columns }, context): StepResult {
    const present = presentColumns(table, columns, context);
    if (of === "columns") return { table: without(table, present, context) };
    const own = present.map((name) => table.column(name));
    return keepRows(table, (i) => own.reduce((count, column) => count + Number(isMissing(column, i)), 0) <= share * own.length);
  },
});

/** Keeps the first of rows that are equal in the columns. */
export const dropDuplicatesStep = stepKind("drop_duplicates", {
  state: columnList,
  fit: (table, { columns }, context) => ({
    columns: [...columnsFor(table, columns, columns ? context : { ...context, target: undefined })],
  }),
  apply(table, _step, { columns }, context): StepResult {
    const own = presentColumns(table, columns, context).map((name) => table.column(name));
    const seen = new Set<string>();
    return keepRows(table, (i) => {
      const key = JSON.stringify(own.map((column) => cellOf(column, i)));
      return seen.size < seen.add(key).size;
    });
  },
});

/** Keeps the rows for which a condition holds. */
export const filterStep = stepKind("filter", {
  state: nothing,
  fit: () => ({}),
  async apply(table, { where }, _state, { who }): Promise<StepResult> {
    const column = await evaluateExpression(who, table, where);
    if (column.kind !== "boolean")
      throw new DataError(`${who}: where must be true or false for each row, it gives ${column.kind}`);
    return keepRows(table, (i) => column.values[i] === 1);
  },
});

/** Adds or replaces a column by an expression. */
export const deriveStep = stepKind("derive", {
  state: () => z.strictObject({ kind: z.enum(["number", "category", "text", "boolean", "datetime"]) }),
  fit: async (table, { sql }, { who }) => ({ kind: (await evaluateExpression(who, table, sql)).kind }),
  async apply(table, { name, sql }, { kind }, { who }): Promise<StepResult> {
    const column = await evaluateExpression(who, table, sql);
    return { table: table.with(name, asStringsOf(kind, column)) };
  },
});

/** Gives columns other names. */
export const renameStep = stepKind("rename", {
  state: nothing,
  fit: () => ({}),
  apply(table, { names }, _state, context): StepResult {
    const present = new Set(
      presentColumns(
        table,
        names.map(({ from }) => from),
        context,
      ),
    );
    const to = new Map(names.filter(({ from }) => present.has(from)).map((each) => [each.from, each.to]));
    return { table: new Table(table.names.map((name) => [to.get(name) ?? name, table.column(name)] as const)) };
  },
});

/** Keeps these columns only. */
export const selectStep = stepKind("select", {
  state: nothing,
  fit: () => ({}),
  apply: (table, { columns }, _state, context): StepResult => ({ table: table.select(presentColumns(table, columns, context)) }),
});

/** Leaves out these columns. */
export const dropColumnsStep = stepKind("drop_columns", {
  state: nothing,
  fit: () => ({}),
  apply: (table, { columns }, _state, context): StepResult => ({
    table: without(table, presentColumns(table, columns, context), context),
  }),
});

/** Strings as a category or as text, as they were at the fit; other kinds as they are. */
function asStringsOf(kind: Column["kind"], column: Column): Column {
  if (kind === "category" && column.kind === "text") return categoryColumn(column.values);
  if (kind === "text" && column.kind === "category")
    return { kind, values: Array.from(column.codes, (code) => column.levels[code] ?? null) };
  return column;
}

function without(table: Table, names: readonly string[], { who }: StepContext): Table {
  if (names.length >= table.names.length && table.names.length > 0) throw new DataError(`${who}: leaves no column`);
  return table.drop(names);
}
