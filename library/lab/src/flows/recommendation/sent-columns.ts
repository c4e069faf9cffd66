import { type SourceField, type SourceTableName, sourceTables } from "../../contract/source-mapping.ts";
import { identifier } from "../../engine/index.ts";
import type { MappedTable } from "./check-source.ts";
import type { SourceReader } from "./source-reader.ts";

const casts = { VARCHAR: "text", DATE: "date", DOUBLE: "float8", INTEGER: "float8", TIMESTAMP: "timestamptz" } as const;
type Cast = (typeof casts)[keyof typeof casts];

/** Types of PostgreSQL that are sent as the same text without a cast, which costs the server a sixth of its time. */
const plainTypes: Readonly<Partial<Record<Cast, readonly string[]>>> = {
  text: ["int2", "int4", "int8", "text", "varchar", "uuid"],
  float8: ["int2", "int4", "int8", "float8"],
};

/** The types of a table's columns, as far as they are PostgreSQL's own. */
export async function columnTypes(source: SourceReader, { sql }: MappedTable): Promise<ReadonlyMap<string, string>> {
  const found = await source.rows<{ name: string; type: string }>(
    `select a.attname as name, t.typname as type from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = $1::regclass and a.attnum > 0 and t.typnamespace = 'pg_catalog'::regnamespace`,
    [sql],
  );
  return new Map(found.map(({ name, type }) => [name, type]));
}

/** The fields of a table as PostgreSQL's columns, in order; those that are not mapped are null. Instants come in UTC, which is the session's zone. */
export function sentColumns(
  table: SourceTableName,
  columns: Readonly<Record<string, SourceField | undefined>>,
  types: ReadonlyMap<string, string>,
): string {
  const read = (column: string, cast: Cast): string =>
    plainTypes[cast]?.includes(types.get(column) ?? "") ? identifier(column) : `${identifier(column)}::${cast}`;
  return Object.entries(sourceTables[table].fields as Readonly<Record<string, { readonly type: keyof typeof casts }>>)
    .map(([field, { type }]) => {
      const cast = casts[type];
      const from = columns[field];
      if (from === undefined) return `null::${cast}`;
      if (typeof from === "string") return read(from, cast);
      return `case when ${withinBounds(from)} then ${read(from.column, cast)} end`;
    })
    .join(", ");
}

/** Whether a row has a field that is a column where another is within bounds, as SQL. */
export function withinBounds({ where }: Exclude<SourceField, string>): string {
  const { column, least = "-infinity", most = "infinity" } = where;
  return `${identifier(column)}::float8 between '${least}'::float8 and '${most}'::float8`;
}
