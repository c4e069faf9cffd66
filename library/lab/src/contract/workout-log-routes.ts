import { exampleJob } from "./example-job.ts";
import { route } from "./route.ts";
import { workoutBacktestAnswer } from "./workout-backtest.ts";
import { exampleBacktest, examplePlateau } from "./workout-examples.ts";
import {
  type WorkoutExercise,
  type WorkoutLogWhole,
  workoutAliases,
  workoutExercises,
  workoutFeatureList,
  workoutHistory,
  workoutHistoryQuery,
  workoutLogAnswer,
  workoutLogList,
  workoutLogsQuery,
  workoutOfUser,
  workoutSetList,
  workoutSetsQuery,
  workoutUpload,
  workoutUploaded,
} from "./workout-log.ts";

const root = "/api/ml/workouts";
const user_id = "u-17";
const squat = "Squat (Barbell)";

const log: WorkoutLogWhole = {
  user_id,
  dataset: "workouts_u-17@1",
  sets: 3,
  sessions: 1,
  exercises: 1,
  from: "2026-07-14",
  to: "2026-07-14",
  model: null,
  created_at: "2026-07-18T09:00:00.000Z",
  report: {
    format: "strong",
    file_name: "strong.csv",
    rows_read: 4,
    sets_kept: 3,
    sessions: 1,
    exercises: 1,
    units: { kg: 3, lb: 0, assumed: 0 },
    rules: [{ rule: "range", column: "Weight", rows: 1, dropped: 1, message: "weight must be ≤ 1000 kg", first_line: 5 }],
    problems: [{ line: 5, column: "Weight", value: "2000", rule: "range", message: "weight must be ≤ 1000 kg", dropped: true }],
    aliases: [{ written: squat, exercise_name: squat, sets: 3, by: "same" }],
    assumed: [],
  },
};

const exercise: WorkoutExercise = {
  exercise_name: squat,
  sessions: 1,
  sets: 3,
  unit: "kg",
  last_weight: 100,
  best_weight: 100,
  last_day: "2026-07-14",
  assisted: false,
  written: log.report!.aliases,
};
const exercises = { user_id, dataset: log.dataset, unit: "kg", items: [exercise] };

/** Logs of workouts: sent, looked at, corrected; what was learned of them. */
export const workoutLogRoutes = {
  upload: route({
    method: "POST",
    path: `${root}/logs`,
    summary: "Checks an exported training log line by line, stores its sets and trains the ensemble as a job.",
    form: workoutUpload,
    answer: workoutUploaded,
    statuses: [201],
    example: {
      form: { user_id, unit: "kg" },
      answer: { log, job_id: exampleJob.job_id, run_id: exampleJob.run_id, reason: null, reason_codes: [] },
    },
  }),
  logs: route({
    method: "GET",
    path: `${root}/logs`,
    summary: "The logs of a project, one for each user, newest first.",
    query: workoutLogsQuery,
    answer: workoutLogList,
    example: { answer: { items: [(({ report, ...rest }) => rest)(log)], next_cursor: null } },
  }),
  log: route({
    method: "GET",
    path: `${root}/log`,
    summary: "Somebody's log with what the check of the last file found, line by line.",
    query: workoutOfUser,
    answer: workoutLogAnswer,
    example: { query: { user_id }, answer: { user_id, log } },
  }),
  example: route({
    method: "GET",
    path: `${root}/example`,
    summary: "A made-up log with the quirks of real exports, to try the flow with.",
    file: ["text/csv"],
    example: {},
  }),
  exercises: route({
    method: "GET",
    path: `${root}/exercises`,
    summary: "The exercises of a log, each with every name that the log has for it, to be reviewed.",
    query: workoutOfUser,
    answer: workoutExercises,
    example: { query: { user_id }, answer: exercises },
  }),
  changeAliases: route({
    method: "PUT",
    path: `${root}/aliases`,
    summary: "Gives written names of exercises the name that they shall have: the log's next version.",
    body: workoutAliases,
    answer: workoutExercises,
    example: { body: { user_id, aliases: { "Squat (barbell)": squat } }, answer: exercises },
  }),
  history: route({
    method: "GET",
    path: `${root}/history`,
    summary: "The sessions of one exercise: top weight, strength, volume, and whether it stands still.",
    query: workoutHistoryQuery,
    answer: workoutHistory,
    example: {
      query: { user_id, exercise_name: squat },
      answer: {
        user_id,
        exercise_name: squat,
        unit: "kg",
        step: 2.5,
        assisted: false,
        items: [
          {
            time: "2026-07-14T00:00:00.000Z",
            day: "2026-07-14",
            session: "Legs",
            top_weight: 100,
            reps_at_top: 5,
            e1rm: 116.667,
            volume: 1500,
            sets: 3,
          },
        ],
        plateau: examplePlateau,
        trend: null,
      },
    },
  }),
  sets: route({
    method: "GET",
    path: `${root}/sets`,
    summary: "The sets of a log as they are stored, newest first.",
    query: workoutSetsQuery,
    answer: workoutSetList,
    example: {
      query: { user_id },
      answer: {
        items: [
          {
            line: 2,
            time: "2026-07-14T00:00:00.000Z",
            day: "2026-07-14",
            session: "Legs",
            exercise_name: squat,
            written: squat,
            weight: 100,
            unit: "kg",
            reps: 5,
            seconds: null,
            distance: null,
            rpe: null,
            flags: [],
          },
        ],
        next_cursor: null,
      },
    },
  }),
  backtest: route({
    method: "GET",
    path: `${root}/backtest`,
    summary: "How the newest ensemble's log was forecast from its own past, beside every baseline.",
    query: workoutOfUser,
    answer: workoutBacktestAnswer,
    example: {
      query: { user_id },
      answer: {
        user_id,
        model: "workouts_u-17@20260718_090500",
        run_id: exampleJob.run_id,
        backtest: exampleBacktest,
      },
    },
  }),
  features: route({
    method: "GET",
    path: `${root}/features`,
    summary: "Every feature of the ensemble: name, unit, formula, window, source.",
    answer: workoutFeatureList,
    example: {
      answer: {
        items: [
          {
            name: "log_last",
            family: "loads",
            unit: "ln load",
            formula: "ln w1",
            window: "1 session",
            source: "top loads of the sessions",
          },
        ],
      },
    },
  }),
};
