import { expect, test } from "vitest";
import { type Sentence, wordsOf } from "../../contract/sentences.ts";
import type { WorkoutPredicted } from "../../contract/workout.ts";
import { testService } from "../../testing/test-service.ts";

const service = testService({ token: undefined });
const squat = "Squat (Barbell)";
const good = { date: "2025-02-14T07:33:40Z", exercise: squat, unit: "kg", sets: [{ weight: 100, reps: 5 }] };
const of = (change: object, set: object = {}) => [{ ...good, ...change, sets: [{ weight: 100, reps: 5, ...set }] }];

async function predict(payload: object) {
  const body = { exercise_name: squat, ...payload };
  const { code, body: answer } = await service.ask("POST", "/workouts/predict", body);
  return { code, answer: answer as WorkoutPredicted };
}

test.each<[string, readonly object[], string, string]>([
  ["an empty history", [], "emergency", ""],
  ["one session", [good], "basic", ""],
  ["a weight of 2,000 kg", of({}, { weight: 2000 }), "emergency", "weight must be ≤ 1000 kg"],
  ["a date in the future", of({ date: "2199-01-01" }), "emergency", "date must not lie in the future"],
  ["a date before 1950", of({ date: "1912-01-01" }), "emergency", "date must not lie before 1950"],
  ["a day that the calendar has not", of({ date: "2025-02-30" }), "emergency", "date must be a day of the calendar"],
  ["negative repetitions", of({}, { reps: -5 }), "emergency", "reps must be ≥ 0"],
  ["no repetitions", of({}, { reps: 0 }), "emergency", "a set of no repetitions"],
  ["877,777 repetitions", of({}, { reps: 877_777 }), "basic", ""],
  ["a weight in words", of({}, { weight: "heavy" }), "emergency", "weight must be a number"],
  ["a unit that is none", of({ unit: "stone" }), "emergency", "unit must be kg or lbs"],
  ["no exercise", of({ exercise: "" }), "emergency", "exercise is missing"],
  ["entries that are no sessions", [{}, { date: 3 }], "emergency", ""],
  ["an exercise that the log has not", of({ exercise: "Row" }), "emergency", `no session of "${squat}" in the log`],
])("%s is answered safely, with its source and what was wrong", async (_, workout_history, source, warning) => {
  const { code, answer } = await predict({ workout_history });
  expect([code, answer.source]).toEqual([200, source]);
  expect(answer.reason).not.toBeNull();
  expect(wordsOf(answer.reason_codes)).toBe(answer.reason);
  expect(answer.warning_codes.map((each: Sentence) => wordsOf([each]))).toEqual(answer.warnings);
  for (const { evidence, evidence_codes } of answer.recommendations) expect(wordsOf(evidence_codes)).toBe(evidence);
  expect(answer.warnings.join("; ")).toContain(warning);
  expect(answer.weight).toBeGreaterThan(0);
  expect(answer.weight).toBeLessThanOrEqual(110);
  expect(answer.low <= answer.weight && answer.weight <= answer.high).toBe(true);
});

test("two bad rows beside a good one cost themselves alone", async () => {
  const workout_history = [good, ...of({ date: "2025-02-16T07:00:00Z" }, { weight: 2000 }), ...of({ date: "soon" })];
  const { answer } = await predict({ workout_history });
  expect(answer).toMatchObject({ source: "basic", last_weight: 100 });
  expect(answer.warnings).toEqual([
    "workout_history, set 2: weight must be ≤ 1000 kg",
    "workout_history, set 3: date must be a day of the calendar, as 2026-07-18 18:30:00",
  ]);
});

test("a history of ten thousand equal sessions is answered in time, and its plateau", async () => {
  const day = (k: number) => new Date(Date.UTC(1960, 0, 1 + 2 * k)).toISOString();
  const workout_history = Array.from({ length: 10_000 }, (_, k) => ({ ...good, date: day(k) }));
  const { code, answer } = await predict({ workout_history });
  expect([code, answer.weight, answer.plateau.status, answer.plateau.since]).toEqual([
    200,
    100,
    "plateau",
    day(9_940).slice(0, 10),
  ]);
});

test("a first log without a session leaves nothing behind, and the next one comes in", async () => {
  const { code } = await service.ask("POST", "/workouts/train", { user_id: "late", new_data: [{}] });
  expect(code).toBe(422);
  expect((await service.ask("GET", "/datasets/workouts_late")).code).toBe(404);
  const { code: later } = await service.ask("POST", "/workouts/train", { user_id: "late", new_data: [good], retrain: false });
  expect(later).toBe(202);
});

test("of sessions that are added at the same time none is lost", async () => {
  const added = Array.from({ length: 6 }, (_, k) => ({ ...good, date: `2025-03-0${k + 1}T07:00:00Z` }));
  const answers = await Promise.all(
    added.map((session) => service.ask("POST", "/workouts/train", { user_id: "six", new_data: [session], retrain: false })),
  );
  expect(answers.map(({ code }) => code)).toEqual(added.map(() => 202));
  expect((await service.ask("GET", "/workouts/log?user_id=six")).body.log.sessions).toBe(6);
});

test("a date before every session is a question without a history", async () => {
  const { answer } = await predict({ workout_history: [good], date: "2024-01-01T00:00:00Z" });
  expect(answer).toMatchObject({ source: "emergency", last_weight: null, date: "2024-01-01T00:00:00.000Z" });
  expect(answer.warnings).toEqual([`every session of "${squat}" in the log is later than the date that was asked for`]);
});

test.each<[string, object, number, string]>([
  ["an exercise without a name", { exercise_name: " " }, 400, "exercise_name"],
  ["a user's name with a slash", { user_id: "a/b" }, 400, "user_id"],
  ["a step of nothing", { step: 0 }, 400, "step"],
  ["a step that doubles cannot count in", { step: 5e-324 }, 400, "step"],
  ["a goal that is none", { user_data: { goals: "beauty" } }, 400, "goals"],
  ["a unit that is none", { unit: "stone" }, 400, "unit"],
  ["a date that is none", { date: "soon" }, 400, "date"],
  ["a key that nobody knows", { exercise: squat }, 400, "exercise"],
])("%s is the caller's mistake, told by its field", async (_, payload, status, field) => {
  const { code, body } = await service.ask("POST", "/workouts/predict", { exercise_name: squat, ...payload });
  expect(code).toBe(status);
  expect(JSON.stringify(body)).toContain(field);
});

test("a log is not stored of sessions that are all bad, and what was wrong is told by line", async () => {
  const { code, body } = await service.ask("POST", "/workouts/train", { user_id: "bad", new_data: of({}, { weight: 2000 }) });
  expect([code, body.detail]).toEqual([
    422,
    expect.stringContaining("none of 1 rows can be used; line 1: weight must be ≤ 1000 kg"),
  ]);
  expect((await service.ask("GET", "/workouts/log?user_id=bad")).body.log).toBeNull();
});

test("nothing to train on is said", async () => {
  const { code, body } = await service.ask("POST", "/workouts/train", { user_id: "nobody" });
  expect([code, body.detail]).toEqual([400, expect.stringContaining("new_data must hold sessions")]);
});

test("a history, and an alias, of an exercise that the log has not are not found, with the near name", async () => {
  await service.ask("POST", "/workouts/train", { user_id: "one", new_data: [good], retrain: false });
  const history = await service.ask("GET", "/workouts/history?user_id=one&exercise_name=Squat%20(Barbel)");
  expect([history.code, history.body.detail]).toEqual([404, expect.stringContaining(`did you mean ${squat}`)]);
  const renamed = await service.ask("PUT", "/workouts/aliases", { user_id: "one", aliases: { Sqat: "Squat" } });
  expect(renamed.code).toBe(404);
});

test("an alias where no log is stored is not found, and the user is named", async () => {
  const { code, body } = await service.ask("PUT", "/workouts/aliases", { user_id: "empty", aliases: {} });
  expect([code, body.detail]).toEqual([404, expect.stringContaining('no log of "empty" is stored')]);
});

test("an empty log has no exercises, sets, sessions or backtest, and is no error", async () => {
  const get = async (path: string) => (await service.ask("GET", `/workouts/${path}?user_id=empty`)).body;
  expect((await get("exercises")).items).toEqual([]);
  expect((await get("sets")).items).toEqual([]);
  expect((await get("analytics")).patterns).toMatchObject({ sessions: 0, from: null, weekly_rhythm: null });
  expect((await get("backtest")).backtest).toBeNull();
});
