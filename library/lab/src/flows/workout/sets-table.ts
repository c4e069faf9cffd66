import { type Cell, Table } from "assay";
import { spellingOf } from "../../contract/workout-rule.ts";
import type { SetFlag, WorkoutLog, WorkoutSet } from "./sets.ts";

/** What a stored log holds: its sets, and the efforts of its sessions. */
export type StoredSets = Pick<WorkoutLog, "sets" | "efforts">;

/**
 * The sets as a table, a row each: time, day, session, exercise, written, load, unit, reps, seconds, distance, rpe, effort (of the whole session), flags,
 * line. `storedSetsOf` makes the sets from it again.
 */
export function setsTable({ sets, efforts }: StoredSets): Table {
  const numbers = (read: (set: WorkoutSet) => number) => ({ kind: "number", values: Float64Array.from(sets, read) }) as const;
  const texts = (read: (set: WorkoutSet) => Cell) => {
    const cells = sets.map((set) => String(read(set)));
    const levels = [...new Set(cells)].sort();
    const codes = new Map(levels.map((level, code) => [level, code]));
    return { kind: "category", codes: Int32Array.from(cells, (each) => codes.get(each)!), levels } as const;
  };
  return new Table([
    ["time", { kind: "datetime", values: Float64Array.from(sets, ({ time }) => time) }],
    ["day", texts(({ day }) => day)],
    ["session", texts(({ session }) => session)],
    ["exercise", texts(({ exercise }) => exercise)],
    ["written", texts(({ written }) => written)],
    ["load", numbers(({ load }) => load)],
    ["unit", texts(({ unit }) => unit)],
    ["reps", numbers(({ reps }) => reps)],
    ["seconds", numbers(({ seconds }) => seconds)],
    ["distance", numbers(({ distance }) => distance)],
    ["rpe", numbers(({ rpe }) => rpe)],
    ["effort", numbers(({ time }) => efforts.get(time) ?? Number.NaN)],
    ["flags", texts(({ flags }) => flags.join(" "))],
    ["line", numbers(({ line }) => line)],
  ]);
}

/** The sets of such a table, and the efforts of their sessions. */
export function storedSetsOf(table: Table): StoredSets {
  const texts = (name: string): string[] => table.values(name).map((cell) => String(cell ?? ""));
  const numbers = (name: string): number[] => table.values(name).map((cell) => (cell === null ? Number.NaN : Number(cell)));
  const times = table.values("time").map((cell) => new Date(cell as string | number | Date).getTime());
  const [day, name, exercise, written, unit, flags] = ["day", "session", "exercise", "written", "unit", "flags"].map(texts);
  const [load, reps, seconds, distance, rpe, effort, line] = ["load", "reps", "seconds", "distance", "rpe", "effort", "line"].map(
    numbers,
  );
  const sets = times.map(
    (time, i): WorkoutSet => ({
      line: line![i]!,
      time,
      day: day![i]!,
      session: name![i]!,
      exercise: exercise![i]!,
      written: written![i]!,
      load: load![i]!,
      unit: unit![i] === "lb" ? "lb" : "kg",
      reps: reps![i]!,
      seconds: seconds![i]!,
      distance: distance![i]!,
      rpe: rpe![i]!,
      flags: flags![i]!.split(" ").filter((flag) => flag !== "") as SetFlag[],
    }),
  );
  const known = times.flatMap((time, i) => (Number.isNaN(effort![i]!) ? [] : [[time, effort![i]!] as const]));
  return { sets, efforts: new Map(known) };
}

/**
 * Stored sets with new ones: sessions of an exercise that are there already, by their time, are taken from the newer. Names that differ in spelling
 * alone are the stored one.
 */
export function mergeLogs(stored: StoredSets, added: StoredSets): StoredSets {
  const key = ({ time, exercise }: WorkoutSet): string => `${time} ${spellingOf(exercise)}`;
  const names = new Map(stored.sets.map(({ exercise }) => [spellingOf(exercise), exercise]));
  const renewed = new Set(added.sets.map(key));
  const named = added.sets.map((set) => ({ ...set, exercise: names.get(spellingOf(set.exercise)) ?? set.exercise }));
  const sets = [...stored.sets.filter((set) => !renewed.has(key(set))), ...named];
  return {
    sets: sets.sort((a, b) => a.time - b.time || a.line - b.line),
    efforts: new Map([...stored.efforts, ...added.efforts]),
  };
}
