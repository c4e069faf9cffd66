import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import "../../job-kinds.ts";
import type { TrainingSessionInfo } from "../../contract/exoplanet.ts";
import { deleteDataset } from "../../datasets/index.ts";
import { jobEnded } from "../../jobs/index.ts";
import type { Opened } from "../../projects/session.ts";
import { livingWorker, signalAll } from "../../testing/start-worker.ts";
import { testSession } from "../../testing/test-session.ts";
import { uploadSignals } from "./datasets.ts";
import { exampleSignals } from "./example-signals.ts";
import { getSession, startSession } from "./sessions.ts";

let opened: Opened & { readonly home: string };
let worker: ChildProcess;
beforeAll(async () => {
  opened = await testSession();
  await uploadAs("signals");
  worker = await livingWorker(opened.session, ["--concurrency", "2"]);
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await opened.close();
});

async function uploadAs(name: string): Promise<void> {
  const path = join(opened.home, `${name}.csv`);
  writeFileSync(path, exampleSignals({ rows: 300 }));
  await uploadSignals(opened.session, path, { name });
}

async function ended(id: string): Promise<TrainingSessionInfo> {
  const { job_id } = await getSession(opened.session, id);
  await jobEnded(opened.session, job_id!);
  return getSession(opened.session, id);
}

describe("two sessions at once", () => {
  let done: readonly TrainingSessionInfo[];
  beforeAll(async () => {
    worker.kill("SIGSTOP"); // it finds both when it looks, however long the second takes to be asked for
    const ids = [];
    for (const seed of [1, 2]) {
      const started = await startSession(opened.session, { dataset_id: "signals", epochs: 4, random_seed: seed });
      ids.push(started.session_id);
    }
    worker.kill("SIGCONT");
    done = await Promise.all(ids.map(ended));
  });

  test("train side by side", () => {
    const [first, second] = done.map(({ started_at, ended_at }) => ({
      from: Date.parse(started_at!),
      to: Date.parse(ended_at!),
    }));
    expect(done.map(({ session_status, error }) => ({ session_status, error }))).toEqual([
      { session_status: "completed", error: null },
      { session_status: "completed", error: null },
    ]);
    expect(second!.from).toBeLessThan(first!.to);
    expect(first!.from).toBeLessThan(second!.to);
  });

  test("keep their epochs apart, each whole", () => {
    for (const { history } of done) expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(done[0]!.history).not.toEqual(done[1]!.history);
  });

  test("leave two versions of the model under names of their own", () => {
    expect(new Set(done.map(({ saved_as }) => saved_as)).size).toBe(2);
    expect(new Set(done.map(({ model_id }) => model_id)).size).toBe(2);
  });
});

test("a session whose loss diverges fails with the reason and leaves no model", async () => {
  const { session_id: id } = await startSession(opened.session, { dataset_id: "signals", epochs: 10, learning_rate: 100 });
  const done = await ended(id);
  expect(done).toMatchObject({ session_status: "failed", saved_as: null, model_id: null });
  expect(done.error).toMatch(/the loss .* in epoch \d+.*; lower learning/);
  expect(done.logs.some(({ level, message }) => level === "error" && message.includes("the loss"))).toBe(true);
});

describe("a dataset that is deleted", () => {
  test("before a session is asked for is not found", async () => {
    await uploadAs("gone");
    await deleteDataset(opened.session, "gone");
    await expect(startSession(opened.session, { dataset_id: "gone" })).rejects.toThrow(/gone/);
  });

  test("by force, since a session used it, leaves that session readable with its epochs", async () => {
    await uploadAs("passing");
    const { session_id: id } = await startSession(opened.session, { dataset_id: "passing", epochs: 2 });
    const before = await ended(id);
    await expect(deleteDataset(opened.session, "passing")).rejects.toThrow(/used/);
    await deleteDataset(opened.session, "passing", { force: true });
    await expect(startSession(opened.session, { dataset_id: "passing" })).rejects.toThrow("passing");
    const after = await getSession(opened.session, id);
    expect(after.dataset).toBe("passing@1");
    expect(after.history).toEqual(before.history);
    expect(after.saved_as).toBe(before.saved_as);
  });
});
