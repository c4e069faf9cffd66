import { expect, test } from "vitest";
import { guessedTask } from "./guessed-task.ts";

test("numbers of which there are only 0 and 1 are classes", () => {
  expect(guessedTask({ kind: "number", distinct: 2, min: 0, max: 1 })).toBe("classification");
});

test("two other numbers are learnt as numbers", () => {
  expect(guessedTask({ kind: "number", distinct: 2, min: 0, max: 100 })).toBe("regression");
});

test("three numbers are learnt as numbers", () => {
  expect(guessedTask({ kind: "number", distinct: 3, min: 0, max: 1 })).toBe("regression");
});

test("a category is of classes", () => {
  expect(guessedTask({ kind: "category", distinct: 7 })).toBe("classification");
});
