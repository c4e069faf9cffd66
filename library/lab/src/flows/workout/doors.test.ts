import type { ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel } from "assay";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assayClient } from "../../client/index.ts";
import type { WorkoutPredicted } from "../../contract/workout.ts";
import { connect, type Lab } from "../../lab.ts";
import type { Opened } from "../../projects/index.ts";
import { versionFile } from "../../registry/index.ts";
import { type ListeningService, listeningService, tokenOf } from "../../testing/listening-service.ts";
import { livingWorker, signalAll } from "../../testing/start-worker.ts";
import { testSession } from "../../testing/test-session.ts";
import { getRun } from "../../tracking/index.ts";
import { exampleLog } from "./example-log.ts";
import { featureMatrix } from "./features.ts";
import { type Workouts, workoutsOf } from "./for-cells.ts";
import { historyOf } from "./history.ts";
import type { WorkoutModel } from "./model.ts";
import { momentsOf } from "./moment.ts";
import { predictWeight } from "./predict.ts";
import { parseLog } from "./read-log.ts";
import { updateWorkouts } from "./update.ts";

const user = "ann@example.org";
const squat = "Squat (Barbell)";
const asked = { user, user_data: { level: "intermediate", goals: "strength" } } as const;
const folder = mkdtempSync(join(tmpdir(), "workouts-"));
const path = join(folder, "strong.csv");
const text = exampleLog({ weeks: 40 });
const log = parseLog(text);
let opened: Opened;
let service: ListeningService;
let token: string;
let lab: Lab;
let cell: Workouts;
let worker: ChildProcess;

beforeAll(async () => {
  opened = await testSession();
  service = await listeningService(opened.session);
  token = await tokenOf(service.admin, { scopes: ["admin"] });
  lab = await connect({ url: service.url, token });
  cell = workoutsOf({ ...opened.session, projectId: (await lab.me()).project_id });
  worker = await livingWorker(opened.session);
  await writeFile(path, text);
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await rm(folder, { recursive: true, force: true });
  await service.close();
  await opened.close();
});

/** What any program is answered that asks by HTTP. */
async function byHttp(body: object): Promise<WorkoutPredicted> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "x-assay": "1" };
  const answer = await fetch(`${service.url}/api/ml/workouts/predict`, { method: "POST", headers, body: JSON.stringify(body) });
  return (await answer.json()) as WorkoutPredicted;
}

test("an export comes in by a cell, with a report by line, and its names can be brought together", async () => {
  const stored = await lab.workouts.import(path, { user });
  expect(stored).toMatchObject({ user_id: user, dataset: "workouts_ann+example.org@1", sets: log.sets.length, model: null });
  expect(stored.report!.rules.map(({ rule }) => rule)).toContain("duplicate");
  expect(stored.report!.problems[0]).toMatchObject({ line: expect.any(Number), message: expect.any(String) });
  expect((await cell.log({ user }))!).toEqual(stored);
  expect(await lab.workouts.logs()).toMatchObject([{ user_id: user, sets: log.sets.length }]);

  const renamed = await lab.workouts.rename({ "leg press": "Leg Press (Machine)" }, { user });
  expect(renamed.find(({ exercise_name }) => exercise_name === "Leg Press (Machine)")!.written).toMatchObject([
    { written: "Leg Press", by: "table" },
  ]);
  expect(await cell.exercises({ user })).toEqual(renamed);
  await expect(lab.workouts.rename({ "leg pres": "x" }, { user })).rejects.toThrow('has no exercise "leg pres"');
  await expect(cell.predict(squat, { step: 0 })).rejects.toThrow("workouts: step: ");
  await lab.workouts.import(path, { user });
  expect((await lab.workouts.exercises({ user })).map(({ exercise_name }) => exercise_name)).toContain("Leg Press (Machine)");
  await lab.workouts.rename({ "Leg Press": "Leg Press" }, { user });
});

test("the training is a run with parameters, metrics of each part, lineage, backtest and figure", async () => {
  expect(await cell.backtest({ user })).toBeNull();
  const sent = await lab.workouts.train({ user });
  expect(sent).toMatchObject({ reason: null, jobId: expect.any(String) });
  const run = (await sent.done())!;
  expect(run).toMatchObject({ status: "completed", algorithm: "workout_ensemble", dataset: "workouts_ann+example.org@4" });
  expect(run.hyperparameters).toEqual({ seed: 42 });
  const { metrics } = await getRun({ ...opened.session, projectId: (await lab.me()).project_id }, sent.runId!);
  expect(Object.keys(metrics)).toEqual(
    expect.arrayContaining(["train.mae", "validation.mae", "validation.mae_last", "test.mae", "test.mae_last", "test.coverage"]),
  );
  const backtest = (await lab.workouts.backtest({ user }))!;
  expect(backtest).toEqual(await cell.backtest({ user }));
  expect(metrics["test.mae"]).toBe(backtest.error);
  expect(Object.values(backtest.shares).reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  expect(backtest.verdict).toBe(backtest.gain.low! > 0 ? "better" : backtest.gain.high! < 0 ? "worse" : "not_better");
}, 240_000);

test("cell, HTTP, the panel's client and the plain library say the same of the same log, to the bit", async () => {
  const beside = await cell.predict(squat, asked);
  expect(beside.source).toBe("advanced");
  expect(await lab.workouts.predict(squat, asked)).toEqual(beside);
  const body = { exercise_name: squat, user_id: user, user_data: asked.user_data };
  expect(await byHttp(body)).toEqual({ status: "success", ...beside });
  expect(await assayClient({ url: service.url, token }).workouts.predict(body)).toEqual({ status: "success", ...beside });

  const { file } = await versionFile({ ...opened.session, projectId: (await lab.me()).project_id }, "workouts_ann+example.org");
  const model = await loadModel<WorkoutModel>(await opened.session.store.fetch(file));
  const plain = predictWeight(model, historyOf(log), { exercise: squat, trainee: asked.user_data });
  expect([plain.load, plain.low, plain.high, plain.confidence]).toEqual([
    beside.weight,
    beside.low,
    beside.high,
    beside.confidence,
  ]);
  expect(plain.factors).toEqual(beside.adjustment_factors);
  const { adjustment_factors } = await lab.workouts.explain(squat, asked);
  expect(adjustment_factors.reduce((sum, { change }) => sum + change, beside.last_weight!)).toBeCloseTo(beside.weight, 9);
}, 60_000);

test("the registry serves the ensemble as any other model: features in, ln(next / last) out", async () => {
  const { date, adjustment_factors, last_weight } = await cell.predict(squat, asked);
  const { names, data } = featureMatrix([momentsOf(historyOf(log)).of(squat, Date.parse(date!))!]);
  const features = Object.fromEntries(names!.map((name, j) => [name, Number.isNaN(data[j]!) ? null : data[j]!]));
  const { prediction, source } = await lab.registry.predict("workouts_ann+example.org", features);
  expect(source).toBe("advanced");
  const raw = adjustment_factors.filter(({ name }) => name !== "bounds" && name !== "plates");
  const load = raw.reduce((sum, { change }) => sum + change, last_weight!);
  expect(last_weight! * Math.exp(Number(prediction))).toBeCloseTo(load, 6);
}, 60_000);

test("a new session moves the next prediction at once, at every door alike", async () => {
  const { last_weight: weight } = await cell.predict(squat, asked);
  const sessions = [{ date: "2025-02-01T18:00:00Z", exercise: squat, unit: "lb", sets: [{ weight: weight! + 10, reps: 5 }] }];
  expect(await lab.workouts.add(sessions, { user })).toMatchObject({ reason: "retrain was false", job_id: null });
  const after = await cell.predict(squat, asked);
  expect(after).toMatchObject({ source: "advanced", last_weight: weight! + 10 });
  expect(await lab.workouts.predict(squat, asked)).toEqual(after);
  expect((await cell.analytics({ user })).model).toMatchObject({ seen_since: 1 });
  expect(await lab.workouts.analytics({ user })).toEqual(await cell.analytics({ user }));
}, 60_000);

test("history, sets, features and patterns are the same beside the database and over HTTP", async () => {
  expect(await lab.workouts.history("squat  (barbell)", { user })).toEqual(await cell.history(squat, { user }));
  expect(await lab.workouts.plateau(squat, { user })).toEqual((await cell.history(squat, { user })).plateau);
  expect(await lab.workouts.sets({ user, exercise: squat, limit: 7 })).toEqual(
    await cell.sets({ user, exercise: squat, limit: 7 }),
  );
  expect(await lab.workouts.features()).toHaveLength(114);
  expect(await lab.workouts.patterns({ user })).toEqual(await cell.patterns({ user }));
  await expect(lab.workouts.history("Squatt (Barbell)", { user })).rejects.toThrow("did you mean Squat (Barbell)");
});

test("what cells answer is drawn in a notebook", async () => {
  const shown = (value: object): string =>
    (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!()["text/html"]!;
  const drawn = [
    await cell.predict(squat, asked),
    await cell.explain(squat, asked),
    await cell.history(squat, { user }),
    await cell.plateau(squat, { user }),
    await cell.patterns({ user }),
    await cell.analytics({ user }),
    (await cell.backtest({ user }))!,
  ].map(shown);
  for (const html of drawn) expect(html).toContain("<svg");
  for (const value of [(await cell.log({ user }))!, await cell.exercises({ user }), await cell.sets({ user })])
    expect(shown(value)).toContain("<table>");
});

test("a schedule trains again on the log as it is then", async () => {
  const schedule = await lab.workouts.schedule("0 4 * * 1", { user });
  expect(schedule).toMatchObject({ kind: "workout", request: { user_id: user }, cron: "0 4 * * 1", paused: false });
});

test("the ensemble after new sessions is the same whether they came one by one or at once", async () => {
  const { file } = await versionFile({ ...opened.session, projectId: (await lab.me()).project_id }, "workouts_ann+example.org");
  const model = await loadModel<WorkoutModel>(await opened.session.store.fetch(file));
  const longer = parseLog(exampleLog({ weeks: 52 }));
  const cut = (upTo: number) => historyOf({ sets: longer.sets.filter(({ time }) => time <= upTo), efforts: longer.efforts });
  const times = [...new Set(longer.sets.map(({ time }) => time))].filter((time) => time > model.state.trainedUpTo);
  let step = model;
  for (const time of times) step = updateWorkouts(step, cut(time));
  const { state: once } = updateWorkouts(model, historyOf(longer));
  expect(step.state.seen).toEqual(once.seen);
  expect(step.state.shares).toEqual(once.shares);
  expect(once.seen.top.length).toBeGreaterThan(model.state.seen.top.length + 50);
  expect(once.shares).not.toEqual(model.state.shares);
  expect(once.members).toEqual(model.state.members);
}, 120_000);
