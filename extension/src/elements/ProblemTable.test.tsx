import React from "react";
import { afterEach, expect, test } from "vitest";
import { type Drawn, draw } from "../testing/draw";
import { type LineProblem, ProblemTable } from "./ProblemTable";

let drawn: Drawn | undefined;
afterEach(async () => {
  await drawn?.close();
  drawn = undefined;
});
const show = async (problems: LineProblem[], most = 10, total = problems.length) => {
  drawn = await draw(<ProblemTable {...{ problems, most, total }} />);
  return [...drawn.node.querySelectorAll("tbody tr")].map((row) => [...row.children].map(({ textContent }) => textContent));
};
const missing = { line: 92, column: "koi_impact", value: null, rule: "missing", message: "koi_impact is missing" };

test("a problem stands by its line, column and value, and says its rule", async () => {
  const range = { line: 5, column: "Weight", value: "2000", rule: "range", message: "weight must be ≤ 1000 kg" };
  expect(await show([missing, range])).toEqual([
    ["92", "koi_impact", "missing", "koi_impact is missing"],
    ["5", "Weight", "2000", "weight must be ≤ 1000 kg"],
  ]);
});

test("what was done is said where a check drops some lines and reads others otherwise", async () => {
  const quote = { line: 3, column: null, value: null, rule: "quote", message: "a quote", dropped: false };
  expect(await show([{ ...missing, dropped: true }, quote])).toEqual([
    ["92", "koi_impact", "missing", "koi_impact is missing", "left out"],
    ["3", "whole line", "–", "a quote does not close; it was taken to end with its line", "read otherwise"],
  ]);
});

test("a rule that the panel does not know is told in the service's words", async () => {
  const odd = { line: 1, column: "a", value: 2, rule: "unheard", message: "a must be odd" };
  expect((await show([odd]))[0]!.at(-1)).toBe("a must be odd");
});

test("of many problems the first are listed and the others counted", async () => {
  expect(await show([missing, missing, missing], 2, 363)).toHaveLength(2);
  expect(drawn!.node.textContent).toContain("and 361 more");
});
