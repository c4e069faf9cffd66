import { guardedCell } from "assay";
import type { RunComparison } from "./compare.ts";

/**
 * A comparison as CSV, a column a run: ids, parameters, metrics, their differences from the baseline, spread and p over the
 * folds. `forSpreadsheet` (the default) keeps texts from being formulas and begins with the mark that tells a spreadsheet UTF-8;
 * without it the values are written as they are.
 */
export function comparisonCsv(
  { runs, baseline, params, metrics }: RunComparison,
  { forSpreadsheet = true }: { readonly forSpreadsheet?: boolean } = {},
): string {
  const of = <T>(field: (run: RunComparison["runs"][number]) => T): T[] => runs.map(field);
  const rows: (readonly unknown[])[] = [
    ["", ...of(({ name }) => name)],
    ["id", ...of(({ id }) => id)],
    ["experiment", ...of(({ experiment }) => experiment)],
    ["status", ...of(({ status }) => status)],
    ["created_at", ...of(({ created_at }) => created_at)],
    ["baseline", ...of(({ id }) => id === baseline)],
    ...params.map(({ name, values }) => [name, ...values]),
    ...metrics.flatMap(({ name, values, deltas, spread, significance }) => [
      [name, ...values],
      [`${name} minus baseline`, ...deltas],
      ...(spread.some((each) => each !== null) ? [[`${name} sd over folds`, ...spread.map((each) => each?.sd)]] : []),
      ...(significance.some((each) => each !== null) ? [[`${name} p`, ...significance.map((each) => each?.p)]] : []),
    ]),
  ];
  const text = rows.map((cells) => `${cells.map((value) => csvCell(value, forSpreadsheet)).join(",")}\r\n`).join("");
  return forSpreadsheet ? `\ufeff${text}` : text;
}

function csvCell(value: unknown, forSpreadsheet: boolean): string {
  const text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : value;
  const cell = typeof text === "string" && forSpreadsheet ? String(guardedCell(text)) : String(text);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
