import type { ChildProcess } from "node:child_process";
import { decodeModel, networkOutputs } from "assay";
import { afterAll, beforeAll, expect, test } from "vitest";
import "../job-kinds.ts";
import { uploadDataset } from "../datasets/index.ts";
import type { Opened } from "../projects/session.ts";
import { brokenOff } from "../testing/broken-off.ts";
import { flowers } from "../testing/flowers.ts";
import { modelBytes } from "../testing/model-bytes.ts";
import { endLeases, livingWorker, signalAll } from "../testing/start-worker.ts";
import { testSession } from "../testing/test-session.ts";
import { getRun, metricSeries, runLogs } from "../tracking/index.ts";
import { getJob, jobEnded, type QueuedJob, replayRun, submitJob } from "./index.ts";

let opened: Opened;
let worker: ChildProcess;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
  await uploadDataset(session(), flowers(), { name: "flowers" });
  worker = await livingWorker(session());
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await opened.close();
});

const network = {
  layers: [{ kind: "dense", units: 8, activation: "relu" }],
  outputs: [
    { name: "kind", task: "classification" },
    { name: "length", task: "regression", column: "petal_length", weight: 0.5 },
  ],
  epochs: 20,
  learning_rate: 0.01,
  backend: "wasm",
};
const request = (hyperparameters: object = {}) => ({
  dataset_id: "flowers",
  target_column: "kind",
  algorithm: "network",
  hyperparameters: { ...network, ...hyperparameters },
});
const ended = (jobId: string) => jobEnded(session(), jobId, AbortSignal.timeout(280_000));

test("a network of two outputs is trained behind its preprocessing, and a replay gives every metric to the bit", async () => {
  const { jobId, runId } = await submitJob(session(), "train", request());
  expect(await ended(jobId)).toMatchObject({ job_status: "completed", error: null });
  const model = decodeModel(await modelBytes(session(), runId!));
  expect(model.columns.map(({ name }) => name)).toEqual(["petal_width", "colour", "field"]);
  const { kind, length } = networkOutputs(model, flowers());
  expect(kind!.labels).toHaveLength(150);
  const lengths = flowers().values("petal_length") as number[];
  const off = lengths.reduce((sum, value, i) => sum + Math.abs(value - length!.values![i]!), 0) / 150;
  expect(off).toBeLessThan(0.7); // the mean's is 1.2
  const replayed = await replayRun(session(), runId!);
  expect(replayed.metrics.filter(({ equal }) => !equal)).toEqual([]);
  expect(replayed).toMatchObject({ equal: true, differences: [] });
});

test("figures of its epochs are metrics of the run, each output's own among them", async () => {
  const { jobId, runId } = await submitJob(session(), "train", request({ validation: 0.2 }));
  expect(await ended(jobId)).toMatchObject({ job_status: "completed", error: null });
  const names = ["loss", "val_loss", "length_mae", "val_length_mae"];
  const series = await metricSeries(session(), [runId!], { names: names.map((name) => `train.${name}`) });
  expect(new Set(series.map(({ name }) => name))).toEqual(new Set(names));
});

test("a network whose loss diverges ends its job as failed, with the reason", async () => {
  const { jobId, runId } = await submitJob(session(), "train", request({ optimizer: "sgd", learning_rate: 1000 }));
  const sentence = /network\.fit: the loss .* in epoch \d+, batch \d+; lower learningRate \(1000\) or set clipNorm/;
  expect(await ended(jobId)).toMatchObject({ job_status: "failed", error: expect.stringMatching(sentence) });
  expect(await getRun(session(), runId!)).toMatchObject({ status: "failed", error: expect.stringMatching(sentence) });
});

test("an output whose column is not in the dataset is refused before anything is queued", async () => {
  const outputs = [network.outputs[0], { name: "length", task: "regression", column: "petal_lenth" }];
  await expect(submitJob(session(), "train", request({ outputs }))).rejects.toThrow(/no column "petal_lenth".*petal_length/);
  const leaked = { ...request(), feature_columns: ["petal_width", "petal_length"] };
  await expect(submitJob(session(), "train", leaked)).rejects.toThrow(/feature_columns must not hold the target "petal_length"/);
});

test("a network whose worker is killed with -9 goes on behind its last checkpoint, to the same bits", async () => {
  const long = (epochs: number) => request({ epochs, batch_size: 4 });
  let broken!: QueuedJob;
  const epochs = await brokenOff(session(), {
    size: 400,
    async begin(size) {
      signalAll(worker, "SIGKILL");
      worker = await livingWorker(session());
      broken = await submitJob(session(), "train", long(size));
      return broken.runId!;
    },
    kill: () => signalAll(worker, "SIGKILL"),
  });
  await endLeases(session());
  worker = await livingWorker(session());
  const whole = await submitJob(session(), "train", long(epochs));
  for (const { jobId } of [broken, whole]) expect(await ended(jobId)).toMatchObject({ job_status: "completed", error: null });
  expect((await modelBytes(session(), broken.runId!)).equals(await modelBytes(session(), whole.runId!))).toBe(true);
  expect((await getJob(session(), broken.jobId)).attempt).toBe(2);
  const lines = (await runLogs(session(), broken.runId!)).map(({ message }) => message);
  expect(lines.some((line) => new RegExp(`^resumed at step \\d+ of ${epochs}$`).test(line))).toBe(true);
});
