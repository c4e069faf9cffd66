import { exampleJob } from "./example-job.ts";
import { route } from "./route.ts";
import {
  workoutAnalytics,
  workoutAnalyticsQuery,
  workoutPredict,
  workoutPredicted,
  workoutTrain,
  workoutTrained,
} from "./workout.ts";
import { examplePlateau as plateau } from "./workout-examples.ts";

const session = { date: "2026-07-14", exercise: "Squat (Barbell)", sets: [{ weight: 100, reps: 5 }] };

/** Predicts the next load; at `path`. */
function predict<const P extends string>(path: P) {
  return route({
    method: "POST",
    path,
    action: "read",
    summary: "The next working weight of an exercise: how sure, why, and which source says it. Answers whatever the history.",
    body: workoutPredict,
    answer: workoutPredicted,
    example: {
      body: {
        exercise_name: "Squat (Barbell)",
        user_data: { level: "intermediate", goals: "strength" },
        workout_history: [session],
      },
      answer: {
        exercise_name: "Squat (Barbell)",
        weight: 100,
        unit: "kg",
        low: 97.5,
        high: 102.5,
        confidence: 0.5,
        source: "basic",
        last_weight: 100,
        step: 2.5,
        date: "2026-07-21T00:00:00.000Z",
        model: null,
        adjustment_factors: [{ name: "loads", title: "the loads so far", change: 0, share: 0 }],
        plateau,
        recommendations: [
          {
            ...{ kind: "keep", text: "Go on as before.", evidence: "1 sessions are too few to tell a trend" },
            evidence_codes: [{ code: "trend_short", values: [1] }],
          },
        ],
        reason: "no ensemble is trained yet; answered by the last load",
        reason_codes: [
          { code: "unlearned", values: [] },
          { code: "by_last_load", values: [] },
        ],
        warnings: [],
        warning_codes: [],
      },
    },
  });
}

/** Adds sessions to a log and trains; at `path`. */
function train<const P extends string>(path: P) {
  return route({
    method: "POST",
    path,
    summary: "Adds sessions to somebody's log, and trains their ensemble again as a job.",
    body: workoutTrain,
    answer: workoutTrained,
    statuses: [202],
    example: {
      body: { new_data: [session] },
      answer: {
        user_id: "u-17",
        dataset: "workouts_u-17@3",
        sets: 1804,
        sessions: 147,
        problems: [],
        job_id: exampleJob.job_id,
        run_id: exampleJob.run_id,
        reason: null,
        reason_codes: [],
      },
    },
  });
}

/** What a log shows; at `path`. */
function analytics<const P extends string>(path: P) {
  return route({
    method: "GET",
    path,
    summary:
      "What somebody's log shows: frequency, consistency, seasonality, plateaus by exercise, and how good their ensemble is.",
    query: workoutAnalyticsQuery,
    answer: workoutAnalytics,
    example: {
      answer: {
        user_id: "u-17",
        patterns: {
          sessions: 1,
          from: "2026-07-14",
          to: "2026-07-14",
          per_week: 1,
          per_week_lately: 1,
          consistency: 1,
          streak_weeks: 1,
          weekdays: [0, 0, 1, 0, 0, 0, 0],
          months: [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
          seasonality: null,
          weekly_rhythm: null,
          yearly_rhythm: null,
        },
        exercises: [{ exercise_name: "Squat (Barbell)", sessions: 1, last_weight: 100, best_weight: 100, unit: "kg", plateau }],
        model: null,
      },
    },
  });
}

/** Workouts: the next weight, training on a log, what the log shows; the short paths are aliases. */
export const workoutRoutes = {
  predict: predict("/api/ml/workouts/predict"),
  train: train("/api/ml/workouts/train"),
  analytics: analytics("/api/ml/workouts/analytics"),
  predictAlias: predict("/api/ml/predict"),
  trainAlias: train("/api/ml/train"),
  analyticsAlias: analytics("/api/ml/analytics"),
};
