import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { pipeline } from "node:stream/promises";
import type { DuckDBConnection, DuckDBValue, JS } from "@duckdb/node-api";
import { DataError, StoreError } from "assay";
import { explain } from "../db/store.ts";
import { arrowTable } from "./duckdb-arrow.ts";
import { duckdbDialect } from "./duckdb-dialect.ts";
import type { Engine, EngineRow, EngineSchema, EngineValue, PostgresCopy, WriteOptions, Written } from "./engine.ts";
import { identifier, literal } from "./sql-text.ts";

/** What a DuckDB may take. */
export interface DuckdbOptions {
  /** A folder that is there: what does not fit in memory is spilled below it. */
  readonly folder: string;
  /** Default 1,000: the process stays below 2 GB. */
  readonly memoryMb?: number | undefined;
  /** Default: all processors. */
  readonly threads?: number | undefined;
  /** Ends the query that runs. */
  readonly signal?: AbortSignal | undefined;
}

/** How often an abort is looked for while a query runs. */
const interruptMs = 50;
/** Bytes that wait for the disk at most: what has come meanwhile is written at once. */
const writtenBytes = 1 << 22;
/** Rows of a row group: each thread that writes holds one. */
const rowGroupRows = 60_000;

/** Opens a DuckDB of its own, in memory, bounded as asked; nothing is fetched from elsewhere, time without a zone is UTC. */
export async function openDuckdb({
  folder,
  memoryMb = 1000,
  threads = availableParallelism(),
  signal,
}: DuckdbOptions): Promise<Engine> {
  signal?.throwIfAborted();
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    memory_limit: `${Math.round(memoryMb)}MB`,
    temp_directory: `${folder}/spill`,
    threads: String(threads),
  });
  const connection = await instance.connect();
  await connection.run("set timezone = 'UTC'");
  return engineOn(connection, folder, signal, async () => {
    connection.closeSync();
    instance.closeSync();
    await rm(`${folder}/spill`, { recursive: true, force: true });
  });
}

function engineOn(
  connection: DuckDBConnection,
  folder: string,
  signal: AbortSignal | undefined,
  close: () => Promise<void>,
): Engine {
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    // again and again: an interrupt that comes before the query has begun is lost
    const watch = signal && setInterval(() => signal.aborted && connection.interrupt(), interruptMs);
    try {
      return await work();
    } catch (cause) {
      signal?.throwIfAborted();
      throw worded(cause as Error, folder);
    } finally {
      clearInterval(watch);
    }
  };
  const rowsOf = (query: string): Promise<readonly EngineRow[]> =>
    asked(async () => (await connection.runAndReadAll(query)).getRowObjectsJS().map(plainRow));
  /** Runs `copy <what> to a draft`, which then takes the file's place. */
  const copyTo = (what: string, path: string, format: string): Promise<Written> =>
    asked(async () => {
      const draft = `${path}.${process.pid}.draft`;
      try {
        const copied = await connection.runAndReadAll(`copy (${what}) to ${literal(draft)} (${format})`);
        await rename(draft, path);
        const sizeBytes = (await stat(path)).size;
        return { rows: Number(copied.getRowsJS()[0]![0]), sizeBytes, files: [{ file: path, sizeBytes }] };
      } finally {
        await rm(draft, { force: true });
      }
    });
  const write = (query: string, path: string, options: WriteOptions = {}) => copyTo(query, path, parquet(options));
  return {
    name: "duckdb",
    dialect: duckdbDialect,
    sql: rowsOf,
    write,
    close,
    async read(name, files) {
      const list = [files].flat().map(literal).join(", ");
      await asked(() => connection.run(`create or replace view ${identifier(name)} as select * from read_parquet([${list}])`));
    },
    hold: (name, query) =>
      asked(async () => void (await connection.run(`create or replace temp table ${identifier(name)} as ${query}`))),
    columns: (query) => asked(() => arrowTable(connection, query)),
    numbers: (query) => asked(() => numbersOf(connection, query)),
    async schema(query) {
      const described = await rowsOf(`describe ${query}`);
      return Object.fromEntries(described.map((row) => [String(row["column_name"]), String(row["column_type"])]));
    },
    async copyFromPostgres(copy, path) {
      const csv = `${path}.${process.pid}.csv`;
      try {
        await asked(() => fetchCsv(copy, csv, signal));
        return await write(`select * from ${csvReader(csv, copy.schema)}`, path, { compression: "snappy" });
      } finally {
        await rm(csv, { force: true });
      }
    },
    async writeCsv(query, path) {
      await copyTo(query, path, "format csv, header false, nullstr '\\N', quote '\"', escape '\"'");
    },
  };
}

function parquet({ compression = "zstd", metadata = {} }: WriteOptions): string {
  const pairs = Object.entries(metadata).map(([key, value]) => `${identifier(key)}: ${literal(value)}`);
  const kept = pairs.length > 0 ? `, kv_metadata {${pairs.join(", ")}}` : "";
  // one megabyte in twenty more than at the usual third level, at a third of the work
  const level = compression === "zstd" ? ", compression_level 1" : "";
  return `format parquet, compression ${compression}${level}, write_bloom_filter false, row_group_size ${rowGroupRows}${kept}`;
}

async function fetchCsv({ stream, query }: PostgresCopy, path: string, signal: AbortSignal | undefined): Promise<void> {
  const bytes = await stream(`copy (${query}) to stdout (format csv, null '\\N')`);
  await pipeline(bytes, createWriteStream(path, { highWaterMark: writtenBytes }), ...(signal ? [{ signal }] : []));
}

function csvReader(path: string, schema: EngineSchema): string {
  const columns = Object.entries(schema).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
  const form =
    "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', allow_quoted_nulls = false";
  return `read_csv(${literal(path)}, ${form}, new_line = '\\n', columns = {${columns.join(", ")}})`;
}

async function numbersOf(connection: DuckDBConnection, query: string): Promise<ReadonlyMap<string, Float64Array>> {
  const result = await connection.stream(query);
  const names = result.columnNames();
  const parts: Float64Array[][] = names.map(() => []);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    for (const k of names.keys())
      parts[k]!.push(
        Float64Array.from(chunk.getColumnValues(k) as DuckDBValue[], (value) => (value === null ? Number.NaN : Number(value))),
      );
  }
  return new Map(names.map((name, k) => [name, joined(parts[k]!)]));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((rows, part) => rows + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function plainRow(row: Record<string, JS>): EngineRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: JS): EngineValue {
  if (typeof value === "bigint") return Number(value);
  if (value === null || value instanceof Date) return value;
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** DuckDB's error in our words: a full disk or memory that is short stays the store's, all else the data's. */
function worded(cause: Error, folder: string): unknown {
  if (cause instanceof StoreError || cause instanceof DataError) return cause;
  const explained = explain(cause, folder);
  if (explained !== cause) return explained;
  if (/Out of Memory/i.test(cause.message))
    return new StoreError(`engine: the query needs more memory than it may take: raise ASSAY_MEMORY_MB (${firstLine(cause)})`, {
      cause,
    });
  return /Error: /.test(cause.message) ? new DataError(`engine: ${firstLine(cause)}`, { cause }) : cause;
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0]!;
}
