import { expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { holm, pairedP, significanceLetters } from "./significance.ts";

test("Holm's adjustment steps down as it is defined", () => {
  const { cells } = fixture<{ cells: { p: number[]; adjusted: number[] }[] }>(import.meta.url, "holm");
  for (const { p, adjusted } of cells) for (const [k, value] of holm(p).entries()) expect(value).toBeCloseTo(adjusted[k]!, 14);
});

test("a p-value that is not there does not count among the others", () => {
  expect(holm([0.02, Number.NaN, 0.03])).toEqual([0.04, Number.NaN, 0.04]);
});

test("a fold without a score leaves a pair untested", () => {
  expect(pairedP([1, Number.NaN], [1, 2], 0.25)).toBeNaN();
});

test("two share a letter just when they do not differ", () => {
  expect(significanceLetters(3, [])).toEqual(["a", "a", "a"]);
  expect(significanceLetters(3, [[0, 2]])).toEqual(["a", "ab", "b"]);
  const pairs = [
    [0, 3],
    [0, 4],
    [1, 4],
    [2, 4],
  ] as const;
  const letters = significanceLetters(5, pairs);
  for (let a = 0; a < 5; a++)
    for (let b = a + 1; b < 5; b++) {
      const differ = pairs.some(([i, j]) => i === a && j === b);
      expect([...letters[a]!].some((letter) => letters[b]!.includes(letter))).toBe(!differ);
    }
});
