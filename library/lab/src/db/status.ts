import { existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { assayHome, databaseUrl, socketFolder } from "./home.ts";
import { migrationFiles } from "./migration-files.ts";

/** How the database stands. */
export type DatabaseStatus =
  | {
      readonly answers: false;
      readonly where: string;
      readonly reason: string;
      /** It is this home's, and stopped or not made yet. */
      readonly embedded: boolean;
    }
  | {
      readonly answers: true;
      /** Without user and password. */
      readonly where: string;
      readonly version: string;
      readonly size_bytes: number;
      /** Migrations by name. */
      readonly applied: readonly string[];
      readonly pending: readonly string[];
      /** Applied by a newer release. */
      readonly unknown: readonly string[];
      readonly connections: number;
      readonly connections_max: number;
      /** The server's clock minus ours, in milliseconds. */
      readonly clock_ahead_ms: number;
    };

/** Whether a home has an embedded server, running or not. */
export function isServerMade(home = assayHome()): boolean {
  return existsSync(join(home, "pg18/data/PG_VERSION"));
}

/** Looks at DATABASE_URL, else at the embedded server of a home, and starts nothing. */
export async function databaseStatus(home = assayHome()): Promise<DatabaseStatus> {
  const url = process.env["DATABASE_URL"]?.trim();
  const where = url ? shownAddress(url) : `the embedded database of ${home}`;
  if (!url && !isServerMade(home))
    return { answers: false, where, embedded: true, reason: "it was not made yet: `assay db start` makes it" };
  if (!url && !existsSync(join(home, "pg18/data/global/pg_control")))
    return {
      answers: false,
      where,
      embedded: false,
      reason: "its files are damaged: restore the last backup into an empty home",
    };
  try {
    databaseUrl();
  } catch (error) {
    return { answers: false, where: "DATABASE_URL", embedded: false, reason: (error as Error).message };
  }
  const client = new pg.Client({
    ...(url ? { connectionString: url } : { host: socketFolder(home), port: 5432, user: "assay", database: "postgres" }),
    connectionTimeoutMillis: 5000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return { answers: true, where, ...(await figures(client)) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      answers: false,
      where,
      embedded: !url && code === "ENOENT",
      reason: code === "ENOENT" ? "it is stopped: `assay db start` starts it" : message,
    };
  } finally {
    await client.end().catch(() => {});
  }
}

async function figures(client: pg.Client) {
  const begin = Date.now();
  const { rows } = await client.query<{ version: string; size: string; now: string; used: number; most: number }>(
    `select current_setting('server_version') as version, pg_database_size(current_database())::text as size,
      (extract(epoch from clock_timestamp()) * 1000)::text as now, (select count(*)::integer from pg_stat_activity where datid is not null) as used,
      current_setting('max_connections')::integer as most`,
  );
  const { version, size, now, used, most } = rows[0]!;
  const applied: string[] = await client
    .query<{ name: string }>("select name from kysely_migration order by name")
    .then((answer) => answer.rows.map(({ name }) => name))
    .catch(() => []);
  const known = migrationFiles().map(({ name }) => name);
  return {
    version,
    size_bytes: Number(size),
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
    connections: used,
    connections_max: most,
    clock_ahead_ms: Math.round(Number(now) - (begin + Date.now()) / 2),
  };
}

/** An address that may be shown: no user, no password, no parameters. */
function shownAddress(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return "DATABASE_URL";
  }
}
