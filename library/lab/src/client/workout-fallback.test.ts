import { expect, test } from "vitest";
import type { WorkoutPredicted } from "../contract/workout.ts";
import { ProblemError } from "./problem-error.ts";
import { weightWithFallback } from "./workout-fallback.ts";

const question = {
  exercise_name: "Squat (Barbell)",
  workout_history: [100, 102.5, 105].map((weight, k) => ({
    date: `2025-01-0${k + 1}`,
    exercise: "squat (barbell)",
    sets: [{ weight, reps: 5 }],
  })),
};
const gone = { workouts: { predict: () => Promise.reject(new TypeError("fetch failed")) } };

test("the service answers where it can", async () => {
  const answer = { source: "advanced", weight: 110 } as WorkoutPredicted;
  expect(await weightWithFallback({ workouts: { predict: async () => answer } })(question)).toBe(answer);
});

test("the service gone, the trend of the question's own history answers", async () => {
  const reasons: string[] = [];
  const answer = await weightWithFallback(gone, { onFallback: (reason) => reasons.push(reason) })(question);
  expect(answer).toMatchObject({ source: "basic", weight: 107.5, last_weight: 105, unit: "kg" });
  expect(reasons).toEqual(["the service did not answer: fetch failed"]);
});

test("without a history the rule answers", async () => {
  const answer = await weightWithFallback(gone)({
    exercise_name: "Squat (Barbell)",
    user_data: { level: "advanced", current_weight: 80 },
  });
  expect(answer).toMatchObject({ source: "emergency", last_weight: null, confidence: 0 });
  expect(answer.weight).toBeGreaterThan(50);
});

test("entries that cannot be read are left out", async () => {
  const workout_history = [
    { date: "never", exercise: "Row", sets: [{ weight: 50 }] },
    { exercise: "Row", sets: 3 },
    { date: "2025-01-01", exercise: "Row", sets: [null, { weight: 40 }] },
  ];
  expect(await weightWithFallback(gone)({ exercise_name: "Row", workout_history })).toMatchObject({
    source: "basic",
    weight: 40,
  });
});

test("loads come in the unit that is asked for, else in the one that is named, however the exercise is spelled", async () => {
  const pounds = [{ date: "2025-01-01", exercise_name: "bench-press", unit: "lbs", sets: [{ weight: 220 }] }];
  const ask = (unit?: "kg") => weightWithFallback(gone)({ exercise_name: "Bench Press", workout_history: pounds, unit });
  expect(await ask()).toMatchObject({ source: "basic", weight: 220, unit: "lb" });
  expect(await ask("kg")).toMatchObject({ source: "basic", weight: 99.79, unit: "kg" });
});

test("sessions at or behind the asked date, and loads that nobody lifts, are as if they were not", async () => {
  const session = (date: string, weight: number) => ({ date, exercise: "Row", sets: [{ weight }] });
  const workout_history = [session("2025-01-01", 40), session("2025-01-02", 1200), session("2025-02-01", 60)];
  const answer = await weightWithFallback(gone)({ exercise_name: "Row", workout_history, date: "2025-02-01T00:00:00Z" });
  expect(answer).toMatchObject({ source: "basic", weight: 40, last_weight: 40 });
});

test("a wrong question is the caller's", async () => {
  const problem = { type: "urn:assay:problem:params", title: "ParamsError", status: 400, detail: "level must be …" };
  const refuse = { workouts: { predict: () => Promise.reject(new ProblemError(problem)) } };
  await expect(weightWithFallback(refuse)(question)).rejects.toThrow(ProblemError);
});
