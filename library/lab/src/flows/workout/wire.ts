import type { WorkoutBacktest } from "../../contract/workout-backtest.ts";
import type { WorkoutReport } from "../../contract/workout-log.ts";
import type { Advice } from "./advice.ts";
import { type Backtest, backtestByExercise, type Gain } from "./backtest.ts";
import type { Plateau } from "./plateau.ts";
import type { LoadUnit, LogReport } from "./sets.ts";

/** A number as JSON has it: null where there is none. */
export function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Problems of a report that are kept, by line. */
const problemsMost = 200;

/** A report in the words of the contract. */
export function wireReport(report: LogReport): WorkoutReport {
  const { fileName, rowsRead, setsKept, rules, problems, aliases, assumed, assumedCodes, ...rest } = report;
  return {
    ...rest,
    file_name: fileName,
    rows_read: rowsRead,
    sets_kept: setsKept,
    rules: rules.map(({ firstLine, ...rule }) => ({ ...rule, first_line: firstLine })),
    problems: problems.slice(0, problemsMost),
    aliases: aliases.map(({ exercise, ...alias }) => ({ ...alias, exercise_name: exercise })),
    assumed: [...assumed],
    assumed_codes: [...assumedCodes],
  };
}

/** A suggestion in the words of the contract. */
export function wireAdvice({ evidenceCodes, ...advice }: Advice) {
  return { ...advice, evidence_codes: [...evidenceCodes] };
}

/** A plateau in the words of the contract. */
export function wirePlateau({ status, sessions, since, effect, slope, low, high, pValue, tau }: Plateau) {
  return {
    status,
    sessions,
    since,
    effect,
    slope: known(slope),
    low: known(low),
    high: known(high),
    p_value: known(pValue),
    tau: known(tau),
  };
}

function wireGain({ value, low, high }: Gain) {
  return { value, low: known(low), high: known(high) };
}

/** Points that are told one by one, the latest. */
const pointsMost = 2000;

/** A backtest in the words of the contract; undefined for one without points. */
export function wireBacktest(found: Backtest, unit: LoadUnit): WorkoutBacktest | undefined {
  if (found.points.length === 0) return undefined;
  const { points, coverage } = found;
  const verdict = verdictOf(found.gain, points.length);
  return {
    unit,
    points: points.length,
    exercises: found.exercises,
    error: found.error,
    exercise_error: found.exerciseError,
    baseline_errors: found.baselineErrors,
    member_errors: found.memberErrors,
    best_baseline: found.bestBaseline,
    gain: wireGain(found.gain),
    gain_by_session: wireGain(found.gainBySession),
    gain_over_best: wireGain(found.gainOverBest),
    verdict,
    verdict_text: verdictText(verdict, found.gain, unit),
    coverage: {
      ...wireGain({ ...coverage, value: Number.isNaN(coverage.value) ? 0 : coverage.value }),
      points: coverage.points,
      nominal: coverage.nominal,
    },
    width: known(found.width),
    shares: found.shares,
    by_exercise: backtestByExercise(found).map(({ exercise, lastError, gain, ...own }) => ({
      ...own,
      exercise_name: exercise,
      last_error: lastError,
      gain: wireGain(gain),
    })),
    items: points.slice(-pointsMost).map(({ exercise, time, top, last, forecast, low, high }) => ({
      exercise_name: exercise,
      time: new Date(time).toISOString(),
      weight: top,
      last_weight: last,
      forecast,
      low: known(low),
      high: known(high),
    })),
  };
}

/** Fewer sessions than this tell nothing: three that happen to agree would have an interval that excludes nothing. */
const verdictLeast = 20;

function verdictOf({ low, high }: Gain, points: number): WorkoutBacktest["verdict"] {
  if (points < verdictLeast || !Number.isFinite(low)) return "too_few";
  return low > 0 ? "better" : high < 0 ? "worse" : "not_better";
}

function verdictText(verdict: WorkoutBacktest["verdict"], { value, low, high }: Gain, unit: LoadUnit): string {
  const size = Math.abs(value).toFixed(2);
  const range = `(95 %: ${low.toFixed(2)} to ${high.toFixed(2)} ${unit} in its favour)`;
  const rule = '"the same as last time"';
  if (verdict === "too_few") return `Too few sessions to compare the ensemble with ${rule}.`;
  if (verdict === "better") return `The ensemble errs by ${size} ${unit} less than ${rule} ${range}.`;
  if (verdict === "worse") return `The ensemble errs by ${size} ${unit} more than ${rule} ${range}.`;
  return `The ensemble is not better than ${rule}, as far as these sessions tell ${range}.`;
}
