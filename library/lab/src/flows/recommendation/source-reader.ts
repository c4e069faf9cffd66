import type { Socket } from "node:net";
import { DataError, StoreError } from "assay";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { isConnectionLoss } from "../../db/database.ts";
import { numberSetting } from "../../number-setting.ts";

/** Connections to the application's database, opened as they are asked for, anew where one was lost. Nothing is written by them. */
export interface SourceReader {
  /** Host, port, database and user, without a password. */
  readonly address: string;
  /** Rows of a small query. Throws StoreError where the database is away. */
  rows<R extends object>(query: string, values?: readonly unknown[]): Promise<readonly R[]>;
  /** Bytes of a `copy … to stdout`; several may run side by side. */
  copy(query: string): Promise<NodeJS.ReadableStream>;
  close(): Promise<void>;
}

/** Bytes of a copy that may wait for whoever reads them: the server goes on sending meanwhile. */
const aheadBytes = 1 << 20;

/** A reader of a database. */
export function openSource(database: pg.ClientConfig): SourceReader {
  const idle: pg.Client[] = [];
  const open = new Set<pg.Client>();
  const take = async (): Promise<pg.Client> => idle.pop() ?? connect(database, open, idle);
  const { host, port, database: name, user } = new pg.Client(database);
  return {
    address: `${user}@${host}:${port}/${name}`,
    async rows(query, values = []) {
      const client = await take();
      try {
        const { rows } = await client.query(query, [...values]);
        idle.push(client);
        return rows;
      } catch (error) {
        drop(client, open);
        throw worded(error as Error);
      }
    },
    async copy(query) {
      const client = await take();
      const stream = client.query(copyTo(query, { highWaterMark: aheadBytes }));
      stream.on("error", () => drop(client, open)); // whoever reads it hears of it
      stream.on("end", () => idle.push(client));
      return wordedStream(stream);
    },
    async close() {
      for (const client of open) if (!idle.includes(client)) drop(client, open);
      await Promise.all([...open].map((client) => client.end().catch(() => {})));
    },
  };
}

/** Cuts a connection that failed or is in the middle of something: a server that sends rows would not hear a farewell. */
function drop(client: pg.Client, open: Set<pg.Client>): void {
  open.delete(client);
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream.destroy();
}

/** How long the source may take for one question, and wait for another's lock. */
const statementSeconds = 900;
const lockSeconds = 30;

async function connect(database: pg.ClientConfig, open: Set<pg.Client>, idle: pg.Client[]): Promise<pg.Client> {
  const client = new pg.Client({ ...database, connectionTimeoutMillis: 10_000, keepAlive: true, application_name: "assay etl" });
  open.add(client);
  client.on("error", () => {
    open.delete(client); // what runs on it fails by itself
    if (idle.includes(client)) idle.splice(idle.indexOf(client), 1);
  });
  try {
    await client.connect();
    await client.query("set session characteristics as transaction read only");
    // functions and operators are the server's own, whatever the application's schemas hold
    await client.query("set search_path = pg_catalog; set timezone = 'UTC'; set datestyle = 'ISO'; set extra_float_digits = 1");
    const most = numberSetting("ETL_STATEMENT_SECONDS") ?? statementSeconds;
    await client.query(`set statement_timeout = ${Math.ceil(1000 * most)}; set lock_timeout = ${1000 * lockSeconds}`);
    return client;
  } catch (error) {
    drop(client, open);
    throw new StoreError(`etl: the source database does not answer: ${(error as Error).message}`, { cause: error });
  }
}

function worded(error: Error & { readonly code?: string }): Error {
  if (isConnectionLoss(error))
    return new StoreError(`etl: the source database was lost: ${error.message}; what was read is kept, run it again`, {
      cause: error,
    });
  if (error.code === "57014" || error.code === "55P03")
    return new DataError(
      `etl: the source database: ${error.message}: an index on the column of the moments makes it quick, ETL_STATEMENT_SECONDS allows it more`,
      { cause: error },
    );
  return /^(22|42)/.test(error.code ?? "")
    ? new DataError(`etl: the source database: ${error.message}`, { cause: error })
    : error;
}

/** The same bytes; an error is worded for whoever reads them. */
function wordedStream(stream: NodeJS.ReadableStream): NodeJS.ReadableStream {
  const emit = stream.emit.bind(stream);
  stream.emit = (event: string | symbol, ...args: unknown[]): boolean =>
    emit(event, ...(event === "error" ? [worded(args[0] as Error)] : args));
  return stream;
}
