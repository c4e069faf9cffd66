import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DataError, LimitError } from "assay";
import { expect, test } from "vitest";
import { exampleLog } from "./example-log.ts";
import { historyOf } from "./history.ts";
import { logOfEntries, parseLog, readLog } from "./read-log.ts";
import { mergeLogs, setsTable } from "./sets-table.ts";

const now = Date.UTC(2026, 0, 1);
const strong = "Date,Workout Name,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE";
const line = (rest: string): string => `${strong}\n${rest}\n`;
const rulesOf = (text: string, unit: "kg" | "lb" = "kg"): string[] =>
  parseLog(text, { now, unit }).report.problems.map(({ rule, line: at }) => `${at} ${rule}`);
const good = '2025-02-14 07:33:40,"Pull","Deadlift (Barbell)",1,100,5,0,0,"","",\n';

test("the shipped log is what the generator writes", () => {
  expect(readFileSync(new URL("../../../../../notebooks/workouts.csv", import.meta.url), "utf8")).toBe(exampleLog());
});

test("the generated log has the quirks of real ones, each told by line", () => {
  const { report } = parseLog(exampleLog(), { now });
  const rules = Object.fromEntries(report.rules.map(({ rule, rows }) => [rule, rows]));
  expect(rules).toEqual({ duplicate: 15, empty_set: 1, range: 1, effort: 1 });
  expect(report.units.kg).toBe(1);
  expect(report.aliases.filter(({ by }) => by === "spelling")).toMatchObject([{ written: "Bench Press (barbell)" }]);
  expect(report.rowsRead).toBe(report.setsKept + 17);
});

test("Strong's layout of 2016 names its unit in the header", () => {
  const { sets, report } = parseLog(
    "Date;Workout Name;Exercise Name;Set Order;kg;Reps;km\n2016-03-02 18:00:00;Legs;Squat;1;80,5;5;\n",
  );
  expect(report.format).toBe("strong_2016");
  expect(sets[0]).toMatchObject({ load: 80.5, unit: "kg", reps: 5, day: "2016-03-02" });
});

test("Hevy's sets keep what they were", () => {
  const header =
    '"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index","set_type","weight_kg","reps","distance_km","duration_seconds","rpe"';
  const { sets, report } = parseLog(
    `${header}\n"Push","30 Jun 2025, 19:56","30 Jun 2025, 20:58","","Incline Press",,"",0,"warmup",40,10,,,8\n"Push","30 Jun 2025, 19:56","30 Jun 2025, 20:58","","Run",,"",0,"normal",,,2.5,600,\n`,
  );
  expect(report.format).toBe("hevy");
  expect(sets[0]).toMatchObject({ flags: ["warmup"], load: 40, rpe: 8, time: Date.UTC(2025, 5, 30, 19, 56) });
  expect(sets[1]).toMatchObject({ flags: ["timed"], distance: 2500, seconds: 600 });
});

test("Hevy's JSON and the flow's own are read", () => {
  const hevy = {
    workouts: [
      {
        title: "A",
        start_time: "2025-01-02T10:00:00Z",
        exercises: [{ title: "Row", sets: [{ weight_kg: 50, reps: 8, type: "dropset" }] }],
      },
    ],
  };
  expect(logOfEntries(hevy).sets[0]).toMatchObject({ exercise: "Row", load: 50, unit: "kg", flags: ["drop"] });
  const own = [{ date: "2025-01-02", exercise: "Row", unit: "lb", sets: [{ weight: 110, reps: 8 }] }];
  expect(logOfEntries(own).sets[0]).toMatchObject({ load: 110, unit: "lb" });
});

test("FitNotes says the unit row by row", () => {
  const text =
    "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time\n2025-04-29,Row,Back,15.0,kgs,20,,,\n2025-04-29,Row,Back,33,lbs,5,,,\n2025-04-29,Bike,Legs,,,,3,km,0:10:00\n";
  const { sets, report } = parseLog(text, { now });
  expect(report).toMatchObject({ format: "fitnotes", units: { kg: 2, lb: 1, assumed: 0 } });
  expect(sets[2]).toMatchObject({ seconds: 600, distance: 3000 });
});

test("a session that stands there twice counts once, equal sets of one session all", () => {
  const twice = '2025-02-14 07:33:40,"Pull","Row",1,50,5,0,0,"","",\n2025-02-14 07:33:40,"Pull","Row",2,50,5,0,0,"","",\n';
  expect(parseLog(line(twice + twice), { now }).report).toMatchObject({ setsKept: 2, rules: [{ rule: "duplicate", rows: 2 }] });
});

test("two warm-up sets alike are work, and a second copy of them is none", () => {
  const warmup = '2025-02-14 07:33:40,"Pull","Row",W,20,5,0,0,"","",\n';
  const session = `${warmup}${warmup}2025-02-14 07:33:40,"Pull","Row",1,50,5,0,0,"","",\n`;
  expect(parseLog(line(session), { now }).report).toMatchObject({ setsKept: 3, rules: [] });
  expect(parseLog(line(session + session), { now }).report).toMatchObject({
    setsKept: 3,
    rules: [{ rule: "duplicate", rows: 3 }],
  });
});

test("names of pictures, of signs and of marked letters stay what they are", () => {
  const names = ["💪", "🦵", "!!", "??", "कि", "का"];
  const sets = names.map((exercise) => ({ date: "2025-01-02", exercise, sets: [{ weight: 50, reps: 5 }] }));
  expect(logOfEntries(sets).report.aliases.every(({ by }) => by === "same")).toBe(true);
});

test("what stands in a set's or a cell's place is told, and no set of body weight", () => {
  const sets = [{ weight: true, reps: 5 }, { weight: {}, reps: 5 }, { weight: [100], reps: 5 }, 5, null, { weight: 50, reps: 5 }];
  const { report } = logOfEntries([
    { date: "2025-01-02", exercise: "Row", sets },
    { date: "2025-01-03", exercise: "Row", sets: [] },
    { date: "0099-01-01", exercise: "Row", sets: [{ weight: 50, reps: 5 }] },
  ]);
  expect(report.setsKept).toBe(1);
  expect(report.problems.map(({ rule }) => rule)).toEqual(["number", "number", "number", "number", "number", "fields", "date"]);
});

test("text that no table can keep is made whole, also where a long cell is cut", () => {
  const cut = `${"x".repeat(79)}💪`;
  const { sets, report } = logOfEntries([
    {
      date: "2025-01-02",
      exercise: "Row\0\ud800",
      sets: [
        { weight: 50, reps: 5 },
        { weight: cut, reps: 5 },
      ],
    },
  ]);
  expect(sets[0]!.exercise).toBe("Row\ufffd");
  expect(String(report.problems[0]!.value).isWellFormed()).toBe(true);
});

test("more than a million rows are refused before anything is made of them", () => {
  expect(() => parseLog(`${strong}\n${"x\n".repeat(1_000_001)}`)).toThrow(LimitError);
  expect(() => logOfEntries(Array.from({ length: 1_000_001 }, () => 0))).toThrow(LimitError);
});

test("an entry nested a hundred thousand deep is a line of the report", () => {
  expect(() => parseLog(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toThrow("none of 1 rows can be used");
});

test("a log that comes later has the names of the stored one, whatever their spelling", () => {
  const of = (exercise: string, day: string) => logOfEntries([{ date: day, exercise, sets: [{ weight: 50, reps: 5 }] }]);
  const { sets } = mergeLogs(of("Squat (Barbell)", "2025-01-02"), of("squat barbell", "2025-01-04"));
  expect(sets.map(({ exercise }) => exercise)).toEqual(["Squat (Barbell)", "Squat (Barbell)"]);
});

test("bad rows are left out by line, the others stay", () => {
  const rows = [
    '2025-02-14 07:33:40,"P","Row",1,2000,5,0,0,"","",',
    '2025-02-14 07:33:40,"P","Row",2,50,-5,0,0,"","",',
    '2031-02-14 07:33:40,"P","Row",3,50,5,0,0,"","",',
    '2025-02-31 07:33:40,"P","Row",4,50,5,0,0,"","",',
    '2025-02-14 07:33:40,"P","Row",5,heavy,5,0,0,"","",',
    '2025-02-14 07:33:40,"P","",6,50,5,0,0,"","",',
    '2025-02-14 07:33:40,"P","Row, wide, and unquoted",7,50,5,0,0,a,b,c,d,e',
    "2025-02-14 07:33:40,P,Row, wide,8,50,5,0,0,x,y,z",
  ];
  const text = line(good + rows.join("\n"));
  expect(rulesOf(text)).toEqual(["3 range", "4 range", "5 future", "6 date", "7 number", "8 missing", "9 fields", "10 fields"]);
  expect(parseLog(text, { now }).sets).toHaveLength(1);
});

test("a comma before three digits is thousands or decimals, so the row is left out and said", () => {
  const text = line(
    `${good}2025-02-14 07:33:40,"P","Row",2,"1,000",5,0,0,"","",\n2025-02-14 07:33:40,"P","Row",3,"62,5",5,0,0,"","",`,
  );
  const { sets, report } = parseLog(text, { now });
  expect(sets.map(({ load }) => load)).toEqual([100, 62.5]);
  expect(report.problems.map(({ line: at, message }) => [at, message])).toEqual([
    [3, "weight must be a number, and 1,000 can be one of thousands or have three decimals"],
  ]);
});

test("quotes inside a cell belong to it, and notes may hold lines", () => {
  const text = line(`2025-02-14 07:33:40,"the "big" one","Row",1,50,5,0,0,"two\nlines","",\n${good.trim()}`);
  const { sets } = parseLog(text, { now });
  expect(sets.map(({ session, line: at }) => [at, session])).toEqual([
    [2, 'the "big" one'],
    [4, "Pull"],
  ]);
});

test("a quote that does not close costs its own line only", () => {
  const text = line(`2025-02-14 07:33:40,"P,Row,1,50,5,0,0,,,\n${good}`);
  const { sets, report } = parseLog(text, { now });
  expect(sets.length).toBe(2);
  expect(report.problems).toMatchObject([{ line: 2, rule: "quote", dropped: false }]);
});

test("without a unit the caller's is taken, and said where nobody gave one", () => {
  expect(parseLog(line(good), { now }).report.assumed).toHaveLength(1);
  const told = parseLog(line(good), { now, unit: "lb" });
  expect([told.report.assumed.length, told.sets[0]!.unit]).toEqual([0, "lb"]);
});

test("weights below nothing are help", () => {
  const { sets } = parseLog(line('2025-02-14 07:33:40,"P","Dip",1,-20,5,0,0,"","",\n'), { now });
  expect(sets[0]).toMatchObject({ load: 20, flags: ["assisted"] });
});

test("the caller's aliases bring names together", () => {
  const { sets, report } = parseLog(line(good), { now, aliases: { "deadlift BARBELL": "Deadlift" } });
  expect(sets[0]!.exercise).toBe("Deadlift");
  expect(report.aliases).toMatchObject([{ by: "table", written: "Deadlift (Barbell)" }]);
});

test.each([
  ["", "empty"],
  ["a,b,c\n1,2,3\n", "lacks a column"],
  ["{", "JSON"],
  ['{"a":1}', "JSON must be"],
  [line('2025-02-14 07:33:40,"P","Row",1,9999,5,0,0,"","",'), "none of 1 rows"],
])("what cannot be used is refused: %j", (text, message) => {
  expect(() => parseLog(text, { now })).toThrow(DataError);
  expect(() => parseLog(text, { now })).toThrow(message);
});

test("bytes of another kind are refused", () => {
  expect(() => parseLog(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))).toThrow("binary data");
});

test("an empty history is a log without sets", () => {
  expect(logOfEntries([])).toMatchObject({ sets: [], report: { setsKept: 0 } });
});

test("two sessions of one day stay two, and loads come in one unit", () => {
  const own = (at: string, weight: number, unit: string) => ({ date: at, exercise: "Row", unit, sets: [{ weight, reps: 5 }] });
  const { exercises, unit } = historyOf(
    logOfEntries([own("2025-01-02T08:00:00", 50, "kg"), own("2025-01-02T18:00:00", 110.231, "lb")]),
    "kg",
  );
  expect([unit, exercises.get("Row")!.map(({ top }) => top)]).toEqual(["kg", [50, 50]]);
});

test("the table of sets has a row for each", () => {
  const log = parseLog(exampleLog({ weeks: 4 }), { now });
  expect(setsTable(log).rows).toBe(log.sets.length);
});

const folder = process.env["ASSAY_DATA"] ?? resolve(import.meta.dirname, "../../../../../../shared/data");
test.skipIf(!existsSync(`${folder}/workouts/strong_a.csv`))(
  "published training logs come in whole, but for what their report names",
  async () => {
    const read = (name: string) =>
      readLog(`${folder}/workouts/${name}.csv`, { now, unit: name === "strong_b" ? "lb" : undefined });
    const a = await read("strong_a");
    expect(a.report).toMatchObject({
      rowsRead: 5402,
      setsKept: 5372,
      sessions: 292,
      exercises: 74,
      units: { lb: 5372, assumed: 0 },
    });
    const b = await read("strong_b");
    expect(b.report).toMatchObject({ rowsRead: 4690, setsKept: 4505, exercises: 99 });
    expect(b.efforts.size).toBe(185);
    for (const [name, format, sets] of [
      ["hevy", "hevy", 330],
      ["fitnotes_sample", "fitnotes", 11],
      ["strong_variant_1", "strong", 14],
      ["strong_variant_2", "strong", 9],
    ] as const)
      expect((await read(name)).report).toMatchObject({ format, setsKept: sets, problems: [] });
  },
);
