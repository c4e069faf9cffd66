import type { Schedule, ScheduleCreate } from "../../contract/jobs.ts";
import type { RunInfo } from "../../contract/training.ts";
import type { WorkoutAnalytics, WorkoutPredict, WorkoutPredicted, WorkoutTrain, WorkoutTrained } from "../../contract/workout.ts";
import type { WorkoutBacktest } from "../../contract/workout-backtest.ts";
import type {
  WorkoutExercise,
  WorkoutFeature,
  WorkoutHistory,
  WorkoutLogInfo,
  WorkoutLogWhole,
  WorkoutStoredSet,
} from "../../contract/workout-log.ts";
import type { AliasTable } from "./aliases.ts";
import type { LoadUnit } from "./sets.ts";

/** An answer without the word that HTTP puts before it. */
export type Told<T> = Omit<T, "status">;

/** Whose log is meant; undefined: the caller's own. */
interface AskedUser {
  readonly user_id?: string | undefined;
}

/** What cells ask for, beside the database or over HTTP, in the words of the contract. */
export interface WorkoutDoor {
  readonly upload: (
    asked: AskedUser & {
      readonly path: string;
      readonly unit?: LoadUnit | undefined;
      readonly aliases?: AliasTable | undefined;
      readonly replace: boolean;
    },
  ) => Promise<{ readonly log: WorkoutLogWhole }>;
  readonly logs: () => Promise<readonly WorkoutLogInfo[]>;
  readonly log: (asked: AskedUser) => Promise<{ readonly log: WorkoutLogWhole | null }>;
  readonly exercises: (asked: AskedUser) => Promise<{ readonly items: readonly WorkoutExercise[] }>;
  readonly changeAliases: (
    asked: AskedUser & { readonly aliases: AliasTable },
  ) => Promise<{ readonly items: readonly WorkoutExercise[] }>;
  readonly history: (
    asked: AskedUser & { readonly exercise_name: string; readonly unit?: LoadUnit | undefined },
  ) => Promise<Told<WorkoutHistory>>;
  readonly sets: (
    asked: AskedUser & { readonly exercise_name?: string | undefined; readonly limit: number },
  ) => Promise<readonly WorkoutStoredSet[]>;
  readonly features: () => Promise<readonly WorkoutFeature[]>;
  readonly train: (asked: WorkoutTrain) => Promise<Told<WorkoutTrained>>;
  readonly ended: (jobId: string, runId: string, signal?: AbortSignal) => Promise<RunInfo>;
  readonly schedule: (asked: ScheduleCreate) => Promise<Schedule>;
  readonly predict: (asked: WorkoutPredict) => Promise<Told<WorkoutPredicted>>;
  readonly analytics: (asked: AskedUser) => Promise<Told<WorkoutAnalytics>>;
  readonly backtest: (asked: AskedUser) => Promise<{ readonly backtest: WorkoutBacktest | null }>;
  readonly me: () => Promise<string>;
}
