import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { fixture } from "../testing/fixture.ts";
import { exponentialMean } from "./exponential-mean.ts";
import { lag } from "./lag.ts";
import { rolling } from "./rolling.ts";
import { seriesFeatures } from "./series-features.ts";
import { theilSen } from "./theil-sen.ts";
import { dayMs } from "./values.ts";
import { type WindowStatisticName, windowStatistics } from "./window-statistics.ts";

interface Oracle {
  readonly y: readonly (number | null)[];
  readonly days: readonly number[];
  readonly rows: readonly {
    readonly statistic: WindowStatisticName;
    readonly rows?: number;
    readonly days?: number;
    readonly values: readonly (number | null)[];
  }[];
  readonly means: readonly { readonly alpha: number; readonly values: readonly (number | null)[] }[];
  readonly halved: {
    readonly y: readonly number[];
    readonly days: readonly number[];
    readonly values: readonly (number | null)[];
  };
}

const oracle = fixture<Oracle>(import.meta.url, "windows");
const names = Object.keys(windowStatistics) as WindowStatisticName[];
const instants = (days: readonly number[]): Date[] => days.map((day) => new Date(Date.UTC(2024, 0, 1) + day * dayMs));

function near(found: Float64Array, wanted: readonly (number | null)[]): void {
  expect(Array.from(found, Number.isNaN)).toEqual(wanted.map((value) => value === null));
  for (const [i, value] of wanted.entries())
    if (value !== null) expect(Math.abs(found[i]! - value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
}

describe("rolling", () => {
  const times = instants(oracle.days);
  test.each(oracle.rows)(
    "$statistic of $rows rows or $days days equals pandas' closed left",
    ({ statistic, rows, days, values }) => {
      near(rolling(oracle.y, { statistic, rows, days, times: days === undefined ? undefined : times }), values);
    },
  );
  test("has the slopes of least squares and of Theil and Sen, a day", () => {
    const days = [0, 2, 3, 7, 8];
    const y = [1, 4, 2, 9, 0];
    const options = { days: 30, times: instants(days) };
    expect(rolling(y, { ...options, statistic: "slope" })[4]).toBeCloseTo(29 / 26, 12);
    const line = theilSen(y.slice(0, 4), { x: days.slice(0, 4) });
    expect(rolling(y, { ...options, statistic: "theil_sen" })[4]).toBeCloseTo(line.slope, 12);
  });
  test("takes a function of values and times", () => {
    const firsts = rolling([5, 6, 7, 8], { rows: 2, statistic: (values, times) => values[0]! * 100 + times[0]! });
    expect([...firsts]).toEqual([Number.NaN, 499, 498, 598]);
  });
  test("looks at all that came before without a window, and asks for `least` values", () => {
    expect([...rolling([3, 1, 2, 9], { statistic: "min", least: 2 })]).toEqual([Number.NaN, Number.NaN, 1, 1]);
  });
  test.each(names)("%s of nothing is missing, but for counts and sums", (statistic) => {
    const isTotal = statistic === "count" || statistic === "sum";
    expect(rolling([1, 2], { rows: 1, statistic, least: 0 })[0]).toBe(isTotal ? 0 : Number.NaN);
  });
  test("takes columns of a table", () => {
    const log = table({ weight: [50, null, 60], date: instants([0, 1, 2]) });
    const options = { days: 7, times: log.column("date"), statistic: "mean" } as const;
    expect([...rolling(log.column("weight"), options)]).toEqual([Number.NaN, 50, 50]);
  });
  test("takes instants as dates, text, milliseconds or a column alike", () => {
    const days = [0, 3, 4];
    const dates = instants(days);
    const forms = [
      dates,
      dates.map((date) => date.toISOString().slice(0, 19)),
      dates.map(Number),
      table({ dates }).column("dates"),
    ];
    for (const times of forms) expect([...rolling([1, 2, 3], { days: 3, times, statistic: "sum" })]).toEqual([0, 1, 2]);
    expect(() => rolling([1], { days: 3, times: ["2024-02-30"], statistic: "sum" })).toThrow(
      'times must be instants, got "2024-02-30" in row 0',
    );
  });
  test("refuses windows, names and times that are none", () => {
    expect(() => rolling([1], { rows: 0, statistic: "mean" })).toThrow("rolling: rows must be a whole number ≥ 1, got 0");
    expect(() => rolling([1], { rows: 1, days: 1, statistic: "mean" })).toThrow("takes rows or days, got both");
    expect(() => rolling([1], { days: 7, statistic: "mean" })).toThrow("days needs times");
    expect(() => rolling([1], { statistic: "meam" as never })).toThrow('no statistic "meam", did you mean mean; there are');
    expect(() => rolling([1], { statistic: "toString" as never })).toThrow('no statistic "toString"');
    expect(() => rolling([1, 2], { times: instants([3, 1]), statistic: "mean" })).toThrow(
      "times must not fall, row 1 (2024-01-02T00:00:00.000Z) is before row 0",
    );
    expect(() => rolling([1, 2], { times: [0], statistic: "mean" })).toThrow("times has 1 rows but values 2");
    expect(() => rolling([1, "2"], { statistic: "mean" })).toThrow('must be finite numbers or missing, got "2" in row 1');
    expect(() => rolling([Infinity], { statistic: "mean" })).toThrow("got Infinity in row 0");
    expect(() => rolling(table({ a: ["x", "y"] }).column("a"), { statistic: "mean" })).toThrow("got one of");
  });
});

describe("exponentialMean", () => {
  test.each(oracle.means)("with alpha $alpha equals pandas' ewm of the rows before", ({ alpha, values }) => {
    near(exponentialMean(oracle.y, { alpha }), values);
  });
  test("by days equals pandas' ewm with a half-life", () => {
    const { y, days, values } = oracle.halved;
    near(exponentialMean(y, { halfLifeDays: 7, times: instants(days) }), values);
  });
  test("refuses a pace that is none", () => {
    expect(() => exponentialMean([1], {})).toThrow("takes alpha or halfLifeDays, got neither");
    expect(() => exponentialMean([1], { alpha: 1.5 })).toThrow("alpha must be above 0 and at most 1, got 1.5");
    expect(() => exponentialMean([1], { halfLifeDays: 7 })).toThrow("halfLifeDays needs times");
  });
});

test("lag gives the value of rows before, or of instants before", () => {
  expect([...lag([1, 2, 3], 2)]).toEqual([Number.NaN, Number.NaN, 1]);
  expect([...lag([1, 2, 3, 4], 1, { times: instants([0, 1, 1, 2]) })]).toEqual([Number.NaN, 1, 1, 3]);
  expect(() => lag([1], 0)).toThrow("lag: rows must be a whole number ≥ 1, got 0");
});

const cell = fc.option(fc.integer({ min: -50, max: 50 }), { nil: null });
const log = fc.array(fc.record({ weight: cell, day: fc.integer({ min: 0, max: 12 }), lift: fc.constantFrom("a", "b") }), {
  minLength: 2,
  maxLength: 25,
});

describe("point-in-time", () => {
  const everything = {
    value: "weight",
    time: "date",
    by: "lift",
    lags: [1, 3],
    rolling: names.flatMap((statistic) => [{ statistic, rows: 3 }, { statistic, days: 5 }, { statistic }]),
    exponential: [{ alpha: 0.3 }, { halfLifeDays: 4 }],
  };
  const made = (rows: readonly { weight: number | null; day: number; lift: string }[]) =>
    seriesFeatures(
      table({
        weight: Float64Array.from(rows, ({ weight }) => weight ?? Number.NaN),
        date: instants(rows.map(({ day }) => day)),
        lift: rows.map(({ lift }) => lift),
      }),
      everything,
    );
  const added = (features: ReturnType<typeof made>) => features.names.slice(3);

  test("a feature sees nothing of its own instant or later, whatever stands there", () => {
    fc.assert(
      fc.property(log, fc.integer({ min: 0, max: 12 }), (rows, today) => {
        const before = made(rows);
        const after = made(rows.map((row) => (row.day >= today ? { ...row, weight: (row.weight ?? 7) * -3 + 11 } : row)));
        for (const name of added(before)) {
          const [left, right] = [before.values(name), after.values(name)];
          for (const [i, { day }] of rows.entries()) if (day <= today) expect(right[i]).toEqual(left[i]);
        }
      }),
      { seed: 13, numRuns: 60 },
    );
  });
  test("a log cut at any time has the same features before it", () => {
    fc.assert(
      fc.property(log, fc.integer({ min: 0, max: 12 }), (rows, today) => {
        const kept = rows.flatMap((row, i) => (row.day <= today ? [i] : []));
        if (kept.length < 1) return;
        const whole = made(rows).take(kept);
        const cut = made(kept.map((i) => rows[i]!));
        for (const name of added(whole)) expect(cut.values(name)).toEqual(whole.values(name));
      }),
      { seed: 14, numRuns: 60 },
    );
  });
  test("rows of one instant do not see each other", () => {
    const features = made([
      { weight: 1, day: 0, lift: "a" },
      { weight: 5, day: 1, lift: "a" },
      { weight: 9, day: 1, lift: "a" },
      { weight: 7, day: 1, lift: "b" },
    ]);
    for (const name of ["weight_lag1", "weight_max_3", "weight_max_5d", "weight_max_all", "weight_ewm_0.3", "weight_ewm_4d"])
      expect([name, ...features.values(name)]).toEqual([name, null, 1, 1, null]);
  });
});

describe("seriesFeatures", () => {
  const small = table({ weight: [3, 1, 2], date: instants([2, 0, 1]) });
  test("keeps the order of rows and of columns", () => {
    const features = seriesFeatures(small, { value: "weight", time: "date", lags: [1] });
    expect(features.names).toEqual(["weight", "date", "weight_lag1"]);
    expect(features.values("weight_lag1")).toEqual([2, null, 1]);
  });
  test("refuses columns that are missing, taken or of another kind", () => {
    expect(() => seriesFeatures(small, { value: "weight", time: "date" })).toThrow(
      "needs lags, rolling or exponential, got none",
    );
    expect(() => seriesFeatures(small, { value: "wight", time: "date", lags: [1] })).toThrow('no column "wight"');
    expect(() => seriesFeatures(small, { value: "weight", time: "date", lags: [1, 1] })).toThrow(
      'column "weight_lag1" is there already',
    );
    const texts = table({ weight: [3, 1], date: ["a", "b"] });
    expect(() => seriesFeatures(texts, { value: "weight", time: "date", lags: [1] })).toThrow("must hold instants, got");
    const gaps = table({ weight: [3, 1], date: [new Date(0), null] });
    expect(() => seriesFeatures(gaps, { value: "weight", time: "date", lags: [1] })).toThrow("row 1 is missing");
  });
});
