import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ensureServer, stopServer } from "./server.ts";
import { endsWithClient } from "./silence.ts";

const home = mkdtempSync(join(tmpdir(), "assay-silence-"));
chmodSync(home, 0o755);
/** Of Linux's many addresses of the machine itself one that no other server has. */
const host = `127.${1 + (process.pid % 250)}.${1 + (Date.now() % 250)}.1`;

async function ask(config: pg.ClientConfig, text: string): Promise<unknown[]> {
  const client = new pg.Client({ user: "assay", database: "postgres", ...config });
  await client.connect();
  try {
    await endsWithClient(client);
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  vi.stubEnv("DATABASE_URL", undefined); // a server of its own, which listens to TCP
  vi.stubEnv("ASSAY_SILENCE_SECONDS", "30");
  const { connection } = await ensureServer(home);
  await ask(connection, `alter system set listen_addresses = '${host}'`);
  await stopServer(home);
  await ensureServer(home);
});
afterAll(async () => {
  await stopServer(home);
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

test("a server gives a silent client's connection up as soon as the client would give up the server", async () => {
  const [row] = await ask({ host }, "select current_setting('tcp_user_timeout') as after");
  expect(row).toEqual({ after: "30000" });
});

test("a server asks after a client that says nothing four times in that time", async () => {
  const [row] = await ask({ host }, "select current_setting('tcp_keepalives_idle') as after");
  expect(row).toEqual({ after: "7" });
});

test("on a unix socket nothing is asked for, and nothing fails", async () => {
  expect(await ask((await ensureServer(home)).connection, "select 1 as n")).toEqual([{ n: 1 }]);
});
