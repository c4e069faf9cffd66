import type { ExerciseSession, History } from "./history.ts";

/** A change of the top load of another exercise. */
interface Change {
  readonly time: number;
  readonly exercise: string;
  /** ln(w / w before); 0 for the same. */
  readonly change: number;
}

/** A session with all its exercises. */
interface WholeSession {
  readonly time: number;
  readonly tonnage: number;
}

/** What is known strictly before a session begins, in arrays whose first element is the latest. */
export interface Moment {
  /** When the session begins, milliseconds since 1970. */
  readonly time: number;
  readonly exercise: string;
  /** Sessions of the exercise with load, latest first. */
  readonly past: readonly ExerciseSession[];
  /** w1, w2 …: their top loads. */
  readonly tops: readonly number[];
  /** ln(wk / w1). */
  readonly ratios: readonly number[];
  /** ln(wk / wk+1). */
  readonly changes: readonly number[];
  /** ln(ek / w1), e the best one-repetition maximum by Epley; NaN where there is none. */
  readonly strengths: readonly number[];
  /** Most repetitions with the top load. */
  readonly reps: readonly number[];
  /** Days from each session to this moment. */
  readonly days: readonly number[];
  /** Sessions of the log with all exercises. */
  readonly sessions: readonly WholeSession[];
  /** Changes of other exercises. */
  readonly others: readonly Change[];
  /** Effort of the log's last session; NaN where none is noted. */
  readonly effort: number;
}

const dayMs = 86_400_000;

/** Answers the moments of a history, however many; what they share is put in order once. */
export interface Moments {
  /** What is known of an exercise before a time; undefined where it has no session with load yet. O(sessions before). */
  of(exercise: string, time: number): Moment | undefined;
}

/** Opens a history for moments. Only sessions strictly before a moment's time go into it. */
export function momentsOf(history: History): Moments {
  const loaded = new Map([...history.exercises].map(([name, own]) => [name, own.filter(({ top }) => top > 0)] as const));
  const whole = wholeSessions(history);
  const changes = allChanges(loaded);
  const efforts = [...history.efforts].sort(([a], [b]) => b - a);
  return {
    of(exercise, time) {
      const past = (loaded.get(exercise) ?? []).filter((each) => each.time < time).reverse();
      if (past.length === 0) return undefined;
      const tops = past.map(({ top }) => top);
      const first = tops[0]!;
      return {
        time,
        exercise,
        past,
        tops,
        ratios: tops.map((top) => Math.log(top / first)),
        changes: tops.slice(1).map((top, k) => Math.log(tops[k]! / top)),
        strengths: past.map(({ strength }) => Math.log(strength / first)),
        reps: past.map(repsAtTop),
        days: past.map((each) => (time - each.time) / dayMs),
        sessions: lastOf(whole, time, 60),
        others: lastOf(changes, time, 120).filter((each) => each.exercise !== exercise),
        effort: efforts.find(([at]) => at < time)?.[1] ?? Number.NaN,
      };
    },
  };
}

/** The most repetitions with the heaviest load of a session; NaN where none are noted. */
export function repsAtTop({ sets, top }: ExerciseSession): number {
  let most = Number.NaN;
  for (const { load, reps } of sets) if (load === top && reps > 0) most = most > reps ? most : reps;
  return most;
}

function wholeSessions({ all }: History): WholeSession[] {
  const tonnages = new Map<number, number>();
  for (const { time, tonnage } of all) tonnages.set(time, (tonnages.get(time) ?? 0) + tonnage);
  return [...tonnages].map(([time, tonnage]) => ({ time, tonnage }));
}

function allChanges(loaded: ReadonlyMap<string, readonly ExerciseSession[]>): Change[] {
  const changes = [...loaded].flatMap(([exercise, own]) =>
    own.slice(1).map(({ time, top }, k) => ({ time, exercise, change: Math.log(top / own[k]!.top) })),
  );
  return changes.sort((a, b) => a.time - b.time);
}

/** The last `count` before a time, latest first, of what is in order of time. O(log n + count). */
function lastOf<T extends { readonly time: number }>(ordered: readonly T[], time: number, count: number): T[] {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return ordered.slice(Math.max(0, low - count), low).reverse();
}
