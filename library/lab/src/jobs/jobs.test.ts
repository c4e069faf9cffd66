import type { ChildProcess } from "node:child_process";
import { algorithms, type PredictTask } from "assay";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSplit, savedIndices, uploadDataset } from "../datasets/index.ts";
import type { Opened } from "../projects/session.ts";
import { deployRun, predict } from "../registry/index.ts";
import { flowers } from "../testing/flowers.ts";
import { endLeases, livingWorker, signalAll } from "../testing/start-worker.ts";
import { testSession } from "../testing/test-session.ts";
import { getRun, runLogs, subscribe } from "../tracking/index.ts";
import "../job-kinds.ts";
import { cancelJob, getJob, planTraining, queueTraining } from "./index.ts";

let opened: Opened;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  opened = await testSession();
  await uploadDataset(opened.session, flowers(), { name: "flowers" });
});
afterEach(() => {
  for (const worker of workers.splice(0)) signalAll(worker, "SIGKILL");
});
afterAll(async () => {
  await opened.close();
});

/** A worker process on this test's database. */
async function startWorker(args: readonly string[] = []): Promise<ChildProcess> {
  const worker = await livingWorker(opened.session, args);
  workers.push(worker);
  return worker;
}

const columns = { dataset_id: "flowers", target_column: "kind", feature_columns: ["petal_length", "petal_width", "colour"] };
async function queue(body: Record<string, unknown>): Promise<{ jobId: string; runId: string }> {
  return queueTraining(opened.session, await planTraining(opened.session, { ...columns, ...body }), { experiment: "jobs" });
}

/** Resolves with the run once its events meet the condition. */
async function until(runId: string, condition: (status: string, kind: string) => boolean) {
  const stop = new AbortController();
  for await (const { event } of subscribe(opened.session, { runId, after: "0", signal: stop.signal }))
    if (condition(event.kind === "run" ? event.run_status : "", event.kind)) break;
  stop.abort();
  return getRun(opened.session, runId);
}
const ended = (status: string): boolean => ["completed", "failed", "cancelled"].includes(status);
const long = { algorithm: "random_forest", hyperparameters: { n_estimators: 50_000 } };

describe("a job trains", () => {
  let steady: ChildProcess;
  beforeAll(async () => {
    steady = await startWorker();
    workers.pop(); // it serves all of these
  });
  afterAll(() => void steady.kill("SIGKILL"));
  const pairs = algorithms.flatMap(({ name, factories }) =>
    (Object.keys(factories) as PredictTask[]).map((task) => [name, task] as const),
  );
  test.each(pairs)("%s for %s, and its model is deployed and asked", async (algorithm, task) => {
    const target =
      task === "regression" ? { target_column: "petal_length", feature_columns: ["petal_width", "colour", "kind"] } : {};
    const { runId, jobId } = await queue({ algorithm, ...target });
    const run = await until(runId, ended);
    expect(run).toMatchObject({ status: "completed", error: null });
    expect(run.metrics[task === "regression" ? "test.r2" : "test.accuracy"]).toBeTypeOf("number");
    expect((await getJob(opened.session, jobId)).job_status).toBe("completed");
    const { isPreset = false } = algorithms.find(({ name }) => name === algorithm)!;
    expect([run.algorithm, run.preset]).toEqual(isPreset ? ["hist_gradient_boosting", algorithm] : [algorithm, null]);
    const { model_id } = await deployRun(opened.session, runId, { name: `${algorithm} ${task}` });
    const row = { petal_length: 3.1, petal_width: null, colour: "blue", kind: "bellis" };
    const { prediction, warnings } = await predict(opened.session, model_id, row);
    expect(prediction).toEqual([task === "regression" ? expect.any(Number) : expect.stringMatching(/^(aster|bellis|crocus)$/)]);
    expect(warnings).toEqual([]);
  });
});

test("a saved split is trained on as it was saved, and no other dataset takes it", async () => {
  await startWorker();
  const { split_id } = await createSplit(opened.session, {
    dataset_id: "flowers",
    test_size: 0.3,
    validation_size: 0.1,
    seed: 3,
  });
  const { indices } = await savedIndices(opened.session, split_id);
  const { runId } = await queue({ algorithm: "dummy", split_id });
  const run = await until(runId, ended);
  expect(run).toMatchObject({ status: "completed", error: null });
  const { train, validation, test: held, recipe } = run.split as Record<string, unknown>;
  const plain = (rows: unknown) => Object.values(rows as object);
  expect([train, validation, held].map(plain)).toEqual(
    [indices.train, indices.validation, indices.test].map((rows) => [...rows]),
  );
  expect(recipe).toMatchObject({ split_id, seed: 3 });
  await uploadDataset(opened.session, flowers().head(60), { name: "others" });
  await expect(queue({ algorithm: "dummy", dataset_id: "others", split_id })).rejects.toThrow("is of flowers@1, not of others@1");
});

test("a training tells how far its folds are, and that the fit on all rows is still to come", async () => {
  await startWorker();
  const { runId } = await queue({ algorithm: "decision_tree", cv_folds: 3 });
  const stop = new AbortController();
  const told: number[][] = [];
  for await (const { event } of subscribe(opened.session, { runId, after: "0", signal: stop.signal })) {
    if (event.kind === "progress") told.push([event.progress.step, event.progress.steps]);
    if (event.kind === "run" && ended(event.run_status)) stop.abort();
  }
  expect(told).toContainEqual([3, 4]);
});

test("a job that cannot be trained fails with the reason", async () => {
  await startWorker();
  const { runId } = await queue({
    algorithm: "ridge",
    target_column: "petal_length",
    feature_columns: ["colour"],
    preprocessing: "none",
  });
  expect(await until(runId, ended)).toMatchObject({
    status: "failed",
    error: expect.stringContaining('column "colour" holds categories'),
  });
});

test("a cancelled job stops, and its worker goes on with the next", async () => {
  await startWorker();
  const { runId, jobId } = await queue(long);
  await until(runId, (_, kind) => kind === "progress");
  await cancelJob(opened.session, jobId);
  expect((await getRun(opened.session, runId)).status).toBe("cancelled");
  const next = await queue({ algorithm: "dummy" });
  expect((await until(next.runId, ended)).status).toBe("completed");
  expect((await getRun(opened.session, runId)).status).toBe("cancelled");
});

test("a worker that is killed in the middle of a fit loses no run: another trains it, once", async () => {
  let broken: { runId: string; jobId: string };
  for (let trees = 6000; ; trees *= 2) {
    const first = await startWorker();
    broken = await queue({ ...long, hyperparameters: { n_estimators: trees } });
    await until(broken.runId, (_, kind) => kind === "progress");
    signalAll(first, "SIGKILL");
    if ((await getRun(opened.session, broken.runId)).status === "training") break;
  } // one that was done before it could be broken off was too small for this machine
  const { runId, jobId } = broken;
  await endLeases(opened.session);
  await startWorker();
  const run = await until(runId, ended);
  expect(run.status).toBe("completed");
  expect((await getJob(opened.session, jobId)).attempt).toBe(2);
  expect((await runLogs(opened.session, runId)).filter(({ message }) => message.startsWith("model saved")).length).toBe(1);
});

test("a worker that is told to stop gives its job back", async () => {
  const first = await startWorker();
  const { runId } = await queue({ ...long, hyperparameters: { n_estimators: 6000 } });
  await until(runId, (_, kind) => kind === "progress");
  first.kill("SIGTERM");
  await startWorker();
  expect((await until(runId, ended)).status).toBe("completed");
});

describe("a training is refused before it is queued", () => {
  test.each([
    [{ algorithm: "xgboost", hyperparameters: { eta: 0 } }, "xgboost: learning_rate must be > 0, got 0"],
    [{ algorithm: "lightgbm", hyperparameters: { num_leafs: 3 } }, "no parameter num_leafs, did you mean num_leaves"],
    [{ algorithm: "voting", hyperparameters: { estimators: ["rige"] } }, "rige"],
    [{ algorithm: "random_forst" }, 'no algorithm "random_forst", did you mean random_forest'],
    [
      { algorithm: "random_forest", hyperparameters: { n_estimatorz: 1 } },
      "no parameter n_estimatorz, did you mean n_estimators",
    ],
    [{ algorithm: "random_forest", hyperparameters: { n_estimators: 0 } }, "nEstimators must be ≥ 1, got 0"],
    [{ algorithm: "random_forest", target_column: "kin" }, 'no column "kin" in flowers@1, did you mean kind'],
    [{ algorithm: "random_forest", feature_columns: ["petal_lenght"] }, "did you mean petal_length"],
    [{ algorithm: "random_forest", feature_columns: ["kind"] }, 'must not hold the target "kind"'],
    [{ algorithm: "ridge" }, "ridge is no classification algorithm"],
    [{ algorithm: "dummy", dataset_id: "flowrs" }, "did you mean flowers"],
    [{ algorithm: "dummy", dataset_id: "flowers@9" }, "has no version 9, the newest is 1"],
  ])("%j", async (body, message) => {
    await expect(queue(body)).rejects.toThrow(message);
  });
});

test("a refused hyperparameter is named as HTTP writes it", async () => {
  const field = (body: Record<string, unknown>) => queue(body).catch((error) => error.field);
  expect(await field({ algorithm: "random_forest", hyperparameters: { n_estimators: 0 } })).toBe("hyperparameters.n_estimators");
  expect(await field({ algorithm: "xgboost", hyperparameters: { learning_rate: -1 } })).toBe("hyperparameters.learning_rate");
  expect(await field({ algorithm: "voting", hyperparameters: { estimators: [7] } })).toBe("hyperparameters.estimators.0");
});
