import { describe, expect, test } from "vitest";
import { type JsonOptions, type NdjsonOptions, readJson, readNdjson } from "./read-json.ts";

const read = (text: string, options?: JsonOptions) => readJson(Buffer.from(text), { name: "stars.json", ...options });
const lines = (text: string, options?: NdjsonOptions) => readNdjson(Buffer.from(text), { name: "stars.ndjson", ...options });

test("records and columns give the same table", async () => {
  const records = await read('[{"a":1,"b":"x"},{"b":"x","a":null}]');
  expect((await read('{"a":[1,null],"b":["x","x"]}')).toRows()).toEqual(records.toRows());
});

test("a key that a record lacks is missing", async () =>
  expect((await read('[{"a":1},{"b":true}]')).toRows().map((row) => Object.values(row))).toEqual([
    [1, null],
    [null, true],
  ]));

test("strings that are all ISO dates are instants", async () =>
  expect((await read('[{"d":"2020-01-01"},{"d":null},{"d":"2020-01-01T00:00:00+02:00"}]')).values("d")).toEqual([
    new Date("2020-01-01T00:00:00Z"),
    null,
    new Date("2019-12-31T22:00:00Z"),
  ]));

test("whole numbers beyond 2^53 make text of all digits", async () =>
  expect((await read('[{"a":9007199254740993},{"a":3}]')).values("a")).toEqual(["9007199254740993", "3"]));

test("an override and markers of missing are kept", async () =>
  expect((await read('[{"a":1},{"a":"2"},{"a":"?"}]', { columns: { a: "number" }, missing: ["?"] })).values("a")).toEqual([
    1,
    2,
    null,
  ]));

test("__proto__ and constructor are names like any other", async () => {
  const table = await read('[{"__proto__":1,"constructor":2}]');
  expect(table.names).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
});

test("newline-delimited objects are rows, blank lines nothing", async () =>
  expect((await lines('{"a":1}\r\n\n{"a":2}\n')).values("a")).toEqual([1, 2]));

test("a bad line ends the reading, or is left out and listed", async () => {
  await expect(lines('{"a":1}\n{"a":\n[1]\n')).rejects.toThrow("readNdjson: line 2 is no JSON");
  const table = await lines('{"a":1}\n{"a":\n[1]\n{"a":{"b":1}}\n{"a":2}\n', { onBadRow: "skip" });
  expect(table.values("a")).toEqual([1, 2]);
  expect(table.rejects.map(({ line }) => line)).toEqual([2, 3, 4]);
});

describe("what is no table is refused with its place", () => {
  test.each([
    ["an empty file", " ", "readJson: the file is empty (stars.json)"],
    ["a number", "3", "must hold an array of objects or an object of arrays, got a number"],
    ["broken text", '[{"a":1},\n{"a":x}]', "readJson: line 2 is no JSON: Unexpected token 'x'"],
    ["an array in a record", '[{"a":1},{"a":[2]}]', 'readJson: [1] holds an array under "a"'],
    ["a row that is none", '[{"a":1},2]', "readJson: [1] must be an object, got a number"],
    ["a column that is none", '{"a":[1],"b":2}', "readJson: .b must be an array, got a number"],
    ["columns of different lengths", '{"a":[1],"b":[1,2]}', "readJson: .b has 2 values, the first column 1"],
    ["a nested cell in a column", '{"a":[1,{"x":1}]}', "readJson: .a[1] holds an object"],
    ["mixed kinds", '[{"a":1},{"a":"x"}]', 'readJson: column "a" holds numbers, got "x" in row 1'],
    ["a million brackets", "[".repeat(1e6) + "]".repeat(1e6), "[0] must be an object"],
    ["an object a hundred thousand deep", `[{"a":${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}}]`, 'holds an object under "a"'],
  ])("%s", (_, text, message) => expect(read(text)).rejects.toThrow(message));

  test("a kind for a column that is not there", () =>
    expect(read('[{"depth":1}]', { columns: { dept: "text" } })).rejects.toThrow(
      'columns names "dept", which the file has not, did you mean depth',
    ));
});
