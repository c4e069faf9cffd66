import { type Figure, figureToSvg } from "assay";
import type { WorkoutAnalytics, WorkoutPredicted } from "../../contract/workout.ts";
import type { WorkoutBacktest } from "../../contract/workout-backtest.ts";
import type {
  WorkoutExercise,
  WorkoutFeature,
  WorkoutHistory,
  WorkoutLogInfo,
  WorkoutLogWhole,
  WorkoutStoredSet,
} from "../../contract/workout-log.ts";
import { display, htmlTable, listed } from "../../html.ts";
import type { Told } from "./cell-door.ts";
import { backtestFigure, factorsFigure, historyFigure, patternFigures, plateauFigure } from "./figures.ts";

function pictures(...figures: readonly Figure[]): string {
  const drawn = figures.map((each) => figureToSvg(each, { width: 620, height: 320, ink: "currentColor" }));
  return `<div style="display:flex;flex-wrap:wrap;gap:12px">${drawn.join("")}</div>`;
}

/** A log, drawn with its report: what was kept, problems by rule and by line, names to review. */
export function shownLog(log: WorkoutLogWhole): WorkoutLogWhole {
  const { report, ...facts } = log;
  if (!report) return display(log, () => htmlTable([facts]));
  const { format, rows_read, sets_kept, units, assumed } = report;
  const read = { format, rows_read, sets_kept, kg: units.kg, lb: units.lb, unit_assumed: units.assumed };
  const names = report.aliases.filter(({ by }) => by !== "same");
  return display(
    log,
    () =>
      htmlTable([facts]) +
      htmlTable([{ ...read, assumed: assumed.join("; ") }]) +
      htmlTable(report.rules) +
      htmlTable(report.problems.slice(0, 10)) +
      htmlTable(names),
  );
}

/** Logs of a project as a table. */
export function shownLogs(logs: readonly WorkoutLogInfo[]): readonly WorkoutLogInfo[] {
  return listed(logs, ["user_id", "dataset", "sets", "sessions", "exercises", "from", "to", "model"]);
}

/** Exercises with the names that they are written by. */
export function shownExercises(items: readonly WorkoutExercise[]): readonly WorkoutExercise[] {
  const row = ({ written, ...exercise }: WorkoutExercise) => ({
    ...exercise,
    written: written.map((each) => `${each.written} (${each.sets})`).join(", "),
  });
  return display([...items], () => htmlTable(items.map(row)));
}

/** Sets as a table. */
export function shownSets(items: readonly WorkoutStoredSet[]): readonly WorkoutStoredSet[] {
  return listed(items, ["day", "session", "exercise_name", "weight", "unit", "reps", "rpe", "flags", "line"]);
}

/** Features as a table. */
export function shownFeatures(items: readonly WorkoutFeature[]): readonly WorkoutFeature[] {
  return listed(items, ["name", "family", "unit", "formula", "window", "source"]);
}

/** The history of an exercise, drawn. */
export function shownHistory(history: Told<WorkoutHistory>): Told<WorkoutHistory> {
  return display(history, () => pictures(historyFigure(history), plateauFigure(history)));
}

/** A prediction with its source, why, factors and advice. */
export function shownPrediction(found: Told<WorkoutPredicted>): Told<WorkoutPredicted> {
  const { exercise_name, weight, unit, low, high, confidence, source, last_weight, date, model, reason } = found;
  const warnings = found.warnings.join("; ");
  const facts = { exercise_name, weight, unit, low, high, confidence, source, last_weight, date, model, reason, warnings };
  return display(found, () => htmlTable([facts]) + factors(found) + htmlTable(found.recommendations));
}

/** Factors that add up to the prediction, as a waterfall and a table. */
export function shownExplanation(found: Told<WorkoutPredicted>) {
  const { exercise_name, weight, last_weight, unit, source, reason, adjustment_factors } = found;
  const explanation = { exercise_name, weight, last_weight, unit, source, reason, adjustment_factors };
  return display(explanation, () => factors(found) + htmlTable(adjustment_factors));
}

function factors(found: Told<WorkoutPredicted>): string {
  return found.adjustment_factors.length > 0 ? pictures(factorsFigure(found)) : "";
}

/** Whether an exercise stands still, with the line that says so. */
export function shownPlateau(history: Told<WorkoutHistory>): WorkoutHistory["plateau"] {
  return display({ ...history.plateau }, () => htmlTable([history.plateau]) + pictures(plateauFigure(history)));
}

/** Frequency, consistency, seasonality, drawn. */
export function shownPatterns(patterns: WorkoutAnalytics["patterns"]): WorkoutAnalytics["patterns"] {
  return display(patterns, () => patternsHtml(patterns));
}

function patternsHtml(patterns: WorkoutAnalytics["patterns"]): string {
  const { weekdays, months, ...facts } = patterns;
  return htmlTable([facts]) + pictures(...patternFigures(patterns));
}

/** What a log shows, drawn. */
export function shownAnalytics(analytics: Told<WorkoutAnalytics>): Told<WorkoutAnalytics> {
  const exercises = analytics.exercises.map(({ plateau, ...exercise }) => ({ ...exercise, ...plateau }));
  return display(analytics, () => {
    const { model } = analytics;
    return patternsHtml(analytics.patterns) + htmlTable(exercises) + (model ? modelHtml(model) : "");
  });
}

function modelHtml({ shares, ...facts }: NonNullable<WorkoutAnalytics["model"]>): string {
  return htmlTable([facts]) + htmlTable([shares]);
}

/** A backtest: the verdict in words, errors beside each other, exercise by exercise. */
export function shownBacktest(backtest: WorkoutBacktest): WorkoutBacktest {
  const { verdict_text, points, exercises, error, gain, gain_over_best, best_baseline, coverage, width } = backtest;
  const facts = {
    verdict: verdict_text,
    points,
    exercises,
    error,
    gain: gain.value,
    gain_low: gain.low,
    gain_high: gain.high,
    best_baseline,
    gain_over_best: gain_over_best.value,
    coverage: coverage.value,
    width,
  };
  const each = backtest.by_exercise.map(({ gain: own, ...exercise }) => ({
    ...exercise,
    gain: own.value,
    low: own.low,
    high: own.high,
  }));
  return display(backtest, () => htmlTable([facts]) + pictures(backtestFigure(backtest)) + htmlTable(each));
}
