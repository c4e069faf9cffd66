import fc from "fast-check";
import { expect, test } from "vitest";
import { basicLoad, emergencyLoad } from "./workout-rule.ts";

const sessions = (loads: readonly number[]) => loads.map((load, time) => ({ load, time }));

test("a trend forecasts a load above nothing in whole steps, within its interval, whatever came before", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.5, max: 1000, noNaN: true }), { minLength: 1, maxLength: 30 }),
      fc.constantFrom(0.1, 1, 2.5, 5, 100),
      (loads, step) => {
        const { load, low, high } = basicLoad(sessions(loads), step)!;
        expect(load).toBeGreaterThan(0);
        expect(low >= 0 && low <= load && load <= high).toBe(true);
        expect(Math.abs(load - loads.at(-1)!)).toBeLessThanOrEqual(Math.max(step, 0.1 * loads.at(-1)!) + step / 2 + 0.001);
      },
    ),
  );
});

test("light loads that fall end above nothing, and tenths are tenths", () => {
  expect(basicLoad(sessions([5, 4, 2]), 2.5)!.load).toBe(2);
  expect(basicLoad(sessions([100.1, 100.2, 100.3]), 0.1)!.load).toBe(100.4);
});

test.each([0, -80, 5000, Number.NaN])("a body weight of %d is taken as none", (bodyWeight) => {
  expect(emergencyLoad("Squat", { bodyWeight }, "kg", 2.5)).toEqual(emergencyLoad("Squat", {}, "kg", 2.5));
});

test("a rule of body weight says level and assumption", () => {
  expect(emergencyLoad("Squat", { level: "advanced" }, "kg", 2.5).reason).toBe(
    "answered by a share of an assumed body weight, level advanced",
  );
  expect(emergencyLoad("Squat", { bodyWeight: 80 }, "kg", 2.5).reason).toBe(
    "answered by a share of your body weight, level beginner",
  );
});
