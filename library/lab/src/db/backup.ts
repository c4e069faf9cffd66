import { createHash } from "node:crypto";
import { constants, createWriteStream, existsSync } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { ConflictError, StoreError } from "assay";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { type BackupManifest, filePart, manifestText, type StoredFile, tablePart } from "./backup-manifest.ts";
import { hashFile } from "./hash-file.ts";
import { migrationFiles, ownObjects } from "./migration-files.ts";
import type { Server } from "./server.ts";
import { explain, type Store } from "./store.ts";

/** How a backup is written. */
interface BackupOptions {
  /** Of the program that writes it. */
  readonly release: string;
  /** The store whose files go with the rows; without one they are left out. */
  readonly store?: Store | undefined;
  /** Hears of each part. */
  readonly tell?: ((line: string) => void) | undefined;
}

/**
 * Tables whose rows mean nothing elsewhere: where the files lie, files under way, and who works, who is signed in, so that a session that was ended
 * does not come to life again.
 */
export const leftOut: ReadonlySet<string> = new Set(["store_home", "file_transfers", "file_parts", "sessions", "workers"]);

/**
 * Writes every table, all as of one instant, and the store's files into a new folder: a manifest with the hash of each part, COPY text in
 * gzip, files by content hash. Others go on writing meanwhile. The folder appears whole or not at all. O(bytes), memory O(1).
 * A database of an older release is written as it is. Throws ConflictError where the folder is there, StoreError where a table cannot be read
 * whole and for a database of a newer release, whose tables are not all known here.
 */
export async function backup(
  server: Server,
  folder: string,
  { release, store, tell = () => {} }: BackupOptions,
): Promise<BackupManifest> {
  const target = resolve(folder);
  if (existsSync(target)) throw new ConflictError(`backup: ${target} is there already: name another folder`);
  await dropOldDrafts(target).catch((cause) => {
    throw explainPlace(cause, dirname(target));
  });
  const draft = `${target}.${process.pid}.draft`;
  const client = new pg.Client(server.connection);
  client.on("error", () => {});
  try {
    await mkdir(join(draft, "tables"), { recursive: true, mode: 0o700 });
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    await client.query("set local assay.project = ''; set local statement_timeout = 0"); // of no project: of all
    const migrations = await appliedMigrations(client);
    const tables = await writeTables(client, draft, tell);
    const named = store ? await namedFiles(client, new Set(tables.map(({ name }) => name))) : [];
    const manifest: BackupManifest = {
      format: 1,
      release,
      created_at: new Date().toISOString(),
      server: (await client.query<{ version: string }>("select version()")).rows[0]!.version.slice(0, 200),
      migrations,
      tables,
      sequences: await readSequences(client),
      files: store ? await writeFiles(store, draft, named, tell) : null,
    };
    await client.query("commit");
    await writeFile(join(draft, "manifest.json"), manifestText(manifest), { mode: 0o600 });
    await sync(join(draft, "manifest.json"));
    await sync(draft);
    await rename(draft, target);
    await sync(dirname(target));
    return manifest;
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if ((cause as { code?: string }).code === "42P01")
      throw new StoreError("backup: the database has no tables yet: `assay db migrate` makes them", { cause });
    throw explainPlace(cause, dirname(target));
  } finally {
    await client.end().catch(() => {});
  }
}

/** Names of the migrations that made the database, in order. Throws StoreError for one that this release does not know. */
async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>("select name from kysely_migration order by name");
  const known = new Set(migrationFiles().map(({ name }) => name));
  for (const { name } of rows)
    if (!known.has(name))
      throw new StoreError(
        `backup: the database is of a newer release, whose migration ${name} is not known here: back up with that`,
      );
  return rows.map(({ name }) => name);
}

async function writeTables(client: pg.Client, draft: string, tell: (line: string) => void): Promise<BackupManifest["tables"]> {
  const own = ownObjects(migrationFiles()).tables.filter((name) => !leftOut.has(name));
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any($1)
    group by c.relname order by c.relname`,
    [own],
  );
  const written: BackupManifest["tables"] = [];
  for (const { name, columns } of rows) {
    const part = await writeTable(client, name, columns, tablePart(draft, name));
    written.push({ name, columns, ...part });
    tell(`${name}: ${part.rows.toLocaleString("en")} rows`);
  }
  return written;
}

/** Writes one table by COPY; text escapes line ends within values, so each line end is a row. */
async function writeTable(client: pg.Client, name: string, columns: readonly string[], path: string) {
  const list = columns.map((column) => client.escapeIdentifier(column)).join(", ");
  const sum = createHash("sha256");
  let rows = 0;
  let bytes = 0;
  const counted = through((chunk) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
  });
  const summed = through((chunk) => {
    sum.update(chunk);
    bytes += chunk.length;
  });
  const copied = client.query(copyTo(`copy (select ${list} from public.${client.escapeIdentifier(name)}) to stdout`));
  await pipeline(copied, counted, createGzip({ level: 1 }), summed, createWriteStream(path, { mode: 0o600 }));
  await sync(path);
  return { rows, bytes, sha256: sum.digest("hex") };
}

/** Sequences of ours by name, and those of identity columns. */
async function readSequences(client: pg.Client): Promise<BackupManifest["sequences"]> {
  const { tables, sequences } = ownObjects(migrationFiles());
  const { rows } = await client.query<{ name: string; value: string | null; start: string }>(
    `select distinct s.sequencename as name, s.last_value::text as value, s.start_value::text as start
    from pg_sequences s
    join pg_class c on c.relname = s.sequencename and c.relnamespace = 'public'::regnamespace
    left join pg_depend d on d.objid = c.oid and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass
    left join pg_class t on t.oid = d.refobjid
    where s.schemaname = 'public' and (s.sequencename = any($1) or t.relname = any($2)) order by 1`,
    [sequences, tables],
  );
  return rows.map(({ name, value, start }) => ({ name, value: value ?? start, called: value !== null }));
}

/** Files that rows name, in whatever table has a file with its content's hash. */
async function namedFiles(client: pg.Client, tables: ReadonlySet<string>): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name in ('file', 'content_hash')
    group by table_name having count(*) = 2`,
  );
  const named = new Set<string>();
  for (const { name } of rows) {
    if (!tables.has(name)) continue;
    const files = await client.query<{ file: string }>(`select distinct file from public.${name} where file is not null`);
    for (const { file } of files.rows) named.add(file);
  }
  return [...named];
}

/** Copies the files of the store, each content once. A file that is removed meanwhile is missed only where the rows name it. */
async function writeFiles(
  store: Store,
  draft: string,
  named: readonly string[],
  tell: (line: string) => void,
): Promise<NonNullable<BackupManifest["files"]>> {
  await mkdir(join(draft, "files"), { mode: 0o700 });
  const passing = join(draft, "passing");
  const copied: StoredFile[] = [];
  for (const name of await storedNames(store)) {
    try {
      await copyFile(store.path(name), passing, constants.COPYFILE_FICLONE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw error;
    }
    const sha256 = await hashFile(passing);
    await sync(passing);
    copied.push({ name, bytes: (await stat(passing)).size, sha256 });
    await rename(passing, filePart(draft, sha256));
    if (copied.length % 500 === 0) tell(`${copied.length.toLocaleString("en")} files`);
  }
  const there = new Set(copied.map(({ name }) => name));
  const missing = named.filter((name) => !there.has(name)).sort();
  const list = copied.map((file) => `${JSON.stringify(file)}\n`).join("");
  await writeFile(join(draft, "files.jsonl"), list, { mode: 0o600 });
  await sync(join(draft, "files.jsonl"));
  const bytes = copied.reduce((total, file) => total + file.bytes, 0);
  tell(`${copied.length.toLocaleString("en")} files, ${bytes.toLocaleString("en")} bytes`);
  for (const name of missing) tell(`missing in the store: ${name}`);
  return { count: copied.length, bytes, sha256: createHash("sha256").update(list).digest("hex"), missing };
}

/** Names of all files in a store that are whole: none in passing. */
export async function storedNames(store: Store): Promise<string[]> {
  const entries = await readdir(store.folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(store.folder.length + 1)
        .replaceAll(sep, "/"),
    )
    .filter((name) => !/^incoming\/|\.draft$|^\.store-id$/.test(name))
    .sort();
}

function explainPlace(cause: unknown, folder: string): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== "EACCES" && code !== "EROFS") return explain(cause, folder);
  return new StoreError(`backup: no right to write ${folder}: name a folder inside one that this user may write`, { cause });
}

/** Removes what killed backups to the same place have left. */
async function dropOldDrafts(target: string): Promise<void> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(target)}.`)) continue;
    const pid = /^\.(\d+)\.draft$/.exec(name.slice(basename(target).length))?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function through(look: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      look(chunk);
      done(null, chunk);
    },
  });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
