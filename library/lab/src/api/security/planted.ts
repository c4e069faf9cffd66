import * as ml from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { datasetVersion, uploadDataset } from "../../datasets/index.ts";
import { exampleSignals } from "../../flows/exoplanet/index.ts";
import { enterRun, keepRecommender, readEtlSettings } from "../../flows/recommendation/index.ts";
import type { Session } from "../../projects/session.ts";
import { createAbTest, deployRun } from "../../registry/index.ts";
import { ActiveRun, createRun, finishRun } from "../../tracking/index.ts";
import type { App } from "../app.ts";
import { multipart } from "./forms.ts";

/** The ids that examples of the contract speak of, and those of the things in a project that stand for them. */
export type Planted = ReadonlyMap<string, string>;

/** What the contract's examples call the id of a thing. */
export const exampleIds = {
  study: "01981c3e-7b00-7c42-9d6f-0b6a51a1d501",
  run: "01981c3e-6f00-7a11-8c55-2f1f6f1f0a01",
  job: "01981c3e-6f01-7d22-b1f4-91c08b6c2d10",
  split: "01981c3e-5b00-7c42-9d6f-0b6a51a1d101",
  chart: "01981c3e-5c00-7c42-9d6f-0b6a51a1d201",
  signals: "01981c3e-5a00-7c42-9d6f-0b6a51a1d001",
  view: "01981c3e-8a00-7c42-9d6f-0b6a51a1d601",
  template: "01981c3e-8b00-7c42-9d6f-0b6a51a1d602",
  schedule: "01981c3f-0a00-7e31-8d70-5b7a3e1c9f22",
  monitor: "01981c70-1a00-7e55-8a3f-4d9c2b6e8f01",
  alert: "01981c7f-5500-7c20-b6e8-9a1d3f5c7b42",
  prediction: "01981c52-4410-7b02-a7d3-6f4c0e9d1b35",
  project: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0b2",
  signIn: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0c3",
  token: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0d4",
  etlRun: "01981c3e-8a00-7c42-9d6f-0b6a51a1e001",
  recommender: "01981c3e-9a00-7c42-9d6f-0b6a51a1f001",
} as const;

/** Kepler's signals, as few as a tree needs. */
function signals(): ml.Table {
  const draw = ml.random(3, "signals");
  return ml.table(
    Array.from({ length: 120 }, (_, i) => ({
      koi_period: 1 + (i % 2) * 20 + draw.float(),
      koi_depth: 100 + (i % 2) * 500 + 50 * draw.float(),
      koi_disposition: ["CANDIDATE", "CONFIRMED"][i % 2]!,
    })),
  );
}

/**
 * A project with one of each thing that the contract's examples speak of, under the names that they use: with the ids put in, each example is a
 * call that finds what it asks for. `cookie` is of somebody who may do everything in the project.
 */
export async function plant(app: App, session: Session, cookie: string): Promise<Planted> {
  const ids = new Map<string, string>([[exampleIds.project, session.projectId]]);
  const headers = { "x-assay": "1", cookie };
  const at = (path: string): string => `${path}?project_id=${session.projectId}`;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every form
  const send = async (method: "POST" | "PUT", path: string, body: object): Promise<any> => {
    const answer = await app.inject({ method, url: at(path), headers, payload: body });
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`);
    return answer.json();
  };
  const upload = async (path: string, fields: object, file: { name: string; text: string; type?: string }) => {
    const { payload, type } = multipart({ ...fields }, file);
    const answer = await app.inject({ method: "POST", url: at(path), headers: { ...headers, "content-type": type }, payload });
    if (answer.statusCode >= 300) throw new Error(`POST ${path}: ${answer.statusCode} ${answer.body}`);
    return answer.json();
  };

  const table = signals();
  for (let version = 0; version < 3; version++)
    await uploadDataset(session, version === 0 ? table : table.head(110 + version), { name: "koi", newVersion: version > 0 });
  await uploadDataset(session, visits(), { name: "visits" });
  await uploadDataset(session, ml.table([{ user_id: "u1", seen_at: new Date(Date.UTC(2026, 5, 9)), bought: 1 }]), {
    name: "orders",
  });

  const run = await trained(session, table, 2);
  ids.set(exampleIds.run, run);
  await deployRun(session, run, { name: "koi", version: "1.0.0" });
  await deployRun(session, await trained(session, table, 1), { name: "koi", version: "1.1.0" });
  await send("POST", "/api/ml/models/koi@1.0.0/promote", { reason: "the first" });
  await send("PUT", "/api/ml/models/koi/aliases/champion", { version: "1.0.0" });
  await upload(
    `/api/ml/runs/${run}/artifacts`,
    { name: "roc.png", kind: "figure" },
    { name: "roc.png", text: "PNG", type: "image/png" },
  );

  const split = await send("POST", "/api/ml/data/split", { dataset_id: "koi@1", target_column: "koi_disposition" });
  const chart = await send("POST", "/api/ml/datasets/koi/charts", {
    name: "depths",
    type: "histogram",
    configuration: { column: "koi_period" },
  });
  const source = { kind: "dataset", datasets: { visits: "visits" } };
  await send("POST", "/api/ml/feature-views", { name: "visits", source, entity: "user_id", event_time: "seen_at" });
  const study = await send("POST", "/api/ml/models/tune", {
    dataset_id: "koi",
    target_column: "koi_disposition",
    algorithm: "random_forest",
    study: "koi forest",
    n_trials: 3,
  });
  const view = await send("POST", "/api/ml/views", { kind: "experiments", name: "all", content: { columns: ["name"] } });
  const template = await send("POST", "/api/ml/templates", {
    kind: "training",
    name: "tree",
    content: { algorithm: "decision_tree" },
  });
  const work = { kind: "train", request: { dataset_id: "koi", target_column: "koi_disposition", algorithm: "dummy" } };
  const job = await send("POST", "/api/ml/jobs", work);
  const schedule = await send("POST", "/api/ml/schedules", { name: "every night", cron: "0 3 * * *", ...work });
  const monitor = await send("POST", "/api/ml/models/koi/monitors", {
    name: "periods move",
    measure: "input_drift",
    subject: "koi_period",
    threshold: 0.25,
  });
  const models = { model_a_id: "koi@1.0.0", model_b_id: "koi@1.1.0" };
  await send("POST", "/api/ml/models/ab-test", {
    test_name: "forest-or-boosting",
    ...models,
    metrics: [{ name: "clicked", window_hours: 24 }],
  });
  const predicted = await send("POST", "/api/ml/models/predict", {
    model_id: "koi@production",
    features: { koi_period: 9.49, koi_depth: 616 },
    user_id: "u-17",
  });
  const stars = await upload(
    "/api/training/upload-dataset",
    { name: "stars" },
    { name: "stars.csv", text: exampleSignals({ rows: 200 }) },
  );
  await send("POST", "/api/ml/workouts/train", {
    user_id: "u-17",
    retrain: false,
    new_data: [{ date: "2026-07-14", exercise: "Squat (Barbell)", unit: "kg", sets: [{ weight: 100, reps: 5 }] }],
  });
  const alert = await sql<{ id: string }>`
    insert into model_alerts (id, project_id, model_id, monitor_id, value, threshold, message)
    select gen_random_uuid(), project_id, model_id, id, 1, 0.25, 'moved' from monitors where project_id = ${session.projectId} limit 1
    returning id`.execute(session.db);

  ids.set(exampleIds.study, study.study_id);
  ids.set(exampleIds.split, split.split_id);
  ids.set(exampleIds.chart, chart.chart.chart_id);
  ids.set(exampleIds.view, view.view.id);
  ids.set(exampleIds.template, template.template.id);
  ids.set(exampleIds.job, job.job_id);
  ids.set(exampleIds.schedule, schedule.schedule.schedule_id);
  ids.set(exampleIds.monitor, monitor.monitor.monitor_id);
  ids.set(exampleIds.alert, alert.rows[0]!.id);
  ids.set(exampleIds.prediction, predicted.prediction_id);
  ids.set(exampleIds.signals, stars.dataset.dataset_id);
  ids.set(exampleIds.etlRun, await prepared(session));
  ids.set(exampleIds.recommender, await recommended(session));
  for (const [example, id] of ids) if (!id) throw new Error(`nothing stands for ${example}`);
  return ids;
}

/** A run of the ETL with its report and metadata. Answers with its id. */
async function prepared(session: Session): Promise<string> {
  const id = uuidv7();
  await enterRun(session, id, readEtlSettings({ version: "1.0" }), null);
  const report = `recommendation/project_${session.projectId}/reports/${id}.html`;
  await session.store.write(report, Buffer.from("<!doctype html><title>Quality</title>"));
  const metadata = `recommendation/project_${session.projectId}/datasets/v1.0/metadata_v1.0.json`;
  await session.store.write(metadata, Buffer.from('{"format":1,"version":"1.0"}'));
  await session.db.updateTable("etl_runs").set({ status: "completed", report }).where("id", "=", id).execute();
  return id;
}

/** A recommender with vectors, registered, and an A/B test of two of its versions. Answers with its id. */
async function recommended(session: Session): Promise<string> {
  const taken = ["u-17", "4711"].flatMap((user) => ["12", "31", "7"].slice(user.length - 4).map((item) => ({ user, item })));
  const model = await ml.als({ factors: 2, iterations: 1 }).fit(ml.interactions(ml.table(taken)));
  const runId = await createRun(session, { experiment: "recommendations", algorithm: model.name, status: "training" });
  const run = new ActiveRun(session, runId);
  await run.saveModel(model);
  await run.flush();
  await finishRun(session, runId, "completed");
  const dataset = { version: { name: "koi", version: 1 }, items: [] };
  const id = await keepRecommender(session, dataset, model, { runId, measures: {} });
  const [a, b] = ["1.0.0", "1.1.0"];
  for (const version of [a, b]) await deployRun(session, runId, { name: "travel", version });
  await createAbTest(session, { test_name: "rules-or-ease", model_a_id: `travel@${a}`, model_b_id: `travel@${b}` });
  return id;
}

function visits(): ml.Table {
  return ml.table(
    ["u1", "u2"].map((user, i) => ({ user_id: user, seen_at: new Date(Date.UTC(2026, 5, 1 + i)), visits_30d: 3 + i })),
  );
}

async function trained(session: Session, table: ml.Table, maxDepth: number): Promise<string> {
  const features = ["koi_period", "koi_depth"];
  const { train, test } = ml.split(table, { stratify: "koi_disposition" });
  const { id: datasetVersionId } = await datasetVersion(session, "koi@1");
  const id = await createRun(session, { experiment: "koi", algorithm: "decision_tree", status: "training", datasetVersionId });
  const run = new ActiveRun(session, id);
  const estimator = ml.autoPreprocess(ml.decisionTreeClassifier({ maxDepth }), train, features);
  const model = await estimator.fit(train, { target: "koi_disposition", features, observer: run });
  run.log({ loss: 0.4 });
  await run.evaluate(model, test);
  await run.saveModel(model);
  await run.flush();
  await finishRun(session, id, "completed");
  return id;
}
