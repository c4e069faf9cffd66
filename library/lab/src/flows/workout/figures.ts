import { type Figure, plotCounts, plotErrors, plotForecast, plotShapWaterfall, plotTrend } from "assay";
import type { WorkoutAnalytics, WorkoutPredicted } from "../../contract/workout.ts";
import type { WorkoutBacktest } from "../../contract/workout-backtest.ts";
import type { WorkoutHistory } from "../../contract/workout-log.ts";

/** The top weights of an exercise with strength beside them, and the next session's prediction with its interval. */
export function historyFigure(
  { exercise_name, unit, items }: Pick<WorkoutHistory, "exercise_name" | "unit" | "items">,
  next?: Pick<WorkoutPredicted, "date" | "weight" | "low" | "high">,
): Figure {
  const times = items.map(({ time }) => time);
  const forecasts = next?.date ? [{ time: next.date, value: next.weight, low: next.low, high: next.high }] : undefined;
  return plotForecast({
    title: exercise_name,
    unit,
    observed: { name: "top weight", times, values: items.map(({ top_weight }) => top_weight) },
    others: [{ name: "strength (e1RM)", times, values: items.map(({ e1rm }) => e1rm) }],
    forecasts,
  });
}

/** The adjustment factors from the last weight to the predicted one. */
export function factorsFigure({
  adjustment_factors: factors,
  last_weight,
  unit,
}: Pick<WorkoutPredicted, "adjustment_factors" | "last_weight" | "unit">): Figure {
  return plotShapWaterfall({
    features: factors.map(({ title }) => title),
    contributions: factors.map(({ change }) => change),
    base: last_weight ?? 0,
    output: `weight, ${unit}`,
  });
}

/** Strength over time with the line that the plateau is judged by. */
export function plateauFigure({ exercise_name, unit, items, plateau, trend }: Omit<WorkoutHistory, "status">): Figure {
  const { status, slope, p_value } = plateau;
  const words = { too_short: "too short to tell", unclear: "unclear", plateau: "plateau", rising: "rising", falling: "falling" }[
    status
  ];
  const facts = slope === null ? "" : `: ${(100 * slope).toFixed(2)} % a week, p = ${p_value!.toFixed(2)}`;
  return plotTrend({
    title: `${exercise_name}: ${words}`,
    unit: `strength (e1RM), ${unit}`,
    observed: { name: "strength", times: items.map(({ time }) => time), values: items.map(({ e1rm }) => e1rm) },
    line: trend ?? undefined,
    verdict: words + facts,
  });
}

const weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Sessions on each day of the week, and in each month of the year. */
export function patternFigures({ weekdays, months }: WorkoutAnalytics["patterns"]): readonly Figure[] {
  return [
    plotCounts("Sessions by weekday", weekdayNames, weekdays, "sessions"),
    plotCounts("Sessions by month", monthNames, months, "sessions"),
  ];
}

/** Errors of the ensemble beside those of baselines and members on the same sessions. */
export function backtestFigure({ error, baseline_errors, member_errors, unit, points }: WorkoutBacktest): Figure {
  const baselines = Object.entries(baseline_errors).map(([name, value]) => ({ name: titles[name] ?? name, error: value }));
  const members = Object.entries(member_errors)
    .filter(([name]) => !(name in baseline_errors))
    .map(([name, value]) => ({ name: `${name} alone`, error: value }));
  return plotErrors(
    `Mean absolute error of ${points} sessions`,
    [{ name: "ensemble", error, isOwn: true }, ...baselines, ...members],
    unit,
  );
}

const titles: Readonly<Record<string, string>> = {
  last: "same as last time",
  median_3: "median of three",
  weighted: "weighted mean",
  trend: "trend of five",
  epley: "Epley at usual reps",
  brzycki: "Brzycki at usual reps",
};
