import { z } from "zod";
import { sentence } from "./sentences.ts";
import { answer, id, instant } from "./values.ts";

/** Whose log: a name within the project. */
export const workoutUser = z
  .string()
  .regex(/^[\w.@-]{1,80}$/, "must be letters, digits and . _ @ -, at most 80")
  .describe("Whose log and model; default the caller's own.");
const entries = z
  .array(z.record(z.string(), z.unknown()))
  .max(20_000)
  .describe('Sessions as { date, exercise, sets: [{ weight, reps }] }, with "unit" where it is not the request\'s.');
/** What loads are counted in. */
export const loadUnit = z.enum(["kg", "lb"]).describe("Of weights that name none, and of the answer.");

/** Body of POST /api/ml/workouts/predict. */
export const workoutPredict = z.object({
  exercise_name: z.string().trim().min(1).max(200),
  user_id: workoutUser.optional(),
  user_data: z
    .object({
      current_weight: z.number().optional().describe("Body weight."),
      level: z.enum(["beginner", "intermediate", "advanced"]).optional(),
      goals: z.enum(["strength", "hypertrophy", "endurance", "weight_loss"]).optional(),
    })
    .default({}),
  workout_history: entries.optional().describe("Default: the log that was sent to train. Sessions as { date, exercise, sets }."),
  unit: loadUnit.optional(),
  step: z.number().min(0.001).max(100).optional().describe("Smallest step of plates; default 2.5 kg or 5 lb."),
  date: instant.optional().describe("When the session begins; default one usual gap behind the last."),
});
export type WorkoutPredict = z.input<typeof workoutPredict>;

/** What moves a forecast away from the last load. */
export const adjustmentFactor = z.object({
  name: z.string(),
  title: z.string(),
  change: z.number().describe("In the unit of the weight; all of them and the last weight add up to the weight."),
  share: z.number().describe("Of the sum of all changes without their signs."),
});

/** Whether an exercise stands still. */
export const workoutPlateau = z.object({
  status: z.enum(["plateau", "rising", "falling", "unclear", "too_short"]),
  sessions: z.number().int(),
  since: z.string().nullable(),
  slope: z.number().nullable().describe("Of strength a week, as a share; by Theil and Sen."),
  low: z.number().nullable(),
  high: z.number().nullable(),
  p_value: z.number().nullable(),
  tau: z.number().nullable(),
  effect: z.number(),
});

/** A suggestion with its evidence. */
export const workoutAdvice = z.object({
  kind: z.string(),
  text: z.string(),
  evidence: z.string(),
  evidence_codes: z.array(sentence).describe("The same for programs."),
});

/** Answer of POST /api/ml/workouts/predict. */
export const workoutPredicted = answer({
  exercise_name: z.string(),
  weight: z.number(),
  unit: loadUnit,
  low: z.number(),
  high: z.number(),
  confidence: z.number().describe("Share of earlier forecasts of this source that were right to one step."),
  source: z.enum(["advanced", "basic", "emergency"]),
  last_weight: z.number().nullable(),
  step: z.number().describe("Smallest step of plates that was reckoned with."),
  date: instant.nullable().describe("Session that the forecast is for; null where no earlier one says when."),
  model: z.string().nullable().describe("The ensemble that answered, name@version; null where a simpler source did."),
  adjustment_factors: z.array(adjustmentFactor),
  plateau: workoutPlateau,
  recommendations: z.array(workoutAdvice),
  reason: z.string().nullable().describe("Why a simpler source answered."),
  reason_codes: z.array(sentence).describe("The same for programs; empty where the ensemble answered."),
  warnings: z.array(z.string()),
  warning_codes: z.array(sentence).describe("The same for programs, one each."),
});
export type WorkoutPredicted = z.infer<typeof workoutPredicted>;

/** Body of POST /api/ml/workouts/train. */
export const workoutTrain = z.object({
  user_id: workoutUser.optional(),
  new_data: entries.default([]).describe("Sessions that come to the log; those it has are not taken twice."),
  retrain: z.boolean().default(true).describe("Whether the ensemble is trained again, as a job."),
  unit: loadUnit.optional(),
});
export type WorkoutTrain = z.input<typeof workoutTrain>;

/** Answer of POST /api/ml/workouts/train. */
export const workoutTrained = answer({
  user_id: workoutUser,
  dataset: z.string().nullable().describe("The log as a dataset, name@version."),
  sets: z.number().int(),
  sessions: z.number().int(),
  problems: z.array(z.object({ line: z.number().int(), column: z.string().nullable(), message: z.string() })),
  job_id: id.nullable(),
  run_id: id.nullable(),
  reason: z.string().nullable().describe("Why no job was queued."),
  reason_codes: z.array(sentence).describe("The same for programs; empty where one was queued."),
});

export type WorkoutTrained = z.infer<typeof workoutTrained>;

/** Query of GET /api/ml/workouts/analytics. */
export const workoutAnalyticsQuery = z.object({ user_id: workoutUser.optional() });

/** Answer of GET /api/ml/workouts/analytics. */
export const workoutAnalytics = answer({
  user_id: workoutUser,
  patterns: z.object({
    sessions: z.number().int(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    per_week: z.number(),
    per_week_lately: z.number(),
    consistency: z.number(),
    streak_weeks: z.number().int(),
    weekdays: z.array(z.number().int()).describe("Sunday first."),
    months: z.array(z.number().int()),
    seasonality: z.number().nullable().describe("Autocorrelation of the weeks' sessions at 52 weeks; null below two years."),
    weekly_rhythm: z
      .number()
      .nullable()
      .describe("Strength of the weekly season of sessions a day, 0 to 1, by STL; null below four weeks."),
    yearly_rhythm: z.number().nullable().describe("The same of sessions a week over the year; null below two years."),
  }),
  exercises: z.array(
    z.object({
      exercise_name: z.string(),
      sessions: z.number().int(),
      last_weight: z.number(),
      best_weight: z.number(),
      unit: loadUnit,
      plateau: workoutPlateau,
    }),
  ),
  model: z
    .object({
      model: z.string(),
      run_id: id.nullable(),
      error: z.number().describe("Mean absolute error of forecasts of sessions that no fit had seen."),
      last_error: z.number().describe('Of "the same as last time" on the same sessions.'),
      hits: z.number().describe("Share of those forecasts that were right to one step."),
      shares: z.record(z.string(), z.number()).describe("Of each member in a forecast; they sum to 1."),
      sessions: z.number().int().describe("Learned from."),
      seen_since: z.number().int().describe("Sessions since then, which moved shares and interval but not the members."),
      trained_up_to: instant,
    })
    .nullable(),
});
export type WorkoutAnalytics = z.infer<typeof workoutAnalytics>;
