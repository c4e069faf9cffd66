import { heaviest, kilograms, roundLoad } from "../../contract/workout-rule.ts";
import { type LogField, loadUnitOf, metresOf } from "./log-layouts.ts";
import type { LogRow, LogRows } from "./log-rows.ts";
import { logTime } from "./log-times.ts";
import type { LoadUnit, LogProblem, LogRule, SetFlag, WorkoutSet } from "./sets.ts";

/** A set before its exercise has its one name, or a session's effort. */
export type CheckedRow = { readonly set: Omit<WorkoutSet, "exercise"> } | { readonly effort: number; readonly time: number };

/** What rows are checked against. */
interface RowRules {
  /** The unit of rows that name none. */
  readonly unit: LoadUnit;
  /** Sessions that begin later than a day behind it lie in the future. */
  readonly now: number;
}

/** Repetitions of one set, at most. */
const mostReps = 1000;
const earliest = Date.UTC(1950, 0, 1);
const dayMs = 86_400_000;
/** Exercises that are none: the session's own effort, entered as one. */
const effortNames = /^(workout |session )?(intensity|effort|rpe|exertion|rating)$/i;

/**
 * Checks a row: its set, or the session's effort; undefined where it is left out. Every reason goes to `problems`. Weights below 0 are help (some
 * exports write assisted exercises so), above 1,000 kg no weights; repetitions beyond 1,000 are counted as missing.
 */
export function checkRow(row: LogRow, log: LogRows, rules: RowRules, problems: LogProblem[]): CheckedRow | undefined {
  const { line, cells } = row;
  const tell = (field: LogField | null, rule: LogRule, message: string, dropped = true): undefined => {
    const value = field ? (cells[field] ?? "").slice(0, 80).toWellFormed() || null : null;
    problems.push({ line, column: field && log.columnOf(field), value, rule, message, dropped });
  };
  const { exercise: written = "", order = "", kind = "" } = cells;
  if (/rest timer|note/i.test(order)) return tell("order", "not_a_set", "the row is no set");
  if (written === "") return tell("exercise", "missing", "exercise is missing");
  if (!cells.date) return tell("date", "missing", "date is missing");
  const at = logTime(cells.date);
  if (!at) return tell("date", "date", "date must be a day of the calendar, as 2026-07-18 18:30:00");
  if (at.time < earliest) return tell("date", "date", "date must not lie before 1950");
  if (at.time > rules.now + dayMs) return tell("date", "future", "date must not lie in the future");
  const numbers = numbersOf(row, tell);
  if (!numbers) return undefined;
  const { weight, seconds, distance, rpe } = numbers;
  let { reps } = numbers;
  if (effortNames.test(written) && weight === 0) {
    tell("exercise", "effort", "taken as the session's effort, not as an exercise");
    return reps >= 1 && reps <= 11 ? { effort: reps, time: at.time } : undefined;
  }
  const unit = loadUnitOf(cells.unit ?? "") ?? rules.unit;
  if (cells.unit && !loadUnitOf(cells.unit)) return tell("unit", "unit", "unit must be kg or lbs");
  const load = roundLoad(Math.abs(weight));
  if (load * kilograms[unit] > heaviest) return tell("weight", "range", `weight must be ≤ ${heaviest} kg`);
  if (reps < 0) return tell("reps", "range", "reps must be ≥ 0");
  if (reps > mostReps) {
    tell("reps", "range", `reps must be ≤ ${mostReps}; counted as missing`, false);
    reps = Number.NaN;
  }
  if (reps === 0 && !(seconds > 0) && !(distance > 0))
    return tell("reps", "empty_set", "a set of no repetitions, time or distance");
  return {
    set: {
      line,
      ...at,
      session: cells.session ?? "",
      written,
      load,
      unit,
      reps: reps === 0 ? Number.NaN : reps,
      seconds: seconds > 0 ? seconds : Number.NaN,
      distance: distance > 0 ? distance * (cells.distanceUnit ? metresOf(cells.distanceUnit) : log.metres) : Number.NaN,
      rpe: rpe >= 1 && rpe <= 10 ? rpe : Number.NaN,
      flags: flagsOf(`${kind} ${order}`, weight, written, reps),
    },
  };
}

type Tell = (field: LogField, rule: LogRule, message: string, dropped?: boolean) => undefined;

/** The numbers of a row, NaN for missing ones (weight 0); undefined where a cell holds none that can be read. */
function numbersOf({ cells }: LogRow, tell: Tell) {
  const read = (field: LogField): number => {
    const cell = cells[field] ?? "";
    if (cell === "") return Number.NaN;
    const value = field === "seconds" && cell.includes(":") ? clock(cell) : numberOf(cell);
    if (Number.isFinite(value)) return value;
    const why = isTwofold(cell) ? `, and ${cell} can be one of thousands or have three decimals` : "";
    tell(field, "number", `${field} must be a number${why}`);
    return Number.POSITIVE_INFINITY;
  };
  const [weight, reps, seconds, distance, rpe] = (["weight", "reps", "seconds", "distance", "rpe"] as const).map(read);
  const numbers = { weight: Number.isNaN(weight!) ? 0 : weight!, reps: reps!, seconds: seconds!, distance: distance!, rpe: rpe! };
  return Object.values(numbers).includes(Number.POSITIVE_INFINITY) ? undefined : numbers;
}

/** A number with a decimal point or a decimal comma; NaN for anything else. */
function numberOf(cell: string): number {
  return isTwofold(cell) ? Number.NaN : Number(cell.replace(/^([+-]?\d+),(\d+)$/, "$1.$2"));
}

/** Whether a comma can divide thousands as well as decimals: 1,000. */
function isTwofold(cell: string): boolean {
  return /^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell);
}

/** Seconds of 1:02:03 or 2:03. */
function clock(cell: string): number {
  return cell.split(":").reduce((total, part) => total * 60 + Number(part), 0);
}

function flagsOf(kind: string, weight: number, written: string, reps: number): SetFlag[] {
  const flags: SetFlag[] = [];
  if (/warm|^\s*W\s*$/i.test(kind)) flags.push("warmup");
  if (/drop|^\s*D\s*$/i.test(kind)) flags.push("drop");
  if (/fail|^\s*F\s*$/i.test(kind)) flags.push("failure");
  if (weight === 0) flags.push(reps > 0 ? "bodyweight" : "timed");
  if (weight < 0 || /\bassist/i.test(written)) flags.push("assisted");
  return flags;
}
