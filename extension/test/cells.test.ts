// What a form's cell does is what the form's job does: both are run here on one database, and every metric is compared to the bit.
import type { ChildProcess } from "node:child_process";
import type { Study } from "assay";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, makeApp } from "../../library/lab/src/api/app.ts";
import type { RunInfo } from "../../library/lab/src/contract/index.ts";
import { uploadDataset } from "../../library/lab/src/datasets/index.ts";
import type { TrackedLeaderboard } from "../../library/lab/src/jobs/index.ts";
import { connect } from "../../library/lab/src/lab.ts";
import type { Opened } from "../../library/lab/src/projects/session.ts";
import { flowers } from "../../library/lab/src/testing/flowers.ts";
import { signalAll, startWorker } from "../../library/lab/src/testing/start-worker.ts";
import { testSession } from "../../library/lab/src/testing/test-session.ts";
import { comparisonCell, searchCell, trainingCell } from "../src/new-experiment/cell-text.ts";

let opened: Opened;
let app: App;
let worker: ChildProcess;
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(opened.session, { token: undefined });
  await uploadDataset(opened.session, flowers(), { name: "flowers" });
  worker = startWorker();
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await app.close();
  await opened.close();
});

async function ask(method: "GET" | "POST", path: string, payload?: object) {
  const answer = await app.inject({
    method,
    url: `/api/ml/${path}`,
    headers: { "x-assay": "1" },
    ...(payload && { payload }),
  });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer.json();
}

/** Runs a cell as the kernel does, but for the import: that names this repository's sources. Gives the value of its last line. */
async function ran<T>(cell: string): Promise<T> {
  const lines = cell.trimEnd().split("\n");
  expect(lines[0]).toBe('import { connect } from "assay-lab";');
  const body = [...lines.slice(1, -1), `return ${lines.at(-1)};`].join("\n");
  const run = new Function("connect", `return (async () => { ${body} })();`) as (door: typeof connect) => Promise<T>;
  return run(connect);
}

/** The run of a job that was sent over HTTP, when it has ended. */
async function ended(run: string, job: string) {
  const lab = await connect();
  while (!["completed", "failed", "cancelled"].includes((await lab.jobs.get(job)).job_status))
    await new Promise((resolve) => setTimeout(resolve, 50));
  return (await ask("GET", `runs/${run}`)).experiment;
}

const of = { dataset: "flowers@1", isPreset: false };
const form = {
  name: "cells",
  dataset_id: "flowers",
  target_column: "kind",
  feature_columns: ["petal_length", "petal_width", "colour"],
  task_type: "classification" as const,
  test_size: 0.25,
  stratified: true,
  random_seed: 11,
};

const trainings = {
  "with preprocessing": { ...form, algorithm: "logistic_regression", hyperparameters: { c: 0.5 } },
  "without preprocessing, on numbers alone": {
    ...form,
    feature_columns: ["petal_length", "petal_width"],
    algorithm: "hist_gradient_boosting",
    hyperparameters: { n_estimators: 20 },
    preprocessing: "none" as const,
  },
  "scaled, on the columns that say most": {
    ...form,
    algorithm: "knn",
    hyperparameters: {},
    scaling_method: "robust" as const,
    feature_selection: { method: "mutual_info" as const, n_features: 2 },
  },
  "that ends when it gains no more": {
    ...form,
    algorithm: "hist_gradient_boosting",
    hyperparameters: { n_estimators: 300 },
    early_stopping: true,
    early_stopping_patience: 3,
  },
  "with folds and a validation part": {
    ...form,
    algorithm: "random_forest",
    hyperparameters: { n_estimators: 20, max_depth: 3 },
    cv_folds: 3,
    validation_size: 0.1,
  },
  "of a preset, in the other library's names": {
    ...form,
    algorithm: "lightgbm",
    hyperparameters: { num_iterations: 15, learning_rate: 0.2 },
    cv_folds: 3,
  },
};

for (const [name, request] of Object.entries(trainings))
  test(`the cell of a training ${name} gives the run of its job`, async () => {
    const { experiment_id, job_id } = await ask("POST", "experiments/create", { ...request, run_name: `job ${name}` });
    const job = await ended(experiment_id, job_id);
    expect(job.status, job.error).toBe("completed");
    const isPreset = request.algorithm === "lightgbm";
    const cell = await ran<RunInfo>(trainingCell({ ...request, run_name: `cell ${name}` }, { ...of, isPreset }));
    expect(cell.id).not.toBe(job.id);
    expect(Object.keys(job.metrics).length).toBeGreaterThan(5);
    expect(cell.metrics).toEqual(job.metrics);
    expect(cell.hyperparameters).toEqual(job.hyperparameters);
    expect(cell.evaluation).toEqual(job.evaluation);
    expect(cell).toMatchObject({ name: `cell ${name}`, experiment: job.experiment, dataset: job.dataset });
  });

test("the cell of a training on a saved split gives the run of its job", async () => {
  const drawn = { dataset_id: "flowers", target_column: "kind", test_size: 0.3, stratify: true, seed: 5 };
  const { split_id } = await ask("POST", "data/split", drawn);
  const { test_size: _, stratified: __, ...rest } = form;
  const request = { ...rest, split_id, algorithm: "decision_tree", hyperparameters: { max_depth: 2 } };
  const { experiment_id, job_id } = await ask("POST", "experiments/create", request);
  const job = await ended(experiment_id, job_id);
  const cell = await ran<RunInfo>(trainingCell(request, of));
  expect(cell.metrics).toEqual(job.metrics);
  expect(cell.evaluation).toEqual(job.evaluation);
});

test("the cell of a search over ranges, one of them under a condition, tries the values of its job and finds the same best", async () => {
  const { name: experiment, ...rest } = form;
  const request = {
    ...rest,
    experiment,
    algorithm: "decision_tree",
    hyperparameters: { min_samples_split: 3 },
    space: {
      max_depth: { type: "int" as const, low: 1, high: 5 },
      criterion: { type: "categorical" as const, choices: ["gini", "entropy"] },
      min_samples_leaf: { type: "int" as const, low: 1, high: 8, when: { criterion: "gini" } },
    },
    sampler: "tpe",
    n_trials: 8,
    cv: 3,
    workers: 1,
  };
  const sent = await ask("POST", "models/tune", { ...request, study: "of the job" });
  const job = await ended(sent.experiment_id, sent.job_id);
  expect(job.status, job.error).toBe("completed");
  const study = await ran<Study>(searchCell({ ...request, study: "of the cell" } as never, of));
  const known = await (await connect()).study("of the job");
  const told = (trials: readonly { params: object; values: unknown }[]) =>
    trials.map(({ params, values }) => ({ params, values }));
  expect(study.trials).toHaveLength(8);
  expect(told(study.trials)).toEqual(told(known.trials));
  expect(study.best.params).toEqual(known.best.params);
});

test("the cell of a comparison ranks the models as its job does, by the same means", async () => {
  const { name: experiment, test_size: _, feature_columns, ...rest } = form;
  const request = {
    ...rest,
    feature_columns,
    experiment,
    models: ["decision_tree", "gaussian_nb", "dummy"],
    cv: 3,
    run_name: "board",
  };
  const sent = await ask("POST", "models/compare", { ...request, background: true });
  await ended(sent.experiment_id, sent.job_id);
  const { items } = (await ask("GET", `runs/${sent.experiment_id}/children`)) as { items: { name: string; metrics: object }[] };
  const board = await ran<TrackedLeaderboard>(comparisonCell({ ...request, run_name: "board of the cell" } as never, of));
  const scores = (metrics: object) => Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.endsWith("_ms")));
  expect(items).toHaveLength(3);
  for (const { name, metrics } of items) {
    const { experiment: run } = await ask("GET", `runs/${board.runs[name]}`);
    expect(Object.keys(scores(metrics)).length).toBeGreaterThan(1);
    expect(scores(run.metrics), name).toEqual(scores(metrics)); // how long they took differs
  }
});
