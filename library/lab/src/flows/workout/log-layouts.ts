import { DataError } from "assay";
import type { LoadUnit, LogFormat } from "./sets.ts";

/** What a cell of a log says. */
export type LogField =
  | "date"
  | "session"
  | "exercise"
  | "order"
  | "weight"
  | "unit"
  | "reps"
  | "rpe"
  | "seconds"
  | "distance"
  | "distanceUnit"
  | "kind";

/** Where a log of one publisher keeps what. */
interface LogLayout {
  readonly format: LogFormat;
  /** Place of each field's cell. */
  readonly places: Readonly<Partial<Record<LogField, number>>>;
  readonly names: readonly string[];
  /** The unit that the weight column's own name says. */
  readonly unit: LoadUnit | undefined;
  /** Metres of one unit of the distance column. */
  readonly metres: number;
}

/** Names of a field's column, lower case; the first that is there is taken. */
const columns: Readonly<Record<LogField, RegExp>> = {
  date: /^(date|start_time|start time)$/,
  session: /^(workout name|title|workout)$/,
  exercise: /^(exercise name|exercise_title|exercise)$/,
  order: /^(set order|set_index|set)$/,
  weight: /^(weight|kgs?|lbs?|weight[ _]?\(?(kgs?|lbs?)\)?)$/,
  unit: /^weight unit$/,
  reps: /^reps$/,
  rpe: /^rpe$/,
  seconds: /^(seconds|duration_seconds|time)$/,
  distance: /^(distance|km|miles?|metres|meters|distance[ _]?\(?(km|meters|metres|miles|m)\)?)$/,
  distanceUnit: /^distance unit$/,
  kind: /^set_type$/,
};

/**
 * Finds the layout of a log from its header: Strong's (new, and that of 2016 with `kg` and `km`), Hevy's, FitNotes's.
 * Throws DataError naming what is missing.
 */
export function layoutOf(header: readonly string[], line: number, fileName: string): LogLayout {
  const names = header.map((name) => name.toLowerCase());
  const places: Partial<Record<LogField, number>> = {};
  for (const [field, pattern] of Object.entries(columns) as [LogField, RegExp][]) {
    const place = names.findIndex((name) => pattern.test(name));
    if (place >= 0) places[field] = place;
  }
  const missing = (["date", "exercise", "weight", "reps"] as const).filter((field) => places[field] === undefined);
  if (missing.length > 0)
    throw Object.assign(
      new DataError(
        `workouts: line ${line} lacks a column of ${missing.join(", ")}; it must be the header of a Strong, Hevy or FitNotes export, got ${header.slice(0, 8).join(", ")} (${fileName})`,
      ),
      { field: missing[0] },
    );
  const weight = names[places.weight!]!;
  return {
    format: formatOf(names, weight),
    places,
    names: header,
    unit: /kg/.test(weight) ? "kg" : /lb/.test(weight) ? "lb" : undefined,
    metres: metresOf(names[places.distance ?? -1] ?? ""),
  };
}

function formatOf(names: readonly string[], weight: string): LogFormat {
  if (names.includes("exercise_title")) return "hevy";
  if (names.includes("category")) return "fitnotes";
  return /^(kgs?|lbs?)$/.test(weight) ? "strong_2016" : "strong";
}

/** Metres of one of a unit of distance; 1 for a name that says none. */
export function metresOf(name: string): number {
  if (/km|kilomet/i.test(name)) return 1000;
  if (/\bmi(les?)?\b/i.test(name)) return 1609.344;
  if (/\b(ft|feet)\b/i.test(name)) return 0.3048;
  return /\b(yd|yards?)\b/i.test(name) ? 0.9144 : 1;
}

/** The unit that a cell names; undefined for any other word. */
export function loadUnitOf(word: string): LoadUnit | undefined {
  if (/^(kg|kgs|kilograms?|kilos?)$/i.test(word)) return "kg";
  return /^(lb|lbs|pounds?)$/i.test(word) ? "lb" : undefined;
}
