import { describe, expect, test } from "vitest";
import { type ArffOptions, readArff } from "./read-arff.ts";

const read = (text: string, options?: ArffOptions) => readArff(Buffer.from(text), { name: "stars.arff", ...options });
const rows = async (text: string, options?: ArffOptions) => (await read(text, options)).toRows().map((row) => Object.values(row));
const header = "@relation r\n@attribute n numeric\n@attribute c {a,b}\n@data\n";

test("keywords in any case, quoted names, comments, tabs and CRLF are read", async () => {
  const table = await read(
    "% made\r\n@RELATION 'a b'\r\n\r\n@Attribute 'koi \\'depth\\'' REAL\r\n@ATTRIBUTE\t\"it's\" {'x y', z, \"q\"}% levels\r\n@DATA\r\n% c\r\n1.5, 'x y'\r\n\r\n-2e3\tz % end\r\n",
  );
  expect(table.names).toEqual(["koi 'depth'", "it's"]);
  expect(table.toRows().map((row) => Object.values(row))).toEqual([
    [1.5, "x y"],
    [-2000, "z"],
  ]);
});

test("a nominal attribute keeps the declared levels in their order", async () => {
  const column = (await read("@relation r\n@attribute size {small, medium, large}\n@data\nlarge\nsmall\n")).column("size");
  expect(column).toMatchObject({ kind: "category", levels: ["small", "medium", "large"], codes: Int32Array.of(2, 0) });
});

test("a bare ? is missing, a quoted one is a value", async () =>
  expect(await rows("@relation r\n@attribute c {'?',a}\n@attribute s string\n@data\n?,?\n'?','?'\n")).toEqual([
    [null, null],
    ["?", "?"],
  ]));

test("sparse rows are 0, the first level or missing where they say nothing", async () =>
  expect(
    await rows(
      "@relation r\n@attribute n numeric\n@attribute c {a,b}\n@attribute s string\n@data\n{0 3, 2 'x y'}\n{1 b}\n{ }\n{0 ?}\n",
    ),
  ).toEqual([
    [3, "a", "x y"],
    [0, "b", null],
    [0, "a", null],
    [null, "a", null],
  ]));

test("weights become a last column", async () => {
  const table = await read(`${header}1,a,{0.5}\n2,b\n{0 3},{2}\n`);
  expect([table.names.at(-1), table.values("weight")]).toEqual(["weight", [0.5, 1, 2]]);
});

test("dates are read by their format, UTC where it names no zone", async () => {
  const table = await read(
    "@relation r\n@attribute d date\n@attribute e date \"dd MMM yyyy 'at' hh:mm a\"\n@attribute f DATE 'yyyy-MM-dd HH:mm Z'\n@data\n2020-02-29T12:00:00,'1 feb 2021 at 12:05 AM','2020-01-01 00:00 +0200'\n",
  );
  expect(Object.values(table.row(0))).toEqual([
    new Date("2020-02-29T12:00:00Z"),
    new Date("2021-02-01T00:05:00Z"),
    new Date("2019-12-31T22:00:00Z"),
  ]);
});

describe("what is wrong is named with its line", () => {
  test.each([
    ["a missing @data", "@relation r\n@attribute n numeric\n", "the file has no @data"],
    ["an unknown keyword", "@relation r\n@atribute n numeric\n@data\n", "line 2 must begin with @relation, @attribute or @data"],
    [
      "an unknown type",
      "@relation r\n@attribute n numerik\n@data\n",
      'line 2: attribute "n" has the unknown type "numerik", did you mean numeric',
    ],
    ["a relational attribute", "@relation r\n@attribute n relational\n@data\n", 'attribute "n" is relational'],
    ["a level twice", "@relation r\n@attribute n {a,a}\n@data\n", '"n" has the level "a" twice'],
    ["a name twice", "@relation r\n@attribute n real\n@attribute n real\n@data\n", 'line 3 names a second attribute "n"'],
    ["a wrong date letter", "@relation r\n@attribute n date 'QQ'\n@data\n", "line 2: a date format has the letters"],
    ["too few values", `${header}1,a\n1\n`, "line 6 has 1 value, the header 2 attributes"],
    ["a word for a number", `${header}x,a\n`, 'line 5 has "x" for "n", which must hold numbers'],
    ["an unknown level", `${header}1,aa\n`, 'line 5 has "aa" for "c", which is no level of it, did you mean a'],
    ["an open quote", `${header}1,'a\n`, "line 5 has an open quote"],
    ["two commas", `${header}1,,a\n`, "line 5 has a comma without a value before it"],
    ["a sparse place twice", `${header}{0 1,0 2}\n`, "line 5 must name places that rise"],
    ["a huge sparse place", `${header}{999999999999 1}\n`, "line 5 must name places that rise"],
    ["a weight below zero", `${header}1,a,{-1}\n`, "line 5 must end with a weight"],
  ])("%s", (_, text, message) => expect(read(text)).rejects.toThrow(message));

  test("or left out and listed", async () => {
    const table = await read(`${header}1,a\nx,a\n2,b\n`, { onBadRow: "skip" });
    expect([table.rows, table.rejects[0]]).toEqual([
      2,
      { line: 6, reason: 'has "x" for "n", which must hold numbers', text: "x,a" },
    ]);
  });
});
