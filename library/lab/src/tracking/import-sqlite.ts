import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { DataError, StoreError } from "assay";

/** A row by column; whole numbers beyond 2⁵³ are refused by the database's own reader. */
export type SqliteRow = Readonly<Record<string, SQLOutputValue>>;

/** A database file of another program, open for reading. */
export interface SqliteFile {
  readonly tables: ReadonlySet<string>;
  /** Whether a table has a column: stores of other releases lack some. */
  has(table: string, column: string): boolean;
  rows(sql: string, ...values: readonly (string | number)[]): IterableIterator<SqliteRow>;
  close(): void;
}

/**
 * Opens an SQLite file for reading. Only plain tables are seen: views and virtual tables, which could run what somebody wrote
 * into the file, are not. Throws DataError for what is no database, or one that is broken.
 */
export async function openSqlite(path: string, file: string): Promise<SqliteFile> {
  const { DatabaseSync } = await import("node:sqlite").catch((cause) => {
    throw new StoreError(`import: reading SQLite needs Node 22.13 or newer, got ${process.version}`, { cause });
  });
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, allowExtension: false });
    database.exec("pragma trusted_schema = off; pragma cell_size_check = on; pragma query_only = on");
    return readerOf(database, file);
  } catch (cause) {
    database?.close();
    throw wrong(cause, file);
  }
}

function readerOf(database: DatabaseSync, file: string): SqliteFile {
  const plain = database
    .prepare("select name, sql from sqlite_master where type = 'table'")
    .all()
    .filter(({ sql }) => !/^\s*create\s+virtual/i.test(String(sql)));
  const columns = new Map(
    plain.map(({ name }) => [
      String(name),
      // a generated column is computed by what the file says: it is not read
      new Set(
        database
          .prepare("select name from pragma_table_xinfo(?) where hidden = 0")
          .all(name!)
          .map((row) => String(row["name"])),
      ),
    ]),
  );
  return {
    tables: new Set(columns.keys()),
    has: (table, column) => columns.get(table)?.has(column) ?? false,
    *rows(sql, ...values) {
      try {
        yield* database.prepare(sql).iterate(...values) as IterableIterator<SqliteRow>;
      } catch (cause) {
        throw wrong(cause, file);
      }
    },
    close: () => database.close(),
  };
}

function wrong(cause: unknown, file: string): unknown {
  const { code, message } = cause as { code?: string; message: string };
  return code?.startsWith("ERR_SQLITE")
    ? new DataError(`import: must be an SQLite database, ${message} (${file})`, { cause })
    : cause;
}
