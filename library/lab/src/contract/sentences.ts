import { z } from "zod";

/** Sentences of answers by their codes, in English; %1, %2 … stand for the values of each. */
export const sentences = {
  unlearned: "no ensemble is trained yet",
  ensemble_unread: "the ensemble cannot be read",
  few_sessions: "the exercise has %1 of the %2 sessions with load that the ensemble needs",
  no_number: "the ensemble gave no number",
  ensemble_failed: "the ensemble failed: %1",
  by_last_load: "answered by the last load",
  by_trend: "answered by the trend of the last %1 sessions",
  by_own_weight_beginner: "answered by a share of your body weight, level beginner",
  by_own_weight_intermediate: "answered by a share of your body weight, level intermediate",
  by_own_weight_advanced: "answered by a share of your body weight, level advanced",
  by_assumed_weight_beginner: "answered by a share of an assumed body weight, level beginner",
  by_assumed_weight_intermediate: "answered by a share of an assumed body weight, level intermediate",
  by_assumed_weight_advanced: "answered by a share of an assumed body weight, level advanced",

  ensemble_unread_for: "the ensemble cannot be read: %1",
  history_unused_for: "the history cannot be used: %1",
  sessions_later: 'every session of "%1" in the log is later than the date that was asked for',
  exercise_unknown: 'no session of "%1" in the log',
  exercise_unknown_near: 'no session of "%1" in the log, did you mean %2',
  exercise_unknown_among: 'no session of "%1" in the log, there are %2',
  learned_later: "the ensemble has learned of sessions after this date: it knows more than anybody did then",
  gap_long: "%1 days lie between the last session and this one: interval and confidence are of shorter gaps",
  history_problem: "workout_history, set %1: %2",
  history_more: "workout_history: %1 more of the like",
  unit_assumed: "%1 sets name no unit; they are taken as %2. Say which it is with unit.",

  retrain_false: "retrain was false",
  log_short: "the ensemble needs %1 sessions with one before them, the log has %2",

  load_none: "the log has no session of this exercise with load",
  strength_changed: "strength changed by %1 % a week (95 %: %2 % to %3 %, Mann–Kendall p = %4) over %5 sessions up to %6",
  reps_last: "the last session had %1 repetitions at %2 %3",
  reps_last_helped: "the last session had %1 repetitions at %2 %3 of help",
  reps_strength: "strength usually means %1 to %2",
  reps_hypertrophy: "hypertrophy usually means %1 to %2",
  reps_assumed: "hypertrophy, which is assumed, usually means %1 to %2",
  reps_endurance: "endurance usually means %1 to %2",
  reps_weight_loss: "weight loss usually means %1 to %2",
  gap_usual: "%1 days lie between two sessions, as a median of the last %2",
  trend_short: "%1 sessions are too few to tell a trend",
  strength_changes: "strength changes by %1 % a week",

  train_size: "%1 MB of training rows (must be > %2 MB)",
  test_size: "%1 MB of test rows (must be > %2 MB)",
  booking_rate: "%1 of the rows are booked; %2 % of those that were shown (must be %3 % to %4 %)",
  engagement_balance: "%1 of the rows have the commonest score; %2 % are engaged (must be ≤ %3, engaged ≥ %4)",
  cells_missing: "%1 cells are missing",
  cells_missing_in: "%1 cells are missing, in %2",
  vectors_inside: "%1 columns reach beyond",
  vectors_beyond: "%1 columns reach beyond: %2",
  bound_more_mb: "> %1 MB",
  bound_between: "%1 % to %2 %",
  bound_engaged: "≤ %1, engaged ≥ %2",
} as const;

/** Which sentence. */
export type SentenceCode = keyof typeof sentences;

/** A sentence as programs read it: a code, and the values in the order of %1, %2 … */
export const sentence = z.object({ code: z.string(), values: z.array(z.union([z.string(), z.number()])) });
export type Sentence = z.infer<typeof sentence>;

/** A sentence with its values; numbers are said to two decimals. */
export function say(code: SentenceCode, ...values: readonly (string | number)[]): Sentence {
  return { code, values: values.map((value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value)) };
}

/** Sentences in English, behind each other. */
export function wordsOf(said: readonly Sentence[]): string {
  return said.map(({ code, values }) => filled(sentences[code as SentenceCode] ?? code, values)).join("; ");
}

/** A text with its values put in. */
export function filled(text: string, values: readonly (string | number)[]): string {
  return text.replaceAll(/%(\d)/g, (_, k: string) => String(values[Number(k) - 1] ?? ""));
}
