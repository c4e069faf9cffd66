import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { StoreError } from "assay";
import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { ensureServer, type Server } from "./server.ts";
import type { Tables } from "./tables.ts";

/** A database with our tables. */
export type Database = Kysely<Tables>;
/** The same within a transaction. */
export type Work = Transaction<Tables>;

/** What is said on every connection of a pool. */
export interface DatabaseOptions {
  /** `job/attempt` of the job that the process does: its writes are refused once the attempt is over. */
  readonly attempt?: string;
}

/** A pool of connections that survives a restart of the server: a lost connection is dropped, and the server started again when it is ours. */
export function openDatabase(server: Server, max = 8, { attempt }: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({ ...server.connection, max, allowExitOnIdle: true, connectionTimeoutMillis: 10_000 });
  pool.on("error", () => {}); // an idle connection was lost; the next query takes another
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  const patient = {
    connect: async (): Promise<pg.PoolClient> => {
      try {
        return await usable(await connect());
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
        await ensureServer(server.home);
        return usable(await connect());
      }
    },
    end: () => pool.end(),
  };
  const name = async (connection: DatabaseConnection): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw("select set_config('assay.attempt', $1, false)", [attempt]));
  };
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: patient as never, ...(attempt !== undefined && { onCreateConnection: name }) }),
  });
}

const watched = new WeakSet<object>();

/**
 * Cuts a connection whose question has no answer for two minutes, or ASSAY_SILENCE_SECONDS: a peer that vanished without a word. Whoever
 * asked hears of a lost connection.
 */
export function watchSilence(client: pg.ClientBase): void {
  if (watched.has(client)) return;
  watched.add(client);
  const silenceMs = 1000 * Number(process.env["ASSAY_SILENCE_SECONDS"] ?? 120);
  const { connection } = client as unknown as { connection: { stream: Socket } };
  connection.stream.setKeepAlive?.(true, 10_000);
  connection.stream.setTimeout(silenceMs, () => {
    if (isAsking(client)) connection.stream.destroy(Object.assign(new Error("the database fell silent"), { code: "ECONNRESET" }));
  });
}

function isAsking(client: pg.ClientBase): boolean {
  const { _activeQuery, _queryQueue } = client as unknown as { _activeQuery: unknown; _queryQueue?: unknown[] };
  return Boolean(_activeQuery) || (_queryQueue?.length ?? 0) > 0;
}

/** A client of the pool that is not already dead: its socket may have closed while it was idle. */
async function usable(client: pg.PoolClient): Promise<pg.PoolClient> {
  if (client.listenerCount("error") === 0) client.on("error", () => {}); // its query fails by itself; the event would end the process
  const { connection } = client as unknown as { connection: { stream: { destroyed: boolean; writable: boolean } } };
  watchSilence(client);
  if (!connection.stream.destroyed && connection.stream.writable) return client;
  client.release(true);
  throw Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
}

/** Whether an error means that the server is gone or going, so that the same work may succeed on a new connection. */
export function isConnectionLoss(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|57P0[123]|08\w{3})$/.test(code) ||
    /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/.test(message)
  );
}

/**
 * Runs work in a transaction; on a lost connection, a deadlock or a serialisation failure it is run again, up to five times. The work
 * must have no effect outside the database. Throws StoreError when the database stays away.
 */
export function transaction<T>(db: Database, work: (db: Work) => Promise<T>): Promise<T> {
  return retried(() => db.transaction().execute(work));
}

/** Runs work within a transaction so that its failure undoes only itself; the failure is thrown. */
export async function savepoint<T>(inside: Work, work: () => Promise<T>): Promise<T> {
  await sql`savepoint attempted`.execute(inside);
  try {
    const result = await work();
    await sql`release savepoint attempted`.execute(inside);
    return result;
  } catch (error) {
    await sql`rollback to savepoint attempted`.execute(inside);
    throw error;
  }
}

/**
 * Runs work that may be done twice; on a lost connection, a deadlock or a serialisation failure it is run again, up to five times.
 * Throws StoreError when the database stays away.
 */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "53100")
        throw new StoreError("database: its disk is full: free space and try again; nothing was changed", { cause: error });
      const again = isConnectionLoss(error) || code === "40P01" || code === "40001";
      if (!again) throw error;
      if (attempt === 5) throw new StoreError(`database: lost while writing: ${(error as Error).message}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt));
    }
  }
}

/** Applies the migrations that are new, one process at a time, and gives their names. */
export async function migrate(db: Database): Promise<string[]> {
  const folder = ["./migrations/", "../migrations/"].map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (!folder) throw new StoreError("database: the migrations are not beside the program");
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const migrations: Record<string, Migration> = {};
  for (const name of names) {
    const text = readFileSync(new URL(name, folder), "utf8");
    migrations[name] = { up: async (work) => void (await sql.raw(text).execute(work)) };
  }
  const { error, results } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  if (error) throw new StoreError(`database: a migration failed: ${(error as Error).message}`, { cause: error });
  return (results ?? []).map(({ migrationName }) => migrationName);
}
