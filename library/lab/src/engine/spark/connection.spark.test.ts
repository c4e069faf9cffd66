import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { assayHome } from "../../db/home.ts";
import { ownCertificate } from "../../testing/own-certificate.ts";
import { type BreakingProxy, breakingProxy } from "../../testing/spark-proxy.ts";
import { tableOf } from "../from-arrow.ts";
import { type MessageJson, openSession, type SparkProgress, type SparkSession } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "spark-connection-"));
const { port, token } = inject("spark");
const parameters = `token=${encodeURIComponent(token)}`;
let proxy: BreakingProxy;
let session: SparkSession;
beforeAll(async () => {
  proxy = await breakingProxy(port);
  session = await openSession({ remote: `sc://127.0.0.1:${proxy.port}/;${parameters}` });
});
afterAll(async () => {
  await session.close();
  proxy.close();
  rmSync(folder, { recursive: true, force: true });
});

const sql = (query: string): MessageJson => ({ root: { sql: { query } } });

test("Spark's messages are read from pyspark once and kept in the home, by its version", () => {
  expect(readdirSync(join(assayHome(), "cache"))).toEqual([expect.stringMatching(/^spark-connect-4\.\d+\.\d+\.binpb$/)]);
});

test("an answer whose connection breaks goes on behind the last part that came", async () => {
  const before = proxy.cuts;
  proxy.cutAfter(2_000_000);
  const { batches } = await session.execute(sql("select id, repeat('x', 100) as ballast from range(0, 100000, 1, 8)"));
  expect(proxy.cuts).toBeGreaterThan(before);
  const ids = (await tableOf(batches)).getChild("id")!.toArray() as BigInt64Array;
  expect(Array.from(ids, Number)).toEqual(Array.from({ length: 100_000 }, (_, k) => k));
});

test("a request that never arrived is sent again", async () => {
  proxy.cut(2);
  const { batches } = await session.execute(sql("select 7 as n"));
  expect((await tableOf(batches)).getChild("n")!.get(0)).toBe(7);
});

test("a command whose connection breaks is done once", async () => {
  const operation = {
    input: { sql: { query: "select id, repeat('x', 100) as ballast from range(0, 3000000, 1, 4)" } },
    ...{ source: "parquet", path: join(folder, "once"), mode: "SAVE_MODE_ERROR_IF_EXISTS" },
  };
  proxy.cutAfter(300); // as the first words of its progress come
  const before = proxy.cuts;
  await session.execute({ command: { writeOperation: operation } });
  expect(proxy.cuts).toBeGreaterThan(before);
});

/** A query that runs for longer than any test, until it is aborted, which is when its tasks run. */
async function aborted(): Promise<void> {
  const stop = new AbortController();
  const onProgress = ({ running }: SparkProgress): void => void (running > 0 && stop.abort());
  const plan = sql("select count(*) from range(1000000000000) where id % 7 = 3");
  await expect(session.execute(plan, { signal: stop.signal, onProgress })).rejects.toThrow(/abort/i);
}

test("an abort ends the query on the server too: its processors are free", async () => {
  await aborted();
  const { batches } = await session.execute(sql("select count(*) as n from range(1000) where id % 7 = 3"));
  expect((await tableOf(batches)).getChild("n")!.get(0)).toBe(143n);
});

test("two queries of a session run side by side, and an abort ends its own alone", async () => {
  const other = session.execute(sql("select max(id) as n from range(0, 30000000, 1, 4)"));
  await aborted();
  expect((await tableOf((await other).batches)).getChild("n")!.get(0)).toBe(29_999_999n);
});

test("a server that wants a token refuses who has none or another", async () => {
  for (const given of ["", "/;token=wrong"])
    await expect(openSession({ remote: `sc://127.0.0.1:${port}${given}` })).rejects.toThrow(
      expect.objectContaining({ name: "AuthError", message: expect.stringContaining("does not take the token of SPARK_REMOTE") }),
    );
});

test("a token goes over TLS, to a server whose certificate is trusted", async () => {
  const { pem, ...own } = ownCertificate(folder);
  const encrypted = await breakingProxy(port, own);
  const remote = `sc://localhost:${encrypted.port}/;use_ssl=true;${parameters}`;
  try {
    await expect(openSession({ remote })).rejects.toThrow(/does not answer.*certificate/);
    const trusting = await openSession({ remote, roots: pem });
    expect(trusting.version).toMatch(/^4\./);
    await trusting.close();
  } finally {
    encrypted.close();
  }
});

test("a server that is not there is a StoreError with its address", async () => {
  const gone = await breakingProxy(port);
  gone.close();
  await expect(openSession({ remote: `sc://127.0.0.1:${gone.port}` })).rejects.toThrow(
    expect.objectContaining({
      name: "StoreError",
      message: expect.stringContaining(`at 127.0.0.1:${gone.port} does not answer`),
    }),
  );
});
