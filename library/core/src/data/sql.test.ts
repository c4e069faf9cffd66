import { describe, expect, test } from "vitest";
import { readCsv } from "./read-csv.ts";
import { readTable } from "./read-table.ts";
import { table } from "./table.ts";

const stars = table({
  depth: [1, 2, null, 4],
  "Odd Name": ["x", "y", "x", "y"],
  odd_name: ["p", "q", "r", null],
  when: [new Date(0), null, new Date(1e12), new Date(5)],
  good: [true, false, null, true],
});

test("select * gives back the table", async () => {
  const back = await stars.sql("select * from self");
  expect(back.toRows()).toEqual(stars.toRows());
  expect(back.names.map((name) => back.kind(name))).toEqual(stars.names.map((name) => stars.kind(name)));
});

test("groups, and joins with other tables by name", async () => {
  const other = table({ k: ["x"], v: [9] });
  const joined = await stars.sql(
    'select s.depth, o.v from self as s join others as o on o.k = s."Odd Name" order by depth -- end\n;',
    { others: other },
  );
  expect(joined.toRows().map((row) => Object.values(row))).toEqual([
    [1, 9],
    [null, 9],
  ]);
  const counted = await stars.sql('select "Odd Name", count(*) as n, sum(depth) as total from self group by 1 order by 1');
  expect(counted.values("total")).toEqual([1, 6]);
});

describe("refused is", () => {
  test.each([
    ["two statements", "select 1; select 2", "a query must be one SELECT, got 2 statements"],
    ["what is no SELECT", "drop table self", "a query must be a SELECT"],
    ["a setting", "set threads = 1", "a query must be a SELECT"],
    ["a file", "select * from read_csv('/etc/passwd')", "file system operations are disabled"],
    ["a file by its name", "select * from '/etc/passwd'", "table.sql: "],
    ["a word that is none", "selec 1", "syntax error"],
    ["a column that is none", "select dept from self", 'Candidate bindings: "depth"'],
  ])("%s", (_, query, message) => expect(stars.sql(query)).rejects.toThrow(message));
});

describe("readTable finds the format by content", () => {
  test.each([
    ["JSON", '[{"a":1}]'],
    ["NDJSON", '{"a":1}\n{"a":1}\n'],
    ["ARFF", "% c\n@relation r\n@attribute a real\n@data\n1\n"],
    ["CSV", "a\n1\n"],
  ])("%s", async (_, text) => expect((await readTable(Buffer.from(text))).values("a")[0]).toBe(1));
  test("and refuses an unknown one, with the near name", () =>
    expect(readTable(Buffer.from("a"), { format: "cvs" as "csv" })).rejects.toThrow('unknown format "cvs", did you mean csv'));
});

describe("encodings", () => {
  const text = "star,n\né,1\nß,2\n";
  const swapped = Buffer.from(text, "utf16le").swap16();
  test.each([
    ["utf-16be", Buffer.concat([Buffer.from([0xfe, 0xff]), swapped])],
    ["utf-16be without its mark", swapped],
    ["utf-16le without its mark", Buffer.from(text, "utf16le")],
    ["latin-1", Buffer.from(text, "latin1")],
  ])("%s is found out", async (_, bytes) => expect((await readCsv(bytes)).values("star")).toEqual(["é", "ß"]));
  test("one that is given is kept", async () =>
    expect((await readCsv(Buffer.from(text), { encoding: "latin-1" })).values("star")).toEqual(["Ã©", "ÃŸ"]));
  test("bytes that are no UTF-8 are refused where UTF-8 was asked for", () =>
    expect(readCsv(Buffer.from(text, "latin1"), { encoding: "utf-8" })).rejects.toThrow("holds bytes that are no UTF-8"));
});
