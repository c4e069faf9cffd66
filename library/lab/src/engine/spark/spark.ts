import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Table } from "apache-arrow";
import { StoreError } from "assay";
import { arrowTypes } from "../arrow-types.ts";
import { openDuckdb } from "../duckdb.ts";
import type { Engine, EngineRow, EngineSchema, EngineValue, WriteOptions, Written } from "../engine.ts";
import { type ExactValue, exactValue, tableOf } from "../from-arrow.ts";
import { identifier } from "../sql-text.ts";
import type { MessageJson } from "./channel.ts";
import { openSession, type SessionOptions, type SparkSession } from "./session.ts";
import { sparkDialect } from "./spark-dialect.ts";

/** Where a Spark is, and what the DuckDB beside it may take. */
interface SparkOptions extends Pick<SessionOptions, "remote" | "patienceMs" | "roots" | "signal"> {
  /** A folder that this process and every machine of the Spark see under the same path. */
  readonly folder: string;
  /** Of the DuckDB that copies in and out; see `openDuckdb`. */
  readonly memoryMb?: number | undefined;
  readonly threads?: number | undefined;
}

/** What makes Spark's SQL that of the steps: names in double quotes, instants without a zone, which is UTC where one is needed. */
export const sqlSettings = {
  "spark.sql.ansi.enabled": "true",
  "spark.sql.ansi.doubleQuotedIdentifiers": "true",
  "spark.sql.timestampType": "TIMESTAMP_NTZ",
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
};

/**
 * Opens a session of a Spark Connect server as an engine. Tables are Parquet files in a folder that both see; Spark writes each as a folder of
 * parts. What must be one file, and what comes from PostgreSQL, goes through a DuckDB here, which streams it: no row becomes a value of
 * JavaScript. Throws StoreError where the server is away or does not see the folder.
 */
export async function openSpark({ folder, memoryMb, threads, ...options }: SparkOptions): Promise<Engine> {
  const session = await openSession({ ...options, config: sqlSettings });
  try {
    await seesFolder(session, folder);
    const local = await openDuckdb({ folder, memoryMb, threads, signal: options.signal });
    return engineOn(session, local, join(folder, `held-${session.id}`));
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Throws StoreError where the server does not read what is written into a folder. */
async function seesFolder(session: SparkSession, folder: string): Promise<void> {
  const probe = join(folder, `probe-${randomUUID()}.txt`);
  await writeFile(probe, "seen\n");
  try {
    await session.execute({ root: read("text", [probe]) });
  } catch (cause) {
    if (!/PATH_NOT_FOUND/.test((cause as Error).message)) throw cause;
    throw new StoreError(
      `spark: the server at ${session.address} does not see ${folder}: ASSAY_STORE must lie on a disk that it shares, under the same path`,
      { cause },
    );
  } finally {
    await rm(probe, { force: true });
  }
}

function engineOn(session: SparkSession, local: Engine, held: string): Engine {
  const show = async (name: string, files: readonly string[]): Promise<void> =>
    void (await session.execute({ command: { createDataframeView: { input: read("parquet", files), name, replace: true } } }));
  const table = async (query: string): Promise<Table> => tableOf((await session.execute({ root: sql(query) })).batches);
  const rowsOf = async (query: string): Promise<readonly EngineRow[]> => plainRows(await table(query));
  /** Writes a folder of parts, whole or not at all. */
  const writeParts = async (query: string, path: string, { compression = "zstd" }: WriteOptions): Promise<Written> => {
    const draft = `${path}.${randomUUID()}.draft`; // what an attempt left running may still write its own
    try {
      const operation = {
        input: sql(query),
        source: "parquet",
        path: draft,
        mode: "SAVE_MODE_OVERWRITE",
        options: { compression },
      };
      await session.execute({ command: { writeOperation: operation } });
      await rm(path, { recursive: true, force: true });
      await rename(draft, path);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    const names = (await readdir(path)).filter((name) => name.endsWith(".parquet")).sort();
    const files = await Promise.all(
      names.map(async (name) => ({ file: join(path, name), sizeBytes: (await stat(join(path, name))).size })),
    );
    const [counted] = await rowsOf(`select count(*) as n from parquet.\`${path}\``);
    return { rows: Number(counted!["n"]), sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), files };
  };
  /** What DuckDB takes out of parts that Spark wrote for it. */
  const through = async <T>(query: string, path: string, take: (query: string) => Promise<T>): Promise<T> => {
    const parts = `${path}.${randomUUID()}.parts`;
    try {
      const { files } = await writeParts(query, parts, { compression: "snappy" });
      const name = `parts_${randomUUID()}`;
      await local.read(
        name,
        files.map(({ file }) => file),
      );
      return await take(`select * from ${identifier(name)}`);
    } finally {
      await rm(parts, { recursive: true, force: true });
    }
  };
  return {
    name: "spark",
    dialect: sparkDialect,
    sql: rowsOf,
    columns: table,
    read: (name, files) => show(name, [files].flat()),
    async hold(name, query) {
      const { files } = await writeParts(query, join(held, randomUUID()), { compression: "snappy" });
      await show(
        name,
        files.map(({ file }) => file),
      );
    },
    async numbers(query) {
      const found = await table(query);
      return new Map(
        found.schema.fields.map(({ name, type }) => [
          name,
          Float64Array.from(found.getChild(name)!, (cell) => (cell === null ? Number.NaN : Number(exactValue(type, cell)))),
        ]),
      );
    },
    async schema(query) {
      const described = await rowsOf(`describe query ${query}`);
      return Object.fromEntries(
        described.map((row) => [String(row["col_name"]), typeName(String(row["data_type"]))]),
      ) as EngineSchema;
    },
    write: (query, path, options = {}) =>
      options.single === true
        ? through(query, path, (parts) => local.write(parts, path, options))
        : writeParts(query, path, options),
    copyFromPostgres: (copy, path) => local.copyFromPostgres(copy, path),
    writeCsv: (query, path) => through(query, path, (parts) => local.writeCsv(parts, path)),
    async close() {
      await session.close();
      await local.close();
      await rm(held, { recursive: true, force: true });
    },
  };
}

function sql(query: string): MessageJson {
  return { sql: { query } };
}

function read(format: string, paths: readonly string[]): MessageJson {
  return { read: { dataSource: { format, paths: [...paths] } } };
}

/** The rows of a table by column, in the values that engines share. */
export function plainRows(table: Table): readonly EngineRow[] {
  const columns = table.schema.fields.map(({ name, type }, k) => [name, type, table.getChildAt(k)!] as const);
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(columns.map(([name, type, column]) => [name, plain(exactValue(type, column.get(row)), type.typeId)])),
  );
}

function plain(value: ExactValue, typeId: number): EngineValue {
  if (typeof value === "bigint" || (typeof value === "string" && typeId === arrowTypes.decimal)) return Number(value);
  if (value === null || value instanceof Date || typeof value !== "object") return value;
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? Number(each) : each instanceof Map ? [...each] : each));
}

const typeNames: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  int: "INTEGER",
  timestamp_ntz: "TIMESTAMP",
  timestamp: "TIMESTAMP WITH TIME ZONE",
  binary: "BLOB",
};

/** Spark's name of a type as `EngineSchema` has it. */
function typeName(name: string): string {
  return typeNames[name] ?? name.toUpperCase();
}
