import { NotFoundError, suggest } from "assay";
import type { z } from "zod";
import type {
  WorkoutAlias,
  WorkoutExercise,
  workoutExercises,
  workoutFeatureList,
  workoutHistory,
  workoutSet,
} from "../../contract/workout-log.ts";
import { spellingOf, usualSteps } from "../../contract/workout-rule.ts";
import { type Page, pageOf, readCursor } from "../../db/pages.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { workoutFeatures } from "./features.ts";
import { type ExerciseSession, type History, isAssisted } from "./history.ts";
import { repsAtTop } from "./moment.ts";
import { plateauLine, plateauOf } from "./plateau.ts";
import { type Answer, bestOf } from "./service.ts";
import type { LoadUnit, WorkoutSet } from "./sets.ts";
import { historyOfStored, type StoredLog, storedLog } from "./stored-log.ts";
import { known, wirePlateau } from "./wire.ts";

type OfUser = { readonly user_id?: string | undefined };

/** The exercises of somebody's log, the most frequent first, each with every name that the log has for it. */
export async function exercisesOf(session: Session, asked: OfUser): Promise<Answer<typeof workoutExercises>> {
  await authorize(session, "read");
  const userId = asked.user_id ?? session.userId;
  const stored = await storedLog(session, userId);
  const { exercises, unit } = historyOfStored(stored, undefined);
  const names = writtenNames(stored);
  const items = [...exercises].map(([name, own]) => exerciseOf(name, own, unit, names.get(name)!));
  const { version } = stored;
  return {
    user_id: userId,
    dataset: version ? `${version.name}@${version.version}` : null,
    unit,
    items: items.sort((a, b) => b.sessions - a.sessions || (a.exercise_name < b.exercise_name ? -1 : 1)),
  };
}

function exerciseOf(
  name: string,
  own: readonly ExerciseSession[],
  unit: LoadUnit,
  written: readonly WorkoutAlias[],
): WorkoutExercise {
  const loaded = own.filter(({ top }) => top > 0);
  return {
    exercise_name: name,
    sessions: own.length,
    sets: own.reduce((sum, { sets }) => sum + sets.length, 0),
    unit,
    last_weight: loaded.at(-1)?.top ?? null,
    best_weight: loaded.length > 0 ? bestOf(loaded) : null,
    last_day: own.at(-1)!.day,
    assisted: isAssisted(own),
    written: [...written],
  };
}

/** Names as written by the exercise that they belong to, the most frequent first. */
function writtenNames({ sets }: StoredLog): ReadonlyMap<string, WorkoutAlias[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const { exercise, written } of sets) {
    const own = counts.get(exercise) ?? new Map<string, number>();
    counts.set(exercise, own.set(written, (own.get(written) ?? 0) + 1));
  }
  const by = (written: string, exercise: string): WorkoutAlias["by"] =>
    written === exercise ? "same" : spellingOf(written) === spellingOf(exercise) ? "spelling" : "table";
  return new Map(
    [...counts].map(([exercise, own]) => [
      exercise,
      [...own]
        .map(([written, count]) => ({ written, exercise_name: exercise, sets: count, by: by(written, exercise) }))
        .sort((a, b) => b.sets - a.sets),
    ]),
  );
}

/** Sessions of one exercise that are told, the latest. */
const sessionsMost = 1000;

/** The sessions of one exercise in order of time, its plateau and the line that it is judged by. Throws NotFoundError with the near name. */
export async function exerciseHistory(
  session: Session,
  asked: OfUser & { readonly exercise_name: string; readonly unit?: LoadUnit | undefined },
): Promise<Answer<typeof workoutHistory>> {
  await authorize(session, "read");
  const userId = asked.user_id ?? session.userId;
  const history = historyOfStored(await storedLog(session, userId), asked.unit);
  const name = exerciseIn(history, asked.exercise_name);
  const own = history.exercises.get(name)!;
  const line = plateauLine(own);
  return {
    user_id: userId,
    exercise_name: name,
    unit: history.unit,
    step: usualSteps[history.unit],
    assisted: isAssisted(own),
    items: own.slice(-sessionsMost).map((each) => ({
      time: new Date(each.time).toISOString(),
      day: each.day,
      session: each.session,
      top_weight: each.top,
      reps_at_top: known(repsAtTop(each)),
      e1rm: known(each.strength),
      volume: each.tonnage,
      sets: each.sets.length,
    })),
    plateau: wirePlateau(plateauOf(own)),
    trend: line
      ? {
          from: new Date(line.from).toISOString(),
          to: new Date(line.to).toISOString(),
          first: line.first,
          last: line.last,
        }
      : null,
  };
}

/** The name that a log has for an exercise, however it is spelled. */
function exerciseIn({ exercises }: History, asked: string): string {
  const spelling = spellingOf(asked);
  const found = exercises.has(asked) ? asked : [...exercises.keys()].find((name) => spellingOf(name) === spelling);
  if (found !== undefined) return found;
  const near = suggest(asked, [...exercises.keys()]);
  throw Object.assign(new NotFoundError(`workouts: the log has no exercise ${JSON.stringify(asked)}${near}`), {
    field: "exercise_name",
  });
}

type WireSet = z.input<typeof workoutSet>;

/** The sets of somebody's log, newest first, page by page. */
export async function listSets(
  session: Session,
  asked: OfUser & {
    readonly exercise_name?: string | undefined;
    readonly limit?: number | undefined;
    readonly cursor?: string | undefined;
  },
): Promise<Page<WireSet>> {
  await authorize(session, "read");
  const { user_id = session.userId, exercise_name, limit = 50, cursor } = asked;
  const { sets } = await storedLog(session, user_id);
  const spelling = exercise_name === undefined ? undefined : spellingOf(exercise_name);
  const own = spelling === undefined ? sets : sets.filter(({ exercise }) => spellingOf(exercise) === spelling);
  const from = cursor === undefined ? 0 : Number(readCursor(cursor, 1)[0]);
  const page = own
    .toReversed()
    .map((set, place) => ({ set, place }))
    .slice(from, from + limit + 1);
  return pageOf(
    page,
    limit,
    ({ set }) => wireSet(set),
    ({ place }) => [place + 1],
  );
}

function wireSet({ exercise, time, load, reps, seconds, distance, rpe, flags, ...set }: WorkoutSet): WireSet {
  return {
    ...set,
    exercise_name: exercise,
    time: new Date(time).toISOString(),
    weight: load,
    reps: known(reps),
    seconds: known(seconds),
    distance: known(distance),
    rpe: known(rpe),
    flags: [...flags],
  };
}

/** Every feature as it is declared. */
export function listFeatures(): Answer<typeof workoutFeatureList> {
  return { items: workoutFeatures.map(({ value, ...declared }) => declared) };
}
