import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { contentHash } from "./content-hash.ts";
import { readByDuckdb } from "./csv-duckdb.ts";
import { findLayout } from "./csv-layout.ts";
import { readPlainCsv } from "./csv-plain.ts";
import { openSource } from "./source.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The table by the reader of plain files and by the general one. */
async function both(text: string) {
  const path = join(folder, "both.csv");
  await writeFile(path, text);
  const open = await openSource("readCsv", path);
  const layout = await findLayout("readCsv", open, {});
  const plain = readPlainCsv(await open.bytes(), layout, {});
  const general = await readByDuckdb(path, "both.csv", layout, {}).catch((error: Error) => error.message);
  return { plain, general };
}

const cells = {
  whole: ["0", "7", "-12", "999999999999999", "", "NA", "+3"],
  decimal: [
    "0.1",
    "-3.25",
    "1e3",
    "1E-7",
    ".5",
    "5.",
    "123456.789012345678",
    "3.141592653589793238",
    "",
    "inf",
    "-Infinity",
    "0.30000000000000004",
  ],
  long: ["9007199254740992", "9007199254740993", "1"],
  padded: ["007", "12", "0"],
  words: ["a", " b ", "é", '"x,y"', '"q""r"', '"two\nlines"', "NA", "", '""', "true"],
  flags: ["true", "FALSE", "True", "", "null"],
  dates: [
    "2020-02-29",
    "1969-12-31",
    "2020-01-01 10:00",
    "2020-01-01T10:00:00.5Z",
    "2020-01-01T10:00:00+02:00",
    "",
    "0001-01-01",
  ],
  notDates: ["2020-02-30", "2020-01-01", "2020-1-1"],
  late: ["1", "2", "3"],
} as const;

test("plain files give the same table as the general reader, on 150 random files", async () => {
  const draw = random(5, "csv-plain");
  const kinds = Object.keys(cells) as (keyof typeof cells)[];
  let read = 0;
  for (let k = 0; k < 150; k++) {
    const chosen = Array.from({ length: 1 + draw.int(5) }, () => kinds[draw.int(kinds.length)]!);
    const rows = Array.from({ length: draw.int(12) }, () =>
      chosen.map((kind) => cells[kind][draw.int(cells[kind].length)]!).join(","),
    );
    const end = draw.int(2) ? "\r\n" : "\n";
    const { plain, general } = await both([chosen.map((kind, j) => `${kind} ${j}`).join(","), ...rows, ""].join(end));
    if (!plain) continue;
    read++;
    expect(typeof general === "string" ? general : general.toRows()).toEqual(plain.toRows());
    expect(contentHash(plain)).toBe(contentHash(general as typeof plain));
  }
  expect(read).toBeGreaterThan(100);
});

describe("a column whose kind shows late", () => {
  const many = (last: string) => `a,b\n${Array.from({ length: 3000 }, (_, i) => `${i},x`).join("\n")}\n${last},x\n`;
  test.each(["word", "007", "9007199254740993", "true"])("by %s is text", async (last) => {
    const { plain, general } = await both(many(last));
    expect(plain!.kind("a")).toBe("text");
    expect(plain!.values("a").at(-1)).toBe(last);
    expect(contentHash(plain!)).toBe(contentHash(general as typeof plain & object));
  });
  test("after nothing but missing cells is what its first cell is", async () => {
    const text = `a,b\n${",x\n".repeat(3000)}2020-01-01,x\n`;
    expect((await both(text)).plain!.kind("a")).toBe("datetime");
  });
});

describe("the general reader is asked for", () => {
  test.each([
    ["another number of fields", "a,b\n1,2\n3\n"],
    ["a quote inside a cell", 'a,b\n1,x"y\n'],
    ["text behind a closing quote", 'a,b\n1,"x"y\n'],
    ["an open quote", 'a,b\n1,"x\n'],
    ["a carriage return alone", "a,b\n1,x\ry\n"],
  ])("%s", async (_, text) => expect((await both(text)).plain).toBeUndefined());
});

describe("a file of several pieces", () => {
  const draw = random(6, "csv-pieces");
  const rows = Array.from({ length: 130_000 }, (_, i) => {
    const note = i % 3 === 0 ? `"two\nlines, ""${draw.int(30)}"" of ${i}"` : `n${draw.int(40)}`;
    return `${i},${draw.float()},${note},c${draw.int(700)},"${i % 2 ? "x\n\ny" : ""}",${i % 5 ? "true" : ""}`;
  });
  const text = (line: (row: string, i: number) => string) => `id,x,note,code,"a ""b""",flag\n${rows.map(line).join("\n")}`;

  test("is the table that the general reader gives", async () => {
    const { plain, general } = await both(text((row) => row));
    expect(contentHash(plain!)).toBe(contentHash(general as typeof plain & object));
  });
  test("closes the gaps that empty lines leave", async () => {
    const { plain, general } = await both(text((row, i) => `${row}${i % 1000 ? "" : "\n\n"}`));
    expect(contentHash(plain!)).toBe(contentHash(general as typeof plain & object));
  });
  test("takes the kind that a late piece shows", async () => {
    const { plain } = await both(text((row, i) => (i === 129_000 ? row.replace(/^\d+/, "many") : row)));
    expect(plain!.kind("id")).toBe("text");
    expect(plain!.values("id").slice(128_999, 129_001)).toEqual(["128999", "many"]);
  });
});
