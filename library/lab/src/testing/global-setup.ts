import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate, openDatabase } from "../db/database.ts";
import { ensureServer, stopServer } from "../db/server.ts";

/** The database that those of the tests are copies of: ours, without a row. */
export const template = "test_template";

/** One PostgreSQL for the whole run, for each project that asks, in a home of its own; its address goes to every test file in ASSAY_TEST_HOME. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env["ASSAY_TEST_HOME"]) return async () => {};
  const home = mkdtempSync(join(tmpdir(), "assay-test-"));
  process.env["ASSAY_TEST_HOME"] = home;
  const server = await ensureServer(home);
  const admin = new pg.Client(server.connection);
  await admin.connect();
  // what a test writes need not outlast the machine
  await admin.query("alter system set fsync = off");
  await admin.query("select pg_reload_conf()");
  await admin.query(`create database ${template}`);
  await admin.end();
  const db = openDatabase({ ...server, connection: { ...server.connection, database: template } }, 1);
  await migrate(db);
  await db.destroy();
  return async () => {
    await stopServer(home);
    rmSync(home, { recursive: true, force: true });
  };
}
