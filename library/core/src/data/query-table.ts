import { totalmem } from "node:os";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column } from "../base/columns.ts";
import { LimitError } from "../base/errors.ts";
import { isCategory } from "./column.ts";
import { emptyColumn, enumOf, fillColumns, freshName } from "./duckdb-columns.ts";

/** What a column is to become; in a Parquet file of ours it stands in the metadata under `assay`. */
export interface PlannedColumn {
  readonly name: string;
  readonly kind: Column["kind"];
  readonly levels?: readonly string[];
}

/** The columns that a query gives; it is run once. */
export async function queryColumns(connection: DuckDBConnection, query: string): Promise<[string, Column][]> {
  const name = freshName("result");
  await connection.run(`create temp table ${name} as ${query}`);
  const rowsOf = async (text: string): Promise<unknown[][]> => (await connection.runAndReadAll(text)).getRows();
  try {
    const described = (await rowsOf(`describe ${name}`)) as [string, string][];
    const source = `${name} as t(${described.map((_, j) => `v${j}`).join(", ")})`;
    const rows = Number((await rowsOf(`select count(*) from ${name}`))[0]![0]);
    const columns: PlannedColumn[] = [];
    for (const [j, [column, type]] of described.entries())
      columns.push(await columnOfType(connection, source, column, type, j, rows));
    return await loadQuery(
      connection,
      source,
      columns,
      described.map(([, type]) => type),
      rows,
    );
  } finally {
    await connection.run(`drop table ${name}`);
  }
}

/** What a column of a DuckDB type becomes; strings are a category or text by the rule of `readCsv`. */
export async function columnOfType(
  connection: DuckDBConnection,
  source: string,
  name: string,
  type: string,
  j: number,
  rows: number,
): Promise<PlannedColumn> {
  if (type.startsWith("ENUM(")) {
    const found = await connection.runAndReadAll(`select unnest(enum_range(null::${type}))::varchar`);
    return { name, kind: "category", levels: (found.getRows() as [string][]).map(([level]) => level) };
  }
  if (type === "BOOLEAN") return { name, kind: "boolean" };
  if (/^(DATE|TIMESTAMP)/.test(type)) return { name, kind: "datetime" };
  if (/^(U?(TINYINT|SMALLINT|INTEGER)|FLOAT|DOUBLE|DECIMAL)/.test(type)) return { name, kind: "number" };
  const first = async (query: string): Promise<unknown> => (await connection.runAndReadAll(query)).getRows()[0]![0];
  if (/^U?(BIGINT|HUGEINT)$/.test(type)) {
    const exact = await first(`select coalesce(max(abs(v${j}::hugeint)) <= 9007199254740992, true) from ${source}`);
    if (exact) return { name, kind: "number" };
  }
  const distinct = Number(await first(`select approx_count_distinct(v${j}::varchar) from ${source}`));
  if (!isCategory(Math.floor(distinct * 0.9), rows)) return { name, kind: "text" };
  const found = await connection.runAndReadAll(`select distinct v${j}::varchar from ${source} where v${j} is not null`);
  const levels = (found.getRows() as [string][]).map(([level]) => level).sort();
  return isCategory(levels.length, rows) ? { name, kind: "category", levels } : { name, kind: "text" };
}

/** Fills the planned columns from a source whose columns are v0, v1, … of these DuckDB types. */
export async function loadQuery(
  connection: DuckDBConnection,
  source: string,
  columns: readonly PlannedColumn[],
  types: readonly string[],
  rows: number,
): Promise<[string, Column][]> {
  checkMemory(rows, columns);
  const made = columns.map(({ kind, levels }) => emptyColumn(kind, rows, levels));
  const enums = await Promise.all(columns.map(({ levels }) => levels && levels.length > 0 && enumOf(connection, levels)));
  const cells = columns.map(({ kind }, j) => loadedCell(kind, `v${j}`, types[j]!, enums[j]));
  try {
    await fillColumns(connection, `select ${cells.join(", ")} from ${source}`, made);
  } finally {
    for (const name of enums) if (name) await connection.run(`drop type ${name}`);
  }
  return columns.map(({ name }, j) => [name, made[j]!.column]);
}

/** The cell as our arrays hold it. */
function loadedCell(kind: Column["kind"], v: string, type: string, levels: string | false | undefined): string {
  switch (kind) {
    case "number":
      return `coalesce(${v}::double, 'NaN'::double)`;
    case "datetime":
      return `coalesce(epoch_us(${type.includes("TIME ZONE") ? v : `${v}::timestamp`})::double / 1000, 'NaN'::double)`;
    case "boolean":
      return `coalesce(${v}::utinyint, 255::utinyint)`;
    case "category":
      return levels ? `coalesce(enum_code(${v}::varchar::${levels})::integer, -1)` : "-1::integer";
    case "text":
      return `${v}::varchar`;
  }
}

/** Names that DuckDB and Parquet readers tell apart: no empty one, none that differs from another by case only. */
export function outwardNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, j) => {
    let outward = name || `column_${j + 1}`;
    while (taken.has(outward.toLowerCase())) outward += "_";
    taken.add(outward.toLowerCase());
    return outward;
  });
}

const cellBytes = { number: 8, datetime: 8, boolean: 1, category: 4, text: 24 } as const;

/** Throws LimitError for a table that would take more than 60 % of the memory of machine or container, before any is taken. */
function checkMemory(rows: number, columns: readonly PlannedColumn[]): void {
  const bytes = columns.reduce((sum, { kind }) => sum + rows * cellBytes[kind], 0);
  const limit = Math.floor(0.6 * Math.min(totalmem(), process.constrainedMemory() || Infinity));
  if (bytes > limit || rows >= 2 ** 31)
    throw new LimitError(
      `table: ${rows} rows × ${columns.length} columns need ${bytes} bytes, at most ${limit} are taken; read a part by scanParquet or scanCsv`,
    );
}
