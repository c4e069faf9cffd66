import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import type { Opened } from "../projects/session.ts";
import { flowers } from "../testing/flowers.ts";
import { testSession } from "../testing/test-session.ts";
import "../job-kinds.ts";
import { createSchedule, getJob, getSchedule, planTraining, queueTraining, submitJob } from "./index.ts";
import { takeJobs } from "./leases.ts";
import { memoryOfTraining } from "./memory.ts";
import { fireSchedules } from "./schedules.ts";

let opened: Opened;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
  await uploadDataset(session(), flowers(), { name: "flowers" });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sql`delete from workers`.execute(session().db);
});
afterAll(() => opened.close());

const training = { dataset_id: "flowers", target_column: "kind", algorithm: "random_forest" };

/** A worker that lives and gives each job so many MB. */
const live = (name: string, memoryMb: number) =>
  sql`insert into workers (name, concurrency, threads, memory_mb, lease_seconds) values (${name}, 1, 1, ${memoryMb}, 60)`.execute(
    session().db,
  );

test("what a training needs grows with rows, columns and what its algorithm is known to take", () => {
  const small = { algorithm: "ridge", rows: 1_048_576, columns: 11, features: 10 };
  expect(memoryOfTraining(small)).toEqual({ megabytes: 100 + 11 * 16 + 10 * 8, of: "ridge on 1,048,576 rows × 11 columns" });
  expect(memoryOfTraining({ ...small, rows: 2 * small.rows }).megabytes).toBe(100 + 2 * (11 * 16 + 10 * 8));
  expect(memoryOfTraining({ ...small, algorithm: "knn" }).megabytes).toBe(100 + 11 * 16 + 10 * 18);
});

test("a training that no living worker could hold is refused with the figures, and leaves no run", async () => {
  await live("small", 90);
  await live("smaller", 70);
  const sentence =
    "train: random_forest on 150 rows × 5 columns needs at least 101 MB, and the largest worker gives a job 90 MB: take fewer rows or columns, or start a worker with more (ASSAY_MEMORY_MB divided by --concurrency)";
  await expect(submitJob(session(), "train", training)).rejects.toThrow(sentence);
  const planned = await planTraining(session(), training);
  await expect(queueTraining(session(), planned, { experiment: "e" })).rejects.toMatchObject({ name: "LimitError" });
  expect(await session().db.selectFrom("runs").select("id").execute()).toEqual([]);
});

test("where no worker lives, the share of this machine's own is asked", async () => {
  vi.stubEnv("ASSAY_MEMORY_MB", "80");
  await expect(submitJob(session(), "train", training)).rejects.toThrow("the largest worker gives a job 80 MB");
});

test("a schedule whose training no worker could hold says so", async () => {
  await live("small", 90);
  const { schedule_id: id } = await createSchedule(session(), {
    name: "large",
    cron: "0 3 1 1 *",
    kind: "train",
    request: training,
  });
  await sql`update schedules set next_at = now() where id = ${id}`.execute(session().db);
  expect(await fireSchedules(session())).toBe(1);
  expect((await getSchedule(session(), id)).error).toContain("needs at least 101 MB");
});

test("a job is left by workers that give less than it needs, and taken by one that gives enough", async () => {
  await live("large", 4000);
  const { jobId } = await submitJob(session(), "train", training);
  expect((await getJob(session(), jobId)).memory_mb).toBe(101);
  const take = (memoryMb: number) =>
    takeJobs(session().db, { worker: `of ${memoryMb}`, count: 1, kinds: ["train"], memoryMb, leaseSeconds: 30 });
  expect(await take(100)).toEqual([]);
  expect((await take(101)).map((job) => job.jobId)).toEqual([jobId]);
});
