import { ParamsError, type Table } from "assay";
import type { ViewSource } from "../contract/feature-views.ts";
import type { Session } from "../projects/session.ts";
import { datasetVersion } from "./datasets.ts";
import { readSql } from "./read-sql.ts";
import { sharedTable } from "./tables.ts";

/** What a source gave, and the dataset versions that were read: `{alias: "name@3"}`. */
export interface ReadSource {
  readonly table: Table;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Rows that are read to know a source's columns. */
export const sampleRows = 10_000;

/**
 * The rows of a feature view's source: datasets by DuckDB, which reaches nothing but them, or a SELECT in the database that ASSAY_SOURCE_URL names, in a
 * read-only transaction. Throws ParamsError, DataError with the database's message.
 */
export async function readSource(
  session: Session,
  source: ViewSource,
  { limit, signal }: { readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<ReadSource> {
  return source.kind === "dataset" ? readDatasets(session, source, limit) : readDatabase(source.query, limit, signal);
}

async function readDatasets(
  session: Session,
  { datasets, query }: Extract<ViewSource, { kind: "dataset" }>,
  limit: number | undefined,
): Promise<ReadSource> {
  const aliases = Object.keys(datasets);
  if (aliases.length === 0) throw new ParamsError("features: datasets must name one at least");
  if (query === undefined && aliases.length > 1)
    throw new ParamsError("features: needs a query over its datasets, for there are several");
  const tables: Record<string, Table> = {};
  const inputs: Record<string, string> = {};
  for (const alias of aliases) {
    const { datasetId, name, version } = await datasetVersion(session, datasets[alias]!);
    tables[alias] = (await sharedTable(session, `${datasetId}@${version}`)).table;
    inputs[alias] = `${name}@${version}`;
  }
  const first = tables[aliases[0]!]!;
  if (query === undefined) return { table: limit === undefined ? first : first.head(limit), inputs };
  // a query that is checked apart cannot close the parenthesis that it is put into
  const whole = await first.sql(limit === undefined ? query : await bounded(first, query, tables, limit), tables);
  return { table: limit === undefined ? whole : whole.head(limit), inputs };
}

async function bounded(first: Table, query: string, tables: Readonly<Record<string, Table>>, limit: number): Promise<string> {
  await first.head(0).sql(query, Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.head(0)])));
  return `select * from (${query.replace(/;\s*$/, "")}\n) limit ${limit}`;
}

async function readDatabase(query: string, limit: number | undefined, signal: AbortSignal | undefined): Promise<ReadSource> {
  const url = process.env["ASSAY_SOURCE_URL"];
  if (!url)
    throw Object.assign(
      new ParamsError(
        "features: the service needs ASSAY_SOURCE_URL, the database that feature views may read; or upload the table as a dataset",
      ),
      { field: "source.kind" },
    );
  const text = limit === undefined ? query : `select * from (${query.replace(/;\s*$/, "")}\n) as source limit ${limit}`;
  return { table: await readSql(text, { url, ...(signal && { signal }) }), inputs: {} };
}
