import { expect, test } from "vitest";
import { answerByRule, emergencyRule } from "./emergency-rule.ts";

const rule = (op: string, value?: unknown) =>
  emergencyRule.parse({ cases: [{ when: [{ column: "x", op, value }], prediction: true }], otherwise: { prediction: false } });

test.each([
  ["=", 1, 1, true],
  ["=", 1, "1", true],
  ["=", "a", "a", true],
  ["=", null, null, true],
  ["!=", 1, null, true],
  ["!=", "a", "a", false],
  ["<", 2, 1, true],
  ["<", 2, "1", true],
  ["<", 2, null, false],
  [">=", 2, 2, true],
  ["in", ["a", "b"], "b", true],
  ["in", [1, 2], 3, false],
  ["missing", undefined, null, true],
  ["missing", undefined, 0, false],
] as const)("x %s %o holds for %o: %o", (op, value, given, holds) => {
  expect(answerByRule(rule(op, value), { x: given }).prediction).toBe(holds);
});

test("a column that is not there is missing, also one named as something every object has", () => {
  expect(answerByRule(rule("missing"), {}).prediction).toBe(true);
  const odd = emergencyRule.parse({
    cases: [{ when: [{ column: "constructor", op: "missing" }], prediction: 1 }],
    otherwise: { prediction: 0 },
  });
  expect(answerByRule(odd, {}).prediction).toBe(1);
});

test("the first case that holds answers, all of its conditions", () => {
  const when = (low: number, high: number) => [
    { column: "x", op: ">=", value: low },
    { column: "x", op: "<", value: high },
  ];
  const bands = emergencyRule.parse({
    cases: [
      { when: when(0, 10), prediction: "low" },
      { when: when(5, 20), prediction: "middle" },
    ],
    otherwise: { prediction: "other" },
  });
  expect([3, 7, 12, 30].map((x) => answerByRule(bands, { x }).prediction)).toEqual(["low", "low", "middle", "other"]);
});
