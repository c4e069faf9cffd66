import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { BadRowsError } from "./bad-rows.ts";
import type { CsvOptions } from "./csv-layout.ts";
import { readCsv } from "./read-csv.ts";

const read = (text: string, options: CsvOptions = {}) => readCsv(Buffer.from(text), { name: "stars.csv", ...options });
const kinds = async (text: string, options?: CsvOptions) => {
  const table = await read(text, options);
  return Object.fromEntries(table.names.map((name) => [name, table.kind(name)]));
};
const lines = (header: string, cells: readonly string[]) => `${header}\n${cells.join("\n")}\n`;

describe("bad lines", () => {
  const ragged = '# two\na,b,c\n1,"x\ny",3\n# c\n4,5\n7,8,9,10\n1,z,1\n';

  test("end the reading with the first one's line in the file, quoted line ends and comments counted", () =>
    expect(read(ragged, { comment: "#" })).rejects.toThrow(
      "readCsv: line 6 has 2 fields, the header 3, and 1 more bad line (stars.csv)",
    ));

  test("are listed on the error", async () => {
    const error = await read(ragged, { comment: "#" }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BadRowsError);
    expect((error as BadRowsError).rejects).toEqual([
      { line: 6, reason: "has 2 fields, the header 3", text: "4,5" },
      { line: 7, reason: "has 4 fields, the header 3", text: "7,8,9,10" },
    ]);
  });

  test("are left out and listed when asked for, and the good rows stay", async () => {
    const table = await read(ragged, { comment: "#", onBadRow: "skip" });
    expect(table.values("b")).toEqual(["x\ny", "z"]);
    expect(table.rejects.map(({ line }) => line)).toEqual([6, 7]);
  });

  test("with an open quote are named", () =>
    expect(read('a,b\n1,"x\n2,3\n')).rejects.toThrow("readCsv: line 2 has a quoted value that does not end"));

  test("with a word in a column that must hold numbers are named with the word", () =>
    expect(read('a,b\n1,2\n3,"q\nr"\nx,1\n', { columns: { a: "number" } })).rejects.toThrow(
      'readCsv: column "a" must hold numbers, got "x" in line 5 of stars.csv',
    ));
});

describe("files that are no table are refused", () => {
  test("an empty one", () => expect(read("")).rejects.toThrow("readCsv: the file is empty (stars.csv)"));
  test("comments only", () => expect(read("# a\n# b\n", { comment: "#" })).rejects.toThrow("the file holds comments only"));
  test("binary", () => expect(readCsv(Buffer.from([80, 0, 3, 4]))).rejects.toThrow("binary data"));
  test("a folder", () => expect(readCsv(tmpdir())).rejects.toThrow("is a folder"));
  test("none", () => expect(readCsv("/none/koi.csv")).rejects.toThrow("readCsv: no file /none/koi.csv"));
  test("one read with another delimiter, which is suggested", () =>
    expect(read("a;b\n1;2\n", { delimiter: "," })).rejects.toThrow('its delimiter looks like ";", not ","'));
  test("a name that stands twice, by both places", () =>
    expect(read("a,b,a\n1,2,3\n")).rejects.toThrow('readCsv: columns 1 and 3 are both named "a"'));
  test("an unknown option", () =>
    expect(read("a\n1\n", { delimeter: ";" } as CsvOptions)).rejects.toThrow(
      'unknown option "delimeter", did you mean delimiter',
    ));
});

describe("the kind of a column comes from all its cells", () => {
  test("numbers, with infinities", () =>
    expect(kinds("a,b\n1,inf\n-2e3,-Infinity\n")).resolves.toEqual({ a: "number", b: "number" }));
  test("one word among 50,000 numbers makes text or a category", async () => {
    const cells = Array.from({ length: 50_000 }, (_, i) => `${i},x`);
    expect((await kinds(lines("a,b", [...cells, "?,x"])))["a"]).toBe("text");
  });
  test("repeated strings are a category, others text", () =>
    expect(kinds(lines("a,b", ["x,p", "x,q", "y,r", "y,s"]))).resolves.toEqual({ a: "category", b: "text" }));
  test("true and false are booleans", () => expect(kinds("a,b\ntrue,1\nFALSE,2\n")).resolves.toMatchObject({ a: "boolean" }));
  test("a date that is none makes the column text", () =>
    expect(kinds("a,b\n2020-01-01,1\n2020-02-30,2\n")).resolves.toMatchObject({ a: "text" }));
  test("whole numbers beyond 2^53 stay text", async () =>
    expect((await read("a\n9007199254740993\n1\n")).values("a")).toEqual(["9007199254740993", "1"]));
  test("codes with leading zeros or underscores stay text", () =>
    expect(kinds("a,b\n007,1_0\n012,2_0\n")).resolves.toEqual({ a: "text", b: "text" }));
  test("an override is kept", () =>
    expect(kinds("a,b\n1,2\n1,3\n", { columns: { a: "category" } })).resolves.toEqual({ a: "category", b: "number" }));
});

test("instants are UTC: without a zone taken as such, with one converted", async () => {
  const table = await read("t,n\n2020-01-01T10:00:00,1\n2020-01-01T10:00:00+02:00,2\n2020-01-01,3\n");
  expect(table.values("t").map((cell) => (cell as Date).toISOString())).toEqual([
    "2020-01-01T10:00:00.000Z",
    "2020-01-01T08:00:00.000Z",
    "2020-01-01T00:00:00.000Z",
  ]);
});

test("missing markers are missing", async () =>
  expect((await read("a, b\n 1, ?\n !!, x\n", { missing: ["?", "!!"] })).toRows().map((row) => [row["a"], row["b"]])).toEqual([
    [1, null],
    [null, "x"],
  ]));

test.each([
  ["UTF-8 with its mark", Buffer.from("\ufeffstar,n\né,1\n")],
  ["UTF-16", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("star,n\né,1\n", "utf16le")])],
  ["Latin-1", Buffer.from("star,n\né,1\n", "latin1")],
  ["CRLF", Buffer.from("star,n\r\né,1\r\n")],
  ["tabs", Buffer.from("star\tn\né\t1\n")],
])("%s is found out", async (_, bytes) => {
  const table = await readCsv(bytes);
  expect([table.names, table.values("star")]).toEqual([["star", "n"], ["é"]]);
});

test("__proto__ and constructor are names like any other", async () => {
  const table = await read("__proto__,constructor\n1,2\n");
  expect([table.values("__proto__"), Object.entries(table.row(0))[0]]).toEqual([[1], ["__proto__", 1]]);
  expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
});

test("a header without rows is a table without rows", async () => {
  const table = await read("a,b\n");
  expect([table.rows, table.names]).toEqual([0, ["a", "b"]]);
});

test("files read at the same time do not mix", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-test-"));
  const paths = Array.from({ length: 8 }, (_, k) => join(folder, `${k}.csv`));
  await Promise.all(paths.map((path, k) => writeFile(path, lines("a,b", [`${k},x`, k % 2 ? "1" : "1,y"]))));
  const read = await Promise.all(paths.map((path) => readCsv(path, { onBadRow: "skip" })));
  await rm(folder, { recursive: true });
  expect(read.map((table) => [table.values("a")[0], table.rejects.length])).toEqual(paths.map((_, k) => [k, k % 2]));
});

const koi = resolve(import.meta.dirname, "../../../../../shared/data/exoplanets/koi_cumulative.csv");
test.skipIf(!existsSync(koi))("the Kepler table is 9,564 × 49", async () => {
  const table = await readCsv(koi, { comment: "#", missing: [""] });
  expect([table.rows, table.names.length]).toEqual([9564, 49]);
});

describe("lines that begin with # before the header", () => {
  const names = async (text: string) => (await readCsv(Buffer.from(text))).names;
  test("are comments when there are several", async () =>
    expect(await names("# made by hand\n# in May\na,b\n1,2\n")).toEqual(["a", "b"]));
  test("are a comment when one has another number of fields", async () =>
    expect(await names("# made by hand\na,b\n1,2\n")).toEqual(["a", "b"]));
  test("are the header when one has the rows' number of fields", async () =>
    expect(await names("#id,name\n1,x\n2,y\n")).toEqual(["#id", "name"]));
});
