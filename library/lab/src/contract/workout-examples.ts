import type { WorkoutBacktest } from "./workout-backtest.ts";

/** A plateau of a log of one session, as examples show it. */
export const examplePlateau = {
  status: "too_short" as const,
  sessions: 1,
  since: "2026-07-14",
  slope: null,
  low: null,
  high: null,
  p_value: null,
  tau: null,
  effect: 0.005,
};

/** A backtest of few sessions, as examples show it. */
export const exampleBacktest: WorkoutBacktest = {
  unit: "lb",
  points: 130,
  exercises: 11,
  error: 3.9,
  exercise_error: 4.1,
  baseline_errors: { last: 4.4, median_3: 5.1, weighted: 4.8, trend: 5, epley: 6.2, brzycki: 6.4 },
  member_errors: {
    forest: 4,
    boosting: 4.1,
    two_stage: 3.9,
    ridge: 4.6,
    neighbors: 4.2,
    network: 4.7,
    last: 4.4,
    trend: 5,
    epley: 6.2,
  },
  best_baseline: "last",
  gain: { value: 0.5, low: 0.1, high: 0.9 },
  gain_by_session: { value: 0.5, low: 0.1, high: 1 },
  gain_over_best: { value: 0.5, low: 0.1, high: 0.9 },
  verdict: "better",
  verdict_text: 'The ensemble errs by 0.50 lb less than "the same as last time" (95 %: 0.10 to 0.90).',
  coverage: { value: 0.9, low: 0.84, high: 0.94, points: 130, nominal: 0.9 },
  width: 18,
  shares: {
    forest: 0.5,
    boosting: 0,
    two_stage: 0.4,
    ridge: 0,
    neighbors: 0.1,
    network: 0,
    last: 0,
    trend: 0,
    epley: 0,
  },
  by_exercise: [
    { exercise_name: "Squat (Barbell)", points: 16, error: 4.7, last_error: 5, gain: { value: 0.3, low: -0.6, high: 1.2 } },
  ],
  items: [
    {
      exercise_name: "Squat (Barbell)",
      time: "2026-07-14T18:00:00.000Z",
      weight: 225,
      last_weight: 220,
      forecast: 225,
      low: 215,
      high: 235,
    },
  ],
};
