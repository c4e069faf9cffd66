import { rename, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column } from "../base/columns.ts";
import { DataError, NotFoundError } from "../base/errors.ts";
import { isCategory } from "./column.ts";
import { identifier, literal, withDuckdb } from "./duckdb.ts";
import { emptyColumn, enumOf, fillColumns, putTable } from "./duckdb-columns.ts";
import { Table } from "./table.ts";

/** What a column was when it was written; stands in the file's metadata under `assay`. */
interface StoredColumn {
  readonly name: string;
  readonly kind: Column["kind"];
  readonly levels?: readonly string[];
}

/**
 * Writes a table as Parquet (zstd), whole or not at all. Kinds, levels and their order stand in the file's metadata, so that `readParquet`
 * gives back the same table; other programs see doubles, booleans, UTC timestamps and strings, nulls where cells are missing.
 * Cost O(n d). Throws DataError when the file cannot be written.
 */
export async function writeParquet(table: Table, path: string): Promise<void> {
  const stored = table.names.map((name): StoredColumn => {
    const column = table.column(name);
    return column.kind === "category" ? { name, kind: column.kind, levels: column.levels } : { name, kind: column.kind };
  });
  if (stored.length === 0) throw new DataError("writeParquet: the table has no columns");
  const outward = outwardNames(table.names);
  const metadata = literal(JSON.stringify({ format: 1, columns: stored }));
  await writeWhole("writeParquet", path, (temporary) =>
    withDuckdb(async (connection) => {
      const source = await putTable(connection, table);
      const cells = table.names.map((name, j) => `${storedCell(table.column(name), `v${j}`)} as ${identifier(outward[j]!)}`);
      try {
        await connection.run(
          `copy (select ${cells.join(", ")} from ${source} order by rowid) to ${literal(temporary)} (format parquet, compression zstd, kv_metadata {assay: ${metadata}})`,
        );
      } finally {
        await connection.run(`drop table ${source}`);
      }
    }),
  );
}

/**
 * Reads a Parquet file. One that `writeParquet` wrote comes back as it was; of others numbers, booleans, dates and timestamps keep their kind,
 * strings become a category or text by the rule of `readCsv`, whole numbers beyond ±2⁵³ and all else become text.
 * Throws NotFoundError where there is no file, DataError for one that is no Parquet.
 */
export async function readParquet(path: string): Promise<Table> {
  const file = basename(path);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new NotFoundError(`readParquet: no file ${path}`);
  if (found.isDirectory()) throw new DataError(`readParquet: ${path} is a folder`);
  return withDuckdb(async (connection) => {
    const rowsOf = async (query: string): Promise<unknown[][]> => (await connection.runAndReadAll(query)).getRows();
    try {
      const described = (await rowsOf(`describe select * from read_parquet(${literal(path)})`)) as [string, string][];
      const aliases = described.map((_, j) => `v${j}`).join(", ");
      const source = `read_parquet(${literal(path)}) as t(${aliases})`;
      const rows = Number((await rowsOf(`select count(*) from read_parquet(${literal(path)})`))[0]![0]);
      const stored = await readStored(connection, path);
      const columns =
        stored ?? (await Promise.all(described.map(([name, type], j) => foreignColumn(connection, source, name, type, j, rows))));
      return await load(connection, source, columns, described, rows);
    } catch (cause) {
      if (cause instanceof DataError) throw cause;
      throw new DataError(`readParquet: cannot read ${file}: ${(cause as Error).message.split("\n")[0]}`, { cause });
    }
  });
}

/** Writes beside the place and renames, so that a full disk or a kill leaves no half file. */
export async function writeWhole(who: string, path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new DataError(`${who}: cannot write ${basename(path)}: ${(cause as Error).message.split("\n")[0]}`, { cause });
  }
}

async function readStored(connection: DuckDBConnection, path: string): Promise<readonly StoredColumn[] | undefined> {
  const found = await connection.runAndReadAll(
    `select decode(value) from parquet_kv_metadata(${literal(path)}) where decode(key) = 'assay'`,
  );
  const text = found.getRows()[0]?.[0];
  if (typeof text !== "string") return undefined;
  const { format, columns } = JSON.parse(text) as { readonly format: number; readonly columns: readonly StoredColumn[] };
  if (format !== 1) throw new DataError(`readParquet: ${basename(path)} has format ${format}, this version reads format 1`);
  return columns;
}

/** What a column of somebody else's file becomes. */
async function foreignColumn(
  connection: DuckDBConnection,
  source: string,
  name: string,
  type: string,
  j: number,
  rows: number,
): Promise<StoredColumn> {
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

async function load(
  connection: DuckDBConnection,
  source: string,
  columns: readonly StoredColumn[],
  described: readonly (readonly [string, string])[],
  rows: number,
): Promise<Table> {
  const made = columns.map(({ kind, levels }) => emptyColumn(kind, rows, levels));
  const enums = await Promise.all(columns.map(({ levels }) => levels && levels.length > 0 && enumOf(connection, levels)));
  const cells = columns.map(({ kind }, j) => loadedCell(kind, `v${j}`, described[j]![1], enums[j]));
  try {
    await fillColumns(connection, `select ${cells.join(", ")} from ${source}`, made);
  } finally {
    for (const name of enums) if (name) await connection.run(`drop type ${name}`);
  }
  return new Table(columns.map(({ name }, j) => [name, made[j]!.column] as const));
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

/** The cell as other programs should see it. */
function storedCell(column: Column, v: string): string {
  switch (column.kind) {
    case "number":
      return `case when not isnan(${v}) then ${v} end`;
    case "datetime":
      return `case when not isnan(${v}) then make_timestamp(round(${v} * 1000)::bigint) end`;
    case "boolean":
      return `case when ${v} < 255 then ${v} = 1 end`;
    case "category":
      return `case when ${v} >= 0 then ([${column.levels.map(literal).join(",")}]::varchar[])[${v} + 1] end`;
    case "text":
      return v;
  }
}

/** Names that Parquet readers tell apart: no empty one, none that differs from another by case only. */
function outwardNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, j) => {
    let outward = name || `column_${j + 1}`;
    while (taken.has(outward.toLowerCase())) outward += "_";
    taken.add(outward.toLowerCase());
    return outward;
  });
}
