import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column, TableLike } from "../base/columns.ts";
import { DataError, LimitError, ParamsError } from "../base/errors.ts";
import { identifier, literal, withSealedDuckdb } from "./duckdb.ts";
import { putTable } from "./duckdb-columns.ts";
import { outwardNames, queryColumns } from "./query-table.ts";

/**
 * The columns that one SELECT gives over tables by name. It reaches nothing but these tables: no file, no network, no settings.
 * Throws ParamsError for anything but one SELECT, DataError with DuckDB's message where it fails.
 */
export async function sqlColumns(query: string, tables: Readonly<Record<string, TableLike>>): Promise<[string, Column][]> {
  return withSealedDuckdb([], async (connection) => {
    const select = await oneSelect(connection, "table.sql", query);
    for (const [name, table] of Object.entries(tables)) await register(connection, name, table, query);
    try {
      return await queryColumns(connection, select);
    } catch (cause) {
      if (cause instanceof LimitError) throw cause;
      throw new DataError(`table.sql: ${sentence(cause as Error)}`, { cause });
    }
  });
}

/** The query without its last semicolon. Throws ParamsError unless it is one SELECT. */
export async function oneSelect(connection: DuckDBConnection, who: string, query: string): Promise<string> {
  const statements = await connection.extractStatements(query).catch((cause: Error) => {
    throw new ParamsError(`${who}: ${sentence(cause)}`, { cause });
  });
  if (statements.count !== 1) throw new ParamsError(`${who}: a query must be one SELECT, got ${statements.count} statements`);
  const isSelect = /^\s*(--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*\(*\s*(select|with|from|values|pivot|unpivot)\b/i.test(query);
  if (!isSelect) throw new ParamsError(`${who}: a query must be a SELECT, got ${JSON.stringify(query.trim().slice(0, 60))}`);
  return query.replace(/;\s*$/, "");
}

/** The first lines of DuckDB's message as one sentence. */
export function sentence(error: Error): string {
  const [first, second] = error.message.split("\n").filter((line) => line.trim() !== "");
  const hint = second?.startsWith("Candidate") || second?.startsWith("Did you mean") ? `; ${second}` : "";
  return `${(first ?? "").replace(/^Failed to [a-z ]+: /, "").replace(/^(Binder|Parser|Catalog|Conversion|Invalid Input|Out of Range|Permission|IO) Error: /, "")}${hint}`;
}

/** Makes a table visible under a name; columns that the query cannot mean are left out, since to copy them costs time. */
async function register(connection: DuckDBConnection, name: string, table: TableLike, query: string): Promise<void> {
  const outward = outwardNames(table.names);
  const text = query.toLowerCase();
  const all = /\*|columns\s*\(|\bpivot\b|natural/.test(text.replaceAll(/count\s*\(\s*\*\s*\)/g, ""));
  const wanted = table.names.filter((_, j) => all || text.includes(outward[j]!.toLowerCase().replaceAll('"', '""')));
  const used = wanted.length > 0 ? wanted : table.names.slice(0, 1);
  if (used.length === 0) throw new DataError(`table.sql: table "${name}" has no columns`);
  const source = await putTable(connection, { rows: table.rows, names: used, column: (column) => table.column(column) });
  const cells = used.map(
    (column, j) => `${outwardCell(table.column(column), `v${j}`)} as ${identifier(outward[table.names.indexOf(column)]!)}`,
  );
  await connection.run(`create temp view ${identifier(name)} as select ${cells.join(", ")} from ${source}`);
}

/** A stored cell as SQL should see it: null where missing, a category as its level's text, an instant as a UTC timestamp. */
export function outwardCell(column: Column, v: string): string {
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
