import type { Column } from "../base/columns.ts";
import { displayable } from "../base/display.ts";
import { random } from "../numeric/random.ts";
import { lengthOf } from "./column.ts";
import { missingMarkers } from "./missing-markers.ts";
import { type ColumnProfile, profileColumn } from "./profile-column.ts";
import { correlations, duplicateRows } from "./profile-pairs.ts";
import type { Table } from "./table.ts";
import { findLeaks } from "./target-leak.ts";

/** Something in a table that a person should look at. */
export interface Alert {
  readonly kind:
    | "constant"
    | "high_cardinality"
    | "imbalance"
    | "missing"
    | "markers"
    | "infinite"
    | "long_integers"
    | "duplicate_rows"
    | "leakage"
    | "identifier"
    | "correlated";
  /** The column it is about; undefined for the whole table. */
  readonly column?: string;
  /** One sentence with the numbers. */
  readonly message: string;
}

/** What is in a table: plain JSON. */
export interface Profile {
  /** Rows of the table. */
  readonly rows: number;
  /** Rows that the figures other than `count` and `missing` are of: all, or a sample of 1,000,000. */
  readonly sampled: number;
  readonly target?: string;
  readonly columns: readonly ColumnProfile[];
  /** Pearson's r of the first 50 number columns (d × d), each pair over the rows that have both; null where it is not defined. */
  readonly correlation: { readonly names: readonly string[]; readonly values: readonly (readonly (number | null)[])[] };
  /** Rows that repeat an earlier row in every cell. */
  readonly duplicateRows: number;
  readonly alerts: readonly Alert[];
}

const sampleRows = 1_000_000;

/**
 * Analyses every column: kind, missing, distinct, moments, quantiles, top values, histogram; correlations; and alerts. With a target also
 * columns that tell it alone (leaks). Beyond 1,000,000 rows from a sample with a fixed seed; `sampled` says of how many.
 * Cost O(n d log n + n d²). Throws DataError for a target that is not there.
 */
export function profile(table: Table, { target }: { readonly target?: string } = {}): Profile {
  if (target !== undefined) table.column(target);
  const large = table.rows > sampleRows;
  const sample = large ? table.take(random(42, "profile").permutation(table.rows).subarray(0, sampleRows).sort()) : table;
  const columns = table.names.map((name) => profileColumn(name, table.column(name), sample.column(name)));
  // a column whose cells are all different tells all rows apart
  const duplicates = columns.some(({ distinct }) => distinct === sample.rows) ? 0 : duplicateRows(sample);
  const alerts = columns.flatMap((column) => columnAlerts(column, sample.column(column.name), column.name === target));
  if (duplicates > 0)
    alerts.push({ kind: "duplicate_rows", message: `${duplicates} of ${sample.rows} rows repeat an earlier row in every cell` });
  if (target !== undefined) alerts.push(...findLeaks(sample, target));
  const correlation = correlations(sample);
  alerts.push(...correlatedPairs(correlation, target));
  const base = {
    rows: table.rows,
    sampled: sample.rows,
    columns,
    correlation,
    duplicateRows: duplicates,
    alerts,
  };
  return displayable("profile", target === undefined ? base : { ...base, target });
}

/** Pairs of columns, the target not among them, of which one says nearly all that the other does; the first 20. */
function correlatedPairs({ names, values }: Profile["correlation"], target: string | undefined): Alert[] {
  const pairs = names.flatMap((name, a) =>
    names.slice(0, a).flatMap((other, b): Alert[] => {
      const r = values[a]![b];
      const isNear = r !== null && r !== undefined && Math.abs(r) >= 0.98 && name !== target && other !== target;
      return isNear
        ? [{ kind: "correlated", column: name, message: `column "${name}" follows "${other}" (r ${r.toFixed(3)})` }]
        : [];
    }),
  );
  return pairs.slice(0, 20);
}

function columnAlerts(of: ColumnProfile, column: Column, isTarget: boolean): Alert[] {
  const { name, kind, count, missing, distinct } = of;
  const alerts: Alert[] = [];
  const alert = (what: Alert["kind"], message: string): void => void alerts.push({ kind: what, column: name, message });
  const share = missing / Math.max(1, count + missing);
  if (count === 0) alert("constant", `column "${name}" has no value`);
  else if (distinct === 1) alert("constant", `column "${name}" holds one value, ${JSON.stringify(of.top[0]?.value ?? of.min)}`);
  if (count > 0 && share >= 0.2) alert("missing", `column "${name}" is missing in ${missing} rows, ${percent(share)}`);
  const markers = markersIn(column);
  if (markers.length > 0)
    alert(
      "markers",
      `column "${name}" holds ${markers.map((marker) => JSON.stringify(marker)).join(", ")}; where that stands for a missing cell, read with missing: ${JSON.stringify(markers)}`,
    );
  if (isTarget && missing > 0 && share < 0.2) alert("missing", `the target "${name}" is missing in ${missing} rows`);
  if (of.infinite) alert("infinite", `column "${name}" holds ${of.infinite} infinite values; estimators refuse them`);
  if ((kind === "category" || kind === "text") && distinct > 50)
    alert("high_cardinality", `column "${name}" holds ${distinct} different values in ${lengthOf(column)} rows`);
  if (column.kind === "text" && column.values.some((v) => v !== null) && column.values.every(isLongInteger))
    alert("long_integers", `column "${name}" holds whole numbers beyond 2^53, which a number would round; they stay text`);
  if (isIdentifier(column, distinct))
    alert("identifier", `column "${name}" holds another value in every row; it names rows and says nothing of them`);
  const [first] = of.top;
  if (kind !== "text" && distinct > 1 && first && first.count / count > 0.95)
    alert("imbalance", `column "${name}" holds ${JSON.stringify(first.value)} in ${percent(first.count / count)} of its cells`);
  else if (
    isTarget &&
    (kind === "category" || kind === "boolean") &&
    of.top.length === distinct &&
    of.top.at(-1)!.count < 0.05 * count
  )
    alert(
      "imbalance",
      `the target's rarest class ${JSON.stringify(of.top.at(-1)!.value)} has ${of.top.at(-1)!.count} of ${count} rows`,
    );
  return alerts;
}

/** Usual marks of a missing cell among the strings of a column. */
function markersIn(column: Column): string[] {
  if (column.kind !== "category" && column.kind !== "text") return [];
  if (column.kind === "text") return missingMarkers.filter((marker) => column.values.includes(marker));
  return missingMarkers.filter((marker) => {
    const code = column.levels.indexOf(marker);
    return code >= 0 && column.codes.includes(code);
  });
}

/** Whole numbers or strings, no two alike, in 50 rows or more. */
function isIdentifier(column: Column, distinct: number): boolean {
  if (distinct < 50 || distinct !== lengthOf(column)) return false;
  return column.kind === "text" || (column.kind === "number" && column.values.every((value) => Number.isSafeInteger(value)));
}

function isLongInteger(value: string | null): boolean {
  return value === null || /^[+-]?\d{1,15}$/.test(value) || /^[+-]?\d{16,}$/.test(value);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
