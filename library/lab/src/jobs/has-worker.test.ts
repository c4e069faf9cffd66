import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { holdLock, writing } from "../db/hold.ts";
import type { Opened } from "../projects/session.ts";
import { applicationDatabase } from "../testing/application-database.ts";
import { testSession } from "../testing/test-session.ts";
import { hasWorker, workers } from "./worker.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

test("a worker that holds its lock is seen as long as it does", async () => {
  const release = await holdLock(workers, "worker");
  expect(await hasWorker(opened.session)).toBe(true);
  await release();
  await expect.poll(() => hasWorker(opened.session), { timeout: 100_000 }).toBe(false); // the server ends what a client left
});

test("whoever writes a log of workouts is no worker", async () => {
  const release = await holdLock(writing.workouts, "a/b", { alone: true });
  expect(await hasWorker(opened.session)).toBe(false);
  await release();
});

test("a worker of another database on the same server is none of this one", async () => {
  const elsewhere = new pg.Client(await applicationDatabase(opened));
  await elsewhere.connect();
  await elsewhere.query("select pg_advisory_lock_shared($1, hashtext('worker'))", [workers]);
  expect(await hasWorker(opened.session)).toBe(false);
  await elsewhere.end();
});
