import { expect, test } from "vitest";
import { isBarbell, platesOf } from "./plates";

test.each([
  [102.5, 20, "kg", [25, 15, 1.25]],
  [20, 20, "kg", []],
  [61.5, 20, "kg", [20, 0.5, 0.25]],
  [225, 45, "lb", [45, 45]],
  [232.5, 45, "lb", [45, 45, 2.5, 1.25]],
] as const)("%s on a bar of %s %s are the plates %j on each side", (load, bar, unit, side) => {
  expect(platesOf(load, bar, unit)).toEqual(side);
});

test("what no plates make is said to be none", () => {
  expect(platesOf(15, 20, "kg")).toBeNull();
  expect(platesOf(149.9, 45, "lb")).toBeNull();
});

test("a bar is told by the exercise's name", () => {
  expect([isBarbell("Squat (Barbell)"), isBarbell("Leg Press")]).toEqual([true, false]);
});
