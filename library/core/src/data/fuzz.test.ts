import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as xlsx from "@e965/xlsx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Random, random } from "../numeric/random.ts";
import { readArrow, writeArrow } from "./arrow.ts";
import { readParquet, writeParquet } from "./parquet.ts";
import { readArff } from "./read-arff.ts";
import { readCsv } from "./read-csv.ts";
import { readExcel } from "./read-excel.ts";
import { readJson, readNdjson } from "./read-json.ts";
import { Table, table } from "./table.ts";
import { writeExcel } from "./write-excel.ts";

/** Damaged files a reader: ASSAY_FUZZ in the soak, 500 else. */
const count = Number(process.env["ASSAY_FUZZ"] ?? 500);
const tokens = [
  "__proto__",
  "constructor",
  '"',
  "'",
  "\n",
  "\r",
  ",",
  ";",
  "\t",
  "{",
  "}",
  "[",
  "]",
  "\\",
  "%",
  "?",
  "@data",
  "#",
  "1e999",
  "-0",
  "\0",
  "é",
  "NaN",
  "99999999999999999999",
  "\ud800",
];

let folder = "";
const seeds = new Map<string, Uint8Array>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-fuzz-"));
  const small = table({
    n: [1.5, null, -3, 1e9],
    s: ["a", "b", "a", null],
    b: [true, null, false, true],
    d: [new Date(0), null, new Date(1e12), new Date(5)],
  });
  await writeParquet(small, join(folder, "seed.parquet"));
  await writeArrow(small, join(folder, "seed.arrow"));
  await writeExcel(small, join(folder, "seed.xlsx"));
  // unpacked entries, so that damage reaches the sheet's own reader
  seeds.set("xlsx", repack(await readFile(join(folder, "seed.xlsx"))));
  for (const format of ["parquet", "arrow"]) seeds.set(format, await readFile(join(folder, `seed.${format}`)));
  seeds.set("csv", Buffer.from('# c\n# d\nid,"a ""b""",when\n1,x,2020-01-01\n2,"y\nz",\n3,"q,r",2021-02-03T04:05\n'));
  seeds.set("json", Buffer.from('[{"a":1,"b":"x","c":null},\n {"a":-2.5e3,"b":"y","d":true}]'));
  seeds.set("ndjson", Buffer.from('{"a":1,"b":"x"}\n{"a":2,"b":"\\u00e9","c":"2020-01-01"}\n'));
  seeds.set(
    "arff",
    Buffer.from(
      "% c\n@relation 'r'\n@attribute n real\n@attribute 'c d' {a,'b c'}\n@attribute s string\n@attribute t date 'yyyy-MM-dd'\n@data\n1,a,'x',2020-01-01\n{0 2, 1 'b c'}\n?,a,y,?,{2}\n",
    ),
  );
});
afterAll(() => rm(folder, { recursive: true }));

function repack(bytes: Uint8Array): Uint8Array {
  return xlsx.write(xlsx.read(bytes), { type: "buffer", bookType: "xlsx", compression: false });
}

/** A damaged copy: bytes flipped, ranges dropped, repeated or moved, words put in. */
function damaged(bytes: Uint8Array, draw: Random): Uint8Array {
  let made = Buffer.from(bytes);
  for (let k = 1 + draw.int(4); k > 0 && made.length > 0; k--) {
    const at = draw.int(made.length);
    const end = Math.min(made.length, at + 1 + draw.int(20));
    switch (draw.int(6)) {
      case 0:
        made[at] = draw.int(256);
        break;
      case 1:
        made[at]! ^= 1 << draw.int(8);
        break;
      case 2:
        made = Buffer.concat([made.subarray(0, at), made.subarray(end)]);
        break;
      case 3:
        made = Buffer.concat([made.subarray(0, end), made.subarray(at)]);
        break;
      case 4:
        made = Buffer.concat([made.subarray(0, at), Buffer.from(tokens[draw.int(tokens.length)]!), made.subarray(at)]);
        break;
      default:
        made.fill(draw.int(2) * 255, at, Math.min(made.length, at + 4));
    }
  }
  return made;
}

const readers = {
  csv: readCsv,
  json: readJson,
  ndjson: readNdjson,
  arff: readArff,
  arrow: readArrow,
  xlsx: readExcel,
  parquet: readParquet,
} as const;

describe(`${count} damaged files give a table or a DataError`, () => {
  for (const [format, read] of Object.entries(readers))
    test(
      format,
      async () => {
        const draw = random(1, `fuzz/${format}`);
        let tables = 0;
        for (let k = 0; k < count; k++) {
          const bytes = damaged(seeds.get(format)!, draw);
          const made = await read(bytes, { name: `fuzz ${k}` }).catch((error: Error) => error);
          if (made instanceof Table) tables++;
          else if (!["DataError", "LimitError"].includes(made.name))
            throw new Error(`file ${k}: ${made.name}: ${made.message}`, { cause: made });
        }
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(12);
        expect(tables).toBeLessThan(count);
      },
      60_000 + 20 * count,
    );
});

describe("claims beyond the file are refused before memory is taken", () => {
  test("rows of an Arrow file", async () => {
    const bytes = Buffer.from(seeds.get("arrow")!);
    const rows = Buffer.alloc(8);
    rows.writeBigInt64LE(4n);
    const huge = Buffer.alloc(8);
    huge.writeBigInt64LE(10_000_000_000n);
    for (let at = bytes.indexOf(rows); at >= 0; at = bytes.indexOf(rows, at + 8)) huge.copy(bytes, at);
    await expect(readArrow(bytes)).rejects.toThrow(/claims|readArrow: cannot read/);
  });
  test("a CSV of one endless line", () =>
    expect(readCsv(Buffer.alloc(3_000_000, "a,"))).rejects.toMatchObject({ name: "DataError" }));
});
