import { DataError } from "assay";
import { type LogField, layoutOf, loadUnitOf } from "./log-layouts.ts";
import { logRecords, refuseTooMany } from "./log-records.ts";
import type { LoadUnit, LogFormat, LogProblem } from "./sets.ts";

/** A row of a log before it is checked: the text of each field, empty where there is none. */
export interface LogRow {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<LogField, string>>>;
}

/** The rows of a log of any kind. */
export interface LogRows {
  readonly format: LogFormat;
  readonly fileName: string;
  readonly rows: readonly LogRow[];
  /** What a field's column is called there. */
  readonly columnOf: (field: LogField) => string;
  /** The unit that the log as a whole names. */
  readonly unit: LoadUnit | undefined;
  /** Metres of one unit of distance. */
  readonly metres: number;
  readonly problems: readonly LogProblem[];
}

/** Rows of a CSV export. */
export function csvRows(text: string, fileName: string): LogRows {
  const { header, headerLine, records, problems } = logRecords(text, fileName);
  const { format, places, names, unit, metres } = layoutOf(header, headerLine, fileName);
  const fields = Object.entries(places) as [LogField, number][];
  const rows = records.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(fields.map(([field, place]) => [field, plain(cells[place]!)])),
  }));
  return { format, fileName, rows, columnOf: (field) => names[places[field]!] ?? field, unit, metres, problems };
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Rows of JSON: Hevy's `{ workouts: [{ title, start_time, exercises: [{ title, sets }] }] }`, or `[{ date, exercise, sets: [{ weight, reps }] }]` with an
 * optional `unit` in each. The line is the number of the set. Throws DataError for any other form.
 */
export function jsonRows(value: unknown, fileName: string): LogRows {
  const workouts = isPlain(value) && Array.isArray(value["workouts"]) ? value["workouts"] : undefined;
  const list = workouts ?? (Array.isArray(value) ? value : undefined);
  if (!list)
    throw new DataError(
      `workouts: JSON must be a list of { date, exercise, sets } or Hevy's { workouts }, got ${isPlain(value) ? `{ ${Object.keys(value).slice(0, 6).join(", ")} }` : typeof value} (${fileName})`,
    );
  refuseTooMany(list.length, fileName);
  const isHevy = list.some((each) => isPlain(each) && Array.isArray(each["exercises"]));
  const rows: LogRow[] = [];
  const problems: LogProblem[] = [];
  for (const each of list) {
    const sets = !isPlain(each) ? undefined : isHevy ? hevySets(each) : ownSets(each);
    if (sets?.length) for (const cells of sets) rows.push({ line: rows.length + 1, cells });
    else
      problems.push({
        line: rows.length + 1,
        column: null,
        value: excerpt(each),
        rule: "fields",
        message: "an entry must have date, exercise and sets",
        dropped: true,
      });
    refuseTooMany(rows.length, fileName);
  }
  return {
    format: isHevy ? "hevy_json" : "json",
    fileName,
    rows,
    columnOf: (field) => field,
    unit: isHevy ? "kg" : undefined,
    metres: 1,
    problems,
  };
}

function ownSets(entry: Plain): LogRow["cells"][] | undefined {
  const { sets } = entry;
  if (!Array.isArray(sets)) return undefined;
  const whole = {
    date: cell(entry["date"]),
    exercise: cell(entry["exercise"] ?? entry["exercise_name"]),
    session: cell(entry["session"]),
  };
  return sets.map(fieldsOf).map((set) => ({
    ...whole,
    weight: cell(set["weight"]),
    unit: cell(set["unit"] ?? entry["unit"]),
    reps: cell(set["reps"]),
    rpe: cell(set["rpe"]),
    seconds: cell(set["seconds"]),
    kind: cell(set["type"]),
  }));
}

function hevySets(workout: Plain): LogRow["cells"][] | undefined {
  const { exercises } = workout;
  if (!Array.isArray(exercises)) return undefined;
  const whole = { date: cell(workout["start_time"]), session: cell(workout["title"]) };
  return exercises.filter(isPlain).flatMap((exercise) =>
    (Array.isArray(exercise["sets"]) ? exercise["sets"] : []).map(fieldsOf).map((set) => ({
      ...whole,
      exercise: cell(exercise["title"]),
      weight: cell(set["weight_kg"]),
      reps: cell(set["reps"]),
      rpe: cell(set["rpe"]),
      seconds: cell(set["duration_seconds"]),
      distance: cell(set["distance_meters"]),
      kind: cell(set["type"] ?? set["set_type"]),
    })),
  );
}

/** A set as it should be; anything else in its place has a weight that is no number, which is told. */
function fieldsOf(set: unknown): Plain {
  const what = `no set: ${set === null ? "null" : typeof set}`;
  return isPlain(set) ? set : { weight: what, weight_kg: what };
}

/** The text of a cell; lists and objects, which no cell can be, are named. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? `(${Array.isArray(value) ? "list" : "object"})` : plain(String(value));
}

/** Text as a table can keep it: without spaces at its ends, NUL and halves of surrogate pairs. */
function plain(text: string): string {
  return text.replaceAll("\0", "").toWellFormed().trim();
}

/** The beginning of what stands in an entry's place, one level deep. */
function excerpt(entry: unknown): string {
  const text = isPlain(entry) ? `{ ${Object.keys(entry).slice(0, 6).join(", ")} }` : cell(entry);
  return plain(text.slice(0, 80));
}

/** The unit that most rows name; undefined where none does. */
export function namedUnit(rows: readonly LogRow[]): LoadUnit | undefined {
  const count = { kg: 0, lb: 0 };
  for (const { cells } of rows) {
    const unit = loadUnitOf(cells.unit ?? "");
    if (unit) count[unit]++;
  }
  if (count.kg + count.lb === 0) return undefined;
  return count.kg >= count.lb ? "kg" : "lb";
}
