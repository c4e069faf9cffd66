import { z } from "zod";
import { answer, id, instant } from "./values.ts";
import { loadUnit, workoutUser } from "./workout.ts";

/** An estimate with its 95 % interval; null bounds where there are too few points. */
export const estimate = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

/** Errors of everything that forecast the same sessions. */
const errors = z.record(z.string(), z.number());

/** How a log's own past was forecast, each session by what was known before it. */
export const workoutBacktest = z.object({
  unit: loadUnit,
  points: z.number().int().describe("Sessions that were forecast: the last 30 % of each exercise with eight or more."),
  exercises: z.number().int(),
  error: z.number().describe("Mean absolute error of the ensemble, on plates."),
  exercise_error: z.number().describe("The mean of the exercises' errors: heavy lifts weigh no more than light ones."),
  baseline_errors: errors,
  member_errors: errors,
  best_baseline: z.string().describe("Chosen on these very points, which flatters it."),
  gain: estimate.describe('Error of "the same as last time" less the ensemble\'s, points drawn again: above 0 it is better.'),
  gain_by_session: estimate.describe("The same with whole sessions drawn again."),
  gain_over_best: estimate,
  verdict: z.enum(["better", "not_better", "worse", "too_few"]).describe('Against "the same as last time", by the interval.'),
  verdict_text: z.string().describe("The verdict in words."),
  coverage: estimate.extend({ points: z.number().int(), nominal: z.number() }),
  width: z.number().nullable().describe("Mean width of the intervals."),
  shares: z.record(z.string(), z.number()).describe("Of each member in the last block's blend; they sum to 1."),
  by_exercise: z.array(
    z.object({
      exercise_name: z.string(),
      points: z.number().int(),
      error: z.number(),
      last_error: z.number(),
      gain: estimate,
    }),
  ),
  items: z
    .array(
      z.object({
        exercise_name: z.string(),
        time: instant,
        weight: z.number().describe("What was lifted."),
        last_weight: z.number(),
        forecast: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
      }),
    )
    .describe("In order of time, the last two thousand."),
});
export type WorkoutBacktest = z.infer<typeof workoutBacktest>;

/** Answer of GET /api/ml/workouts/backtest. */
export const workoutBacktestAnswer = answer({
  user_id: workoutUser,
  model: z.string().nullable().describe("The ensemble, name@version."),
  run_id: id.nullable().describe("Its training."),
  backtest: workoutBacktest.nullable().describe("null before the first training."),
});
