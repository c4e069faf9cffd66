import type { Sentence } from "../../contract/sentences.ts";

/** What a load is counted in. */
export type LoadUnit = "kg" | "lb";

/** What a set was besides ordinary work. */
export type SetFlag = "warmup" | "drop" | "failure" | "timed" | "bodyweight" | "assisted";

/** One set of a training log, checked. */
export interface WorkoutSet {
  /** Line of the file on which it stands; the first is 1. In JSON the number of the set. */
  readonly line: number;
  /** When its session began, milliseconds since 1970 in UTC; naive times are taken as UTC. */
  readonly time: number;
  /** Local day of the session, as 2026-07-18. */
  readonly day: string;
  /** Name of the session's template; empty where there is none. */
  readonly session: string;
  /** Name after the table of aliases. */
  readonly exercise: string;
  /** Name as the log writes it. */
  readonly written: string;
  /** In `unit`, rounded to a thousandth; 0 for body weight; for assisted exercises the help. */
  readonly load: number;
  readonly unit: LoadUnit;
  /** NaN where the log has none that can be. */
  readonly reps: number;
  /** NaN where there is none. */
  readonly seconds: number;
  /** Metres; NaN where there is none. */
  readonly distance: number;
  /** Rate of perceived exertion, 1 to 10; NaN where there is none. */
  readonly rpe: number;
  readonly flags: readonly SetFlag[];
}

/** Which rule a line broke, or what was noticed on it. */
export type LogRule =
  | "fields"
  | "quote"
  | "missing"
  | "number"
  | "range"
  | "date"
  | "future"
  | "unit"
  | "duplicate"
  | "effort"
  | "empty_set"
  | "not_a_set";

/** What was found on a line. */
export interface LogProblem {
  readonly line: number;
  /** null where the line as a whole is meant. */
  readonly column: string | null;
  readonly value: string | number | null;
  readonly rule: LogRule;
  readonly message: string;
  /** Whether the line's set was left out. */
  readonly dropped: boolean;
}

/** One way in which names of an exercise were brought together; for people to review. */
export interface ExerciseAlias {
  readonly written: string;
  readonly exercise: string;
  /** Sets under the written name. */
  readonly sets: number;
  /** How it was found: the name itself, spelling alone, or the caller's table. */
  readonly by: "same" | "spelling" | "table";
}

/** Publishers whose exports are read. */
export type LogFormat = "strong" | "strong_2016" | "hevy" | "hevy_json" | "fitnotes" | "json";

/** What became of a log. */
export interface LogReport {
  readonly format: LogFormat;
  readonly fileName: string;
  readonly rowsRead: number;
  readonly setsKept: number;
  readonly sessions: number;
  readonly exercises: number;
  /** Rows by unit as written; `assumed` counts those that name none. */
  readonly units: { readonly kg: number; readonly lb: number; readonly assumed: number };
  /** Problems of each rule and column, the most frequent first. */
  readonly rules: readonly {
    readonly rule: LogRule;
    readonly column: string | null;
    readonly rows: number;
    readonly dropped: number;
    readonly message: string;
    readonly firstLine: number;
  }[];
  /** By line, the first thousand. */
  readonly problems: readonly LogProblem[];
  readonly aliases: readonly ExerciseAlias[];
  /** What was taken for granted, in words. */
  readonly assumed: readonly string[];
  /** The same for programs, one each. */
  readonly assumedCodes: readonly Sentence[];
}

/** A training log that was read and checked. */
export interface WorkoutLog {
  /** In order of time; within a session as written. */
  readonly sets: readonly WorkoutSet[];
  /** The session's own effort by its time, 1 to 11, where the log notes one as an exercise. */
  readonly efforts: ReadonlyMap<number, number>;
  readonly report: LogReport;
}
