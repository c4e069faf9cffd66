import { ParamsError } from "assay";
import { sql } from "kysely";
import { assayVersion } from "../assay-version.ts";
import { backup } from "../db/backup.ts";
import { openDatabase } from "../db/database.ts";
import { restore } from "../db/restore.ts";
import { ensureServer, holdServer, stopIfUnused, stopServer } from "../db/server.ts";
import { databaseStatus } from "../db/status.ts";
import { openStore } from "../db/store.ts";
import { isHome, openStoreOf } from "../db/store-transfer.ts";

/** What is said behind `assay db backup` and `assay db restore`. */
interface BackupArguments {
  readonly path: string | undefined;
  readonly noFiles: boolean;
  readonly force: boolean;
}

const tell = (line: string): void => console.error(line);

/** `assay db backup PATH`: rows and files into a new folder; progress goes to stderr. */
export async function backUp({ path, noFiles }: BackupArguments): Promise<void> {
  if (path === undefined) throw new ParamsError("db backup: needs the folder that it is to make: assay db backup PATH");
  const server = await ensureServer();
  const release = await holdServer(server);
  const db = openDatabase(server, 2); // left as it is: a backup before a new release is taken into use is of the old one
  try {
    if (!noFiles && server.how === "external" && (await hasHome(db)) && !(await isHome(db)))
      throw new ParamsError(
        "db backup: the files lie in another machine's store: run it there, or leave them out with --no-files",
      );
    const store = noFiles ? undefined : openStore();
    const { tables, files } = await backup(server, path, { release: assayVersion, store, tell });
    const rows = tables.reduce((total, table) => total + table.rows, 0);
    console.log(
      `${path}: ${rows.toLocaleString("en")} rows of ${tables.length} tables, ${files ? `${files.count} files` : "no files"}`,
    );
    if (files && files.missing.length > 0) process.exitCode = 3;
  } finally {
    await db.destroy();
    await release();
  }
}

/** `assay db restore PATH`: the other way round. */
export async function bringBack({ path, noFiles, force }: BackupArguments): Promise<void> {
  if (path === undefined) throw new ParamsError("db restore: needs the folder of a backup: assay db restore PATH");
  const server = await ensureServer();
  const { rows, files, migrations } = await restore(server, path, {
    store: noFiles ? undefined : openStore(),
    force,
    tell,
  }).catch(async (error) => {
    if (server.how !== "running") await stopIfUnused(); // it was started for this alone
    throw error;
  });
  const release = await holdServer(server);
  const db = openDatabase(server, 2);
  try {
    if (!noFiles) await openStoreOf(db, { claims: true }); // this store is now the home of the files
  } finally {
    await db.destroy();
    await release();
  }
  const brought = migrations.length > 0 ? `, brought to release ${assayVersion} by ${migrations.length} migrations` : "";
  console.log(`${rows.toLocaleString("en")} rows and ${files.toLocaleString("en")} files are back${brought}`);
}

/** `assay db status`: says whether the database answers, and how it stands, without starting it. */
export async function showStatus(json: boolean): Promise<void> {
  const status = await databaseStatus();
  if (json) console.log(JSON.stringify(status, null, 2));
  else if (!status.answers) console.log(`${status.where} does not answer: ${status.reason}`);
  else
    console.log(
      [
        `${status.where} answers: PostgreSQL ${status.version}, ${(status.size_bytes / 2 ** 20).toFixed(0)} MB`,
        `migrations: ${status.applied.length} applied, ${status.pending.length} waiting${status.unknown.length > 0 ? `, ${status.unknown.length} of a newer release` : ""}`,
        `connections: ${status.connections} of ${status.connections_max}`,
      ].join("\n"),
    );
  if (!status.answers) process.exitCode = 1;
}

/** `assay db stop`: the embedded database, with `--if-unused` only where nobody uses it. */
export async function stop(onlyUnused: boolean): Promise<void> {
  const state = await stopIfUnused();
  if (onlyUnused || state === "stopped") return console.log(state);
  if (state === "external") return console.log("DATABASE_URL names a server of your own: nothing was stopped");
  await stopServer();
  console.log("stopped, while it was in use: whoever uses it starts it again when they next ask");
}

/** Whether it is known where the files lie; in a database of an early release it is not. */
async function hasHome(db: ReturnType<typeof openDatabase>): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`select to_regclass('public.store_home') is not null as known`.execute(db);
  return rows[0]!.known && (await db.selectFrom("store_home").select("store_id").executeTakeFirst()) !== undefined;
}
