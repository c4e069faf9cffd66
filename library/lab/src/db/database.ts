import type { EventEmitter } from "node:events";
import { StoreError } from "assay";
import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { migrationFiles } from "./migration-files.ts";
import { makeNet } from "./net.ts";
import { ensureServer, type Server } from "./server.ts";
import { endsWithClient, watchSilence } from "./silence.ts";
import type { Tables } from "./tables.ts";

/** A database with our tables. */
export type Database = Kysely<Tables>;
/** The same within a transaction. */
export type Work = Transaction<Tables>;

/** What is said on every connection of a pool. */
interface DatabaseOptions {
  /** `job/attempt` of the job that the process does: its writes are refused once the attempt is over. */
  readonly attempt?: string;
}

/** Connections of a pool by what they do, and queries that wait for one. */
type PoolUse = Readonly<Record<"busy" | "idle" | "waiting", number>>;

/** A pool whose connections come back held to a project's rows, or with "" to none. */
interface PatientPool {
  readonly use: PoolUse;
  connect(project: string): Promise<pg.PoolClient>;
  end(): Promise<void>;
  /** By project; they share the pool. */
  readonly netted: Map<string, Database>;
}

const pools = new WeakMap<Database, PatientPool>();
/** How each database takes a connection of its pool, held to its project. */
const connections = new WeakMap<Database, () => Promise<pg.PoolClient>>();
const nettedMost = 1000;

/** A pool of connections that survives a restart of the server: a lost connection is dropped, and the server started again when it is ours. */
export function openDatabase(server: Server, max = 8, { attempt }: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({ ...server.connection, max, allowExitOnIdle: true, connectionTimeoutMillis: 10_000 });
  pool.on("error", () => {}); // an idle connection was lost; the next query takes another
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  const net = makeNet();
  const ready = async (project: string): Promise<pg.PoolClient> => {
    const client = await usable(await connect());
    try {
      await endsWithClient(client);
      await net.hold(client, project);
      return client;
    } catch (error) {
      client.release(true); // nobody knows what it is held to
      throw error;
    }
  };
  const patient: PatientPool = {
    connect: async (project) => {
      try {
        return await ready(project);
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
        await ensureServer(server.home, { again: true });
        return ready(project);
      }
    },
    end: () => pool.end(),
    get use() {
      return { busy: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount };
    },
    netted: new Map(),
  };
  const name = async (connection: DatabaseConnection): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw("select set_config('assay.attempt', $1, false)", [attempt]));
  };
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: { connect: () => patient.connect(""), end: patient.end } as never,
      ...(attempt !== undefined && { onCreateConnection: name }),
    }),
  });
  pools.set(db, patient);
  connections.set(db, () => patient.connect(""));
  return db;
}

/** How the pool of a database is used now. */
export function poolUse(db: Database): PoolUse {
  return pools.get(db)?.use ?? { busy: 0, idle: 0, waiting: 0 };
}

/**
 * The same database for work in one project: row-level security shows and takes that project's rows only, whatever a query forgets. It shares
 * the pool, and is not to be destroyed; the same for the same project.
 */
export function projectDatabase(db: Database, projectId: string): Database {
  const pool = pools.get(db);
  if (!pool) throw new TypeError("projectDatabase: takes what openDatabase gave");
  const known = pool.netted.get(projectId);
  if (known) return known;
  const netted = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect: () => pool.connect(projectId), end: async () => {} } as never }),
  });
  connections.set(netted, () => pool.connect(projectId));
  pool.netted.set(projectId, netted);
  if (pool.netted.size > nettedMost) pool.netted.delete(pool.netted.keys().next().value!);
  return netted;
}

/** A statement that is asked thousands of times a second. */
export interface Prepared {
  /** Its own among all of the program's. */
  readonly name: string;
  readonly text: string;
}

/** Rows of a statement that each connection plans once, and not each time that it is asked: planning costs more than a look-up by an index. */
export async function askPrepared<Row extends pg.QueryResultRow>(
  db: Database,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  const connect = connections.get(db);
  if (!connect) throw new TypeError("askPrepared: takes what openDatabase or projectDatabase gave");
  const client = await connect();
  try {
    return (await client.query<Row>({ name, text, values: [...values] })).rows;
  } finally {
    client.release();
  }
}

/** Codes by which the server ends a connection, or finds it broken: it goes down, or the client was silent within a transaction for too long. */
const endsConnection = /^(57P0[123]|25P03|08\w{3})$/;
/** Connections to which the server has said that it ends them: their sockets may be open yet. */
const ended = new WeakSet<object>();
const heard = new WeakSet<object>();

function hearEnd(client: pg.ClientBase): void {
  if (heard.has(client)) return;
  heard.add(client);
  const { connection } = client as unknown as { connection: EventEmitter };
  connection.on("errorMessage", ({ code }: { code?: string }) => {
    if (endsConnection.test(code ?? "")) ended.add(client);
  });
}

/** A client of the pool that is not already dead: its socket may have closed while it was idle. */
async function usable(client: pg.PoolClient): Promise<pg.PoolClient> {
  if (client.listenerCount("error") === 0) client.on("error", () => {}); // its query fails by itself; the event would end the process
  const { connection } = client as unknown as { connection: { stream: { destroyed: boolean; writable: boolean } } };
  watchSilence(client);
  hearEnd(client);
  if (!connection.stream.destroyed && connection.stream.writable && !ended.has(client)) return client;
  client.release(true);
  throw Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
}

/** Codes of a server that is not there, of a network that does not lead to it, and of a connection that broke or that it has none to give. */
const unreachable =
  /^(E(CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|AGAIN|AI_AGAIN|NOENT|PIPE)|ERR_STREAM_\w+|53300)$/;

/** Whether an error means that the server is gone or going, so that the same work may succeed on a new connection. */
export function isConnectionLoss(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return unreachable.test(code) || hasBrokenOff(error) || /timeout expired|timeout exceeded when trying to connect/.test(message);
}

/** Whether an error, of whatever it may be, says that a connection to PostgreSQL broke off: by the server's code, or in pg's words, which have none. */
function hasBrokenOff(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    endsConnection.test(code) ||
    /Connection terminated|is not queryable|^read E(CONNRESET|TIMEDOUT)|^write EPIPE|the database fell silent/.test(message)
  );
}

/**
 * A failure of the database itself in words, whoever asked for what: it went away, is full, or has too much to do. Undefined for any other error, and for
 * what a query says of its own values.
 */
export function databaseFailure(error: unknown): StoreError | undefined {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const say = (words: string): StoreError => new StoreError(`database: ${words}`, { cause: error });
  if (hasBrokenOff(error)) return say("it went away before it answered: look whether what was asked is done, and try again");
  if (code === "53300" || /timeout exceeded when trying to connect/.test(message))
    return say("no connection to it is free: try again in a few seconds");
  if (code === "53100") return say("its disk is full: free space and try again; nothing was changed");
  if (/^(40P01|40001|55P03)$/.test(code)) return say("others are writing the same: nothing was changed, try again");
  if (code === "57014") return say("it gave the question up (statement_timeout): ask for less, or allow it more");
  if (/^XX00[12]$/.test(code)) return say(`it is damaged: ${message}: restore the last backup into an empty home`);
  return /^(53|58)\w{3}$/.test(code) ? say(`it cannot work now: ${message}`) : undefined;
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
      if (code === "53100") throw databaseFailure(error)!;
      const again = isConnectionLoss(error) || code === "40P01" || code === "40001";
      if (!again) throw error;
      if (attempt === 5) throw new StoreError(`database: lost while writing: ${(error as Error).message}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt));
    }
  }
}

/** Applies the migrations that are new, one process at a time, and gives their names. */
export async function migrate(db: Database): Promise<string[]> {
  const migrations: Record<string, Migration> = {};
  for (const { name, text } of migrationFiles())
    migrations[name] = { up: async (work) => void (await sql.raw(text).execute(work)) };
  await refuseNewer(db, Object.keys(migrations));
  const { error, results } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  if (error) throw new StoreError(`database: a migration failed: ${(error as Error).message}`, { cause: error });
  if (results?.length) await sql`select net_tables()`.execute(db);
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** Throws StoreError where a newer release has brought the database further than this one knows. */
async function refuseNewer(db: Database, known: readonly string[]): Promise<void> {
  const { rows } = await sql<{ made: boolean }>`select to_regclass('kysely_migration') is not null as made`.execute(db);
  if (!rows[0]!.made) return;
  const applied = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  const newer = applied.rows.find(({ name }) => !known.includes(name));
  if (newer)
    throw new StoreError(`database: ${newer.name} is of a newer release: take the release that others on this database have`);
}
