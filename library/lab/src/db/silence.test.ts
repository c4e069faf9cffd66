import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openDatabase, transaction } from "./database.ts";
import { ensureServer, stopServer } from "./server.ts";
import { endsWithClient, takesItsTime } from "./silence.ts";

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

/** Takes a lock in a transaction, and says nothing more. */
async function holdAndFreeze(connection: pg.ClientConfig, key: number): Promise<void> {
  const frozen = new pg.Client(connection);
  frozen.on("error", () => {}); // it hears of its end
  await frozen.connect();
  await endsWithClient(frozen);
  await frozen.query("begin");
  await frozen.query("select pg_advisory_xact_lock($1)", [key]);
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

test("on a unix socket nothing is asked of TCP, and nothing fails", async () => {
  expect(await ask((await ensureServer(home)).connection, "select 1 as n")).toEqual([{ n: 1 }]);
});

describe("a client that falls silent within a transaction", () => {
  beforeAll(() => void vi.stubEnv("ASSAY_SILENCE_SECONDS", "1"));

  test("gives up what it holds", async () => {
    const { connection } = await ensureServer(home);
    await holdAndFreeze(connection, 7);
    expect(await ask(connection, "select pg_advisory_lock(7)")).toHaveLength(1);
  });

  test("has its work done by a second transaction when it wakes", async () => {
    const server = await ensureServer(home);
    const db = openDatabase(server, 1);
    let begun = 0;
    const done = await transaction(db, async (work) => {
      await sql`select pg_advisory_xact_lock(8)`.execute(work);
      if (++begun === 1) await ask(server.connection, "select pg_advisory_lock(8)"); // until this one has lost it
      return (await sql`select 1 as n`.execute(work)).rows;
    });
    expect([done, begun]).toEqual([[{ n: 1 }], 2]);
    await db.destroy();
  });

  test("keeps it where it takes its time", async () => {
    const server = await ensureServer(home);
    const db = openDatabase(server, 1);
    let begun = 0;
    await transaction(db, async (calm) => {
      begun++;
      await takesItsTime(calm);
      await holdAndFreeze(server.connection, 9);
      await ask(server.connection, "select pg_advisory_lock(9)"); // until the other, which fell silent later, has lost it
      await sql`select 1`.execute(calm);
    });
    expect(begun).toBe(1);
    await db.destroy();
  });
});
