import { createReadStream } from "node:fs";
import { copyFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ConflictError, StoreError } from "assay";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { leftOut } from "./backup.ts";
import {
  type BackupManifest,
  checkParts,
  filePart,
  readFileList,
  readManifest,
  type StoredFile,
  tablePart,
} from "./backup-manifest.ts";
import { hashFile } from "./hash-file.ts";
import { type MigrationFile, migrationFiles, ownObjects } from "./migration-files.ts";
import { claimServer, type Server } from "./server.ts";
import type { Store } from "./store.ts";

/** How a backup is brought back. */
interface RestoreOptions {
  /** Where the files go; without one they are left out. */
  readonly store?: Store | undefined;
  /** Takes the place of what the database holds. */
  readonly force?: boolean | undefined;
  /** Hears of each part. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** What was brought back. */
interface Restored {
  readonly manifest: BackupManifest;
  readonly rows: number;
  readonly files: number;
  /** Migrations that were applied to the backup's tables: it came from an older release. */
  readonly migrations: readonly string[];
}

/**
 * Brings a backup back: every part is checked first, files are put in place, and the tables come in one transaction that also brings them
 * to this release's schema; keys are checked at its end. Broken off anywhere, the database is as it was. O(bytes), memory O(1).
 * Throws ConflictError where the database holds something, or is in use; StoreError for a damaged backup or one of a newer release.
 */
export async function restore(
  server: Server,
  folder: string,
  { store, force = false, tell = () => {} }: RestoreOptions,
): Promise<Restored> {
  const source = resolve(folder);
  const manifest = await readManifest(source);
  const migrations = migrationFiles();
  checkRelease(manifest, migrations);
  const files = store ? await readFileList(source, manifest) : [];
  for (const { name } of files) store!.path(name); // refuses names that lead out of it
  const release = await claimServer(server);
  if (!release)
    throw new ConflictError(
      "restore: the database is in use: end services, workers and notebooks that are connected, and try again",
    );
  const client = new pg.Client(server.connection);
  client.on("error", () => {});
  try {
    await client.connect();
    if (!force) await refuseFilled(client, ownObjects(migrations).tables);
    tell("checking the hashes of all parts");
    await checkParts(source, manifest, files);
    if (store) await placeFiles(source, files, store, tell);
    const applied = await replaceTables(client, source, manifest, migrations, tell);
    return {
      manifest,
      rows: manifest.tables.reduce((total, { rows }) => total + rows, 0),
      files: files.length,
      migrations: applied,
    };
  } finally {
    await client.end().catch(() => {});
    await release();
  }
}

function checkRelease({ migrations, release, tables }: BackupManifest, known: readonly MigrationFile[]): void {
  const unknown = migrations.find((name, k) => known[k]?.name !== name);
  if (unknown)
    throw new StoreError(
      `restore: the backup is of release ${release}, whose migration ${unknown} is not known here: take that release or a newer one`,
    );
  const own = new Set(ownObjects(known.slice(0, migrations.length)).tables);
  for (const { name } of tables)
    if (!own.has(name) || leftOut.has(name))
      throw new StoreError(`restore: the backup holds a table ${name}, which is none of Assay's`);
}

/** Throws unless the database is as new: no tables of ours, or no rows but the first user and project. */
async function refuseFilled(client: pg.Client, own: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = any($1)",
    [own],
  );
  for (const { name } of rows) {
    if (leftOut.has(name)) continue;
    const allowed = name === "users" || name === "projects" ? 1 : 0;
    const { rowCount } = await client.query(`select 1 from public.${name} limit ${allowed + 1}`);
    if (rowCount! > allowed)
      throw new ConflictError(
        `restore: the database is not empty: there are rows in ${name}; --force puts the backup in their place`,
      );
  }
}

/** Puts the files into the store, each whole; those that are there with the same content stay. Until rows name them, nobody sees them. */
async function placeFiles(
  source: string,
  files: readonly StoredFile[],
  store: Store,
  tell: (line: string) => void,
): Promise<void> {
  for (const [k, { name, sha256 }] of files.entries()) {
    const there = await hashFile(store.path(name)).catch(() => undefined);
    if (there === sha256) continue;
    const made = await store.make(name, (draft) => copyFile(filePart(source, sha256), draft));
    if (made.hash !== sha256) throw new StoreError(`restore: ${name} did not come whole into the store`);
    if ((k + 1) % 500 === 0) tell(`${(k + 1).toLocaleString("en")} files`);
  }
  tell(`${files.length.toLocaleString("en")} files`);
}

/** The whole database work as one transaction; gives the migrations that the backup did not have. */
async function replaceTables(
  client: pg.Client,
  source: string,
  manifest: BackupManifest,
  migrations: readonly MigrationFile[],
  tell: (line: string) => void,
): Promise<string[]> {
  const [old, newer] = [migrations.slice(0, manifest.migrations.length), migrations.slice(manifest.migrations.length)];
  await client.query("begin");
  try {
    await client.query("set local statement_timeout = 0; set local lock_timeout = '30s'; set local assay.project = ''");
    await dropOwn(client, migrations);
    await applyMigrations(client, old);
    const { rows: made } = await client.query<{ name: string; forced: boolean }>(
      "select relname as name, relforcerowsecurity as forced from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = any($1)",
      [ownObjects(old).tables],
    );
    const keys = await dropForeignKeys(client, made);
    for (const { name } of made)
      await client.query(`alter table public.${name} disable trigger user, no force row level security; truncate public.${name}`);
    for (const table of manifest.tables) {
      await readTable(client, source, table);
      tell(`${table.name}: ${table.rows.toLocaleString("en")} rows`);
    }
    for (const { name, forced } of made)
      await client.query(`alter table public.${name} enable trigger user${forced ? ", force row level security" : ""}`);
    for (const { relation, name, definition } of keys)
      await client.query(`alter table ${relation} add constraint ${client.escapeIdentifier(name)} ${definition}`);
    for (const { name, value, called } of manifest.sequences)
      await client.query("select setval(format('public.%I', $1::text)::regclass, $2::bigint, $3)", [name, value, called]);
    await applyMigrations(client, newer);
    await client.query("select net_tables()"); // as after every migration
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
  await client.query("analyze").catch(() => {}); // figures for the planner; a later one makes up for it
  return newer.map(({ name }) => name);
}

/** Drops what migrations have made, and nothing else that shares the schema. */
async function dropOwn(client: pg.Client, migrations: readonly MigrationFile[]): Promise<void> {
  const { tables, functions, types, sequences } = ownObjects(migrations);
  const quoted = (name: string): string => `public.${client.escapeIdentifier(name)}`;
  for (const name of [...tables, "kysely_migration", "kysely_migration_lock"])
    await client.query(`drop table if exists ${quoted(name)} cascade`);
  const { rows } = await client.query<{ signature: string }>(
    "select oid::regprocedure::text as signature from pg_proc where pronamespace = 'public'::regnamespace and proname = any($1)",
    [functions],
  );
  for (const { signature } of rows) await client.query(`drop function if exists ${signature} cascade`);
  for (const name of types) await client.query(`drop type if exists ${quoted(name)} cascade`);
  for (const name of sequences) await client.query(`drop sequence if exists ${quoted(name)} cascade`);
}

/** Runs migrations and notes them as the Migrator does. */
async function applyMigrations(client: pg.Client, migrations: readonly MigrationFile[]): Promise<void> {
  await client.query(`create table if not exists kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
    create table if not exists kysely_migration_lock (id varchar(255) not null primary key, is_locked integer not null default 0);
    insert into kysely_migration_lock values ('migration_lock', 0) on conflict do nothing`);
  for (const { name, text } of migrations) {
    await client.query(text);
    await client.query("insert into kysely_migration values ($1, $2)", [name, new Date().toISOString()]);
  }
}

interface ForeignKey {
  readonly relation: string;
  readonly name: string;
  readonly definition: string;
}

/** Takes foreign keys away while rows come in any order; put back, they check every row. */
async function dropForeignKeys(client: pg.Client, tables: readonly { readonly name: string }[]): Promise<readonly ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select conrelid::regclass::text as relation, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace
      and conrelid = any(select format('public.%I', name)::regclass from unnest($1::text[]) as name)`,
    [tables.map(({ name }) => name)],
  );
  for (const { relation, name } of rows)
    await client.query(`alter table ${relation} drop constraint ${client.escapeIdentifier(name)}`);
  return rows;
}

async function readTable(
  client: pg.Client,
  source: string,
  { name, columns, rows }: BackupManifest["tables"][number],
): Promise<void> {
  const list = columns.map((column) => client.escapeIdentifier(column)).join(", ");
  let came = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) came++;
      done(null, chunk);
    },
  });
  const into = client.query(copyFrom(`copy public.${client.escapeIdentifier(name)} (${list}) from stdin`));
  await pipeline(createReadStream(tablePart(source, name)), createGunzip(), counted, into);
  if (came !== rows || into.rowCount !== rows) throw new StoreError(`restore: ${name} must have ${rows} rows, got ${came}`);
}
