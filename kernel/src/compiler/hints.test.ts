import * as ml from "assay";
import { expect, test } from "vitest";
import { hintFor, isOfColumn, ours } from "./hints.cjs";

const missing = (name: string, type: string) => `Property '${name}' does not exist on type '${type}'.`;
const byBrackets = `Element implicitly has an 'any' type because expression of type '"age"' can't be used to index type 'Table'.`;

test("a name of scikit-learn is told by ours, in any of its spellings", () => {
  const told = ["train_test_split", "trainTestSplit"].map((name) => hintFor(missing(name, 'typeof import("assay")')));
  expect(told).toEqual(["here: ml.split", "here: ml.split"]);
});

test("a name of pandas is told by ours", () => {
  expect(hintFor(missing("describe", "Table"))).toBe("here: ml.profile(table)");
});

test("the same name of another type is nobody's", () => {
  expect(hintFor(missing("describe", "Study"))).toBeUndefined();
});

test("a name of the language's own is nobody's", () => {
  expect(hintFor(missing("constructor", "Table"))).toBeUndefined();
});

test("an option of scikit-learn is told by ours", () => {
  const message = "Object literal may only specify known properties, and 'testSize' does not exist in type 'SplitOptions'.";
  expect(hintFor(message)).toBe("here: test");
});

test("a cell that is compared as it is asks for its kind", () => {
  expect(hintFor("Operator '>' cannot be applied to types 'string | number | boolean | Date' and 'number'.")).toMatch(
    /^a cell may/,
  );
});

test("brackets on a table are told apart from those on other things", () => {
  expect([isOfColumn(byBrackets), isOfColumn(byBrackets.replace("'Table'", "'{}'"))]).toEqual([true, false]);
});

test("brackets on a table are told the way to its column", () => {
  expect(hintFor(byBrackets)).toContain('table.values("age")');
});

test("every function that a hint names is there", () => {
  const table = ml.table({ a: [1] });
  const named = ours.flatMap((text: string) => [...text.matchAll(/\b(ml|table)\.(\w+)/g)]);
  expect(
    named.filter(([, of, name]: string[]) => !(name! in (of === "ml" ? ml : table))).map(([text]: string[]) => text),
  ).toEqual([]);
});
