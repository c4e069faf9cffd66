import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import type { Opened } from "../projects/session.ts";
import "../job-kinds.ts";
import { brokenOff } from "../testing/broken-off.ts";
import { flowers } from "../testing/flowers.ts";
import { modelBytes } from "../testing/model-bytes.ts";
import { endLeases, livingWorker, signalAll } from "../testing/start-worker.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { getRun, metricSeries, placeNow, runLogs, subscribe, systemSeries } from "../tracking/index.ts";
import { cancelJob, getJob, jobEnded, jobLogs, type QueuedJob, queueJob, retryJob, submitJob } from "./index.ts";

let opened: Opened & { readonly home: string };
const session = () => opened.session;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  opened = await testSession();
  await uploadDataset(session(), flowers(), { name: "flowers" });
});
afterEach(() => {
  for (const worker of workers.splice(0)) signalAll(worker, "SIGKILL");
});
afterAll(() => opened.close());

async function worker(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const started = await livingWorker(session(), args, env);
  workers.push(started);
  return started;
}
const ended = (jobId: string) => jobEnded(session(), jobId, AbortSignal.timeout(280_000));
const running = async (jobId: string): Promise<void> => {
  while ((await getJob(session(), jobId)).job_status !== "running") await sleep(50);
};

describe("a worker of two at a time", () => {
  // one worker serves all of these: what a job does to its process must not reach it
  let steady: ChildProcess;
  beforeAll(async () => {
    steady = await worker(["--concurrency", "2"], { ASSAY_MEMORY_MB: "800" });
    workers.length = 0;
  });
  afterAll(() => signalAll(steady, "SIGKILL"));

  test("gives a job's result back", async () => {
    const { jobId } = await queueJob(session(), "test-echo", { fine: [1, "two"] });
    expect(await ended(jobId)).toMatchObject({ job_status: "completed", results: { fine: [1, "two"] }, attempt: 1, error: null });
  });

  test("does two side by side", async () => {
    const jobs = await Promise.all([1, 2].map(() => queueJob(session(), "test-sleep", { ms: 600_000 })));
    await Promise.all(jobs.map(({ jobId }) => running(jobId)));
    for (const { jobId } of jobs) await cancelJob(session(), jobId);
  });

  test("shows log lines and progress with the time that is left of a job without a run", async () => {
    const { jobId } = await queueJob(session(), "test-sleep", { ms: 600_000 });
    let { progress } = await getJob(session(), jobId);
    while (!progress) {
      await sleep(50);
      ({ progress } = await getJob(session(), jobId));
    }
    expect(progress).toMatchObject({ step: 1, steps: 4, eta_ms: expect.any(Number) });
    expect((await jobLogs(session(), jobId)).map(({ message }) => message)).toEqual(["sleeping 600000 ms"]);
    await cancelJob(session(), jobId);
  });

  test("ends a job that fails with its reason, and tries it no more", async () => {
    const { jobId } = await queueJob(session(), "test-crash", { how: "throw" });
    expect(await ended(jobId)).toMatchObject({ job_status: "failed", error: "this job cannot be done", attempt: 1, dead: false });
  });

  test("outlives a crash of native code, and gives the job another chance", async () => {
    const { jobId } = await queueJob(session(), "test-crash", { how: "abort", until: 2 });
    expect(await ended(jobId)).toMatchObject({ job_status: "completed", attempt: 2, results: { attempt: 2 } });
  });

  test("puts a job that always crashes on the dead-letter list with its error", async () => {
    const { jobId } = await queueJob(session(), "test-crash", { how: "exit" }, { retries: 1 });
    expect(await ended(jobId)).toMatchObject({
      job_status: "failed",
      dead: true,
      attempt: 2,
      error: "its process ended with code 7, 2 times",
    });
  });

  test("tries a job again for which the store was away", async () => {
    const { jobId } = await queueJob(session(), "test-crash", { how: "away", until: 2 });
    expect(await ended(jobId)).toMatchObject({ job_status: "completed", attempt: 2 });
  });

  test("ends a job that needs too much memory with a sentence that names the figure", async () => {
    const run = { experiment: "memory" };
    const { jobId, runId } = await queueJob(session(), "test-crash", { how: "memory" }, { run });
    expect(await ended(jobId)).toMatchObject({
      job_status: "failed",
      attempt: 1,
      error: expect.stringContaining("more than 400 MB, its share of ASSAY_MEMORY_MB = 800 with 2 at a time"),
    });
    const memory = (await systemSeries(session(), runId!)).find(({ name }) => name === "memory_mb")!;
    expect(memory.values.at(-1)).toBeGreaterThan(400); // of the moment when it was killed
  });

  test("samples processor and memory of a job into its run, whose metrics they are not", async () => {
    const { jobId, runId } = await submitJob(session(), "test-steps", { steps: 2, ms: 1 });
    await ended(jobId);
    const series = await systemSeries(session(), runId!);
    expect(series.map(({ name }) => name)).toEqual(expect.arrayContaining(["memory_mb", "machine_memory_percent"]));
    expect(Object.keys((await getRun(session(), runId!)).metrics).sort()).toEqual(["train.attempt", "train.step"]);
  });

  test("ends a job that takes longer than its timeout", async () => {
    const { jobId } = await queueJob(session(), "test-sleep", { ms: 600_000 }, { timeoutSeconds: 1 });
    expect(await ended(jobId)).toMatchObject({ job_status: "failed", error: "the job took longer than its timeout of 1 s" });
  });

  test("kills a cancelled job that does not hear, and goes on with others", async () => {
    const { jobId } = await queueJob(session(), "test-sleep", { ms: 600_000, deaf: true });
    await running(jobId);
    await sleep(1200);
    await cancelJob(session(), jobId);
    expect((await getJob(session(), jobId)).job_status).toBe("cancelled");
    const next = await Promise.all([1, 2].map(() => queueJob(session(), "test-echo", {})));
    for (const { jobId } of next) expect((await ended(jobId)).job_status).toBe("completed");
  });

  test("makes another attempt of a failed job that is retried", async () => {
    const { jobId } = await queueJob(session(), "test-crash", { how: "throw", until: 2 });
    expect((await ended(jobId)).job_status).toBe("failed");
    await retryJob(session(), jobId);
    expect(await ended(jobId)).toMatchObject({ job_status: "completed", attempt: 2, error: null });
  });
});

/** Steps that a run's metric shows, in order. */
async function steps(runId: string): Promise<number[]> {
  const series = await metricSeries(session(), [runId]);
  return series.find(({ name }) => name === "step")?.steps ?? [];
}

test("a worker that was frozen, and wakes after its job was given to another, changes nothing", async () => {
  const frozen = await worker();
  const after = join(opened.home, "woken");
  const { jobId, runId } = await submitJob(session(), "test-steps", { steps: 25, ms: 100, after });
  while ((await steps(runId!)).length < 3) await sleep(50);
  signalAll(frozen, "SIGSTOP");
  await endLeases(session());
  await worker();
  while ((await getJob(session(), jobId)).attempt < 2) await sleep(50);
  writeFileSync(after, "");
  signalAll(frozen, "SIGCONT");
  expect(await ended(jobId)).toMatchObject({ job_status: "completed", attempt: 2 });
  expect(await getRun(session(), runId!)).toMatchObject({ status: "completed", error: null });
  expect(await steps(runId!)).toEqual(Array.from({ length: 25 }, (_, k) => k + 1));
  expect((await runLogs(session(), runId!)).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^attempt 2: it goes on behind step \d+ of 25$/),
  ]);
});

test("a worker that is told to stop gives its job back with all that it had, and leaves before it is done", async () => {
  const first = await worker();
  const { jobId, runId } = await submitJob(session(), "test-steps", { steps: 10, ms: 50, after: "/never" });
  while ((await steps(runId!)).length < 3) await sleep(50);
  const left = new Promise((resolve) => first.once("exit", resolve));
  first.kill("SIGTERM");
  expect(await left).toBe(0);
  expect((await steps(runId!)).length).toBeLessThan(10);
  await worker();
  expect(await ended(jobId)).toMatchObject({ job_status: "completed", attempt: 2 });
  expect(await steps(runId!)).toEqual(Array.from({ length: 10 }, (_, k) => k + 1));
});

describe("a training whose worker was killed goes on behind its last checkpoint, to the same bits", () => {
  const body = { dataset_id: "flowers", target_column: "kind", algorithm: "" };
  const modelOf = async ({ runId, jobId }: QueuedJob): Promise<Buffer> => {
    expect(await ended(jobId)).toMatchObject({ job_status: "completed", error: null });
    const { artifacts } = await getRun(session(), runId!);
    expect(artifacts.filter(({ kind }) => kind === "checkpoint")).toEqual([]);
    return modelBytes(session(), runId!);
  };
  test.each([
    ["hist_gradient_boosting", 500],
    ["random_forest", 2000],
  ])("%s", async (algorithm, trees) => {
    const request = (nEstimators: number) => ({ ...body, algorithm, hyperparameters: { n_estimators: nEstimators } });
    let first: ChildProcess;
    let broken!: QueuedJob;
    const size = await brokenOff(session(), {
      size: trees,
      async begin(size) {
        first = await worker();
        broken = await submitJob(session(), "train", request(size));
        return broken.runId!;
      },
      kill: () => signalAll(first, "SIGKILL"),
    });
    await endLeases(session());
    await worker();
    const whole = await submitJob(session(), "train", request(size));
    expect((await modelOf(broken)).equals(await modelOf(whole))).toBe(true);
    expect((await getJob(session(), broken.jobId)).attempt).toBe(2);
    const lines = (await runLogs(session(), broken.runId!)).map(({ message }) => message);
    expect(lines.some((line) => /^resumed at step \d+ of \d+$/.test(line))).toBe(true);
    const [one, other] = await Promise.all([broken, whole].map(({ runId }) => getRun(session(), runId!)));
    expect(one!.metrics).toEqual(other!.metrics);
  });
});

test("a stream hears of every job's end", async () => {
  await worker();
  const stop = new AbortController();
  const stream = subscribe(session(), { after: await placeNow(session()), signal: stop.signal });
  const heard = (async () => {
    for await (const { event } of stream) if (event.kind === "job" && event.job_status === "completed") return event;
    return undefined;
  })();
  const { jobId } = await queueJob(session(), "test-echo", {});
  expect(await heard).toMatchObject({ job_id: jobId, job_kind: "test-echo" });
  stop.abort();
});
