import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { orderWrites } from "../db/events.ts";
import { type Opened, openSession } from "../projects/session.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { createRun, getRun } from "../tracking/index.ts";
import { saveCheckpoint } from "./checkpoints.ts";
import { cancelJob, getJob, listJobs, queueJob, queueJobs, retryJob, submitJob } from "./index.ts";
import { crashJobs, endJob, endJobs, giveBack, reclaimJobs, renewLeases, takeJobs } from "./leases.ts";

let opened: Opened;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

const take = (count = 1, worker = "w") =>
  takeJobs(session().db, { worker, count, kinds: ["test-echo", "test-steps"], leaseSeconds: 30 });
const echo = (options = {}) => queueJob(session(), "test-echo", { value: 1 }, options);
const clear = async () => {
  await sql`update jobs set status = 'cancelled' where status in ('queued', 'running')`.execute(session().db);
};

describe("a waiting job", () => {
  test("of higher priority is taken before older ones", async () => {
    await clear();
    const low = await echo();
    const high = await echo({ priority: 5 });
    expect((await take(2)).map(({ jobId }) => jobId)).toEqual([high.jobId, low.jobId]);
    await clear();
    await echo();
    const urgent = await echo({ priority: 9 });
    expect((await take())[0]!.jobId).toBe(urgent.jobId);
  });

  test("is not taken before its time", async () => {
    await clear();
    const { jobId } = await echo({ notBefore: new Date(Date.now() + 60_000) });
    expect(await take()).toEqual([]);
    await sql`update jobs set not_before = now() where id = ${jobId}`.execute(session().db);
    expect((await take()).length).toBe(1);
  });

  test("of a kind that a worker does not know is left to others", async () => {
    await clear();
    await queueJob(session(), "test-sleep", { ms: 1 });
    expect(await take()).toEqual([]);
  });

  test("is taken by one of many workers", async () => {
    await clear();
    const ids = await queueJobs(
      session(),
      "test-echo",
      Array.from({ length: 60 }, (_, value) => ({ value })),
    );
    const taken = await Promise.all(Array.from({ length: 8 }, (_, k) => take(10, `w${k}`)));
    const all = taken.flat().map(({ jobId }) => jobId);
    expect(all.sort()).toEqual([...ids].sort());
  });
});

describe("submitted again under the same key, a job", () => {
  test("is queued once, also by two at a time", async () => {
    const key = { idempotencyKey: "once" };
    const all = await Promise.all([echo(key), echo(key), echo(key)]);
    expect(new Set(all.map(({ jobId }) => jobId)).size).toBe(1);
    expect(await echo(key)).toEqual(all[0]);
  });

  test("of another request is refused", async () => {
    await echo({ idempotencyKey: "twice" });
    await expect(queueJob(session(), "test-echo", { value: 2 }, { idempotencyKey: "twice" })).rejects.toThrow(
      'the idempotency key "twice" was used for another request',
    );
  });
});

test("jobs with a run are queued side by side by more callers than there are connections", async () => {
  const few = await openSession({ connections: 2 });
  const request = { steps: 1, ms: 1 };
  const callers = Array.from({ length: 12 }, () =>
    submitJob(few.session, "test-steps", request, { idempotencyKey: "many at once" }),
  );
  const [first, ...others] = await Promise.all([...callers, submitJob(few.session, "test-steps", request)]);
  expect(new Set([first, ...others].map(({ jobId }) => jobId)).size).toBe(2);
  await few.close();
});

describe("a held job", () => {
  test("ends once with its run, whoever else believes to hold it", async () => {
    await clear();
    const { runId } = await submitJob(session(), "test-steps", { steps: 1, ms: 0 });
    const [first] = await take();
    await crashJobs(session().db, [first!], "gone");
    await sql`update jobs set not_before = now()`.execute(session().db);
    const [second] = await take();
    expect([first!.attempt, second!.attempt]).toEqual([1, 2]);
    expect(await renewLeases(session().db, [first!], 30)).toEqual(new Set());
    expect(await endJob(session(), first!, "failed", { error: "too late" })).toBe(false);
    expect((await getRun(session(), runId!)).status).toBe("training");
    expect(await endJob(session(), second!, "completed", { result: { fine: true } })).toBe(true);
    expect(await getRun(session(), runId!)).toMatchObject({ status: "completed", error: null });
    expect(await getJob(session(), second!.jobId)).toMatchObject({ job_status: "completed", results: { fine: true } });
  });

  test("has its checkpoints until it has ended, whatever an attempt does that was taken over", async () => {
    await clear();
    const { runId } = await submitJob(session(), "test-steps", { steps: 1, ms: 0 });
    const [first] = await take();
    await saveCheckpoint(session(), runId!, { step: 1, steps: 2, state: null });
    const checkpoints = async () =>
      (await getRun(session(), runId!)).artifacts.filter(({ kind }) => kind === "checkpoint").length;
    await crashJobs(session().db, [first!], "gone");
    await sql`update jobs set not_before = now()`.execute(session().db);
    const [second] = await take();
    await endJob(session(), first!, "completed", { forgets: true });
    expect(await checkpoints()).toBe(1);
    await endJob(session(), second!, "completed", { forgets: true });
    expect(await checkpoints()).toBe(0);
  });

  test("given back is taken again at once, and that is no crash", async () => {
    await clear();
    await echo({ retries: 0 });
    const [first] = await take();
    await giveBack(session().db, [first!]);
    const [second] = await take();
    expect([second!.jobId, second!.attempt]).toEqual([first!.jobId, 2]);
    expect(await getJob(session(), first!.jobId)).toMatchObject({ dead: false });
  });

  test("whose lease ran out goes to another; one whose lease holds does not", async () => {
    await clear();
    await echo();
    const [lost] = await take();
    await echo();
    const [held] = await take();
    await sql`update jobs set lease_until = now() - interval '1 second' where id = ${lost!.jobId}`.execute(session().db);
    await reclaimJobs(session().db, 0);
    expect(
      [await getJob(session(), lost!.jobId), await getJob(session(), held!.jobId)].map(({ job_status }) => job_status),
    ).toEqual(["queued", "running"]);
  });

  test("of which the run has ended already ends as the run did", async () => {
    await clear();
    const { runId, jobId } = await submitJob(session(), "test-steps", { steps: 1, ms: 0 });
    await sql`update runs set status = 'completed' where id = ${runId}`.execute(session().db);
    expect(await take()).toEqual([]);
    expect((await getJob(session(), jobId)).job_status).toBe("completed");
  });
});

describe("a job whose workers always end in the middle", () => {
  test("goes to the dead-letter list with its error after its retries, and its run fails with it", async () => {
    await clear();
    const { jobId, runId } = await submitJob(session(), "test-steps", { steps: 1, ms: 0 }, { retries: 1 });
    for (let attempt = 1; attempt <= 2; attempt++) {
      await sql`update jobs set not_before = now() where id = ${jobId}`.execute(session().db);
      await crashJobs(session().db, await take(), "its process ended with SIGSEGV");
    }
    const { items } = await listJobs(session(), { dead: true });
    expect(items[0]).toMatchObject({
      job_id: jobId,
      job_status: "failed",
      error: "its process ended with SIGSEGV, 2 times",
      attempt: 2,
    });
    expect(await getRun(session(), runId!)).toMatchObject({ status: "failed", error: "its process ended with SIGSEGV, 2 times" });
    expect(await take()).toEqual([]);
  });

  test("is brought back by a retry, as another attempt of the same run", async () => {
    const [dead] = (await listJobs(session(), { dead: true })).items;
    await retryJob(session(), dead!.job_id);
    const [taken] = await take();
    expect(taken).toMatchObject({ jobId: dead!.job_id, attempt: 3 });
    await endJob(session(), taken!, "completed");
    expect(await getRun(session(), dead!.run_id!)).toMatchObject({ status: "completed", error: null });
    await expect(retryJob(session(), dead!.job_id)).rejects.toThrow("only failed and cancelled jobs can");
  });
});

test("what a process writes for an attempt that was taken over is refused by the database itself", async () => {
  await clear();
  const { openDatabase } = await import("../db/database.ts");
  const { ActiveRun } = await import("../tracking/index.ts");
  const { runId } = await submitJob(session(), "test-steps", { steps: 1, ms: 0 });
  const [first] = await take();
  const db = openDatabase(opened.server, 2, { attempt: `${first!.jobId}/1` });
  const run = new ActiveRun({ ...session(), db }, runId!);
  run.log({ loss: 1 }, { step: 1 });
  await run.flush();
  await giveBack(session().db, [first!]);
  const [second] = await take();
  run.log({ loss: 2 }, { step: 2 });
  await expect(run.flush()).rejects.toThrow(/attempt .*\/1 has ended or was taken over/);
  await expect(endJob({ ...session(), db }, first!, "failed", { error: "late" })).rejects.toThrow("has ended or was taken over");
  await db.destroy();
  await endJob(session(), second!, "completed");
  expect((await getRun(session(), runId!)).metrics).toEqual({ "train.loss": 1 });
});

test("a cancelled job's run is cancelled in the same moment", async () => {
  await clear();
  const { jobId, runId } = await submitJob(session(), "test-steps", { steps: 1, ms: 0 });
  await take();
  await cancelJob(session(), jobId);
  expect((await getRun(session(), runId!)).status).toBe("cancelled");
  await expect(cancelJob(session(), jobId)).rejects.toThrow("is cancelled and cannot be cancelled");
});

test("a cancel waits for what is being written into the job's run, and holds the writer up by nothing", async () => {
  await clear();
  const { jobId, runId } = await submitJob(session(), "test-steps", { steps: 1, ms: 0 });
  await take();
  let cancelled: Promise<void> | undefined;
  await session()
    .db.transaction()
    .execute(async (writer) => {
      await orderWrites(writer, runId!);
      cancelled = cancelJob(session(), jobId);
      const waiting = sql`select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`;
      while ((await waiting.execute(opened.session.db)).rows.length === 0);
      await sql`select from jobs where id = ${jobId} for share nowait`.execute(writer); // as the trigger of its writes
    });
  await cancelled;
  expect((await getRun(session(), runId!)).status).toBe("cancelled");
});

test("a job may do a run that is there", async () => {
  const id = await createRun(session(), { experiment: "default", name: "mine" });
  const { runId } = await queueJob(session(), "test-steps", { steps: 1, ms: 0 }, { run: { id } });
  expect(runId).toBe(id);
});

test("an unknown kind is refused with the near name", async () => {
  await expect(queueJob(session(), "test-eco", {})).rejects.toThrow('job: no kind "test-eco", did you mean test-echo');
});

test("many jobs without a run end at once", async () => {
  await clear();
  await queueJobs(
    session(),
    "test-echo",
    Array.from({ length: 100 }, (_, value) => ({ value })),
  );
  const taken = await take(100);
  expect((await endJobs(session().db, taken, "completed", { result: { n: 1 } })).length).toBe(100);
});
