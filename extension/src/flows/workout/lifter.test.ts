import { expect, test } from "vitest";
import { lifterIn, questionOf } from "./lifter";

test("a body weight that was said in kilograms goes with a log in pounds, step and bar do not", () => {
  const said = { level: "advanced", bodyWeight: 80, step: 2.5, bar: 20, weighedIn: "kg" } as const;
  expect(lifterIn(said, "lb")).toEqual({ unit: "lb", level: "advanced", bodyWeight: 176.4 });
  expect(lifterIn(said, "kg")).toEqual({ ...said, unit: "kg" });
});

test("forecasts are told in the unit that was chosen, whatever the log is in", () => {
  expect(lifterIn({ unit: "kg", bodyWeight: 80, weighedIn: "kg" }, "lb")).toMatchObject({ unit: "kg", bodyWeight: 80 });
});

test("what is not said is not asked", () => {
  const question = questionOf("Squat", lifterIn({}, "lb"));
  expect(JSON.parse(JSON.stringify(question))).toEqual({ exercise_name: "Squat", user_data: {}, unit: "lb" });
});
