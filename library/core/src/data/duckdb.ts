import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

let instance: Promise<DuckDBInstance> | undefined;

/** Runs work on a connection to this process's DuckDB (in memory, loaded on first use, no extension is fetched). */
export async function withDuckdb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  instance ??= open();
  const connection = await (await instance).connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

let sealed: Promise<DuckDBInstance> | undefined;

/**
 * Runs work on a connection for queries of others: it reaches no file but these, no network, and its settings cannot be changed. With files it
 * is an instance of its own, which ends with the work.
 */
export async function withSealedDuckdb<T>(
  files: readonly string[],
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const own = files.length > 0 ? await openSealed(files) : undefined;
  const connection = await (own ?? (await (sealed ??= openSealed([])))).connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    own?.closeSync();
  }
}

async function openSealed(files: readonly string[]): Promise<DuckDBInstance> {
  const made = await open();
  const connection = await made.connect();
  await connection.run(`set allowed_paths = [${files.map(literal).join(",")}]`);
  await connection.run("set enable_external_access = false");
  await connection.run("set lock_configuration = true");
  connection.closeSync();
  return made;
}

/** Time without a zone is UTC, wherever the process runs. */
async function open(): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const made = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await made.connect();
  await connection.run("set global timezone = 'UTC'");
  connection.closeSync();
  return made;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Runs a query whose columns are all of numeric types without nulls, and copies them into arrays (m rows each).
 * Strings may stand in `texts`: there each value is pushed, null included.
 */
export async function readArrays(
  connection: DuckDBConnection,
  query: string,
  targets: readonly (Float64Array | Int32Array | Uint8Array | (string | null)[])[],
): Promise<void> {
  const result = await connection.stream(query);
  let at = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    for (const [k, target] of targets.entries()) {
      if (Array.isArray(target)) target.push(...(chunk.getColumnValues(k) as (string | null)[]));
      else {
        const { items } = chunk.getColumnVector(k) as unknown as { readonly items: ArrayLike<number> };
        target.set(items.length === chunk.rowCount ? items : Array.prototype.slice.call(items, 0, chunk.rowCount), at);
      }
    }
    at += chunk.rowCount;
  }
}
