import { expect, test } from "vitest";
import { parseJson } from "./json.ts";

const parse = (text: string): unknown => parseJson("test", text);

test("objects are Maps, so __proto__ is only a name", () => {
  expect(parse('{"__proto__": {"polluted": true}}')).toEqual(new Map([["__proto__", new Map([["polluted", true]])]]));
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("the same values as JSON.parse", () => {
  const text = '[ 1, -2.5e3, 0.1, "a\\u00e9\\"\\\\", true, false, null, [], "😀" ]';
  expect(parse(text)).toEqual(JSON.parse(text));
});

test("XGBoost's bare NaN and Infinity are numbers", () => {
  expect(parse("[NaN, Infinity, -Infinity]")).toEqual([Number.NaN, Infinity, -Infinity]);
});

test.each([
  ['{"a": 1, "a": 2}', 'test: line 1, column 10 must be a name that does not stand twice, got "\\"a\\": 2}"'],
  ["[1, 2", 'test: line 1, column 6 must be "," or "]", got the end of the file'],
  ["[1]\n x", 'test: line 2, column 2 must be the end of the file, got "x"'],
  ["[01]", 'test: line 1, column 2 must be a number, got "01]"'],
  ['["a\nb"]', "must be a quoted text"],
  ['["a', "must be a quoted text"],
  ["", "must be a value, got the end of the file"],
])("%j is refused with its place", (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test("a hundred thousand levels are refused, not followed", () => {
  expect(() => parse("[".repeat(100_000))).toThrow("at most 64 levels deep");
});
