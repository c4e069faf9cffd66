import type { z } from "zod";
import { type Sentence, type SentenceCode, say, wordsOf } from "../../contract/sentences.ts";
import type { workoutAnalytics, workoutPredict, workoutPredicted } from "../../contract/workout.ts";
import { databaseFailure } from "../../db/database.ts";
import { logger } from "../../log.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { type History, historyOf, isAssisted } from "./history.ts";
import { patternsOf } from "./patterns.ts";
import { plateauOf } from "./plateau.ts";
import { predictWeight } from "./predict.ts";
import { logOfEntries } from "./read-log.ts";
import type { WorkoutLog } from "./sets.ts";
import { historyOfStored, type StoredModel, storedLog, storedModel, upToDate } from "./stored-log.ts";
import { wireAdvice, wirePlateau } from "./wire.ts";

/** What a route answers, without the status that HTTP puts before it. */
export type Answer<T extends z.ZodType> = Omit<z.input<T>, "status">;

/**
 * Answers with the next weight: by the user's ensemble, else by trend, else by rule. Whatever fails behind it (a log that cannot be read, a model that
 * is gone, a database that does not answer) becomes a simpler source and a warning, never an error.
 */
export async function answerWeight(
  session: Session,
  asked: z.output<typeof workoutPredict>,
): Promise<Answer<typeof workoutPredicted>> {
  await authorize(session, "read");
  const { exercise_name: exercise, user_data, unit, step, date } = asked;
  const userId = asked.user_id ?? session.userId;
  const warnings: Sentence[] = [];
  const orElse = async <T>(what: SentenceCode, find: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await find();
    } catch (error) {
      warnings.push(say(what, saidOf(error as Error)));
      return otherwise;
    }
  };
  const stored = await orElse("ensemble_unread_for", () => storedModel(session, userId), undefined);
  const isUnread = warnings.length > 0;
  const empty = { history: historyOf({ sets: [], efforts: new Map() }, unit ?? "kg"), told: [] };
  const { history, told } = await orElse("history_unused_for", () => historyFor(session, userId, asked, stored), empty);
  const model = stored && !asked.workout_history ? upToDate(stored.model, history) : stored?.model;
  const { current_weight: bodyWeight, level, goals } = user_data;
  const time = date === undefined ? undefined : Date.parse(date);
  const found = predictWeight(model, history, { exercise, step, time, trainee: { level, goals, bodyWeight } });
  const reasons = found.reasonCodes.map((each) => (isUnread && each.code === "unlearned" ? say("ensemble_unread") : each));
  const doubts = [...warnings, ...told, ...found.warningCodes];
  return {
    exercise_name: found.exercise,
    weight: found.load,
    unit: found.unit,
    low: found.low,
    high: found.high,
    confidence: found.confidence,
    source: found.source,
    last_weight: found.last,
    step: found.step,
    date: found.time === null ? null : new Date(found.time).toISOString(),
    model: found.source === "advanced" ? stored!.name : null,
    adjustment_factors: [...found.factors],
    plateau: wirePlateau(found.plateau),
    recommendations: found.recommendations.map(wireAdvice),
    reason: reasons.length > 0 ? wordsOf(reasons) : null,
    reason_codes: reasons,
    warnings: doubts.map((each) => wordsOf([each])),
    warning_codes: doubts,
  };
}

async function historyFor(
  session: Session,
  userId: string,
  { workout_history, unit }: z.output<typeof workoutPredict>,
  stored: StoredModel | undefined,
): Promise<{ readonly history: History; readonly told: readonly Sentence[] }> {
  const wanted = unit ?? stored?.model.state.unit;
  if (!workout_history) return { history: historyOfStored(await storedLog(session, userId), wanted), told: [] };
  const log = logOfEntries(workout_history, { unit: wanted, fileName: "workout_history" });
  return { history: historyOf(log, wanted), told: problemsOf(log) };
}

/** Problems of a history in a question that are told one by one. */
const problemsMost = 5;

/** What was left out of a history in a question, or taken for granted. */
function problemsOf({ report: { problems, assumedCodes, rules } }: WorkoutLog): Sentence[] {
  const all = rules.reduce((sum, { rows }) => sum + rows, 0);
  const more = all > problemsMost ? [say("history_more", all - problemsMost)] : [];
  const each = problems.slice(0, problemsMost).map(({ line, message }) => say("history_problem", line, message));
  return [...each, ...more, ...assumedCodes];
}

/** A failure as a caller may know it: what is wrong with what they sent or stored; the log has what is wrong with the service. */
function saidOf(error: Error): string {
  const failure = databaseFailure(error);
  if (!failure && ["DataError", "ShapeError", "ParamsError", "LimitError", "NotFoundError"].includes(error.name))
    return error.message;
  logger("workouts").error(`a prediction does without: ${error.message}`);
  return failure?.message ?? "the service's log says why";
}

/** What somebody's log shows, and how good their ensemble is. */
export async function workoutAnalyticsOf(
  session: Session,
  asked: { readonly user_id?: string | undefined },
): Promise<Answer<typeof workoutAnalytics>> {
  await authorize(session, "read");
  const userId = asked.user_id ?? session.userId;
  const history = historyOfStored(await storedLog(session, userId), undefined);
  const { perWeek, perWeekLately, streakWeeks, weekdays, months, weeklyRhythm, yearlyRhythm, ...patterns } = patternsOf(history);
  const exercises = [...history.exercises].flatMap(([name, own]) => {
    const loaded = own.filter(({ top }) => top > 0);
    if (loaded.length === 0) return [];
    return {
      exercise_name: name,
      sessions: own.length,
      last_weight: loaded.at(-1)!.top,
      best_weight: bestOf(loaded),
      unit: history.unit,
      plateau: wirePlateau(plateauOf(loaded)),
    };
  });
  return {
    user_id: userId,
    patterns: {
      ...patterns,
      per_week: perWeek,
      per_week_lately: perWeekLately,
      streak_weeks: streakWeeks,
      weekdays: [...weekdays],
      months: [...months],
      weekly_rhythm: weeklyRhythm,
      yearly_rhythm: yearlyRhythm,
    },
    exercises: exercises.sort((a, b) => b.sessions - a.sessions),
    model: modelFacts(await storedModel(session, userId), history),
  };
}

/** The best top load of sessions: the heaviest; of an assisted exercise the least help. */
export function bestOf(sessions: History["all"]): number {
  const tops = sessions.map(({ top }) => top);
  return isAssisted(sessions) ? Math.min(...tops) : Math.max(...tops);
}

function modelFacts(stored: StoredModel | undefined, history: History): Answer<typeof workoutAnalytics>["model"] {
  if (!stored) return null;
  const { state } = upToDate(stored.model, history);
  return {
    model: stored.name,
    run_id: stored.runId,
    error: state.error,
    last_error: state.lastError,
    hits: state.hits,
    shares: state.shares,
    sessions: state.rows,
    seen_since: Math.max(0, state.seen.top.length - stored.model.state.seen.top.length),
    trained_up_to: new Date(state.trainedUpTo).toISOString(),
  };
}
