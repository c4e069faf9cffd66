import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { type App, makeApp } from "../../api/app.ts";
import type { WorkoutPredicted, workoutTrained } from "../../contract/workout.ts";
import { jobEnded } from "../../jobs/index.ts";
import type { Opened } from "../../projects/session.ts";
import { livingWorker, signalAll } from "../../testing/start-worker.ts";
import { testSession } from "../../testing/test-session.ts";
import { getRun } from "../../tracking/index.ts";
import { exampleLog } from "./example-log.ts";
import { parseLog } from "./read-log.ts";
import type { WorkoutSet } from "./sets.ts";
import { mergeLogs, setsTable, storedSetsOf } from "./sets-table.ts";
import { warmWorkouts } from "./warm.ts";

let opened: Opened;
let app: App;
let worker: ChildProcess;
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(opened.session, { token: undefined });
  worker = await livingWorker(opened.session);
});
afterAll(async () => {
  signalAll(worker, "SIGKILL");
  await app.close();
  await opened.close();
});

type Told<T> = Omit<T, "status"> & { readonly status: number };

async function send<T>(method: "GET" | "POST", url: string, payload?: object): Promise<Told<T>> {
  const answer = await app.inject({ method, url, headers: { "x-assay": "1" }, ...(payload && { payload }) });
  return { ...(answer.json() as T), status: answer.statusCode };
}

const predict = (payload: object) => send<WorkoutPredicted>("POST", "/api/ml/workouts/predict", payload);
const train = (payload: object) => send<z.output<typeof workoutTrained>>("POST", "/api/ml/workouts/train", payload);

/** Sessions of a log as a request's body says them. */
function entriesOf(sets: readonly WorkoutSet[]) {
  return sets.map(({ time, exercise, load, reps, unit }) => ({
    date: new Date(time).toISOString(),
    exercise,
    unit,
    sets: [{ weight: load, reps: Number.isNaN(reps) ? undefined : reps }],
  }));
}

const squat = "Squat (Barbell)";
const log = parseLog(exampleLog({ weeks: 30 }));

test("a log without a model is answered by the trend, an unknown exercise by the rule, both 200", async () => {
  const workout_history = entriesOf(log.sets);
  expect(await predict({ exercise_name: squat, workout_history })).toMatchObject({ status: 200, source: "basic", unit: "lb" });
  const unknown = await predict({
    exercise_name: "Zercher",
    workout_history,
    user_data: { level: "beginner", current_weight: 170 },
  });
  expect(unknown).toMatchObject({ status: 200, source: "emergency", last_weight: null });
  expect(await predict({ exercise_name: squat })).toMatchObject({ status: 200, source: "emergency", unit: "kg" });
});

test("a history that cannot be used costs a warning, not the answer", async () => {
  const workout_history = [{ date: "2031-01-01", exercise: squat, sets: [{ weight: 2000, reps: -3 }] }];
  const answer = await predict({ exercise_name: squat, workout_history });
  expect(answer).toMatchObject({ status: 200, source: "emergency" });
  expect(answer.warnings[0]).toContain("date must not lie in the future");
});

test("a level that is none is refused by name", async () => {
  const refused = await predict({ exercise_name: squat, user_data: { level: "god" } });
  expect(refused.status).toBe(400);
});

test("a log is stored, trained on by a job, and its ensemble answers; both paths say the same", async () => {
  const sent = await train({ user_id: "ann", new_data: entriesOf(log.sets) });
  expect(sent).toMatchObject({ status: 202, user_id: "ann", dataset: "workouts_ann@1", reason: null });
  await jobEnded(opened.session, sent.job_id!);
  const run = await getRun(opened.session, sent.run_id!);
  expect({ status: run.status, error: run.error }).toEqual({ status: "completed", error: null });
  const asked = { exercise_name: squat, user_id: "ann" };
  const answer = await predict(asked);
  expect(answer).toMatchObject({ status: 200, source: "advanced", reason: null });
  expect(await send("POST", "/api/ml/predict", asked)).toEqual(answer);
  expect(await predict({ exercise_name: squat, user_id: "ben" })).toMatchObject({ source: "emergency" });
  const analytics = await send("GET", "/api/ml/analytics?user_id=ann");
  expect(analytics).toMatchObject({
    status: 200,
    patterns: { sessions: log.report.sessions },
    model: { sessions: expect.any(Number) },
  });
}, 180_000);

test("new sessions come to the log, and the next forecast knows them", async () => {
  const before = await predict({ exercise_name: squat, user_id: "ann" });
  const weight = before.last_weight! + 5;
  const new_data = [{ date: "2025-06-01T18:00:00Z", exercise: "squat (barbell)", unit: "lb", sets: [{ weight, reps: 5 }] }];
  const sent = await send("POST", "/api/ml/train", { user_id: "ann", new_data, retrain: false });
  expect(sent).toMatchObject({ status: 202, dataset: "workouts_ann@2", job_id: null, reason: "retrain was false" });
  expect(await predict({ exercise_name: squat, user_id: "ann" })).toMatchObject({ source: "advanced", last_weight: weight });
});

test("a service that begins asks of the logs that have an ensemble, and of no others", async () => {
  await train({ user_id: "dan", new_data: entriesOf(log.sets.slice(0, 30)) });
  expect(await warmWorkouts(opened.session)).toBe(1);
});

test("a short log is stored but not trained on, and says why", async () => {
  const sent = await train({ user_id: "cy", new_data: entriesOf(log.sets.slice(0, 30)) });
  expect(sent).toMatchObject({ status: 202, job_id: null });
  expect(sent.reason).toContain("the ensemble needs 100 sessions");
});

test("a table of sets is the log again, with names as written and efforts, and a session that comes again is taken once", () => {
  const again = storedSetsOf(setsTable(log));
  expect(again.sets).toEqual(log.sets);
  expect(again.efforts).toEqual(log.efforts);
  expect(log.efforts.size).toBe(1);
  expect(mergeLogs(again, log)).toEqual(again);
});
