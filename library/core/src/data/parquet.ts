import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { DataError, LimitError } from "../base/errors.ts";
import { identifier, literal, withDuckdb } from "./duckdb.ts";
import { putTable } from "./duckdb-columns.ts";
import { columnOfType, loadQuery, outwardNames, type PlannedColumn } from "./query-table.ts";
import { checkOptionNames } from "./read-options.ts";
import { openSource, type Source, type SourceOptions } from "./source.ts";
import { outwardCell } from "./sql.ts";
import { Table } from "./table.ts";
import { writeWhole } from "./write-whole.ts";

/**
 * Writes a table as Parquet (zstd), whole or not at all. Kinds, levels and their order stand in the file's metadata, so that `readParquet`
 * gives back the same table; other programs see doubles, booleans, UTC timestamps and strings, nulls where cells are missing.
 * Cost O(n d). Throws DataError when the file cannot be written.
 */
export async function writeParquet(table: Table, path: string): Promise<void> {
  const stored = table.names.map((name): PlannedColumn => {
    const column = table.column(name);
    return column.kind === "category" ? { name, kind: column.kind, levels: column.levels } : { name, kind: column.kind };
  });
  if (stored.length === 0) throw new DataError("writeParquet: the table has no columns");
  const outward = outwardNames(table.names);
  const metadata = literal(JSON.stringify({ format: 1, columns: stored }));
  await writeWhole("writeParquet", path, (temporary) =>
    withDuckdb(async (connection) => {
      const source = await putTable(connection, table);
      const cells = table.names.map((name, j) => `${outwardCell(table.column(name), `v${j}`)} as ${identifier(outward[j]!)}`);
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
 * Throws NotFoundError where there is no file, DataError for one that is no Parquet, LimitError for one whose table does not fit in memory.
 */
export async function readParquet(source: Source, options: SourceOptions = {}): Promise<Table> {
  checkOptionNames("readParquet", options, []);
  const open = await openSource("readParquet", source, options);
  if (open.path !== undefined) return readFile(open.path, open.name);
  const folder = await mkdtemp(join(tmpdir(), "assay-parquet-"));
  try {
    const path = join(folder, "data.parquet");
    await writeFile(path, await open.bytes());
    return await readFile(path, open.name);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readFile(path: string, file: string): Promise<Table> {
  return withDuckdb(async (connection) => {
    const rowsOf = async (query: string): Promise<unknown[][]> => (await connection.runAndReadAll(query)).getRows();
    try {
      const described = (await rowsOf(`describe select * from read_parquet(${literal(path)})`)) as [string, string][];
      const aliases = described.map((_, j) => `v${j}`).join(", ");
      const source = `read_parquet(${literal(path)}) as t(${aliases})`;
      const rows = Number((await rowsOf(`select count(*) from read_parquet(${literal(path)})`))[0]![0]);
      const stored = await readStored(connection, path);
      const columns =
        stored ?? (await Promise.all(described.map(([name, type], j) => columnOfType(connection, source, name, type, j, rows))));
      return new Table(
        await loadQuery(
          connection,
          source,
          columns,
          described.map(([, type]) => type),
          rows,
        ),
      );
    } catch (cause) {
      if (cause instanceof DataError || cause instanceof LimitError) throw cause;
      throw new DataError(`readParquet: cannot read ${file}: ${(cause as Error).message.split("\n")[0]}`, { cause });
    }
  });
}

async function readStored(connection: DuckDBConnection, path: string): Promise<readonly PlannedColumn[] | undefined> {
  const found = await connection.runAndReadAll(
    `select decode(value) from parquet_kv_metadata(${literal(path)}) where decode(key) = 'assay'`,
  );
  const text = found.getRows()[0]?.[0];
  if (typeof text !== "string") return undefined;
  const { format, columns } = JSON.parse(text) as { readonly format: number; readonly columns: readonly PlannedColumn[] };
  if (format !== 1) throw new DataError(`readParquet: ${basename(path)} has format ${format}, this version reads format 1`);
  return columns;
}
