import type { ChildProcess } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { App } from "../api/app.ts";
import { makeApp } from "../api/app.ts";
import { uploadDataset } from "../datasets/index.ts";
import "../job-kinds.ts";
import type { Opened } from "../projects/session.ts";
import { deployRun, predict } from "../registry/index.ts";
import { flowers } from "../testing/flowers.ts";
import { endLeases, livingWorker, signalAll } from "../testing/start-worker.ts";
import { testSession } from "../testing/test-session.ts";
import { getRun, getStudy, listRuns, listTrials, openStudy, studyStorage, subscribe } from "../tracking/index.ts";
import { cancelJob, getJob, jobEnded, type QueuedTuning, queueTuning, sendTuning } from "./index.ts";

let opened: Opened;
let app: App;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  opened = await testSession();
  await uploadDataset(opened.session, flowers(), { name: "flowers" });
  app = await makeApp(opened.session, { token: undefined });
});
afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
});
afterAll(async () => {
  await app.close();
  await opened.close();
});

/** A worker process on this test's database. */
async function startWorker(args: readonly string[] = []): Promise<ChildProcess> {
  const worker = await livingWorker(opened.session, args);
  workers.push(worker);
  return worker;
}

const tree = {
  dataset_id: "flowers",
  target_column: "kind",
  feature_columns: ["petal_length", "petal_width", "colour"],
  algorithm: "decision_tree",
  space: { max_depth: { type: "int", low: 1, high: 4 }, min_samples_leaf: { type: "int", low: 1, high: 70 } },
  cv: 3,
};
/** Trials that take a while. */
const slow = {
  ...tree,
  algorithm: "random_forest",
  hyperparameters: { n_estimators: 300 },
  space: { max_depth: { type: "int", low: 2, high: 12 }, min_samples_leaf: { type: "int", low: 1, high: 20 } },
};

/** Resolves when so many trials of a study have completed; throws when its job ends before. */
async function trialsEnded({ study, jobId }: Pick<QueuedTuning, "study" | "jobId">, count: number): Promise<void> {
  const stop = new AbortController();
  for await (const { event } of subscribe(opened.session, { after: "0", signal: stop.signal })) {
    if (event.kind !== "study" && event.kind !== "job") continue;
    if ((await getStudy(opened.session, study.id)).trials.completed! >= count) break;
    const { job_status, error } = await getJob(opened.session, jobId);
    if (job_status !== "queued" && job_status !== "running") throw new Error(`the job is ${job_status}: ${error}`);
  }
  stop.abort();
}

async function found(name: string) {
  return (await studyStorage(opened.session).find(name))!;
}

describe("a search", () => {
  let steady: ChildProcess;
  beforeAll(async () => {
    steady = await startWorker();
    workers.pop(); // it serves all of these
  });
  afterAll(() => void steady.kill("SIGKILL"));

  test("fits the best of its trials, whose model is deployed and asked", async () => {
    const { jobId, runId, study } = await queueTuning(opened.session, { ...tree, n_trials: 8, study: "trees" });
    const job = await jobEnded(opened.session, jobId);
    expect(job).toMatchObject({ job_status: "completed", error: null });
    const info = await getStudy(opened.session, study.id);
    expect(info).toMatchObject({
      name: "trees",
      n_trials: 8,
      trials: { completed: 8, running: 0 },
      study_status: "idle",
      directions: ["maximize"],
      metric: "accuracy",
      algorithm: "decision_tree",
      dataset: "flowers@1",
      run_id: runId,
      job_id: jobId,
      job_status: "completed",
    });
    const run = await getRun(opened.session, runId);
    expect(run).toMatchObject({ status: "completed", hyperparameters: info.best_params! });
    expect(run.metrics["test.accuracy"]).toBeTypeOf("number");
    const { model_id } = await deployRun(opened.session, runId, { name: "tuned tree" });
    const row = { petal_length: 3.1, petal_width: 1, colour: "blue" };
    expect((await predict(opened.session, model_id, row)).prediction).toHaveLength(1);
  });

  test("has a run of each trial, with its parameters and the scores of its folds", async () => {
    const { id, run_id } = await getStudy(opened.session, "trees");
    const trials = (await listTrials(opened.session, id)).items;
    const runs = (await listRuns(opened.session, { filter: `parent = '${run_id}'`, limit: 100 })).items;
    expect(runs).toHaveLength(8);
    for (const { number, run_id, values, params, intermediate } of trials) {
      const own = runs.find((run) => run.id === run_id)!;
      expect(own).toMatchObject({ name: `trees #${number}`, status: "completed", hyperparameters: params, experiment: "tuning" });
      expect(own.metrics["cv_mean.accuracy"]).toBeCloseTo(values![0] as number, 12);
      expect(intermediate).toHaveLength(3);
    }
  });

  test("goes on under its name to a larger budget", async () => {
    const { jobId, study } = await queueTuning(opened.session, { ...tree, n_trials: 10, study: "trees", tracked: false });
    await jobEnded(opened.session, jobId);
    expect(await getStudy(opened.session, study.id)).toMatchObject({ name: "trees", n_trials: 10, trials: { completed: 10 } });
  });

  test("gives a trial more and more of the resource while the pruner lets it", async () => {
    const { jobId, study } = await queueTuning(opened.session, {
      ...slow,
      hyperparameters: { n_estimators: 40 },
      n_trials: 2,
      resource: "n_estimators",
      pruner: "median",
      study: "by resource",
      tracked: false,
    });
    await jobEnded(opened.session, jobId);
    const { items } = await listTrials(opened.session, study.id);
    for (const { intermediate } of items) expect(intermediate.map(({ step }) => step)).toEqual([10, 30, 40]);
  });

  test("takes in the trials of an earlier study", async () => {
    const body = { ...tree, n_trials: 2, study: "warm", warm_start: "trees", tracked: false };
    const { jobId, study } = await queueTuning(opened.session, body);
    await jobEnded(opened.session, jobId);
    expect(await getStudy(opened.session, study.id)).toMatchObject({ n_trials: 12, trials: { completed: 12 } });
  });

  test("by a grid tries each combination once", async () => {
    const space = {
      criterion: { type: "categorical", choices: ["gini", "entropy"] },
      max_depth: { type: "int", low: 1, high: 3 },
    };
    const { jobId, study } = await queueTuning(opened.session, { ...tree, space, tuning_method: "grid_search", tracked: false });
    await jobEnded(opened.session, jobId);
    const { items } = await listTrials(opened.session, study.id);
    expect(new Set(items.map(({ params }) => JSON.stringify(params))).size).toBe(6);
    expect(items).toHaveLength(6);
  });

  test("that is stopped keeps its best: the model is fitted and the job completed", async () => {
    const queued = await queueTuning(opened.session, { ...slow, n_trials: 1000, tracked: false });
    const { jobId, runId, study } = queued;
    await trialsEnded(queued, 2);
    await studyStorage(opened.session).setStopped(study.id, true);
    expect(await jobEnded(opened.session, jobId)).toMatchObject({ job_status: "completed" });
    const info = await getStudy(opened.session, study.id);
    expect(info.study_status).toBe("stopped");
    expect(info.n_trials).toBeLessThan(1000);
    expect((await getRun(opened.session, runId)).artifacts.map(({ name }) => name)).toContain("model");
  });

  test("that is cancelled keeps its trials, and none of them runs", async () => {
    const queued = await queueTuning(opened.session, { ...slow, n_trials: 1000, tracked: false });
    const { jobId, study } = queued;
    await trialsEnded(queued, 2);
    await cancelJob(opened.session, jobId);
    expect((await getJob(opened.session, jobId)).job_status).toBe("cancelled");
    await expect.poll(async () => (await getStudy(opened.session, study.id)).trials.running, { timeout: 100_000 }).toBe(0);
    const found = await openStudy(opened.session, study.id);
    expect(found.best.value).toBeGreaterThan(0.5);
  });

  test("sent from a cell is stopped, waited for and looked at", async () => {
    const sent = await sendTuning(opened.session, {
      dataset: "flowers",
      target: "petal_length",
      features: ["petal_width", "colour"],
      algorithm: "xgboost",
      space: { max_depth: { type: "int", low: 1, high: 6 }, eta: { type: "float", low: 0.01, high: 1, log: true } },
      params: { n_estimators: 10 },
      metric: "rmse",
      seconds: 600,
      pruner: "median",
      tracked: false,
    });
    await trialsEnded({ study: await found(sent.studyName), jobId: sent.id }, 1);
    await sent.stop();
    expect(await sent.done()).toMatchObject({ status: "completed", preset: "xgboost", task_type: "regression" });
    const study = await sent.study();
    expect(study.directions).toEqual(["minimize"]);
    expect(Object.keys(study.best.params).sort()).toEqual(["eta", "max_depth"]);
  });
});

describe("a search and its workers", () => {
  test("another worker goes on when its own is killed: what is finished stays, what ran runs again", async () => {
    let broken: QueuedTuning;
    let trials = 12;
    for (; ; trials *= 2) {
      const first = await startWorker();
      broken = await queueTuning(opened.session, { ...slow, n_trials: trials, tracked: false });
      await trialsEnded(broken, 3);
      signalAll(first, "SIGKILL");
      if ((await getJob(opened.session, broken.jobId)).job_status === "running") break;
    } // one that was done before it could be broken off was too small for this machine
    const { jobId, study } = broken;
    const kept = (await listTrials(opened.session, study.id, { state: "completed" })).items;
    await endLeases(opened.session);
    await startWorker();
    expect(await jobEnded(opened.session, jobId)).toMatchObject({ job_status: "completed", attempt: 2 });
    const { items } = await listTrials(opened.session, study.id, { limit: 500 });
    expect(items.map(({ number, state }) => [number, state])).toEqual(Array.from({ length: trials }, (_, k) => [k, "completed"]));
    for (const trial of kept) expect(items[trial.number]).toEqual(trial);
  });

  test("several workers share it, each number once", async () => {
    await startWorker();
    await startWorker();
    for (let trials = 16, took = 0; took < 2; trials *= 2) {
      const { jobId, study } = await queueTuning(opened.session, { ...slow, n_trials: trials, workers: 2, tracked: false });
      expect(await jobEnded(opened.session, jobId)).toMatchObject({ job_status: "completed" });
      const { items } = await listTrials(opened.session, study.id, { limit: 500 });
      expect(items.map(({ number, state }) => [number, state])).toEqual(
        Array.from({ length: trials }, (_, k) => [k, "completed"]),
      );
      took = new Set(items.map(({ worker }) => worker!.split("/")[0])).size;
    } // a search that was over before the second came to it was too small for this machine
  });
});

describe("a search is refused before it is queued", () => {
  test.each([
    [{ algorithm: "decision_tre" }, "did you mean decision_tree"],
    [{ space: { max_dept: { type: "int", low: 1, high: 3 } } }, "maxDept"],
    [{ space: {} }, "space"],
    [{ space: { min_impurity_decrease: { type: "float", low: 0, high: 1, log: true } } }, "low must be > 0 on a log scale"],
    [{ space: { max_depth: { type: "int", low: 5, high: 1 } } }, "low"],
    [{ resource: "n_estimator" }, "nEstimator"],
    [{ resource: "splitter" }, "splitter"],
    [{ sampler: "tpee" }, "did you mean tpe"],
    [{ pruner: "medium" }, "did you mean median"],
    [{ metric: "accurracy" }, "did you mean accuracy"],
    [{ n_trials: 0 }, "n_trials"],
    [{ warm_start: "tree" }, "did you mean trees"],
    [{ study: "trees", metric: "f1" }, 'the study "trees" has the metric "accuracy", got "f1"'],
    [{ target_column: "kin" }, "did you mean kind"],
  ])("%j", async (change, message) => {
    await expect(queueTuning(opened.session, { ...tree, ...change })).rejects.toThrow(message);
  });
});

describe("over HTTP", () => {
  const ask = async (method: "GET" | "POST" | "DELETE", url: string, payload?: object) => {
    const answer = await app.inject({ method, url, headers: { "x-assay": "1" }, ...(payload && { payload }) });
    return { code: answer.statusCode, ...answer.json() };
  };

  test("a search is queued and its study answered", async () => {
    const sent = await ask("POST", "/api/ml/models/tune", {
      ...tree,
      n_trials: 3,
      tuning_method: "random_search",
      study: "by http",
    });
    expect(sent).toMatchObject({ code: 202, status: "success" });
    expect(await ask("GET", `/api/ml/studies/${sent.study_id}`)).toMatchObject({
      code: 200,
      study: { name: "by http", job_id: sent.job_id, job_status: "queued", run_id: sent.experiment_id, study_status: "idle" },
    });
    expect(await ask("POST", `/api/ml/studies/${sent.study_id}/stop`)).toMatchObject({ study: { study_status: "stopped" } });
    await cancelJob(opened.session, sent.job_id);
    expect(await ask("DELETE", `/api/ml/studies/${sent.study_id}`)).toMatchObject({ code: 200, deleted: sent.study_id });
    expect(await ask("GET", `/api/ml/studies/${sent.study_id}`)).toMatchObject({ code: 404 });
  });

  test("a search waits as its caller says", async () => {
    const waiting = { priority: 7, timeout_seconds: 60, not_before: "2100-01-01T00:00:00.000Z" };
    const { job_id } = await ask("POST", "/api/ml/models/tune", { ...tree, ...waiting, study: "later" });
    expect(await getJob(opened.session, job_id)).toMatchObject(waiting);
    await cancelJob(opened.session, job_id);
  });

  test("a search sent again and again under one key, also side by side, is one job and one study", async () => {
    const send = () =>
      app.inject({
        method: "POST",
        url: "/api/ml/models/tune",
        headers: { "x-assay": "1", "idempotency-key": "once" },
        payload: tree,
      });
    const [first, ...others] = (await Promise.all(Array.from({ length: 8 }, send))).map((answer) => answer.json());
    for (const other of [...others, (await send()).json()]) expect(other).toEqual(first);
    await cancelJob(opened.session, first.job_id);
  });

  test("studies and trials are listed, and figures drawn", async () => {
    const { items } = await ask("GET", "/api/ml/studies?limit=500");
    expect(items.map(({ name }: { name: string }) => name)).toContain("trees");
    const trials = await ask("GET", "/api/ml/studies/trees/trials?sort=-value&limit=3");
    expect(trials.items).toHaveLength(3);
    expect(trials.next_cursor).toBeTypeOf("string");
    const { importance } = await ask("GET", "/api/ml/studies/trees/importance");
    expect(importance.map(({ param }: { param: string }) => param).sort()).toEqual(["max_depth", "min_samples_leaf"]);
    const { figures } = await ask("GET", "/api/ml/studies/trees/plots");
    expect(Object.keys(figures)).toEqual(["history", "parallel", "slice", "importance", "intermediate"]);
    expect(figures.history.data[0].x).toHaveLength(10);
  });

  test("a wrong space is a problem that names its field", async () => {
    const space = { max_dept: { type: "int", low: 1, high: 3 } };
    expect(await ask("POST", "/api/ml/models/tune", { ...tree, space })).toMatchObject({ code: 400, field: "space" });
  });
});
