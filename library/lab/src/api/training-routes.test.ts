import { sql } from "kysely";
import { expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { endJob } from "../jobs/leases.ts";
import { planTraining, train } from "../jobs/training.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";

const service = testService({}, ({ session }) => uploadDataset(session, flowers(), { name: "flowers" }));
const flowersBy = (algorithm: string, more: object = {}) => ({
  dataset_id: "flowers",
  target_column: "kind",
  algorithm,
  ...more,
});

/** Does a queued training as a worker does. */
async function work(jobId: string): Promise<void> {
  const { session } = service;
  const { rows } = await sql<{ run: string; request: object }>`update jobs set status = 'running', attempt = 1
    where id = ${jobId} returning run_id as run, request`.execute(session.db);
  const [{ run, request }] = rows as [{ run: string; request: object }];
  await sql`update runs set status = 'training', attempt = 1, started_at = now() where id = ${run}`.execute(session.db);
  await train(session, await planTraining(session, request), run, new AbortController().signal);
  await endJob(session, { jobId, runId: run, attempt: 1 }, "completed");
}

test("a training scales, selects and tells evaluation, history and summary once it is done", async () => {
  const asked = flowersBy("logistic_regression", {
    scaling_method: "robust",
    feature_selection: { method: "statistical", n_features: 2 },
    test_size: 0.3,
  });
  const { code, body } = await service.ask("POST", "/models/train", asked);
  expect(code).toBe(202);
  const waiting = (await service.ask("GET", `/models/train/${body.job_id}`)).body;
  expect(waiting).toMatchObject({ status: "success", job_status: "queued", completed_at: null, results: null });
  await work(body.job_id);

  const done = (await service.ask("GET", `/models/train/${body.job_id}`)).body;
  expect(done).toMatchObject({ job_status: "completed", completed_at: expect.any(String) });
  const { evaluation, training_history, training_summary } = done.results;
  expect(evaluation.metrics.accuracy).toBeGreaterThan(0.4);
  expect(training_history.map(({ split, name }: { split: string; name: string }) => `${split}.${name}`)).toContain(
    "test.accuracy",
  );
  expect(training_summary).toMatchObject({
    experiment_id: body.experiment_id,
    algorithm: "logistic_regression",
    dataset: "flowers@1",
    metrics: { "test.accuracy": evaluation.metrics.accuracy },
  });
  const { experiment } = (await service.ask("GET", `/runs/${body.experiment_id}`)).body;
  expect(JSON.stringify(experiment.preprocessing)).toMatch(/robust_scaler.*select_k_best/);
  const { code: cell } = (await service.ask("GET", `/runs/${body.experiment_id}/cell`)).body;
  expect(cell).toContain(
    'train, task.features, { scaler: "robust", selector: ml.featureSelector("statistical", "classification", { nFeatures: 2, seed: 42 }) })',
  );
});

test.each([
  [{ scaling_method: "log" }, "scaling_method"],
  [{ scaling_method: "robust", preprocessing: "none" }, "scaling_method"],
  [{ feature_selection: { method: "guess" } }, "feature_selection.method"],
  [{ feature_selection: { method: "rfe", n: 3 } }, "feature_selection"],
  [{ feature_selection: { method: "rfe", n_features: 9 }, feature_columns: ["petal_length"] }, "feature_selection.n_features"],
  [{ early_stopping: true }, "early_stopping"],
  [{ early_stopping_patience: 0 }, "early_stopping_patience"],
])("a training that asks for %j is refused, naming %s", async (more, field) => {
  expect((await service.ask("POST", "/models/train", flowersBy("random_forest", more))).body).toMatchObject({
    status: 400,
    field,
  });
});

test("an experiment may be a search for good hyperparameters", async () => {
  const asked = { name: "searched", ...flowersBy("decision_tree"), tags: { team: "survey" }, description: "depths" };
  const tuning = { n_trials: 4, cv: 3, tuning_method: "random_search" };
  const { code, body } = await service.ask("POST", "/experiments/create", { ...asked, tuning });
  expect([code, body.run_status]).toEqual([202, "pending"]);
  expect((await service.ask("GET", `/jobs/${body.job_id}`)).body.job.kind).toBe("tune");
  const { experiment } = (await service.ask("GET", `/experiments/${body.experiment_id}`)).body;
  expect(experiment).toMatchObject({ experiment: "searched", description: "depths", tags: { team: "survey" } });
  const { items } = (await service.ask("GET", "/studies")).body;
  expect(items).toMatchObject([{ algorithm: "decision_tree", dataset: "flowers@1" }]);
  expect((await service.ask("POST", "/experiments/create", { ...asked, tuning: { trials: 3 } })).code).toBe(400);
});

test("a dataset is told with the types of its columns and the figures of its numbers", async () => {
  const { dtypes, numeric_stats } = (await service.ask("GET", "/datasets/flowers")).body;
  expect(dtypes).toMatchObject({ petal_length: "number", colour: "category" });
  expect(Object.keys(numeric_stats)).toEqual(Object.keys(dtypes).filter((name) => dtypes[name] === "number"));
  const values = flowers().values("petal_length") as number[];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(numeric_stats.petal_length).toMatchObject({ mean: expect.closeTo(mean), min: Math.min(...values) });
});
