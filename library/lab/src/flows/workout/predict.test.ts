import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { conformalInterval, conformalRule, decodeModel, encodeModel, shareInterval } from "assay";
import { beforeAll, expect, test } from "vitest";
import { backtest, bootstrapMean } from "./backtest.ts";
import { exampleLog } from "./example-log.ts";
import { type History, historyOf } from "./history.ts";
import { memberKinds } from "./members/index.ts";
import { trainWorkouts, type WorkoutModel } from "./model.ts";
import { patternsOf } from "./patterns.ts";
import { plateauOf } from "./plateau.ts";
import { toBounds, toPlates } from "./plates.ts";
import { predictWeight } from "./predict.ts";
import { logOfEntries, parseLog, readLog } from "./read-log.ts";
import { rowsBetween, trainingRows } from "./training-rows.ts";
import { updateWorkouts } from "./update.ts";

let history: History;
let model: WorkoutModel;
beforeAll(async () => {
  history = historyOf(parseLog(exampleLog({ weeks: 30 })));
  model = await trainWorkouts(history, { blocks: 3 });
});

const squat = "Squat (Barbell)";
const none = historyOf(logOfEntries([]), "kg");

test("the ensemble answers with plates, bounds, an interval, and factors that add up to the forecast", () => {
  const answer = predictWeight(model, history, { exercise: squat });
  expect(answer).toMatchObject({ source: "advanced", reason: null, unit: "lb" });
  expect((answer.load - answer.last!) % 5).toBe(0);
  expect(answer.confidence).toBe(model.state.hits);
  const fine = predictWeight(model, history, { exercise: squat, step: 0.1 });
  expect(fine.confidence).toBeLessThan(answer.confidence);
  expect(Math.abs(answer.load - answer.last!)).toBeLessThanOrEqual(0.25 * answer.last! + 5);
  expect(answer.low <= answer.load && answer.load <= answer.high).toBe(true);
});

test("the factors of every exercise add up to its forecast, and their shares to one where anything moves", () => {
  const answers = [...history.exercises.keys()].map((exercise) => predictWeight(model, history, { exercise }));
  const advanced = answers.filter(({ source }) => source === "advanced");
  expect(advanced.length).toBeGreaterThan(8);
  expect(advanced.some(({ load, last }) => load !== last)).toBe(true);
  for (const { factors, last, load } of advanced) {
    const moved = factors.filter(({ change }) => change !== 0);
    expect(moved.reduce((sum, { change }) => sum + change, last!)).toBeCloseTo(load, 9);
    expect(moved.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(moved.length > 0 ? 1 : 0, 9);
  }
});

test("asked in another unit, the ensemble answers as before with the plates of that unit", () => {
  const inKilograms = historyOf(parseLog(exampleLog({ weeks: 30 })), "kg");
  const fine = { exercise: squat, step: 0.001 };
  const [kilograms, pounds] = [predictWeight(model, inKilograms, fine), predictWeight(model, history, fine)];
  expect(kilograms).toMatchObject({ source: "advanced", unit: "kg" });
  for (const field of ["load", "low", "high", "last"] as const)
    expect(kilograms[field]! / 0.45359237).toBeCloseTo(pounds[field]!, 1);
  expect((predictWeight(model, inKilograms, { exercise: squat }).load - kilograms.last!) % 2.5).toBeCloseTo(0, 9);
});

test("sessions in another unit move the interval as the same sessions in its own do", () => {
  const log = parseLog(exampleLog({ weeks: 34 }));
  const [pounds, kilograms] = (["lb", "kg"] as const).map((unit) => updateWorkouts(model, historyOf(log, unit)));
  expect(kilograms!.state.seenUpTo).toBe(pounds!.state.seenUpTo);
  expect(kilograms!.state.interval.below).toBeCloseTo(pounds!.state.interval.below, 3);
});

test("a model that was stored answers as before", () => {
  const stored = decodeModel<WorkoutModel>(encodeModel(model));
  expect(predictWeight(stored, history, { exercise: squat })).toEqual(predictWeight(model, history, { exercise: squat }));
});

test("shares of the members are none below nothing and sum to one", () => {
  const shares = Object.values(model.state.shares);
  expect(shares.every((share) => share >= 0)).toBe(true);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});

test("without an ensemble the trend answers, without sessions the rule, each saying so", () => {
  expect(predictWeight(undefined, history, { exercise: squat })).toMatchObject({ source: "basic", unit: "lb" });
  const rule = predictWeight(undefined, none, { exercise: squat, trainee: { level: "beginner", bodyWeight: 80 } });
  expect(rule).toMatchObject({ source: "emergency", confidence: 0, last: null, load: 32.5 });
  expect(rule.warnings[0]).toContain("no session");
});

test("an ensemble that fails is no error: the trend answers, and the reason is told", () => {
  const broken = {
    ...model,
    state: { ...model.state, members: { ...model.state.members, forest: { models: [new Uint8Array(3)], arrays: {} } } },
  };
  const shares = { ...model.state.shares, forest: 1 };
  const answer = predictWeight({ ...broken, state: { ...broken.state, shares } } as WorkoutModel, history, { exercise: squat });
  expect(answer.source).toBe("basic");
  expect(answer.reason).toContain("the ensemble failed");
});

test.each([
  ["one session", [100]],
  ["two sessions", [100, 105]],
  ["a load out of all proportion", [100, 100, 900]],
])("%s gets a safe answer", (_, loads) => {
  const log = logOfEntries(
    loads.map((weight, k) => ({ date: `2025-01-0${k + 1}`, exercise: "Row", sets: [{ weight, reps: 5 }] })),
  );
  const { load, source } = predictWeight(undefined, historyOf(log), { exercise: "row" });
  expect(source).toBe("basic");
  expect(Math.abs(load - loads.at(-1)!)).toBeLessThanOrEqual(0.1 * loads.at(-1)! + 2.5);
});

test("loads snap to whole steps from the last one, and keep within bounds", () => {
  expect([toPlates(59, 56.25, 5), toPlates(57, 56.25, 5), toPlates(-3, 2.5, 5)]).toEqual([61.25, 56.25, 2.5]);
  expect([toBounds(400, 100, 5), toBounds(10, 100, 5), toBounds(30, 10, 5)]).toEqual([125, 75, 15]);
});

test("twelve equal sessions are a plateau, twelve rising ones are none, eleven are too few", () => {
  const run = (count: number, weight: (k: number) => number) =>
    historyOf(
      logOfEntries(
        Array.from({ length: count }, (_, k) => ({
          date: new Date(Date.UTC(2025, 0, 1 + 4 * k)).toISOString(),
          exercise: "Row",
          sets: [{ weight: weight(k), reps: 5 }],
        })),
      ),
    ).exercises.get("Row")!;
  expect(plateauOf(run(14, () => 100))).toMatchObject({ status: "plateau", slope: 0, since: "2025-01-01" });
  expect(plateauOf(run(14, (k) => 100 + 2.5 * k)).status).toBe("rising");
  expect(plateauOf(run(11, () => 100)).status).toBe("too_short");
});

test("of an assisted exercise less help is progress: for the plateau, its line and the advice", () => {
  const sessions = (help: (k: number) => number, reps: number) =>
    historyOf(
      logOfEntries(
        Array.from({ length: 14 }, (_, k) => ({
          date: new Date(Date.UTC(2025, 0, 1 + 4 * k)).toISOString(),
          exercise: "Pull Up (Assisted)",
          sets: [{ weight: help(k), reps: reps + (k % 3) }],
        })),
      ),
    );
  const asked = { exercise: "Pull Up (Assisted)", trainee: { goals: "strength" } } as const;
  const less = predictWeight(
    undefined,
    sessions((k) => 60 - 2.5 * k, 10),
    asked,
  );
  expect([less.plateau.status, less.recommendations[0]!.kind]).toEqual(["rising", "less_help"]);
  const same = predictWeight(
    undefined,
    sessions(() => 60, 1),
    asked,
  );
  expect([same.plateau.status, same.plateau.slope]).toEqual(["plateau", 0]);
  expect(same.recommendations.map(({ kind }) => kind)).not.toContain("deload");
});

test("a plateau is followed back over sixty sessions", () => {
  const day = (k: number) => new Date(Date.UTC(2025, 0, 1 + 3 * k)).toISOString();
  const log = Array.from({ length: 100 }, (_, k) => ({ date: day(k), exercise: "Row", sets: [{ weight: 100, reps: 5 }] }));
  const { status, since } = plateauOf(historyOf(logOfEntries(log)).exercises.get("Row")!);
  expect([status, since]).toEqual(["plateau", day(40).slice(0, 10)]);
});

test("a forecast of the past says that the ensemble knows what followed, one of an unknown name which is near", () => {
  const { time } = history.exercises.get(squat)!.at(-2)!;
  const past = predictWeight(model, history, { exercise: squat, time });
  expect([past.source, past.warnings]).toEqual([
    "advanced",
    [expect.stringContaining("has learned of sessions after this date")],
  ]);
  const far = predictWeight(model, history, { exercise: squat, time: Date.UTC(9999, 0, 1) });
  expect([far.source, far.warnings]).toEqual([
    "advanced",
    [expect.stringContaining("days lie between the last session and this one")],
  ]);
  expect(predictWeight(model, history, { exercise: "Squat (Barbel)" }).warnings).toEqual([
    expect.stringContaining(`did you mean ${squat}`),
  ]);
});

test("patterns count sessions, weeks and weekdays", () => {
  const log = logOfEntries(
    ["2025-01-06", "2025-01-08", "2025-01-13", "2025-01-27"].map((date) => ({
      date,
      exercise: "Row",
      sets: [{ weight: 50, reps: 5 }],
    })),
  );
  expect(patternsOf(historyOf(log))).toMatchObject({
    sessions: 4,
    streakWeeks: 1,
    consistency: 0.75,
    perWeek: 1,
    seasonality: null,
  });
  expect(patternsOf(none).sessions).toBe(0);
});

test("the bootstrap draws pairs", () => {
  expect(bootstrapMean([1, 1, 1], [0, 1, 2])).toEqual({ value: 1, low: 1, high: 1 });
  expect(bootstrapMean([1], [0]).low).toBeNaN();
});

test("intervals that were learned on some lifters hold nine of ten of 10,000 sessions of others", async () => {
  const rows = trainingRows(historyOf(parseLog(exampleLog({ lifters: 30, weeks: 60 })), "lb"));
  const lifter = rows.moments.map(({ exercise }) => Number(/(\d+)$/.exec(exercise)![1]));
  const pick = (keep: (lifter: number) => boolean) => {
    const chosen = [...rows.y.keys()].filter((i) => keep(lifter[i]!));
    const [from] = [rowsBetween(rows, 0, chosen.length)];
    for (const [k, i] of chosen.entries())
      from.x.data.set(rows.x.data.subarray(i * rows.x.columns, (i + 1) * rows.x.columns), k * rows.x.columns);
    const take = (values: Float64Array) => Float64Array.from(chosen, (i) => values[i]!);
    return { ...from, y: take(rows.y), last: take(rows.last), top: take(rows.top) };
  };
  const [train, calibration, others] = [pick((k) => k <= 4), pick((k) => k > 4 && k <= 9), pick((k) => k > 9)];
  const member = await memberKinds.two_stage.fit(train, { seed: 42 });
  const loads = (of: typeof train) => member.predict(of.x).map((change, i) => of.last[i]! * Math.exp(change));
  const rule = conformalRule(calibration.top, loads(calibration), { scale: calibration.last.map(Math.sqrt) });
  const forecasts = loads(others);
  expect(forecasts.length).toBeGreaterThan(10_000);
  const judged = 10_000;
  let within = 0;
  for (let i = 0; i < judged; i++) {
    const { low, high } = conformalInterval(rule, forecasts[i]!, Math.sqrt(others.last[i]!));
    if (others.top[i]! >= low && others.top[i]! <= high) within++;
  }
  // the rule's own chance besides the binomial: it was learned on about 2,500 sessions
  expect(within / judged).toBeGreaterThan(0.88);
  expect(within / judged).toBeLessThan(0.93);
});

test("nine of ten sessions that follow lie in the interval of the whole blend, as it hears of them", () => {
  const longer = parseLog(exampleLog({ weeks: 50 }));
  const later = historyOf(longer);
  const rows = later.all.filter(({ time, top }) => time > model.state.trainedUpTo && top > 0);
  const within = rows.filter(({ exercise, time, top }) => {
    const { low, high } = predictWeight(model, later, { exercise, time });
    return top >= low && top <= high;
  });
  expect(rows.length).toBeGreaterThan(150);
  const updated = updateWorkouts(model, later);
  expect(updated.state.seen.top.length).toBeGreaterThan(model.state.seen.top.length + 140);
  expect(shareInterval(within.length, rows.length, { method: "clopper_pearson" }).high).toBeGreaterThan(0.9);
});

const folder = process.env["ASSAY_DATA"] ?? resolve(import.meta.dirname, "../../../../../../shared/data");
test.skipIf(!existsSync(`${folder}/workouts/strong_a.csv`)).each([
  ["strong_a", 367, 7.2275],
  ["strong_b", 297, 12.4495],
])(
  "on published log %s the ensemble is no worse than the best baseline",
  async (name, points, last) => {
    const log = await readLog(`${folder}/workouts/${name}.csv`, { unit: "lb" });
    const judged = await backtest(historyOf(log));
    expect(judged.points.length).toBe(points);
    expect(judged.baselineErrors.last).toBeCloseTo(last, 3);
    expect(judged.gainOverBest.high).toBeGreaterThan(0);
    expect(judged.coverage.high).toBeGreaterThan(0.9);
  },
  240_000,
);
