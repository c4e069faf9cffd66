import { readFile } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { DataError } from "../base/errors.ts";
import { settleRejects } from "./bad-rows.ts";
import { loadColumns, type StringKinds } from "./csv-columns.ts";
import { type CsvOptions, defaultMissing, type Layout } from "./csv-layout.ts";
import { type Dialect, records } from "./csv-text.ts";
import { literal, withDuckdb } from "./duckdb.ts";
import { freshName } from "./duckdb-columns.ts";
import { type Reject, Table } from "./table.ts";

/** Reads a CSV file of any quirk by DuckDB: every cell as a string first, so that a column's kind comes from all its cells. */
export async function readByDuckdb(
  path: string,
  file: string,
  { dialect, names, header }: Layout,
  options: CsvOptions,
): Promise<Table> {
  return withDuckdb(async (connection) => {
    const read = [
      ...readerArguments(path, dialect, header),
      `columns={${names.map((_, j) => `'c${j}':'VARCHAR'`).join(",")}}`,
      "store_rejects=true",
      "rejects_limit=0",
    ];
    const markers = (options.missing ?? defaultMissing).map(literal).join(",");
    const trimmed = names.map((_, j) => `trim(c${j}) as t${j}`);
    const cells = names.map(
      (_, j) => (markers ? `case when t${j} in (${markers}, '') then null else t${j} end` : `nullif(t${j}, '')`) + ` as v${j}`,
    );
    const temporary = freshName("cells");
    try {
      await connection.run(
        `create temp table ${temporary} as select ${cells.join(", ")} from (select ${trimmed.join(", ")} from read_csv(${read.join(", ")}))`,
      );
    } catch (cause) {
      throw new DataError(`readCsv: ${firstLine((cause as Error).message)} (${file})`, { cause });
    }
    const rejects = await readRejects(connection, path, names.length, dialect);
    settleRejects("readCsv", rejects, options.onBadRow, file);
    const kinds: StringKinds = new Map(Object.entries(options.columns ?? {}));
    const loaded = await loadColumns(connection, temporary, names, kinds, async (row) => {
      const bad = new Set(rejects.map(({ line }) => line));
      let seen = header ? -1 : 0;
      for (const record of records(await readFile(path, "utf8"), dialect)) {
        if (bad.has(record.line)) continue;
        if (seen++ === row) return `line ${record.line} of ${file}`;
      }
      return `row ${row} of ${file}`;
    });
    await connection.run(`drop table ${temporary}`);
    return new Table(loaded, rejects);
  });
}

/** The arguments of DuckDB's read_csv that say where a file is and how it lies. */
export function readerArguments(path: string, dialect: Dialect, header: boolean): string[] {
  return [
    literal(path),
    "auto_detect=false",
    `header=${header}`,
    `delim=${literal(dialect.delimiter)}`,
    `quote=${literal(dialect.quote)}`,
    `escape=${literal(dialect.quote)}`,
    ...(dialect.comment ? [`comment=${literal(dialect.comment)}`] : []),
    "strict_mode=true",
  ];
}

/** DuckDB's list of bad lines, with true line numbers: it does not count the line ends inside quotes. */
async function readRejects(connection: DuckDBConnection, path: string, fields: number, dialect: Dialect): Promise<Reject[]> {
  const found = await connection.runAndReadAll(
    "select line::double, error_type::varchar, csv_line from reject_errors order by 1, column_idx",
  );
  await connection.run("drop table if exists reject_errors");
  await connection.run("drop table if exists reject_scans");
  const rows = found.getRows() as [number, string, string | null][];
  if (rows.length === 0) return [];
  const rejects = new Map<number, Reject>();
  for (const [line, type, text] of rows)
    if (!type.includes("COLUMNS")) rejects.set(line, { line, reason: reasonOf(type), text: (text ?? "").slice(0, 200) });
  for (const { line, cells } of records(await readFile(path, "utf8"), dialect))
    if (cells.length !== fields) {
      const reason = `has ${cells.length} ${cells.length === 1 ? "field" : "fields"}, the header ${fields}`;
      rejects.set(line, { line, reason, text: cells.join(dialect.delimiter).slice(0, 200) });
    }
  return [...rejects.values()].sort((a, b) => a.line - b.line);
}

function reasonOf(type: string): string {
  if (type.includes("UNQUOTED")) return "has a quoted value that does not end where the field ends";
  if (type.includes("ENCODING")) return "holds bytes that are no UTF-8";
  if (type.includes("LINE SIZE")) return "is longer than 2,000,000 bytes";
  return `cannot be read (${type.toLowerCase()})`;
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}
