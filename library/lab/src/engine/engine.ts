import type { Table } from "apache-arrow";

/** What a cell of a result holds: whole numbers as numbers, instants as Date. */
export type EngineValue = string | number | boolean | Date | null;

/** A row of a result by column. */
export type EngineRow = Readonly<Record<string, EngineValue>>;

/** A column of a table and its type as the engine names it: VARCHAR, BIGINT, INTEGER, DOUBLE, BOOLEAN, TIMESTAMP, DATE. */
export type EngineSchema = Readonly<Record<string, string>>;

/** Rows that were written as Parquet. */
export interface Written {
  readonly rows: number;
  readonly sizeBytes: number;
  /** The files that hold them: one, or the parts of a folder. */
  readonly files: readonly { readonly file: string; readonly sizeBytes: number }[];
}

/** How a Parquet file is written. */
export interface WriteOptions {
  /** "zstd" for what stays (the default), "snappy" for what is read once. */
  readonly compression?: "zstd" | "snappy";
  /** Whether it must be one file; by default an engine of many machines makes the path a folder of parts. */
  readonly single?: boolean;
  /** Pairs that are kept in the file's own metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Rows of a PostgreSQL that are copied. */
export interface PostgresCopy {
  /** Sends the bytes of `copy … to stdout` on; a connection that breaks throws. */
  readonly stream: (copy: string) => Promise<NodeJS.ReadableStream>;
  /** One SELECT; its columns are those of the schema, in order. */
  readonly query: string;
  readonly schema: EngineSchema;
}

/** How SQL is spelled where engines differ; each takes and gives SQL text. */
export interface Dialect {
  /** A text of any characters as SQL; `literal` does for one without a backslash. */
  literal(text: string): string;
  /** Evenly spread in [0, 1), of the MD5 of a text. */
  fraction(text: string): string;
  /** HMAC-SHA-256 of a text under a key (bytes), as 64 hexadecimal digits. */
  keyedHash(text: string, key: Uint8Array): string;
  /** Milliseconds from 1970 to an instant, as a whole number; less than one is cut off. */
  milliseconds(instant: string): string;
}

/**
 * Where big queries run: SQL over Parquet files by name, answers as Parquet or, where they are small, as rows. Rows that are copied or
 * written never become values of JavaScript.
 */
export interface Engine {
  readonly name: "duckdb" | "spark";
  readonly dialect: Dialect;
  /** Makes Parquet files readable as a table of this name. */
  read(name: string, files: string | readonly string[]): Promise<void>;
  /** Makes the rows of a query, few, a table of this name until the engine is closed: asked often, made once. */
  hold(name: string, query: string): Promise<void>;
  /** The rows of a query: for figures, not for tables. Throws DataError with the engine's message. */
  sql(query: string): Promise<readonly EngineRow[]>;
  /** Columns of numbers of a query, each whole (n rows); null is NaN. */
  numbers(query: string): Promise<ReadonlyMap<string, Float64Array>>;
  /** The rows of a query as columns of Arrow, each in its own type: nothing of whole numbers of 64 bits, decimals, instants or what is nested is lost. */
  columns(query: string): Promise<Table>;
  /** The columns that a query gives. */
  schema(query: string): Promise<EngineSchema>;
  /** Writes a query's rows as Parquet, whole or not at all. */
  write(query: string, path: string, options?: WriteOptions): Promise<Written>;
  /** Copies a query's rows out of a PostgreSQL into one Parquet file, whole or not at all. */
  copyFromPostgres(copy: PostgresCopy, path: string): Promise<Written>;
  /** Writes a query's rows as CSV without a head, `\N` where they are null: what PostgreSQL's COPY takes. */
  writeCsv(query: string, path: string): Promise<void>;
  close(): Promise<void>;
}
