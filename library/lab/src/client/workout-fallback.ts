import type { WorkoutPredict, WorkoutPredicted } from "../contract/workout.ts";
import { basicLoad, emergencyLoad, heaviest, kilograms, loadIn, spellingOf, usualSteps } from "../contract/workout-rule.ts";
import type { Methods } from "./methods.ts";
import { isCallersFault } from "./problem-error.ts";

/** What stands behind the service. */
export interface WorkoutFallbackOptions {
  /** Milliseconds that the service has; default 2000. */
  readonly timeoutMs?: number;
  /** Hears why the service did not answer. */
  readonly onFallback?: (reason: string) => void;
}

/** A weight and who says it: of the service, or of this program from the history that came with the question. */
export type HeldWeight = Pick<
  WorkoutPredicted,
  "exercise_name" | "weight" | "unit" | "low" | "high" | "confidence" | "source" | "last_weight" | "reason" | "warnings"
> &
  Partial<WorkoutPredicted>;

/**
 * Asks the service for the next weight; where it is gone, too slow or failing, the trend of the `workout_history` in the question answers, else a rule
 * of level and body weight. Throws ProblemError for what is wrong with the question alone.
 */
export function weightWithFallback(
  client: { readonly workouts: Pick<Methods["workouts"], "predict"> },
  { timeoutMs = 2000, onFallback }: WorkoutFallbackOptions = {},
): (question: WorkoutPredict) => Promise<HeldWeight> {
  return async (question) => {
    try {
      return await client.workouts.predict(question, { signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (isCallersFault(error)) throw error;
      const reason = `the service did not answer: ${(error as Error).message}`;
      onFallback?.(reason);
      return answerHere(question, reason);
    }
  };
}

function answerHere(question: WorkoutPredict, reason: string): HeldWeight {
  const { exercise_name, user_data = {} } = question;
  const { history, unit } = topLoads(question);
  const step = question.step ?? usualSteps[unit];
  const { current_weight: bodyWeight, level, goals } = user_data;
  const found = basicLoad(history, step) ?? emergencyLoad(exercise_name, { level, goals, bodyWeight }, unit, step);
  const { load: weight, reason: kind, says: _, ...rest } = found;
  const last = history.toSorted((a, b) => a.time - b.time).at(-1)?.load ?? null;
  return { exercise_name, weight, unit, ...rest, last_weight: last, reason: `${reason}; ${kind}`, warnings: [] };
}

type Entry = Readonly<Record<string, unknown>>;
type Unit = keyof typeof kilograms;

/**
 * The heaviest load of each of the exercise's sessions, as far as the history's entries can be read, and the unit that they come in: the question's,
 * else the first that one names.
 */
function topLoads({ exercise_name, workout_history = [], unit: asked, date }: WorkoutPredict) {
  const wanted = spellingOf(exercise_name);
  const own = (workout_history as readonly Entry[]).filter(
    ({ exercise, exercise_name: name }) => spellingOf(String(exercise ?? name)) === wanted,
  );
  const unit = asked ?? own.map((entry) => unitOf(entry["unit"])).find((named) => named !== undefined) ?? "kg";
  const end = date === undefined ? Date.now() + dayMs : Date.parse(date);
  const history = own.flatMap(({ date, unit: named, sets }) => {
    const time = Date.parse(String(date));
    const loads = (Array.isArray(sets) ? (sets as (Entry | null)[]) : [])
      .map((set) => loadIn(Number(set?.["weight"]), unitOf(set?.["unit"] ?? named) ?? unit, unit))
      .filter((load) => load > 0 && load * kilograms[unit] <= heaviest);
    return time < end && loads.length > 0 ? [{ time, load: Math.max(...loads) }] : [];
  });
  return { history, unit };
}

const dayMs = 86_400_000;

/** The unit that an entry names. */
function unitOf(word: unknown): Unit | undefined {
  if (/^kgs?$/i.test(String(word))) return "kg";
  return /^lbs?$/i.test(String(word)) ? "lb" : undefined;
}
