import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "assay";
import { type SourceField, type SourceTableName, sourceTables } from "../../contract/source-mapping.ts";
import { type Engine, identifier, literal, type Written } from "../../engine/index.ts";
import { type MappedTable, mappedTable } from "./check-source.ts";
import { columnTypes, sentColumns, withinBounds } from "./sent-columns.ts";
import type { SourceReader } from "./source-reader.ts";
import { extractedSchema } from "./source-schema.ts";
import type { EtlPlan, EtlProblem } from "./steps/step.ts";

/** A part of a table: planned when its bounds are known, there when it has rows. */
interface Page {
  readonly file: string;
  /** Key of the last row before it and of its own last, as PostgreSQL writes them; null for the first and the last page. */
  readonly begin: string | null;
  readonly last: string | null;
  readonly read?: Written;
}

/** What reading a table needs. */
interface Extraction {
  readonly source: SourceReader;
  readonly engine: Engine;
  readonly plan: EtlPlan;
  /** Where the pages go; those that are there are not read again. */
  readonly folder: string;
  /** Rows of a page; by default what the table is thought to hold parted in a dozen. */
  readonly pageRows?: number | undefined;
  /** Shared by tables that are read side by side. */
  readonly copies: Copies;
}

/** The copies that run, of one table or of several. */
export interface Copies {
  readonly running: Set<Promise<void>>;
  /** Whether one has failed: then no other begins. */
  failed: boolean;
}

/** Pages that are copied side by side: a server sends each from one process. */
const copiesMost = 4;
/** Fewer rows are not worth a page, more are lost where one breaks off. */
const pageLeast = 100_000;
const pageMost = 1_000_000;
/** What the server thinks is a little wrong: no page with the few that are left. */
const slack = 1.05;

/**
 * Copies a table of the source into Parquet files, page after page in the order of its key, a few side by side, and gives them. Each page is kept as
 * soon as it is there: what breaks off goes on with those that are missing.
 */
export async function extractPages(table: SourceTableName, extraction: Extraction): Promise<readonly Written[]> {
  const { engine, plan, folder } = extraction;
  await mkdir(folder, { recursive: true });
  const mapped = mappedTable(plan.mapping, table);
  const schema = extractedSchema(table);
  if (mapped) return copyPages(table, mapped, extraction);
  const file = join(folder, pageName(0));
  const none = Object.entries(schema).map(
    ([name, type]) => `cast(null as ${type === "VARCHAR" ? "string" : type}) as ${identifier(name)}`,
  );
  return [await engine.write(`select ${none.join(", ")} where 1 = 0`, file)];
}

/** What rows of a table lack that have no place in its pages. */
const lacking = { at: "a moment", id: "an id", user: "a user", item: "an item" } as const;

/** Rows of a table of the source that are never read: they have no key, so no page is theirs. Undefined for a table that is not mapped. */
export async function countUnplaced(
  table: SourceTableName,
  { source, plan }: Pick<Extraction, "source" | "plan">,
): Promise<EtlProblem | undefined> {
  const mapped = mappedTable(plan.mapping, table);
  if (!mapped) return undefined;
  const lost = [`${keySql(mapped.columns, table)} is null`, ...conditionOf(table, mapped.columns)].join(" and ");
  const [found] = await source
    .rows<{ rows: string }>(`select count(*) as rows from ${mapped.sql} where ${lost}`)
    .catch(refusal(table));
  const problem = `${table.replace("_", " ")} without ${lacking[sourceTables[table].key]}`;
  return { problem, rows: Number(found!.rows), done: "left out" };
}

function pageName(number: number): string {
  return `page-${String(number).padStart(5, "0")}.parquet`;
}

async function copyPages(table: SourceTableName, mapped: MappedTable, extraction: Extraction): Promise<readonly Written[]> {
  const { engine, source, plan, folder, copies } = extraction;
  const key = keySql(mapped.columns, table);
  const window = [...windowOf(table, mapped.columns, plan), ...conditionOf(table, mapped.columns)];
  const columns = sentColumns(table, mapped.columns, await columnTypes(source, mapped));
  const after = ({ begin }: Pick<Page, "begin">) => [
    ...window,
    begin === null ? `${key} is not null` : `${key} > ${literal(begin)}`,
  ];
  const record = join(folder, "parts.json");
  const pages: Page[] = existsSync(record) ? (JSON.parse(await readFile(record, "utf8")) as Page[]) : [];
  let kept: Promise<void> = Promise.resolve();
  /** One after the other: the newest state is the last that is written. */
  const keep = (): Promise<void> =>
    (kept = kept.then(async () => {
      await writeFile(`${record}.draft`, JSON.stringify(pages));
      await rename(`${record}.draft`, record);
    }));
  let usual: number | undefined;
  const plannedNext = async (): Promise<Page> => {
    const begin = pages.at(-1)?.last ?? null;
    const rest = `from ${mapped.sql} where ${after({ begin }).join(" and ")}`;
    usual ??= await usualPage(source, `select ${rest}`);
    // there may be many more rows than the server thinks: then pages grow
    const grown = Math.min(pageMost, usual * 2 ** Math.floor(pages.length / (2 * copiesMost)));
    const ordered = `select ${key} as key ${rest} order by 1 offset ${(extraction.pageRows ?? grown) - 1} limit 1`;
    const [end] = await source.rows<{ key: string }>(`select key::text as key from (${ordered}) page`);
    return { file: join(folder, pageName(pages.length)), begin, last: end?.key ?? null };
  };
  const copyPage = async (number: number): Promise<void> => {
    const page = pages[number]!;
    const where = [...after(page), ...(page.last === null ? [] : [`${key} <= ${literal(page.last)}`])];
    const query = `select ${columns} from ${mapped.sql} where ${where.join(" and ")}`;
    const stream = (copy: string) => source.copy(copy);
    pages[number] = {
      ...page,
      read: await engine.copyFromPostgres({ stream, query, schema: extractedSchema(table) }, page.file),
    };
    await keep();
  };
  const own: Promise<void>[] = [];
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    copies.failed = true;
  };
  try {
    for (let number = 0; number < pages.length || pages.at(-1)?.last !== null; number++) {
      if (copies.failed) break;
      if (number === pages.length) pages.push(await plannedNext());
      if (pages[number]!.read) continue;
      while (copies.running.size >= copiesMost) await Promise.race(copies.running);
      const copy: Promise<void> = copyPage(number)
        .catch(fail)
        .finally(() => copies.running.delete(copy));
      copies.running.add(copy);
      own.push(copy);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(own); // what is under way is kept too
  if (failure) return refusal(table)(failure as Error);
  return pages.map(({ read }) => read!);
}

/** PostgreSQL's refusal of a query, in our words: a cell that is no instant or number, a right that is missing. */
function refusal(table: string): (error: Error) => never {
  return (error) => {
    if (!(error instanceof DataError)) throw error;
    const message = error.message.replace(/^etl: the source database: /, "");
    throw Object.assign(new DataError(`etl: mapping.${table}: ${message}`, { cause: error }), { field: `mapping.${table}` });
  };
}

function keySql(columns: Readonly<Record<string, SourceField | undefined>>, table: SourceTableName): string {
  const from = columns[sourceTables[table].key]!;
  return identifier(typeof from === "string" ? from : from.column);
}

/** A key that is a column where another is within bounds: only those rows are the table's. */
function conditionOf(table: SourceTableName, columns: MappedTable["columns"]): readonly string[] {
  const from = columns[sourceTables[table].key]!;
  return typeof from === "string" ? [] : [withinBounds(from)];
}

/** Rows of a page of a query's rows: as many as the server thinks they are, in pages that go side by side to the end. */
async function usualPage(source: SourceReader, query: string): Promise<number> {
  const [found] = await source.rows<{ "QUERY PLAN": readonly { readonly Plan: { readonly "Plan Rows": number } }[] }>(
    `explain (format json) ${query}`,
  );
  const rows = found!["QUERY PLAN"][0]!.Plan["Plan Rows"];
  const rounds = Math.max(1, Math.ceil(rows / (copiesMost * pageMost)));
  return Math.min(pageMost, Math.max(pageLeast, Math.ceil((slack * rows) / (copiesMost * rounds))));
}

/** Which rows of a table are read: events of the window, searches and bookings also of as long before it. */
function windowOf(table: SourceTableName, columns: Readonly<Record<string, SourceField | undefined>>, plan: EtlPlan): string[] {
  if (table !== "recommendations" && table !== "searches" && table !== "bookings") return [];
  const at = keySql(columns, table);
  const from =
    table === "recommendations" ? plan.from : new Date(plan.from.getTime() - (plan.until.getTime() - plan.from.getTime()));
  return [`${at} >= ${literal(from.toISOString())}`, `${at} < ${literal(plan.until.toISOString())}`];
}
