import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column, TableLike } from "../base/columns.ts";
import { sharedFloat64, sharedInt32 } from "../numeric/matrix.ts";
import { literal, readArrays } from "./duckdb.ts";

/** A column to be filled, and the array that its cells go to. */
export interface OpenColumn {
  readonly column: Column;
  readonly target: Float64Array | Int32Array | Uint8Array | (string | null)[];
}

/** A column of so many rows, in shared memory, to be filled. */
export function emptyColumn(kind: Column["kind"], rows: number, levels: readonly string[] = []): OpenColumn {
  switch (kind) {
    case "number":
    case "datetime": {
      const values = sharedFloat64(rows);
      return { column: { kind, values }, target: values };
    }
    case "boolean": {
      const values = new Uint8Array(new SharedArrayBuffer(rows));
      return { column: { kind, values }, target: values };
    }
    case "category": {
      const codes = sharedInt32(rows);
      return { column: { kind, codes, levels }, target: codes };
    }
    case "text": {
      const values: (string | null)[] = [];
      return { column: { kind, values }, target: values };
    }
  }
}

/** Fills columns from a query whose columns are theirs in order: doubles, integers and strings, numbers without nulls. */
export async function fillColumns(connection: DuckDBConnection, query: string, columns: readonly OpenColumn[]): Promise<void> {
  await readArrays(
    connection,
    query,
    columns.map(({ target }) => target),
  );
}

let made = 0;

/** A name for a temporary thing that no other reading in this process uses. */
export function freshName(what: string): string {
  return `${what}_${++made}`;
}

/** A temporary enum type of these levels; `enum_code` of a value is its place among them. */
export async function enumOf(connection: DuckDBConnection, levels: readonly string[]): Promise<string> {
  const name = freshName("levels");
  await connection.run(`create temp type ${name} as enum (${levels.map(literal).join(",")})`);
  return name;
}

/** Copies a table into a temporary DuckDB table with columns v0, v1, … holding the arrays as they are; answers its name. */
export async function putTable(connection: DuckDBConnection, table: TableLike): Promise<string> {
  const { DOUBLE, INTEGER, UTINYINT, VARCHAR, DuckDBDataChunk } = await import("@duckdb/node-api");
  const types = { number: DOUBLE, datetime: DOUBLE, boolean: UTINYINT, category: INTEGER, text: VARCHAR } as const;
  const columns = table.names.map((name) => table.column(name));
  const name = freshName("stored");
  await connection.run(`create temp table ${name} (${columns.map(({ kind }, j) => `v${j} ${types[kind]}`).join(", ")})`);
  const appender = await connection.createAppender(name);
  const chunkRows = 2048;
  for (let begin = 0; begin < table.rows; begin += chunkRows) {
    const end = Math.min(table.rows, begin + chunkRows);
    const chunk = DuckDBDataChunk.create(
      columns.map(({ kind }) => types[kind]),
      end - begin,
    );
    for (const [j, column] of columns.entries()) {
      if (column.kind === "text") chunk.setColumnValues(j, column.values.slice(begin, end));
      else {
        const values = column.kind === "category" ? column.codes : column.values;
        const vector = chunk.getColumnVector(j) as unknown as {
          readonly items: { set(values: ArrayLike<number>): void };
          flush(): void;
        };
        vector.items.set(values.subarray(begin, end));
        vector.flush();
      }
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  return name;
}
