import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Opened } from "../projects/session.ts";

/** An empty database of an application beside Assay's, on the same server. */
export async function applicationDatabase({ server }: Opened): Promise<pg.ClientConfig> {
  const name = `application_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const admin = new pg.Client(server.connection);
  await admin.connect();
  await admin.query(`create database ${name} template template0`);
  await admin.end();
  const url = new URL(server.connection.connectionString!);
  url.pathname = `/${name}`;
  return { connectionString: url.href };
}

/** Runs statements in a database. */
export async function change(database: pg.ClientConfig, statements: string): Promise<void> {
  const client = new pg.Client(database);
  await client.connect();
  await client.query(statements);
  await client.end();
}
