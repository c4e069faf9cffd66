import { loadIn } from "../../contract/workout-rule.ts";
import type { LoadUnit, WorkoutLog, WorkoutSet } from "./sets.ts";
import { bestEpley } from "./strength.ts";

/** What was done of one exercise in one session. */
export interface ExerciseSession {
  readonly exercise: string;
  /** When the session began, milliseconds since 1970. */
  readonly time: number;
  readonly day: string;
  readonly session: string;
  /** In the order of the log, loads in the history's unit. */
  readonly sets: readonly WorkoutSet[];
  /** The heaviest load; 0 for body weight. */
  readonly top: number;
  /** The best one-repetition maximum by Epley's formula; NaN where no set has load and repetitions. */
  readonly strength: number;
  /** Load times repetitions, summed. */
  readonly tonnage: number;
  /** Place of the exercise in its session, 0 first. */
  readonly place: number;
}

/** A log as predictions see it. */
export interface History {
  readonly unit: LoadUnit;
  /** Sessions of each exercise in order of time. */
  readonly exercises: ReadonlyMap<string, readonly ExerciseSession[]>;
  /** All of them in order of time. */
  readonly all: readonly ExerciseSession[];
  readonly efforts: ReadonlyMap<number, number>;
}

/**
 * Groups the sets of a log by exercise and session (by its time: two sessions of one day stay two). Loads come in one unit, by default the one that
 * most sets have. O(n log n).
 */
export function historyOf({ sets, efforts }: Pick<WorkoutLog, "sets" | "efforts">, unit?: LoadUnit): History {
  const inPounds = sets.filter((set) => set.unit === "lb").length;
  const one = unit ?? (inPounds * 2 > sets.length ? "lb" : "kg");
  const bySession = new Map<number, Map<string, WorkoutSet[]>>();
  for (const set of sets) {
    const session = bySession.get(set.time) ?? new Map<string, WorkoutSet[]>();
    bySession.set(set.time, session);
    const own = session.get(set.exercise) ?? [];
    session.set(set.exercise, own);
    own.push({ ...set, load: loadIn(set.load, set.unit, one), unit: one });
  }
  const all: ExerciseSession[] = [];
  for (const time of [...bySession.keys()].sort((a, b) => a - b))
    for (const [place, [exercise, own]] of [...bySession.get(time)!].entries()) all.push(sessionOf(exercise, time, own, place));
  const exercises = new Map<string, ExerciseSession[]>();
  for (const session of all) {
    const own = exercises.get(session.exercise) ?? [];
    exercises.set(session.exercise, own);
    own.push(session);
  }
  return { unit: one, exercises, all, efforts };
}

const converted = new WeakMap<History, History>();

/** The same history with its loads in a unit; itself where it has that unit. The first time O(n log n). */
export function inUnit(history: History, unit: LoadUnit): History {
  if (history.unit === unit) return history;
  const known =
    converted.get(history) ?? historyOf({ sets: history.all.flatMap(({ sets }) => sets), efforts: history.efforts }, unit);
  converted.set(history, known);
  return known;
}

/** The part of a history that lies strictly before a time. */
export function before(history: History, time: number): History {
  const all = history.all.filter((session) => session.time < time);
  const exercises = [...history.exercises].map(([name, own]) => [name, own.filter((each) => each.time < time)] as const);
  const efforts = [...history.efforts].filter(([at]) => at < time);
  return {
    unit: history.unit,
    all,
    exercises: new Map(exercises.filter(([, own]) => own.length > 0)),
    efforts: new Map(efforts),
  };
}

/** Whether the loads of an exercise are help: less is more. */
export function isAssisted(sessions: readonly ExerciseSession[]): boolean {
  return sessions.some(({ sets }) => sets.some(({ flags }) => flags.includes("assisted")));
}

function sessionOf(exercise: string, time: number, sets: readonly WorkoutSet[], place: number): ExerciseSession {
  const { day, session } = sets[0]!;
  let top = 0;
  let tonnage = 0;
  for (const { load, reps } of sets) {
    top = Math.max(top, load);
    if (reps > 0) tonnage += load * reps;
  }
  return { exercise, time, day, session, sets, top, strength: bestEpley(sets), tonnage, place };
}
