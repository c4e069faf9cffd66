import { DataError } from "assay";
import type { SourceMapping, SourceTableName } from "../../contract/source-mapping.ts";
import type { SourceReader } from "./source-reader.ts";

/** Something that a mapped table leads to and that no run may read. */
interface Forbidden {
  readonly asked: string;
  readonly leads_to: string;
}

/** Schemas of the server's own, of the queue, and any that holds Assay's tables. */
const guarded = `guarded as (select n.oid, n.nspname, n.nspname !~ '^(pg_|information_schema$)' as is_assay from pg_namespace n
  where n.nspname ~ '^(pg_|information_schema$|pgboss$)'
    or (select count(*) from pg_class c where c.relnamespace = n.oid and c.relname in ('api_tokens', 'project_members', 'dataset_versions')) = 3)`;

/** The mapped tables and whatever they read: what views are made of, the parts of tables. */
const reached = `reached as (
  select c.oid, c.relname::text as asked from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = any($2)
  union
  select below.oid, r.asked from reached r cross join lateral (
    select d.refobjid as oid from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
      where w.ev_class = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.oid
    union all select i.inhrelid from pg_inherits i where i.inhparent = r.oid) below)`;

/** What a view may hide when its text calls the server's own catalogue or a function that runs text as SQL. */
const hidden = "\\m(pg_\\w+|information_schema|\\w+_to_xml\\w*|lo_\\w+|set_config|dblink\\w*)\\M";

const forbidden = `with recursive ${guarded}, ${reached}
  select r.asked, format('%s.%s', g.nspname, c.relname) as leads_to from reached r join pg_class c on c.oid = r.oid join guarded g on g.oid = c.relnamespace
  union all
  select r.asked, format('the foreign table %s', c.oid::regclass) from reached r join pg_class c on c.oid = r.oid
    where c.relkind = 'f' and exists (select from guarded where is_assay)
  union all
  select r.asked, format('the function %s', d.refobjid::regprocedure) from reached r join pg_rewrite w on w.ev_class = r.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_proc'::regclass
    where exists (select from guarded where is_assay)
  union all
  select r.asked, (regexp_match(pg_get_viewdef(c.oid), $3))[1] from reached r join pg_class c on c.oid = r.oid
    where c.relkind in ('v', 'm') and pg_get_viewdef(c.oid) ~ $3 and exists (select from guarded where is_assay)
  order by 1, 2 limit 1`;

/**
 * Makes sure that nothing mapped leads into Assay's own tables or the server's: not by its schema, not through views of views, parts of tables, functions or
 * foreign tables. Throws DataError naming the mapped table and where it leads.
 */
export async function checkReach(source: SourceReader, mapping: SourceMapping): Promise<void> {
  const { schema, ...tables } = mapping;
  const mapped = Object.entries(tables) as [SourceTableName, { readonly table: string } | undefined][];
  const names = mapped.flatMap(([, table]) => (table ? [table.table] : []));
  const [own] = await source.rows<{ nspname: string }>(`with ${guarded} select nspname from guarded where nspname = $1`, [
    schema,
  ]);
  if (own)
    throw Object.assign(new DataError(`etl: mapping.schema must be an application's own, got ${JSON.stringify(schema)}`), {
      field: "mapping.schema",
      value: schema,
    });
  const [found] = await source.rows<Forbidden>(forbidden, [schema, names, hidden]);
  if (!found) return;
  const setting = `mapping.${mapped.find(([, table]) => table?.table === found.asked)![0]}.table`;
  throw Object.assign(
    new DataError(`etl: "${schema}.${found.asked}" (setting ${setting}) leads to ${found.leads_to}, which a run may not read`),
    { field: setting, value: found.asked },
  );
}
