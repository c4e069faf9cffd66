import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import "../job-kinds.ts";
import { assayVersion } from "../assay-version.ts";
import { deleteDataset, uploadDataset } from "../datasets/index.ts";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/session.ts";
import { flowers } from "../testing/flowers.ts";
import { testSession } from "../testing/test-session.ts";
import { createRun, finishRun, getRun, readArtifact } from "../tracking/index.ts";
import { planTraining, replayRun, train } from "./index.ts";

let opened: Opened;
let lab: Lab;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
  lab = await connect();
  await uploadDataset(session(), flowers(), { name: "flowers" });
});
afterAll(async () => {
  await lab.close();
  await opened.close();
});

const columns = { target_column: "kind", feature_columns: ["petal_length", "petal_width", "colour"] };

/** A training done here as a worker does it. */
async function trained(body: object): Promise<string> {
  const training = await planTraining(session(), { dataset_id: "flowers", ...columns, ...body });
  const id = await createRun(session(), { ...training.run, experiment: "replay", name: "first", status: "training" });
  await train(session(), training, id, new AbortController().signal);
  await finishRun(session(), id, "completed");
  return id;
}

test.each([
  ["random_forest", { hyperparameters: { n_estimators: 20 }, cv_folds: 3, random_seed: 7 }],
  ["xgboost", { hyperparameters: { n_estimators: 10 }, validation_size: 0.2 }],
  [
    "neural_network",
    { hyperparameters: { max_iter: 5 }, target_column: "petal_length", feature_columns: ["petal_width", "kind"] },
  ],
])("%s replayed gives every metric to the bit, as a run of its own", async (algorithm, body) => {
  const id = await trained({ algorithm, ...body });
  const report = await replayRun(session(), id);
  expect(report.metrics.filter(({ equal }) => !equal)).toEqual([]);
  expect(report).toMatchObject({ run_id: id, equal: true, differences: [] });
  expect(report.metrics.length).toBeGreaterThan(3);
  expect(await getRun(session(), report.replay_id!)).toMatchObject({ replay_of: id, status: "completed", experiment: "replay" });
  const stored = JSON.parse(Buffer.from(await readArtifact(session(), report.replay_id!, "replay")).toString());
  expect(stored).toEqual(report);
});

test("a replay names the input that differs", async () => {
  const id = await trained({ algorithm: "decision_tree" });
  const { environment } = await getRun(session(), id);
  const older = { ...environment, assay: "0.0.9", threads: 99 };
  await session()
    .db.updateTable("runs")
    .set({ environment: JSON.stringify(older) })
    .where("id", "=", id)
    .execute();
  const { differences, equal } = await replayRun(session(), id);
  expect(equal).toBe(true);
  expect(differences).toEqual([
    { input: "assay", recorded: "0.0.9", now: assayVersion, matters: true },
    { input: "threads", recorded: 99, now: environment["threads"], matters: false },
  ]);
});

test("a replay of a dataset that is gone, or is another under the same name, trains nothing and says so", async () => {
  await uploadDataset(session(), flowers(), { name: "passing" });
  const id = await trained({ dataset_id: "passing", algorithm: "dummy" });
  await deleteDataset(session(), "passing", { force: true });
  await uploadDataset(session(), flowers().head(90), { name: "passing" });
  expect(await replayRun(session(), id)).toEqual({
    run_id: id,
    replay_id: null,
    equal: false,
    metrics: [],
    differences: [{ input: "dataset", recorded: "passing@1", now: "deleted", matters: true }],
  });
});

test("a run of another program cannot be replayed, and says what can be done", async () => {
  const id = await createRun(session(), { experiment: "replay", status: "training" });
  await expect(lab.replay(id)).rejects.toThrow("was tracked by a program");
  const run = await lab.run(id);
  expect(() => run.toCell()).toThrow("was tracked by a program");
});

test("a run that a cell made gives that cell back", async () => {
  const id = await createRun(session(), {
    experiment: "cells",
    status: "training",
    code: { cell: "await lab.experiment('cells')…" },
  });
  expect((await lab.run(id)).toCell()).toBe("await lab.experiment('cells')…");
});

test.each([
  ["decision_tree", { hyperparameters: { max_depth: 3 }, cv_folds: 3 }],
  ["lightgbm", { hyperparameters: { num_leaves: 7 }, validation_size: 0.1, test_size: 0.25 }],
])("the cell of %s runs as it is and gives the same metrics", async (algorithm, body) => {
  const id = await trained({ algorithm, ...body });
  const recorded = await lab.run(id);
  const file = join(import.meta.dirname, `cell-${randomUUID()}.test-cell.ts`);
  const code = recorded.toCell().replace(/\nrun\n$/, "\nconsole.log(run.id);\nawait lab.close();\n");
  writeFileSync(file, code);
  try {
    const made = (await output(process.execPath, ["--conditions=assay-source", file])).trim();
    const { metrics } = await lab.run(made);
    expect(metrics).toEqual(recorded.metrics);
  } finally {
    rmSync(file);
  }
});

function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: process.env });
    let out = "";
    let errors = "";
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (errors += text));
    child.on("exit", (code) => (code === 0 ? resolve(out) : reject(new Error(errors))));
  });
}
