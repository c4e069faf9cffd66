import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import * as xlsx from "@e965/xlsx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readExcel } from "./read-excel.ts";
import { readTable } from "./read-table.ts";
import { table } from "./table.ts";
import { writeCsv } from "./write-csv.ts";
import { writeExcel } from "./write-excel.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

const book = (sheets: Readonly<Record<string, xlsx.WorkSheet>>): Uint8Array => {
  const made = xlsx.utils.book_new();
  for (const [name, sheet] of Object.entries(sheets)) xlsx.utils.book_append_sheet(made, sheet, name);
  return xlsx.write(made, { type: "buffer", bookType: "xlsx", compression: true });
};
const sheet = (rows: unknown[][]) => xlsx.utils.aoa_to_sheet(rows, { cellDates: true, UTC: true });
const plain = table({
  n: [0.1, null, -3e-9, 12],
  s: ["x", "y", null, "x"],
  b: [true, false, null, true],
  d: [new Date(0), new Date("2021-05-06T07:08:09Z"), null, new Date("1999-12-31")],
});

test("a workbook that was written reads back the same", async () => {
  const path = join(folder, "plain.xlsx");
  await writeExcel(plain, path);
  expect((await readTable(path)).toRows()).toEqual(plain.toRows());
});

test("a sheet is chosen by name or place", async () => {
  const bytes = book({ first: sheet([["a"], [1]]), second: sheet([["b"], [2]]) });
  expect((await readExcel(bytes)).names).toEqual(["a"]);
  expect((await readExcel(bytes, { sheet: "second" })).names).toEqual(["b"]);
  expect((await readExcel(bytes, { sheet: 1 })).values("b")).toEqual([2]);
  await expect(readExcel(bytes, { sheet: "secnd" })).rejects.toThrow('no sheet "secnd", did you mean second');
});

test("formulas are the values that were saved with them, errors are missing", async () => {
  const made = sheet([
    ["a", "b"],
    [1, 2],
    [3, 4],
  ]);
  made["B2"] = { t: "n", f: "A2*10", v: 10 };
  made["B3"] = { t: "e", v: 0x2a, w: "#N/A" };
  expect((await readExcel(book({ made }))).values("b")).toEqual([10, null]);
});

test("empty rows above the header and below the data are left out", async () => {
  const read = await readExcel(book({ s: sheet([[], [null, "a"], [1, 2], [], [3, 4], [null], []]) }));
  expect([read.names, read.values("a")]).toEqual([
    ["column_1", "a"],
    [2, null, 4],
  ]);
});

test("without a header the columns are numbered", async () =>
  expect((await readExcel(book({ s: sheet([[1, 2]]) }), { header: false })).names).toEqual(["column_1", "column_2"]));

test("mixed kinds are named with their row in the sheet", () =>
  expect(readExcel(book({ s: sheet([["a"], [1], ["x"]]) }), { name: "s.xlsx" })).rejects.toThrow(
    'column "a" holds numbers, got "x" in row 3 (s.xlsx)',
  ));

describe("exports for spreadsheets", () => {
  const hostile = table({ "=1+1": ["=cmd()", "+1", "-1", "@x", "\tx", "  =x", "＝x", "plain"], n: [-1, 2, 3, 4, 5, 6, 7, 8] });
  const guarded = ["'=cmd()", "'+1", "'-1", "'@x", "'\tx", "'  =x", "'＝x", "plain"];
  test("guard strings that begin like formulas, and leave numbers", async () => {
    const path = join(folder, "guarded.csv");
    await writeCsv(hostile, path, { forSpreadsheet: true });
    expect(readFileSync(path, "utf8")[0]).toBe("\ufeff"); // without it a spreadsheet does not read UTF-8
    const read = await readTable(path);
    expect([read.names, read.values("'=1+1"), read.values("n")]).toEqual([["'=1+1", "n"], guarded, hostile.values("n")]);
    await writeExcel(hostile, join(folder, "guarded.xlsx"));
    expect((await readTable(join(folder, "guarded.xlsx"))).values("'=1+1")).toEqual(guarded);
  });
  test("are not what a data export is: its cells stay as they are", async () => {
    const path = join(folder, "data.csv");
    await writeCsv(hostile.take([0, 1, 3, 6]), path);
    expect((await readTable(path)).values("=1+1")).toEqual(["=cmd()", "+1", "@x", "＝x"]);
  });
});

describe("archives that are not what they claim are refused", () => {
  const zip = (packed: Uint8Array, claimed: number, entries = 1): Buffer => {
    const local = Buffer.alloc(31);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(1, 26);
    local.write("a", 30);
    const central = Buffer.alloc(47);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claimed, 24);
    central.writeUInt16LE(1, 28);
    central.write("a", 46);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(entries, 10);
    end.writeUInt32LE(local.length + packed.length, 16);
    return Buffer.concat([local, packed, central, end]);
  };
  const zeros = deflateRawSync(Buffer.alloc(50_000_000));
  test("a bomb that hides its size", () =>
    expect(readExcel(zip(zeros, 1000))).rejects.toThrow("does not unpack to what it claims"));
  test("a bomb that states it", () => expect(readExcel(zip(zeros, 2 ** 31))).rejects.toMatchObject({ name: "LimitError" }));
  test("65,535 entries", () => expect(readExcel(zip(zeros, 1, 65_535))).rejects.toMatchObject({ name: "LimitError" }));
  test("a directory that points nowhere", () => expect(readExcel(zip(zeros, 1, 2))).rejects.toThrow("readExcel: the archive"));
  test("no archive at all", () => expect(readExcel(Buffer.from("a,b\n"))).rejects.toThrow("must be an .xlsx workbook"));
});
