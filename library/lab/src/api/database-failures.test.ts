import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "assay";
import { sql } from "kysely";
import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { route } from "../contract/route.ts";
import { answer } from "../contract/values.ts";
import { openDatabase } from "../db/database.ts";
import { makeLogger } from "../log.ts";
import { testService } from "../testing/test-service.ts";
import { handle } from "./handle.ts";

const lines: string[] = [];
let slow = 0;
vi.stubEnv("LOG_FORMAT", "json");
const service = testService({ logger: makeLogger("api", { write: (line) => lines.push(line) }) }, async ({ app, session }) => {
  app.get("/api/ml/wait", async () => (await sql`select pg_sleep(60)`.execute(session.db)).rows);
  let asked = 0;
  handle(
    app,
    route({ method: "GET", path: "/api/ml/read", summary: "", answer: answer({ asked: z.number() }), example: {} }),
    async () => {
      if (++asked === 1) await sql`select pg_sleep(60)`.execute(session.db);
      return { asked };
    },
  );
  handle(app, route({ method: "GET", path: "/api/ml/slow", summary: "", answer: answer({}), example: {} }), async () => {
    slow++;
    throw Object.assign(new Error("canceling statement due to statement timeout"), { code: "57014" });
  });
  app.get("/api/ml/refuse", async ({ query }) => {
    throw new StoreError(`database: ${(query as { said: string }).said}`);
  });
  app.get("/api/ml/fail/:code", async ({ params }) => {
    const { code } = params as { code: string };
    throw Object.assign(new Error("as PostgreSQL says it"), { code });
  });
});
beforeEach(() => void (lines.length = 0));

/** Ends the connections that wait, as a database does that goes down. */
async function endWaiting(): Promise<void> {
  const other = openDatabase(service.opened.server, 1);
  const waiting = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query = 'select pg_sleep(60)' and state = 'active'`;
  while ((await waiting.execute(other)).rows.length === 0) await sleep(10);
  await other.destroy();
}

test("a database that goes down in the middle of a request is 503 with Retry-After, and the next request is answered", async () => {
  const answered = service.app.inject({ url: "/api/ml/wait" });
  await endWaiting();
  const { statusCode, headers, body } = await answered;
  expect([statusCode, headers["retry-after"]]).toEqual([503, "2"]);
  expect(JSON.parse(body)).toMatchObject({
    type: "urn:assay:problem:store",
    detail: "database: it went away before it answered: look whether what was asked is done, and try again",
  });
  expect((await service.app.inject({ url: "/api/ml/runs/columns" })).statusCode).toBe(200);
});

test("a route that reads does so once more", async () => {
  const answered = service.app.inject({ url: "/api/ml/read" });
  await endWaiting();
  expect((await answered).json()).toEqual({ status: "success", asked: 2 });
});

test("a question that the database gave up is not asked again", async () => {
  expect((await service.app.inject({ url: "/api/ml/slow" })).statusCode).toBe(503);
  expect(slow).toBe(1);
});

test("the line of a request that the service could not answer says why", async () => {
  const { db } = service.session;
  await sql`update kysely_migration set name = 'was 0012' where name like '0012%'`.execute(db);
  await service.app.inject({ url: "/ready" });
  await sql`update kysely_migration set name = '0012_operations.sql' where name = 'was 0012'`.execute(db);
  const line = lines.map((each) => JSON.parse(each)).find(({ status }) => status === 503);
  expect(line).toMatchObject({ level: "warn", msg: expect.stringMatching(/ 503 .* ms: not ready: .*run assay db migrate/) });
});

test.each([
  ["53100", "its disk is full"],
  ["53200", "it cannot work now: as PostgreSQL says it"],
  ["53300", "no connection to it is free"],
  ["40P01", "others are writing the same"],
  ["57014", "it gave the question up"],
  ["XX001", "it is damaged"],
])("a failure %s of the database is no fault of the service: %s", async (code, words) => {
  const { statusCode, body } = await service.app.inject({ url: `/api/ml/fail/${code}` });
  expect([statusCode, JSON.parse(body).detail]).toEqual([503, expect.stringContaining(words)]);
});

test("an answer says neither paths nor addresses of this machine; the log does", async () => {
  for (const said of [
    "connect ENOENT /run/pg/.s.PGSQL.5432",
    "connect ECONNREFUSED 10.0.0.7:5432",
    "the disk of /srv/store has 5 MB free",
  ]) {
    const { statusCode, headers, body } = await service.app.inject({ url: `/api/ml/refuse?said=${encodeURIComponent(said)}` });
    expect([statusCode, headers["retry-after"]]).toEqual([503, "5"]);
    expect(JSON.parse(body).detail).toBe(`database: ${said.replace(/\/\S+|10\S+/, "…")}`);
  }
});

test("what has the code of another system's failure stays an error of the service", async () => {
  for (const code of ["ENOENT", "ECONNRESET", "EPIPE"])
    expect((await service.app.inject({ url: `/api/ml/fail/${code}` })).statusCode).toBe(500);
});
