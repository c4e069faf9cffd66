import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createSchedule, getSchedule, jobEnded } from "../../jobs/index.ts";
import type { Opened } from "../../projects/session.ts";
import { livingWorker } from "../../testing/start-worker.ts";
import { testSession } from "../../testing/test-session.ts";
import { createSource } from "./create-source.ts";
import "./etl-job.ts";
import { listEtlRuns } from "./etl-runs.ts";

let opened: Opened;
let worker: ChildProcess;
const folder = mkdtempSync(join(tmpdir(), "etl-schedule-"));
const until = "2026-06-30T00:00:00.000Z";

beforeAll(async () => {
  opened = await testSession();
  await createSource(opened.server.connection, folder, { users: 200, items: 60, interactions: 6000, until: new Date(until) });
  worker = await livingWorker(opened.session, [], { ETL_MIN_TRAIN_MB: "0.01", ETL_MIN_TEST_MB: "0.01" });
});
afterAll(async () => {
  worker.kill();
  rmSync(folder, { recursive: true, force: true });
  await opened.close();
});

/** Lets the schedule be due, and waits for the job that a worker queues and does for it. */
async function fire(id: string): Promise<string | null> {
  const { session } = opened;
  const { last_job_id: former } = await getSchedule(session, id);
  await sql`update schedules set next_at = now() where id = ${id}`.execute(session.db);
  const fired = await vi.waitFor(
    async () => {
      const { last_job_id } = await getSchedule(session, id);
      if (last_job_id === null || last_job_id === former) throw new Error("it has not fired yet");
      return last_job_id;
    },
    { timeout: 120_000, interval: 100 },
  );
  const { job_status, error } = await jobEnded(session, fired);
  expect([job_status, error]).toEqual(["completed", null]);
  return fired;
}

test("a weekly schedule makes 1.0, then the refreshes 1.1 and 1.2, and overwrites none", { timeout: 400_000 }, async () => {
  const { session } = opened;
  const made = await createSchedule(session, {
    name: "weekly refresh",
    cron: "0 3 * * 1",
    timezone: "UTC",
    kind: "etl",
    request: { version: "next", until },
  });
  expect(new Date(made.next_at!).getUTCDay()).toBe(1);
  for (let week = 0; week < 3; week++) await fire(made.schedule_id);
  const { items } = await listEtlRuns(session);
  expect(items.map(({ version, run_status }) => [version, run_status])).toEqual(
    ["1.2", "1.1", "1.0"].map((version) => [version, "completed"]),
  );
  expect(items.map(({ train_dataset }) => train_dataset)).toEqual([3, 2, 1].map((n) => `recommendation_train@${n}`));
  const datasets = session.store.path(`recommendation/project_${session.projectId}/datasets`);
  expect(readdirSync(datasets).sort()).toEqual(["v1.0", "v1.1", "v1.2"]);
});
