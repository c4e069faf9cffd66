import { rename, stat, utimes } from "node:fs/promises";
import { sql } from "kysely";
import { storedNames } from "../db/backup.ts";
import type { Database } from "../db/database.ts";
import type { Store } from "../db/store.ts";

const batch = 500;
const dayMs = 86_400_000;

/** Files that were found, and their size. */
interface Orphans {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Takes files that no row names out of the store, where nobody has touched them for so many days. They go to the files in passing, which are
 * removed a day later: one that a row names after all is put back. O(files).
 */
export async function sweepOrphans(db: Database, store: Store, days: number, dryRun: boolean): Promise<Orphans> {
  const old: { name: string; bytes: number }[] = [];
  for (const name of await storedNames(store)) {
    const found = await stat(store.path(name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > days * dayMs) old.push({ name, bytes: found.size });
  }
  let count = 0;
  let bytes = 0;
  for (let at = 0; at < old.length; at += batch) {
    const part = old.slice(at, at + batch);
    const named = await namedOf(
      db,
      part.map(({ name }) => name),
    );
    const orphans = part.filter(({ name }) => !named.has(name));
    if (!dryRun)
      await putAside(
        db,
        store,
        orphans.map(({ name }) => name),
      );
    count += orphans.length;
    bytes += orphans.reduce((total, file) => total + file.bytes, 0);
  }
  return { count, bytes };
}

async function putAside(db: Database, store: Store, names: readonly string[]): Promise<void> {
  const aside = new Map<string, string>();
  for (const name of names) {
    const place = await store.temporary();
    await rename(store.path(name), place).catch(() => {}); // somebody else removed it
    await utimes(place, new Date(), new Date()).catch(() => {});
    aside.set(name, place);
  }
  for (const name of await namedOf(db, names)) await rename(aside.get(name)!, store.path(name)).catch(() => {}); // it was named meanwhile
}

/** Those names that any row holds: in a column `file` of any table, or in what a job was asked and answered. */
async function namedOf(db: Database, names: readonly string[]): Promise<Set<string>> {
  const { rows: tables } = await sql<{ name: string }>`select c.table_name as name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'file' and c.data_type = 'text' and t.table_type = 'BASE TABLE'`.execute(
    db,
  );
  const found = new Set<string>();
  for (const { name } of tables) {
    const { rows } = await sql<{
      file: string;
    }>`select distinct file from ${sql.id(name)} where file = any(${names}::text[])`.execute(db);
    for (const { file } of rows) found.add(file);
  }
  const { rows } = await sql<{ file: string }>`select distinct value #>> '{}' as file from jobs j,
    lateral (select jsonb_path_query(j.request, '$.**.file') as value union all select jsonb_path_query(j.result, '$.**.file')) as v
    where value #>> '{}' = any(${names}::text[])`.execute(db);
  for (const { file } of rows) found.add(file);
  return found;
}
