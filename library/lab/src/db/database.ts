import { existsSync, readdirSync, readFileSync } from "node:fs";
import { StoreError } from "assay";
import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { ensureServer, type Server } from "./server.ts";
import type { Tables } from "./tables.ts";

/** A database with our tables. */
export type Database = Kysely<Tables>;
/** The same within a transaction. */
export type Work = Transaction<Tables>;

/** A pool of connections that survives a restart of the server: a lost connection is dropped, and the server started again when it is ours. */
export function openDatabase(server: Server, max = 8): Database {
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
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: patient as never }) });
}

/** A client of the pool that is not already dead: its socket may have closed while it was idle. */
async function usable(client: pg.PoolClient): Promise<pg.PoolClient> {
  if (client.listenerCount("error") === 0) client.on("error", () => {}); // its query fails by itself; the event would end the process
  const { connection } = client as unknown as { connection: { stream: { destroyed: boolean; writable: boolean } } };
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
export async function transaction<T>(db: Database, work: (db: Work) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
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
