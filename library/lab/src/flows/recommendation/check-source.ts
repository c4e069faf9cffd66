import { DataError, suggest } from "assay";
import { type SourceField, type SourceMapping, type SourceTableName, sourceTables } from "../../contract/source-mapping.ts";
import { identifier } from "../../engine/index.ts";
import { checkReach } from "./source-guard.ts";
import type { SourceReader } from "./source-reader.ts";
import type { EtlPlan } from "./steps/step.ts";

/** A mapped table with its name as SQL. */
export interface MappedTable {
  readonly table: string;
  readonly columns: Readonly<Record<string, SourceField | undefined>>;
  readonly sql: string;
}

/** A table of a mapping; undefined where none is mapped. */
export function mappedTable(mapping: SourceMapping, name: SourceTableName): MappedTable | undefined {
  const mapped = mapping[name];
  return mapped && { ...mapped, sql: `${identifier(mapping.schema)}.${identifier(mapped.table)}` };
}

/** The columns that a field is made of. */
function columnsOfField(field: SourceField): readonly string[] {
  return typeof field === "string" ? [field] : [field.column, field.where.column];
}

/**
 * Makes sure that the source has what the mapping names, and interactions in the window. Throws DataError that names the table or column, the
 * setting of the mapping, and the near name.
 */
export async function checkSource(source: SourceReader, plan: EtlPlan): Promise<void> {
  const { mapping } = plan;
  const found = await source.rows<{ table_name: string; column_name: string }>(
    `select c.relname as table_name, a.attname as column_name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = $1 and c.relkind in ('r', 'v', 'm', 'p', 'f') order by 1, a.attnum limit 100000`,
    [mapping.schema],
  );
  const columns = new Map<string, string[]>();
  for (const { table_name, column_name } of found) columns.set(table_name, [...(columns.get(table_name) ?? []), column_name]);
  if (columns.size === 0)
    throw named(
      `the source has no tables in the schema "${mapping.schema}" (setting mapping.schema); assay etl source makes the travel application's`,
      "mapping.schema",
      mapping.schema,
    );
  for (const name of Object.keys(sourceTables) as SourceTableName[]) checkTable(mapping, name, columns);
  await checkReach(source, mapping);
  await checkWindow(source, plan);
}

function checkTable(mapping: SourceMapping, name: SourceTableName, columns: ReadonlyMap<string, readonly string[]>): void {
  const mapped = mapping[name];
  if (!mapped) return;
  const there = columns.get(mapped.table);
  const setting = `mapping.${name}`;
  if (!there)
    throw named(
      `the source has no table "${mapping.schema}.${mapped.table}" (setting ${setting}.table)${suggest(mapped.table, [...columns.keys()])}`,
      `${setting}.table`,
      mapped.table,
    );
  for (const [field, from] of Object.entries(mapped.columns))
    for (const column of from === undefined ? [] : columnsOfField(from))
      if (!there.includes(column))
        throw named(
          `the source's table "${mapping.schema}.${mapped.table}" has no column "${column}" (setting ${setting}.columns.${field})${suggest(column, there)}`,
          `${setting}.columns.${field}`,
          column,
        );
}

async function checkWindow(source: SourceReader, { mapping, from, until, window_days }: EtlPlan): Promise<void> {
  const { sql, columns } = mappedTable(mapping, "recommendations")!;
  const at = identifier(columnsOfField(columns["at"]!)[0]!);
  const [found] = await source.rows<{ some: boolean; newest: string | null }>(
    `select exists (select from ${sql} where ${at} >= $1 and ${at} < $2) as some, (select max(${at}) filter (where isfinite(${at}::timestamptz))::timestamptz::text from ${sql}) as newest`,
    [from.toISOString(), until.toISOString()],
  );
  if (found!.some) return;
  const days = `the last ${window_days} days before ${until.toISOString().slice(0, 10)}`;
  throw named(
    found!.newest === null
      ? `no interactions in ${days}; the table ${sql} is empty`
      : `no interactions in ${days}; the newest is of ${found!.newest.slice(0, 10)} (setting until, or window_days)`,
    "window_days",
    window_days,
  );
}

function named(message: string, field: string, value: unknown): DataError {
  return Object.assign(new DataError(`etl: ${message}`), { field, value });
}
