import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { columnOf } from "../data/column.ts";
import { identifier, literal } from "../data/duckdb.ts";
import { emptyColumn, fillColumns, putTable } from "../data/duckdb-columns.ts";
import { outwardCell } from "../data/sql.ts";
import type { Table } from "../data/table.ts";
import { columnsOfExpression } from "./expression-check.ts";

/** An expression that takes longer is ended. */
const timeoutMs = 60_000;
let locked: Promise<DuckDBInstance> | undefined;

/**
 * An SQL expression over each row's columns as a column (n). It sees the columns of its row and nothing else: it is parsed and refused
 * unless it is one expression of listed functions, and runs on a DuckDB without files, network or settings. Numbers, strings, booleans
 * and instants come out. Throws DataError for anything else, for a column that is not there, and for a cell that cannot be computed.
 */
export async function evaluateExpression(who: string, table: Table, sql: string): Promise<Column> {
  const connection = await (await (locked ??= openLocked())).connect();
  const timer = setTimeout(() => connection.interrupt(), timeoutMs);
  try {
    return await evaluate(who, connection, table, sql);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${who}: ${(cause as Error).message.split("\n")[0]}`, { cause });
  } finally {
    clearTimeout(timer);
    connection.closeSync();
  }
}

async function openLocked(): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const made = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    enable_external_access: "false",
  });
  const connection = await made.connect();
  await connection.run("set global timezone = 'UTC'");
  await connection.run("set global lock_configuration = true");
  connection.closeSync();
  return made;
}

async function evaluate(who: string, connection: DuckDBConnection, table: Table, sql: string): Promise<Column> {
  if (sql.includes("\0")) throw new DataError(`${who}: must not hold a zero byte`);
  // on lines of its own, so that a comment in it ends before the bracket
  const written = `(\n${sql}\n)`;
  const parsed = await connection.runAndReadAll(`select json_serialize_sql(${literal(`select ${written} as v from rows`)})`);
  const read = columnsOfExpression(who, JSON.parse(parsed.getRows()[0]![0] as string));
  const used = new Map([...read].map((name) => [name, nameIn(who, table, name)] as const));
  const own = table.select(used.size > 0 ? [...new Set(used.values())] : table.names.slice(0, 1));
  const stored = await putTable(connection, own);
  const cells = [...used].map(
    ([name, real]) => `${outwardCell(own.column(real), `v${own.names.indexOf(real)}`)} as ${identifier(name)}`,
  );
  const row = freeName([...used.keys()]);
  const rows = `(select ${[`rowid as ${row}`, ...cells].join(", ")} from ${stored}) as rows`;
  try {
    const described = await connection.runAndReadAll(`describe select ${written} as v from ${rows}`);
    const query = `select ${written} as v, ${row} as _row from ${rows}`;
    return await readAnswers(who, connection, query, String(described.getRows()[0]![1]), table.rows);
  } finally {
    await connection.run(`drop table ${stored}`);
  }
}

/** A column by its name, or by the only one that differs from it in case alone. */
function nameIn(who: string, table: Table, name: string): string {
  if (table.names.includes(name)) return name;
  const near = table.names.filter((each) => each.toLowerCase() === name.toLowerCase());
  if (near.length === 1) return near[0]!;
  throw new DataError(`${who}: no column "${name}"${suggest(name, table.names)}`);
}

/** A name for the row's number that no column has. */
function freeName(taken: readonly string[]): string {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  let free = "_row";
  while (names.has(free)) free += "_";
  return free;
}

/** The answers of a query as a column of the kind that its type asks for. */
async function readAnswers(
  who: string,
  connection: DuckDBConnection,
  query: string,
  type: string,
  rows: number,
): Promise<Column> {
  const fill = async (kind: "number" | "datetime" | "boolean" | "text", cell: string): Promise<Column> => {
    const made = emptyColumn(kind, rows);
    await fillColumns(connection, `select ${cell} from (${query}) order by _row`, [made]);
    return made.column;
  };
  if (type === "BOOLEAN") return fill("boolean", "coalesce(v::utinyint, 255::utinyint)");
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*|"NULL")$/.test(type))
    return fill("number", "coalesce(v::double, 'NaN'::double)");
  if (/^(DATE|TIMESTAMP)/.test(type))
    return fill("datetime", `coalesce(epoch_us(${type.includes("ZONE") ? "v" : "v::timestamp"})::double / 1000, 'NaN'::double)`);
  if (type !== "VARCHAR" && !type.startsWith("ENUM"))
    throw new DataError(`${who}: must give numbers, strings, booleans or dates, got ${type}`);
  const texts = await fill("text", "v::varchar");
  return columnOf("v", (texts as { readonly values: readonly (string | null)[] }).values);
}
