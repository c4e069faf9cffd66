import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import "../../job-kinds.ts";
import { uploadDataset } from "../../datasets/index.ts";
import { jobEnded, submitJob } from "../../jobs/index.ts";
import { connect, type Lab } from "../../lab.ts";
import type { Opened } from "../../projects/session.ts";
import { flowers } from "../../testing/flowers.ts";
import { modelBytes } from "../../testing/model-bytes.ts";
import { livingWorker, signalAll } from "../../testing/start-worker.ts";
import { testSession } from "../../testing/test-session.ts";
import { metricSeries } from "../../tracking/index.ts";
import { uploadSignals } from "./datasets.ts";
import { exampleSignals } from "./example-signals.ts";
import { type ExoplanetModel, trainingHistory } from "./network.ts";
import { getSession, startSession } from "./sessions.ts";

let opened: Opened & { readonly home: string };
let lab: Lab;
let worker: ChildProcess;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
  lab = await connect();
  worker = await livingWorker(session());
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await lab.close();
  await opened.close();
});

const upTo = (epochs: number) => Array.from({ length: epochs }, (_, k) => k + 1);

/** The points of a run's epochs by metric, as [epoch, value]. */
async function pointsOf(runId: string, names: readonly string[]): Promise<Record<string, (readonly [number, unknown])[]>> {
  const series = await metricSeries(session(), [runId], { names: names.map((name) => `train.${name}`) });
  const points = ({ steps, values }: (typeof series)[number]) =>
    steps.map((step, k) => [step, values[k]] as const).filter(([step]) => step > 0); // 0 is the score after the fit
  return Object.fromEntries(series.map((each) => [each.name, points(each)]));
}

const modelOf = async <M extends ml.Fitted>(runId: string) => ml.decodeModel<M>(await modelBytes(session(), runId));

describe("a network of fifty epochs of a millisecond has fifty points of every metric, in order,", () => {
  const network: ml.NetworkInput = {
    layers: [{ kind: "dense", units: 2 }],
    outputs: [{ name: "kind", task: "classification" }],
    epochs: 50,
    validation: 0.2,
    backend: "wasm",
  };
  const isWhole = async (runId: string, { state: { history } }: ml.NetworkModel) => {
    const names = Object.keys(history[0]!);
    expect(names).toEqual(expect.arrayContaining(["loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]));
    const points = await pointsOf(runId, names);
    for (const name of names) expect([name, points[name]]).toEqual([name, history.map((epoch, k) => [k + 1, epoch[name]])]);
    expect(history).toHaveLength(50);
  };

  test("as a job", async () => {
    await uploadDataset(session(), flowers(), { name: "flowers" });
    const request = { dataset_id: "flowers", target_column: "kind", algorithm: "network", hyperparameters: network };
    const { jobId, runId } = await submitJob(session(), "train", request);
    expect(await jobEnded(session(), jobId)).toMatchObject({ job_status: "completed", error: null });
    const { state } = await modelOf<ml.Fitted<{ readonly steps: readonly ml.Fitted[] }>>(runId!);
    await isWhole(runId!, state.steps.at(-1) as ml.NetworkModel);
  });

  test("in a cell", async () => {
    let fitted: ml.NetworkModel | undefined;
    const { id } = await lab.experiment("short").run("cell", async (run) => {
      const task = { target: "kind", features: ["petal_length"] };
      fitted = await ml.neuralNetwork(network).fit(flowers(), { ...task, observer: run });
    });
    await isWhole(id, fitted!);
  });
});

test("a session of short epochs has a point of every metric for each, in order, each that of its network", async () => {
  const path = join(opened.home, "few.csv");
  writeFileSync(path, exampleSignals({ rows: 90 }));
  await uploadSignals(session(), path, { name: "few" });
  const { session_id: id, job_id } = await startSession(session(), { dataset_id: "few", epochs: 50 });
  expect(await jobEnded(session(), job_id!)).toMatchObject({ job_status: "completed", error: null });
  const { history } = trainingHistory(await modelOf<ExoplanetModel>(id));
  const { history: told } = await getSession(session(), id);
  expect(history.length).toBeGreaterThan(1);
  expect(told.map(({ epoch }) => epoch)).toEqual(upTo(history.length));
  const names = { accuracy: "accuracy", loss: "loss", val_loss: "val_loss", period_mae: "val_period_out_mae_dex" } as const;
  for (const [name, source] of Object.entries(names))
    expect(told.map((epoch) => epoch[name as keyof typeof names])).toEqual(history.map((epoch) => epoch[source]));
});
