import { z } from "zod";
import { sentence } from "./sentences.ts";
import { answer, flag, id, instant, listOf, page } from "./values.ts";
import { loadUnit, workoutPlateau, workoutUser } from "./workout.ts";

/** A line of a log that broke a rule, or on which something was noticed. */
export const logProblem = z.object({
  line: z.number().int().describe("Of the file; the first is 1. In JSON the number of the set."),
  column: z.string().nullable().describe("null where the line as a whole is meant."),
  value: z.union([z.string(), z.number(), z.null()]),
  rule: z.enum([
    "fields",
    "quote",
    "missing",
    "number",
    "range",
    "date",
    "future",
    "unit",
    "duplicate",
    "effort",
    "empty_set",
    "not_a_set",
  ]),
  message: z.string(),
  dropped: z.boolean().describe("Whether the line's set was left out."),
});
export type WorkoutLogProblem = z.infer<typeof logProblem>;

/** A name of an exercise as a log writes it, and the name that it has. */
export const exerciseAlias = z.object({
  written: z.string(),
  exercise_name: z.string(),
  sets: z.number().int(),
  by: z
    .enum(["same", "spelling", "table"])
    .describe("How it was found: the name itself, spelling alone, or the table of aliases."),
});
export type WorkoutAlias = z.infer<typeof exerciseAlias>;

/** What became of a log that was sent. */
export const workoutReport = z.object({
  format: z.enum(["strong", "strong_2016", "hevy", "hevy_json", "fitnotes", "json"]),
  file_name: z.string(),
  rows_read: z.number().int(),
  sets_kept: z.number().int(),
  sessions: z.number().int(),
  exercises: z.number().int(),
  units: z.object({
    kg: z.number().int(),
    lb: z.number().int(),
    assumed: z.number().int().describe("Sets whose row names no unit."),
  }),
  rules: z
    .array(
      z.object({
        rule: logProblem.shape.rule,
        column: z.string().nullable(),
        rows: z.number().int(),
        dropped: z.number().int(),
        message: z.string(),
        first_line: z.number().int(),
      }),
    )
    .describe("Problems of each rule and column, the most frequent first."),
  problems: z.array(logProblem).describe("By line, the first two hundred."),
  aliases: z.array(exerciseAlias),
  assumed: z.array(z.string()).describe("What was taken for granted, in words."),
  assumed_codes: z.array(sentence).optional().describe("The same for programs, one each; a log of an earlier release has none."),
});
export type WorkoutReport = z.infer<typeof workoutReport>;

/** Somebody's stored log. */
export const workoutLog = z.object({
  user_id: workoutUser,
  dataset: z.string().describe("The log as a dataset, name@version."),
  sets: z.number().int(),
  sessions: z.number().int(),
  exercises: z.number().int(),
  from: z.string().nullable().describe("Day of the first session."),
  to: z.string().nullable(),
  model: z.string().nullable().describe("The newest ensemble, name@version; null before the first training."),
  created_at: instant,
});
export type WorkoutLogInfo = z.infer<typeof workoutLog>;

/** A stored log with what its check found. */
export const workoutLogWhole = workoutLog.extend({
  report: workoutReport.nullable().describe("Of the file or the sessions that came last; null for a log of another origin."),
});
export type WorkoutLogWhole = z.infer<typeof workoutLogWhole>;

const ofUser = z.object({ user_id: workoutUser.optional() });
/** Names of exercises as logs write them, each with the name that it shall have; the name itself takes an alias back. */
export const aliasTable = z.record(z.string().min(1).max(200), z.string().trim().min(1).max(200));

/** Fields of the form of POST /api/ml/workouts/logs; the file is `file`. */
export const workoutUpload = z.object({
  user_id: workoutUser.optional(),
  unit: loadUnit.optional(),
  aliases: z.string().max(100_000).optional().describe("A table of aliases as JSON: { written: exercise }."),
  replace: flag.default(false).describe("true: the log is this file alone; else its sessions come to the stored ones."),
  retrain: flag.default(true).describe("Whether the ensemble is trained, as a job, where there is enough to learn from."),
});

/** Answer of POST /api/ml/workouts/logs. */
export const workoutUploaded = answer({
  log: workoutLogWhole,
  job_id: id.nullable(),
  run_id: id.nullable(),
  reason: z.string().nullable().describe("Why no job was queued."),
  reason_codes: z.array(sentence).describe("The same for programs; empty where one was queued."),
});
export type WorkoutUploaded = z.infer<typeof workoutUploaded>;

/** Query of GET /api/ml/workouts/log and the others that speak of one log. */
export const workoutOfUser = ofUser;
/** Query of GET /api/ml/workouts/logs. */
export const workoutLogsQuery = page;
export const workoutLogList = listOf(workoutLog);
export const workoutLogAnswer = answer({
  user_id: workoutUser,
  log: workoutLogWhole.nullable().describe("null where nothing is stored yet."),
});

/** An exercise of a log. */
export const workoutExercise = z.object({
  exercise_name: z.string(),
  sessions: z.number().int(),
  sets: z.number().int(),
  unit: loadUnit,
  last_weight: z.number().nullable().describe("null where no set has load."),
  best_weight: z.number().nullable(),
  last_day: z.string(),
  assisted: z.boolean().describe("Loads are help: less is more."),
  written: z.array(exerciseAlias).describe("Every name that the log has for it."),
});
export type WorkoutExercise = z.infer<typeof workoutExercise>;
export const workoutExercises = answer({
  user_id: workoutUser,
  dataset: z.string().nullable(),
  unit: loadUnit,
  items: z.array(workoutExercise).describe("The most frequent first."),
});

/** Body of PUT /api/ml/workouts/aliases. */
export const workoutAliases = z.object({ user_id: workoutUser.optional(), aliases: aliasTable });

/** Query of GET /api/ml/workouts/history. */
export const workoutHistoryQuery = ofUser.extend({
  exercise_name: z.string().trim().min(1).max(200),
  unit: loadUnit.optional(),
});

/** A session of one exercise. */
export const workoutSession = z.object({
  time: instant,
  day: z.string(),
  session: z.string().describe("Name of the session's template."),
  top_weight: z.number(),
  reps_at_top: z.number().nullable(),
  e1rm: z.number().nullable().describe("The best set's one-repetition maximum, by Epley."),
  volume: z.number().describe("Weight times repetitions, summed."),
  sets: z.number().int(),
});
export type WorkoutSession = z.infer<typeof workoutSession>;

/** Answer of GET /api/ml/workouts/history. */
export const workoutHistory = answer({
  user_id: workoutUser,
  exercise_name: z.string(),
  unit: loadUnit,
  step: z.number().describe("Smallest step of plates that is reckoned with."),
  assisted: z.boolean(),
  items: z.array(workoutSession).describe("In order of time, the last thousand."),
  plateau: workoutPlateau,
  trend: z
    .object({
      from: instant,
      to: instant,
      first: z.number().describe("Where the line of strength begins, in the unit of e1rm."),
      last: z.number(),
    })
    .nullable()
    .describe("The line that the plateau is judged by; null where there are too few sessions."),
});

export type WorkoutHistory = z.infer<typeof workoutHistory>;

/** Query of GET /api/ml/workouts/sets. */
export const workoutSetsQuery = page.extend({
  user_id: workoutUser.optional(),
  exercise_name: z.string().trim().min(1).max(200).optional(),
});

/** A set of a log as it is stored. */
export const workoutSet = z.object({
  line: z.number().int(),
  time: instant,
  day: z.string(),
  session: z.string(),
  exercise_name: z.string(),
  written: z.string(),
  weight: z.number(),
  unit: loadUnit,
  reps: z.number().nullable(),
  seconds: z.number().nullable(),
  distance: z.number().nullable().describe("Metres."),
  rpe: z.number().nullable(),
  flags: z.array(z.string()),
});
export type WorkoutStoredSet = z.infer<typeof workoutSet>;
export const workoutSetList = listOf(workoutSet);

/** A feature of the flow, as it is declared. */
export const workoutFeature = z.object({
  name: z.string(),
  family: z.string(),
  unit: z.string(),
  formula: z.string(),
  window: z.string(),
  source: z.string(),
});
export type WorkoutFeature = z.infer<typeof workoutFeature>;
export const workoutFeatureList = answer({ items: z.array(workoutFeature) });
