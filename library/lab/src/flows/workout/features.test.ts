import { expect, test } from "vitest";
import { exampleLog } from "./example-log.ts";
import { families } from "./feature.ts";
import { featureMatrix, workoutFeatures } from "./features.ts";
import { before, historyOf } from "./history.ts";
import { momentsOf } from "./moment.ts";
import { logOfEntries, parseLog } from "./read-log.ts";
import { trainingRows } from "./training-rows.ts";

const history = historyOf(parseLog(exampleLog({ weeks: 30 })));
const names = workoutFeatures.map(({ name }) => name);

test("there are more than forty features, each declared once with unit, formula, window and source", () => {
  expect(names.length).toBeGreaterThan(40);
  expect(new Set(names).size).toBe(names.length);
  for (const { unit, formula, window, source, family } of workoutFeatures)
    expect([unit, formula, window, source].every((text) => text.length > 0) && families.includes(family)).toBe(true);
});

test("a log that is cut off at a time gives the same features before it", () => {
  const rows = trainingRows(history);
  for (const share of [0.4, 0.7]) {
    const cut = rows.moments[Math.floor(rows.x.rows * share)]!.time;
    const early = trainingRows(before(history, cut));
    expect(early.x.data).toEqual(rows.x.data.slice(0, early.x.data.length));
  }
});

test("changing the session itself and all that follow changes no feature of it", () => {
  const { sets, efforts } = parseLog(exampleLog({ weeks: 30 }));
  const rows = trainingRows(history);
  const { time, exercise } = rows.moments[150]!;
  const shifted = historyOf({
    efforts,
    sets: sets.map((set) => (set.time < time ? set : { ...set, load: set.load * 3 + 1, reps: 1, session: "other" })),
  });
  const [was, is] = [history, shifted].map((each) => featureMatrix([momentsOf(each).of(exercise, time)!]).data);
  expect(is).toEqual(was);
});

test("features of a small log are what their formulas say", () => {
  const day = (date: string, weight: number, reps: number) => ({
    date,
    exercise: "Row",
    sets: [
      { weight, reps },
      { weight: weight - 10, reps: 10 },
    ],
  });
  const small = historyOf(logOfEntries([day("2025-01-01", 50, 6), day("2025-01-04", 55, 6), day("2025-01-08", 55, 8)]), "kg");
  const row = featureMatrix([momentsOf(small).of("Row", Date.UTC(2025, 0, 11))!]).data;
  const value = (name: string): number => row[names.indexOf(name)]!;
  expect(value("last")).toBeCloseTo(Math.log(55), 12);
  expect(value("lag_3")).toBeCloseTo(Math.log(50 / 55), 12);
  expect(value("change_1")).toBe(0);
  expect(value("mean_3")).toBeCloseTo(Math.log(50 / 55) / 3, 12);
  expect(value("strength_1")).toBeCloseTo(Math.log(1 + 8 / 30), 12);
  expect(value("brzycki_1")).toBeCloseTo(Math.log(36 / 29), 12);
  expect(value("lombardi_1")).toBeCloseTo(0.1 * Math.log(8), 12);
  expect(value("run")).toBe(2);
  expect(value("reps_gain")).toBe(2);
  expect(value("sessions_7d")).toBe(2);
  expect(value("gap")).toBeCloseTo(Math.log(4), 12);
  expect(value("tonnage")).toBeCloseTo(Math.log((55 * 8 + 450) / 55), 12);
  expect(value("rest")).toBe(3);
});

test("877,777 repetitions move no feature beyond what a set can be", () => {
  const day = (date: string, reps: number) => ({ date, exercise: "Row", sets: [{ weight: 50, reps }] });
  const odd = historyOf(logOfEntries([day("2025-01-01", 877_777), day("2025-01-04", 8), day("2025-01-08", 8)]));
  const row = featureMatrix([momentsOf(odd).of("Row", Date.UTC(2025, 0, 11))!]).data;
  expect(Math.max(...row.filter((value) => !Number.isNaN(value)))).toBeLessThan(20);
});
