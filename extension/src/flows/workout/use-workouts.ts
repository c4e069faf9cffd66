import type { Event, Job, WorkoutLogWhole } from "assay-lab/contract";
import { useEvents, useSoon } from "../../elements/use-events";
import { type Loaded, useLoaded } from "../../elements/use-loaded";
import { usePanel } from "../../panel";
import type { Lifter } from "../../preferences";
import type { Said } from "./held-forecast";
import { questionOf } from "./lifter";
import { type ExerciseHistory, type LoadUnit, type LogAnalytics, type LogExercises, workoutRoutes } from "./workout-routes";

/** Loads the exercises of the log, anew when it changes. */
export function useExercises(): Loaded<LogExercises> {
  const { api } = usePanel();
  return useAnew(
    useLoaded("exercises", () => workoutRoutes.exercises(api)),
    isOfLog,
  );
}

/** Loads the stored log with what its last check found. */
export function useLog(): Loaded<{ log: WorkoutLogWhole | null }> {
  const { api } = usePanel();
  return useAnew(
    useLoaded("log", async () => ({ log: await workoutRoutes.log(api) })),
    isOfLog,
  );
}

/** Loads the sessions of an exercise in a unit; of null nothing. */
export function useHistory(exercise: string | null, unit: LoadUnit): Loaded<ExerciseHistory> {
  const { api } = usePanel();
  const key = exercise === null ? null : JSON.stringify([exercise, unit]);
  return useAnew(
    useLoaded(key, () => workoutRoutes.history(api, exercise!, unit)),
    isOfLog,
  );
}

/** Asks for the next load of an exercise, anew when the log or its ensemble changes. */
export function useForecast(exercise: string, lifter: Lifter): Loaded<Said> {
  const { api } = usePanel();
  const question = questionOf(exercise, lifter);
  return useAnew(
    useLoaded(JSON.stringify(question), () => workoutRoutes.predict(api, question)),
    isOfModel,
  );
}

/** Loads what the log shows of habit, exercises, and the ensemble. */
export function useAnalytics(): Loaded<LogAnalytics> {
  const { api } = usePanel();
  return useAnew(
    useLoaded("analytics", () => workoutRoutes.analytics(api)),
    isOfModel,
  );
}

/** Loads how the log's own past was forecast. */
export function useBacktest(): Loaded<Awaited<ReturnType<typeof workoutRoutes.backtest>>> {
  const { api } = usePanel();
  return useAnew(
    useLoaded("backtest", () => workoutRoutes.backtest(api)),
    isOfModel,
  );
}

const isOfLog = (event: Event) => event.kind === "dataset";
const isOfModel = (event: Event) => isOfLog(event) || event.kind === "model" || isEnd(event);
const over: readonly Job["job_status"][] = ["completed", "failed", "cancelled"];

function isEnd(event: Event): boolean {
  return event.kind === "job" && event.job_kind === "workout" && over.includes(event.job_status);
}

/** Loads anew, half a second after the first of the events that are meant. */
function useAnew<T>(loaded: Loaded<T>, isMeant: (event: Event) => boolean): Loaded<T> {
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => isMeant(event) && soon(), loaded.reload);
  return loaded;
}
