import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { isCategory } from "./column.ts";
import { literal } from "./duckdb.ts";
import { emptyColumn, enumOf, fillColumns } from "./duckdb-columns.ts";

/** Kinds that the caller asks for, by column. */
export type StringKinds = ReadonlyMap<string, Column["kind"]>;

const isoDate = String.raw`^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$`;
const wholeNumber = String.raw`^[+-]?\d{16,}$`;
const leadingZero = String.raw`^[+-]?0\d+$`;
const asNumber = (v: string): string => `try_cast(${v} as double)`;
const asInstant = (v: string): string =>
  `case when regexp_matches(${v}, ${literal(isoDate)}) then epoch_ms(try_cast(${v} as timestamptz)) end`;

/**
 * Typed columns of a DuckDB table of strings v0, v1, …: each becomes what all its cells can be, or what `kinds` asks for.
 * `whereIs` says where a row lies in the file, for the message of a cell that cannot be what was asked for.
 */
export async function loadColumns(
  connection: DuckDBConnection,
  source: string,
  names: readonly string[],
  kinds: StringKinds,
  whereIs: (row: number) => Promise<string>,
): Promise<[string, Column][]> {
  const rows = Number((await connection.runAndReadAll(`select count(*) from ${source}`)).getRows()[0]![0]);
  const found = await findKinds(connection, source, names.length, rows);
  const wanted = names.map((name, j) => kinds.get(name) ?? found[j]!);
  for (const [j, name] of names.entries())
    if (kinds.has(name)) await checkCells(connection, source, name, j, wanted[j]!, whereIs);
  const levels = await Promise.all(
    wanted.map((kind, j) => (kind === "category" ? readLevels(connection, source, j) : undefined)),
  );
  const columns = wanted.map((kind, j) => emptyColumn(kind, rows, levels[j]));
  const enums: string[] = [];
  for (const [j, list] of levels.entries()) if (list && list.length > 0) enums[j] = await enumOf(connection, list);
  const selected = wanted.map((kind, j) => selectCell(kind, `v${j}`, enums[j]));
  await fillColumns(connection, `select ${selected.join(", ")} from ${source}`, columns);
  for (const name of enums) if (name) await connection.run(`drop type ${name}`);
  return columns.map(({ column }, j) => [names[j]!, column]);
}

/** The narrowest kind that all cells of each column can be; only what is no number is looked at more closely. */
async function findKinds(connection: DuckDBConnection, source: string, width: number, rows: number): Promise<Column["kind"][]> {
  const count = async (columns: readonly number[], counts: (v: string) => string[]): Promise<number[][]> => {
    if (columns.length === 0) return [];
    const selected = columns.map((j) => counts(`v${j}`));
    const row = (await connection.runAndReadAll(`select ${selected.flat().join(", ")} from ${source}`)).getRows()[0]!.map(Number);
    const each = selected[0]!.length;
    return columns.map((_, k) => row.slice(each * k, each * (k + 1)));
  };
  const all = Array.from({ length: width }, (_, j) => j);
  const numbers = await count(all, (v) => {
    const tooLarge = `regexp_matches(${v}, ${literal(wholeNumber)}) and coalesce(abs(try_cast(${v} as hugeint)) > 9007199254740992, true)`;
    const inexact = `(length(${v}) >= 16 and ${tooLarge}) or (${v}[1] in ('0', '-', '+') and regexp_matches(${v}, ${literal(leadingZero)})) or contains(${v}, '_')`;
    return [`count(${v})`, `count(${asNumber(v)})`, `count(*) filter (${inexact})`];
  });
  const isNumber = ([filled, numeric, inexact]: readonly number[]): boolean => filled === numeric && inexact === 0;
  const others = all.filter((j) => !isNumber(numbers[j]!));
  const closer = await count(others, (v) => [
    `count(${v})`,
    `count(*) filter (lower(${v}) in ('true', 'false'))`,
    `count(${asInstant(v)})`,
    `count(distinct ${v})`,
  ]);
  return all.map((j) => {
    const [filled, boolean, dates, distinct] = closer[others.indexOf(j)] ?? [];
    if (filled === undefined) return "number";
    if (boolean === filled) return "boolean";
    if (dates === filled) return "datetime";
    return isCategory(distinct!, rows) ? "category" : "text";
  });
}

/** Throws DataError for the first cell that a kind cannot hold. */
async function checkCells(
  connection: DuckDBConnection,
  source: string,
  name: string,
  j: number,
  kind: Column["kind"],
  whereIs: (row: number) => Promise<string>,
): Promise<void> {
  if (kind === "category" || kind === "text") return;
  const v = `v${j}`;
  const value = {
    number: asNumber(v),
    datetime: asInstant(v),
    boolean: `case when lower(${v}) in ('true', 'false', '1', '0') then 1 end`,
  }[kind];
  const bad = await connection.runAndReadAll(
    `select rowid::double, ${v} from ${source} where ${v} is not null and ${value} is null order by rowid limit 1`,
  );
  const row = bad.getRows()[0];
  if (row)
    throw new DataError(
      `readCsv: column "${name}" must hold ${kind}s, got ${JSON.stringify(row[1])} in ${await whereIs(Number(row[0]))}`,
    );
}

async function readLevels(connection: DuckDBConnection, source: string, j: number): Promise<string[]> {
  const found = await connection.runAndReadAll(`select distinct v${j} from ${source} where v${j} is not null`);
  return (found.getRows() as [string][]).map(([level]) => level).sort();
}

function selectCell(kind: Column["kind"], v: string, levels: string | undefined): string {
  switch (kind) {
    case "number":
      return `coalesce(${asNumber(v)}, 'NaN'::double)`;
    case "datetime":
      return `coalesce((${asInstant(v)})::double, 'NaN'::double)`;
    case "boolean":
      return `(case when ${v} is null then 255 when lower(${v}) in ('true', '1') then 1 else 0 end)::utinyint`;
    case "category":
      return levels ? `coalesce(enum_code(${v}::${levels})::integer, -1)` : "-1::integer";
    case "text":
      return v;
  }
}
