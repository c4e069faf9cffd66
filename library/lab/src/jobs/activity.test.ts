import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defineFeatureView, deleteFeatureView, materialize, uploadDataset } from "../datasets/index.ts";
import { listActivity } from "../projects/index.ts";
import type { Opened } from "../projects/session.ts";
import { flowers } from "../testing/flowers.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { cancelJob, changeSchedule, createSchedule, deleteSchedule, queueJob, queueJobs, retryJob } from "./index.ts";
import { fireSchedules } from "./schedules.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

/** What was done in the project to things of a kind, oldest first. */
async function deeds(of: string): Promise<(readonly [string, string])[]> {
  const { db, projectId } = opened.session;
  const { items } = await listActivity(db, { projectId }, { limit: 500 });
  const found = items.filter(({ action }) => action.startsWith(`${of}.`));
  return found.map(({ action, subject }) => [action, subject] as const).reverse();
}

test("the log of activity says who queued, cancelled and retried which job, and of many at once one line", async () => {
  const { session } = opened;
  const { jobId } = await queueJob(session, "test-echo", {});
  await cancelJob(session, jobId);
  await retryJob(session, jobId);
  await expect(retryJob(session, jobId)).rejects.toThrow("cannot be retried");
  const [first] = await queueJobs(session, "test-echo", [{}, {}, {}]);
  const subject = `job/${jobId}`;
  expect(await deeds("job")).toEqual([
    ["job.queue", subject],
    ["job.cancel", subject],
    ["job.retry", subject],
    ["job.queue", `job/${first}`],
  ]);
});

test("the log of activity says who made, changed and removed a schedule; its firings are nobody's deeds", async () => {
  const { session } = opened;
  const before = await deeds("job");
  const { schedule_id: id } = await createSchedule(session, {
    name: "nightly",
    cron: "0 3 1 1 *",
    kind: "test-echo",
    request: {},
  });
  await sql`update schedules set next_at = now() where id = ${id}`.execute(session.db);
  expect(await fireSchedules(session)).toBe(1);
  await changeSchedule(session, id, { paused: true });
  await deleteSchedule(session, id);
  expect(await deeds("schedule")).toEqual([
    ["schedule.create", "nightly"],
    ["schedule.change", "nightly"],
    ["schedule.delete", "nightly"],
  ]);
  expect(await deeds("job")).toEqual(before);
});

test("the log of activity says who defined, materialised and removed a feature view", async () => {
  const { session } = opened;
  const rows = flowers().derive({ day: () => new Date(0), flower: (_, i) => `f${i}` });
  await uploadDataset(session, rows, { name: "flowers" });
  await defineFeatureView(session, {
    name: "petals",
    source: { kind: "dataset", datasets: { rows: "flowers" } },
    entity: "flower",
    event_time: "day",
  });
  await materialize(session, "petals");
  await deleteFeatureView(session, "petals");
  expect(await deeds("feature_view")).toEqual([
    ["feature_view.define", "petals@1"],
    ["feature_view.materialize", "petals@1"],
    ["feature_view.delete", "petals"],
  ]);
});
