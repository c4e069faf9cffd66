import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "assay";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { socketFolder } from "../db/home.ts";
import { listen } from "../db/listener.ts";
import { openStoreOf, serveTransfers, transferSubject } from "../db/store-transfer.ts";
import type { Opened } from "../projects/session.ts";
import { deployRun, predict } from "../registry/index.ts";
import "../job-kinds.ts";
import { flowers } from "../testing/flowers.ts";
import { livingWorker, shortLease, signalAll } from "../testing/start-worker.ts";
import { type SwallowingProxy, swallowingProxy } from "../testing/swallowing-proxy.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { getRun, metricSeries } from "../tracking/index.ts";
import { getJob, jobEnded, submitJob } from "./index.ts";

let opened: Opened;
let serving: NodeJS.Timeout | undefined;
const session = () => opened.session;
const workers: ChildProcess[] = [];
const folders: string[] = [];
let proxy: SwallowingProxy | undefined;
beforeAll(async () => {
  opened = await testSession();
  await uploadDataset(session(), flowers(), { name: "flowers" });
});
afterEach(() => {
  for (const worker of workers.splice(0)) signalAll(worker, "SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  clearInterval(serving);
  proxy?.close();
});
afterAll(() => opened.close());

const elsewhere = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), "assay-far-")));
  return folders.at(-1)!;
};
/** Serves transfers as service and workers beside the home store do. */
const serveHome = (): void => {
  serving = setInterval(() => void serveTransfers(session().db, session().store).catch(() => {}), 50);
};
/** Without the cut after the silence nothing would end for a quarter of an hour: so long the system itself waits. */
const ended = (jobId: string) => jobEnded(session(), jobId, AbortSignal.timeout(280_000));

test("a worker on another machine trains: rows come and the model goes through the database", async () => {
  serveHome();
  const far = elsewhere();
  workers.push(await livingWorker(session(), ["--database-url", process.env["DATABASE_URL"]!], { ASSAY_HOME: far }));
  const { jobId, runId } = await submitJob(session(), "train", {
    dataset_id: "flowers",
    target_column: "kind",
    algorithm: "decision_tree",
  });
  expect(await ended(jobId)).toMatchObject({ job_status: "completed", error: null });
  expect(existsSync(join(far, "store", "datasets"))).toBe(true);
  const { model_id } = await deployRun(session(), runId!, { name: "far" });
  const row = { petal_length: 3.1, petal_width: 1, colour: "blue", kind: "bellis", field: "field 1" };
  expect((await predict(session(), model_id, row)).prediction.length).toBe(1);
  const left = await session().db.selectFrom("file_transfers").select("id").execute();
  expect(left).toEqual([]);
});

test("a file that the home store does not have is said, and the guest's own folder never leads out of its store", async () => {
  serveHome();
  const home = process.env["ASSAY_HOME"];
  process.env["ASSAY_HOME"] = elsewhere();
  try {
    const guest = await openStoreOf(session().db, { claims: false });
    await expect(guest.fetch("datasets/none.parquet")).rejects.toThrow(
      /store: datasets\/none.parquet could not be transferred: ENOENT/,
    );
    await expect(guest.fetch("../none")).rejects.toThrow(StoreError);
  } finally {
    process.env["ASSAY_HOME"] = home;
  }
});

test("who serves files is woken by whoever asks for one", async () => {
  const { promise: woken, resolve } = Promise.withResolvers<void>();
  const ignore = await listen((wake) => wake?.subject === transferSubject && resolve());
  const home = process.env["ASSAY_HOME"];
  process.env["ASSAY_HOME"] = elsewhere();
  try {
    const guest = await openStoreOf(session().db, { claims: false });
    const fetched = guest.fetch("datasets/none.parquet").catch(() => {});
    await woken;
    serveHome();
    await fetched;
  } finally {
    process.env["ASSAY_HOME"] = home;
    await ignore();
  }
});

test("a large file comes whole in parts", async () => {
  serveHome();
  const bytes = Buffer.alloc(5_500_000, "assay");
  const home = process.env["ASSAY_HOME"];
  process.env["ASSAY_HOME"] = elsewhere();
  try {
    const guest = await openStoreOf(session().db, { claims: false });
    const { hash } = await guest.write("models/large", bytes);
    expect(await session().store.write("models/copy", bytes)).toMatchObject({ hash });
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(session().store.path("models/large")).equals(bytes)).toBe(true);
    rmSync(guest.path("models/large"));
    expect(readFileSync(await guest.fetch("models/large")).equals(bytes)).toBe(true);
    await guest.remove("models/large");
    while (existsSync(session().store.path("models/large"))) await sleep(20);
  } finally {
    process.env["ASSAY_HOME"] = home;
  }
});

test("a worker whose connections fall silent is back in bounded time, and its job is done once", async () => {
  proxy = await swallowingProxy(join(socketFolder(process.env["ASSAY_TEST_HOME"]!), ".s.PGSQL.5432"));
  const url = new URL(process.env["DATABASE_URL"]!);
  const address = `postgresql://assay@127.0.0.1:${proxy.port}${url.pathname}`;
  workers.push(await livingWorker(session(), shortLease, { DATABASE_URL: address, ASSAY_SILENCE_SECONDS: "5" }));
  const after = join(elsewhere(), "silent");
  const { jobId, runId } = await submitJob(session(), "test-steps", { steps: 20, ms: 20, after });
  const steps = async () => (await metricSeries(session(), [runId!])).find(({ name }) => name === "step")?.steps ?? [];
  while ((await steps()).length < 3) await sleep(50);
  proxy.swallow();
  writeFileSync(after, "");
  expect(await ended(jobId)).toMatchObject({ job_status: "completed", error: null });
  expect(await steps()).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
  expect((await getRun(session(), runId!)).status).toBe("completed");
  expect((await getJob(session(), jobId)).attempt).toBeLessThanOrEqual(4);
});
