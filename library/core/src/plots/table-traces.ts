import { DataError } from "../base/errors.ts";
import { cellOf } from "../data/column.ts";
import type { Table } from "../data/table.ts";
import { random } from "../numeric/random.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { colour, palette, type Trace } from "./figure.ts";

/** Points that a scatter draws at most; of more rows a sample with a fixed seed. */
const pointsMax = 2000;

/** Rows that are drawn in one colour. */
interface Group {
  readonly label: string;
  readonly rows: readonly number[];
}

/** Rows by the values of a column, the most frequent first; beyond seven values the rest together. */
export function groupsOf(table: Table, by: string | undefined): Group[] {
  const all = Array.from({ length: table.rows }, (_, i) => i);
  if (by === undefined) return [{ label: "", rows: all }];
  const column = table.column(by);
  const rows = new Map<string, number[]>();
  for (const i of all) {
    const cell = cellOf(column, i);
    const label = cell === null ? "missing" : cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
    const list = rows.get(label);
    if (list) list.push(i);
    else rows.set(label, [i]);
  }
  const groups = [...rows].map(([label, list]) => ({ label, rows: list })).sort((a, b) => b.rows.length - a.rows.length);
  if (groups.length <= palette.length) return groups;
  const kept = palette.length - 1;
  return [...groups.slice(0, kept), { label: "other", rows: groups.slice(kept).flatMap((group) => group.rows) }];
}

/** Bars of equal bins over the finite values of every group; none where there is no value. */
export function binnedBars(table: Table, name: string, groups: readonly Group[], bins: number): Trace[] {
  const column = table.column(name);
  const dates = column.kind === "datetime";
  const values = groups.map(({ rows }) => numbersIn(table, name, rows));
  let least = Infinity;
  let greatest = -Infinity;
  for (const part of values)
    for (const value of part) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  if (least > greatest) return [];
  const width = greatest > least ? greatest / bins - least / bins : 1;
  const centres = Array.from({ length: greatest > least ? bins : 1 }, (_, k) => least + (k + 0.5) * width);
  return groups.map(({ label }, k) => {
    const counts = new Array<number>(centres.length).fill(0);
    for (const value of values[k]!) counts[Math.min(centres.length - 1, Math.max(0, Math.floor((value - least) / width)))]!++;
    const x = dates ? centres.map((centre) => new Date(centre).toISOString()) : centres;
    return { type: "bar", name: label, x, y: counts, width, opacity: groups.length > 1 ? 0.6 : 1, marker: { color: colour(k) } };
  });
}

/** Bars of the 30 most frequent values, a trace a group. */
export function valueBars(table: Table, name: string, groups: readonly Group[]): Trace[] {
  const column = table.column(name);
  const counts = groups.map(({ rows }) => {
    const of = new Map<string, number>();
    for (const i of rows) {
      const cell = cellOf(column, i);
      const text = cell === null ? "missing" : String(cell).slice(0, 60);
      of.set(text, (of.get(text) ?? 0) + 1);
    }
    return of;
  });
  const totals = new Map<string, number>();
  for (const of of counts) for (const [text, n] of of) totals.set(text, (totals.get(text) ?? 0) + n);
  const shown = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 30);
  const x = shown.map(([text]) => text);
  return groups.map(({ label }, k) => ({
    type: "bar",
    name: label,
    x,
    y: x.map((text) => counts[k]!.get(text) ?? 0),
    marker: { color: colour(k) },
  }));
}

/** A box that plotly need not compute: only what lies beyond the whiskers is sent, at most 200 points. */
export function boxOf(values: Float64Array): Trace {
  const sorted = values.sort();
  if (sorted.length === 0) return { type: "box", q1: [null], median: [null], q3: [null] };
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantileOfSorted(sorted, share));
  const reach = 1.5 * (q3! - q1!);
  const inside = sorted.filter((value) => value >= q1! - reach && value <= q3! + reach);
  const beyond = sorted.filter((value) => value < q1! - reach || value > q3! + reach);
  const step = Math.max(1, Math.ceil(beyond.length / 200));
  return {
    type: "box",
    q1: [q1],
    median: [median],
    q3: [q3],
    lowerfence: [inside[0] ?? q1],
    upperfence: [inside.at(-1) ?? q3],
    y: [[...beyond.filter((_, i) => i % step === 0)]],
    boxpoints: "outliers",
  };
}

/** The rows with both values as points. */
export function points(table: Table, rows: readonly number[], x: string, y: string, label: string, k: number): Trace {
  const [a, b] = [numericColumn(table, x), numericColumn(table, y)];
  const kept = rows.filter((i) => Number.isFinite(a.values[i]!) && Number.isFinite(b.values[i]!));
  const shown = (column: typeof a, i: number) =>
    column.kind === "datetime" ? new Date(column.values[i]!).toISOString() : column.values[i]!;
  return {
    type: "scatter",
    mode: "markers",
    name: label,
    x: kept.map((i) => shown(a, i)),
    y: kept.map((i) => shown(b, i)),
    marker: { size: 4, opacity: 0.6, color: colour(k) },
  };
}

/** The table, or 2,000 of its rows in their order. */
export function sampled(table: Table): Table {
  if (table.rows <= pointsMax) return table;
  return table.take(random(42, "plot").permutation(table.rows).subarray(0, pointsMax).sort());
}

/** Names of the number columns. */
export function numbersOf(table: Table): string[] {
  return table.names.filter((name) => table.kind(name) === "number");
}

function numericColumn(table: Table, name: string) {
  const column = table.column(name);
  if (column.kind === "number" || column.kind === "datetime") return column;
  throw new DataError(`plot: column "${name}" must hold numbers or dates, it holds ${column.kind}`);
}

/** The finite values of these rows. */
export function numbersIn(table: Table, name: string, rows: readonly number[]): Float64Array {
  const column = numericColumn(table, name);
  const found = new Float64Array(rows.length);
  let n = 0;
  for (const i of rows) if (Number.isFinite(column.values[i]!)) found[n++] = column.values[i]!;
  return found.slice(0, n);
}
