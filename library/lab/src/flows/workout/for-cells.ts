import { writeFile } from "node:fs/promises";
import { ParamsError } from "assay";
import type { z } from "zod";
import { type Schedule, scheduleCreate } from "../../contract/jobs.ts";
import type { RunInfo } from "../../contract/training.ts";
import {
  type WorkoutAnalytics,
  type WorkoutPredict,
  type WorkoutPredicted,
  type WorkoutTrain,
  type WorkoutTrained,
  workoutPredict,
  workoutTrain,
} from "../../contract/workout.ts";
import type { WorkoutBacktest } from "../../contract/workout-backtest.ts";
import type {
  WorkoutExercise,
  WorkoutFeature,
  WorkoutHistory,
  WorkoutLogInfo,
  WorkoutLogWhole,
  WorkoutStoredSet,
} from "../../contract/workout-log.ts";
import { createSchedule, ensureWorker, jobEnded } from "../../jobs/index.ts";
import type { Session } from "../../projects/session.ts";
import { getRun } from "../../tracking/index.ts";
import type { AliasTable } from "./aliases.ts";
import { getBacktest } from "./backtest-service.ts";
import type { Told, WorkoutDoor } from "./cell-door.ts";
import {
  shownAnalytics,
  shownBacktest,
  shownExercises,
  shownExplanation,
  shownFeatures,
  shownHistory,
  shownLog,
  shownLogs,
  shownPatterns,
  shownPlateau,
  shownPrediction,
  shownSets,
} from "./displays.ts";
import { type ExampleLogOptions, exampleLog } from "./example-log.ts";
import { changeAliases, getLog, listLogs, trainLog, uploadLog } from "./log-service.ts";
import { exerciseHistory, exercisesOf, listFeatures, listSets } from "./log-views.ts";
import { answerWeight, workoutAnalyticsOf } from "./service.ts";
import type { LoadUnit } from "./sets.ts";

/** Whose log; default the caller's own. */
interface OfUser {
  readonly user?: string | undefined;
}

/** How a file of a log is taken. */
interface ImportOptions extends OfUser {
  /** Of rows that name none; default kg, and the report says so. */
  readonly unit?: LoadUnit | undefined;
  /** Names to bring together, beside differences of spelling. */
  readonly aliases?: AliasTable | undefined;
  /** The log is this file alone; default its sessions come to the stored ones. */
  readonly replace?: boolean | undefined;
}

/** What is asked of an exercise, as HTTP's body says it. */
type PredictOptions = OfUser & Omit<WorkoutPredict, "exercise_name" | "user_id">;

/** New sessions, as `{ date, exercise, sets: [{ weight, reps }] }`. */
type NewSessions = NonNullable<WorkoutTrain["new_data"]>;

/** A training that was sent, or why none was. */
export interface SentWorkouts {
  readonly jobId: string | null;
  readonly runId: string | null;
  /** Why no job was queued. */
  readonly reason: string | null;
  /** Resolves with the run when it has ended, whatever its end; null where none was queued. */
  done(options?: { readonly signal?: AbortSignal }): Promise<RunInfo | null>;
}

/** What moves a prediction away from the last weight. */
export type WorkoutExplanation = Pick<
  WorkoutPredicted,
  "exercise_name" | "weight" | "last_weight" | "unit" | "source" | "reason" | "adjustment_factors"
>;

/** The workout flow as cells use it. */
export interface Workouts {
  /** Checks an exported log (Strong, Hevy, FitNotes, JSON) line by line and stores its sets; trains nothing. */
  import(path: string, options?: ImportOptions): Promise<WorkoutLogWhole>;
  /** The logs of the project. */
  logs(): Promise<readonly WorkoutLogInfo[]>;
  /** A log with the report of what came last; null where nothing is stored. */
  log(options?: OfUser): Promise<WorkoutLogWhole | null>;
  /** The exercises of a log with every name that it has for each. */
  exercises(options?: OfUser): Promise<readonly WorkoutExercise[]>;
  /** Gives written names the name that they shall have: the log's next version. */
  rename(aliases: AliasTable, options?: OfUser): Promise<readonly WorkoutExercise[]>;
  /** Sessions of an exercise: top weight, strength, volume. */
  history(exercise: string, options?: OfUser & { readonly unit?: LoadUnit }): Promise<Told<WorkoutHistory>>;
  /** The sets of a log, newest first. */
  sets(options?: OfUser & { readonly exercise?: string; readonly limit?: number }): Promise<readonly WorkoutStoredSet[]>;
  /** Every feature: name, unit, formula, window, source. */
  features(): Promise<readonly WorkoutFeature[]>;
  /** Adds sessions as they come in: the next prediction knows them, and interval and shares have learned of them. */
  add(sessions: NewSessions, options?: OfUser & { readonly unit?: LoadUnit }): Promise<Told<WorkoutTrained>>;
  /** Trains the ensemble by a job, as a tracked run of the experiment "workouts", and registers it. */
  train(options?: OfUser): Promise<SentWorkouts>;
  /** Trains again whenever the cron text says so, on the log as it is then. */
  schedule(cron: string, options?: OfUser & { readonly timezone?: string }): Promise<Schedule>;
  /** The next weight, how sure, who says it and why: the same as HTTP and panel. */
  predict(exercise: string, options?: PredictOptions): Promise<Told<WorkoutPredicted>>;
  /** What the prediction is made of: factors that add up to it. */
  explain(exercise: string, options?: PredictOptions): Promise<WorkoutExplanation>;
  /** Whether an exercise stands still, by which test, since when. */
  plateau(exercise: string, options?: OfUser): Promise<WorkoutHistory["plateau"]>;
  /** Frequency, consistency, seasonality. */
  patterns(options?: OfUser): Promise<WorkoutAnalytics["patterns"]>;
  /** How the newest ensemble's log was forecast from its own past; null before the first training. */
  backtest(options?: OfUser): Promise<WorkoutBacktest | null>;
  /** Patterns, plateaus of all exercises, and how good the ensemble is. */
  analytics(options?: OfUser): Promise<Told<WorkoutAnalytics>>;
  /** Writes the made-up example log to a file. */
  example(path: string, options?: ExampleLogOptions): Promise<string>;
}

/** The workout flow behind a door: each answer as it comes, and as a notebook draws it. */
export function workoutsBy(door: WorkoutDoor): Workouts {
  const historyFor = (exercise_name: string, { user, unit }: OfUser & { readonly unit?: LoadUnit } = {}) =>
    door.history({ user_id: user, exercise_name, unit });
  const predicted = (exercise_name: string, { user, ...asked }: PredictOptions = {}) =>
    door.predict({ ...asked, exercise_name, user_id: user });
  return {
    import: async (path, { user, replace = false, ...options } = {}) =>
      shownLog((await door.upload({ ...options, replace, path, user_id: user })).log),
    logs: async () => shownLogs(await door.logs()),
    log: async (options) => {
      const { log } = await door.log(ofUser(options));
      return log && shownLog(log);
    },
    exercises: async (options) => shownExercises((await door.exercises(ofUser(options))).items),
    rename: async (aliases, options) => shownExercises((await door.changeAliases({ ...ofUser(options), aliases })).items),
    history: async (exercise, options) => shownHistory(await historyFor(exercise, options)),
    sets: async ({ user, exercise, limit = 500 } = {}) =>
      shownSets(await door.sets({ user_id: user, exercise_name: exercise, limit })),
    features: async () => shownFeatures(await door.features()),
    add: (new_data, { user, unit } = {}) => door.train({ user_id: user, unit, new_data, retrain: false }),
    async train(options) {
      const { job_id, run_id, reason } = await door.train(ofUser(options));
      const done: SentWorkouts["done"] = async ({ signal } = {}) =>
        job_id === null ? null : door.ended(job_id, run_id!, signal);
      return { jobId: job_id, runId: run_id, reason, done };
    },
    async schedule(cron, { user, timezone = "UTC" } = {}) {
      const user_id = user ?? (await door.me());
      const request = { user_id };
      return door.schedule({ name: `workouts ${user_id}`, cron, timezone, kind: "workout", request, experiment: "workouts" });
    },
    predict: async (exercise, options) => shownPrediction(await predicted(exercise, options)),
    explain: async (exercise, options) => shownExplanation(await predicted(exercise, options)),
    plateau: async (exercise, options) => shownPlateau(await historyFor(exercise, options)),
    patterns: async (options) => shownPatterns((await door.analytics(ofUser(options))).patterns),
    backtest: async (options) => {
      const { backtest } = await door.backtest(ofUser(options));
      return backtest && shownBacktest(backtest);
    },
    analytics: async (options) => shownAnalytics(await door.analytics(ofUser(options))),
    async example(path, options) {
      await writeFile(path, exampleLog(options));
      return path;
    },
  };
}

function ofUser({ user }: OfUser = {}): { readonly user_id: string | undefined } {
  return { user_id: user };
}

/** What a cell asks, as HTTP would take it. Throws ParamsError that names the field. */
function checked<T>(schema: z.ZodType<T>, asked: unknown): T {
  const { success, data, error } = schema.safeParse(asked);
  if (success) return data;
  const { path, message } = error.issues[0]!;
  const field = path.join(".");
  throw Object.assign(new ParamsError(`workouts: ${field}: ${message}`), { field });
}

/** The workout flow of a session. */
export function workoutsOf(session: Session): Workouts {
  return workoutsBy({
    upload: (asked) => uploadLog(session, { ...asked, retrain: false }),
    logs: async () => (await listLogs(session, { limit: 500 })).items,
    log: (asked) => getLog(session, asked),
    exercises: (asked) => exercisesOf(session, asked),
    changeAliases: async (asked) => {
      await changeAliases(session, asked);
      return exercisesOf(session, asked);
    },
    history: (asked) => exerciseHistory(session, asked),
    sets: async (asked) => (await listSets(session, asked)).items,
    features: async () => listFeatures().items,
    train: (asked) => trainLog(session, checked(workoutTrain, asked)),
    async ended(jobId, runId, signal) {
      await jobEnded(session, jobId, signal);
      return getRun(session, runId);
    },
    async schedule(asked) {
      const made = await createSchedule(session, checked(scheduleCreate, asked));
      await ensureWorker(session);
      return made;
    },
    predict: (asked) => answerWeight(session, checked(workoutPredict, asked)),
    analytics: (asked) => workoutAnalyticsOf(session, asked),
    backtest: (asked) => getBacktest(session, asked),
    me: async () => session.userId,
  });
}
