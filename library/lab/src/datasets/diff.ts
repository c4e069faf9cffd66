import type { Column, Table } from "assay";
import type { ColumnDiff, DatasetColumn, VersionDiff } from "../contract/datasets.ts";
import type { Session } from "../projects/session.ts";
import { datasetVersion } from "./datasets.ts";
import { rowKeys } from "./row-keys.ts";
import { kolmogorovSmirnov, populationStability } from "./stability.ts";
import { sharedTable } from "./tables.ts";

/** What differs between two versions of a dataset: rows, columns, and the distribution of each column. O(n d log n). */
export async function diffVersions(session: Session, ref: string, from: number, to: number): Promise<VersionDiff> {
  const { datasetId } = await datasetVersion(session, ref);
  const [a, b] = await Promise.all([from, to].map((version) => sharedTable(session, `${datasetId}@${version}`)));
  const rows = changedRows(a!.table, b!.table);
  const names = [...new Set([...b!.table.names, ...a!.table.names])];
  return {
    from,
    to,
    rows: [a!.table.rows, b!.table.rows],
    rows_added: rows.added,
    rows_removed: rows.removed,
    columns: names.map((name) => columnDiff(name, a!, b!)),
  };
}

interface Side {
  readonly version: { readonly columns: readonly DatasetColumn[] };
  readonly table: Table;
}

function columnDiff(name: string, a: Side, b: Side): ColumnDiff {
  const [before, after] = [a, b].map(({ version }) => version.columns.find((column) => column.name === name));
  const facts: Pick<ColumnDiff, "name" | "kinds" | "missing" | "means"> = {
    name,
    kinds: [before?.kind ?? null, after?.kind ?? null],
    missing: [before?.missing ?? null, after?.missing ?? null],
    means: [before?.mean ?? null, after?.mean ?? null],
  };
  if (!before || !after) return { ...facts, change: before ? "removed" : "added", psi: null, ks: null };
  const [first, second] = [a.table.column(name), b.table.column(name)];
  const same = first.kind === second.kind && equalColumns(first, second);
  return {
    ...facts,
    change: same ? "same" : "changed",
    psi: populationStability(first, second),
    ks: kolmogorovSmirnov(first, second),
  };
}

function equalColumns(a: Column, b: Column): boolean {
  const [first, second] = [a, b].map((column) => (column.kind === "category" ? column.codes : column.values));
  if (first!.length !== second!.length) return false;
  if (a.kind === "category" && b.kind === "category" && a.levels.join("\n") !== b.levels.join("\n")) return false;
  for (let i = 0; i < first!.length; i++) if (!Object.is(first![i], second![i])) return false;
  return true;
}

/** Rows that only one of the tables holds, over the columns of both; a row that stands twice counts twice. */
function changedRows(a: Table, b: Table): { added: number; removed: number } {
  const names = a.names.filter((name) => b.names.includes(name));
  const counts = new Map<number, number>();
  for (const key of rowKeys(a.select(names))) counts.set(key, (counts.get(key) ?? 0) + 1);
  let added = 0;
  for (const key of rowKeys(b.select(names))) {
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    else added++;
  }
  return { added, removed: a.rows - (b.rows - added) };
}
