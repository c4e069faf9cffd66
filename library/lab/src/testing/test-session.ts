import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { socketFolder } from "../db/home.ts";
import { type Opened, openSession } from "../projects/session.ts";
import { template } from "./global-setup.ts";

/** A session in a database and a store of its own, on the run's PostgreSQL; DATABASE_URL points there while the test file runs. */
export async function testSession(): Promise<Opened & { readonly home: string }> {
  const server = process.env["ASSAY_TEST_HOME"]!;
  const name = `test_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const host = socketFolder(server);
  const admin = new pg.Client({ host, port: 5432, user: "assay", database: "postgres" });
  await admin.connect();
  await admin.query(`create database ${name} template ${template}`);
  await admin.end();
  const home = join(server, name);
  mkdirSync(home, { recursive: true });
  process.env["ASSAY_HOME"] = home;
  process.env["DATABASE_URL"] = `postgresql://assay@localhost:5432/${name}?host=${encodeURIComponent(host)}`;
  return { ...(await openSession()), home };
}
