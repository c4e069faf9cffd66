import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentHash } from "./content-hash.ts";
import { literal, withDuckdb } from "./duckdb.ts";
import { readParquet, writeParquet } from "./parquet.ts";
import { readCsv } from "./read-csv.ts";
import { Table, table } from "./table.ts";
import { writeCsv } from "./write-csv.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

const odd = new Table([
  ["number", { kind: "number", values: Float64Array.of(1.1, Number.NaN, -0, Infinity) }],
  ["category", { kind: "category", codes: Int32Array.of(2, -1, 0, 2), levels: ["z", "never seen", "it's", ""] }],
  ["Category", { kind: "boolean", values: Uint8Array.of(1, 255, 0, 1) }],
  ["text", { kind: "text", values: ["", null, "é\n\u0000", "NaN"] }],
  ["__proto__", { kind: "datetime", values: Float64Array.of(0, Number.NaN, -8.64e15, 1_234_567_890_123) }],
]);

describe("Parquet", () => {
  test("gives back kinds, levels and their order, missing cells and names as they were", async () => {
    const path = join(folder, "odd.parquet");
    await writeParquet(odd, path);
    const back = await readParquet(path);
    expect(back.toRows()).toEqual(odd.toRows());
    expect(back.column("category")).toEqual(odd.column("category"));
    expect(contentHash(back)).toBe(contentHash(odd));
  });

  test("of a table without rows comes back", async () => {
    const path = join(folder, "none.parquet");
    await writeParquet(odd.head(0), path);
    expect(contentHash(await readParquet(path))).toBe(contentHash(odd.head(0)));
  });

  test("keeps the order of 10,000 rows", async () => {
    const many = table({ i: Array.from({ length: 10_000 }, (_, i) => i) });
    const path = join(folder, "many.parquet");
    await writeParquet(many, path);
    expect((await readParquet(path)).values("i")).toEqual(many.values("i"));
  });

  test("of other programs is read, whole numbers beyond 2^53 as text", async () => {
    const path = join(folder, "other.parquet");
    await withDuckdb((connection) =>
      connection.run(
        `copy (select 7::bigint as small, 9007199254740993::bigint as "large", 1.5::decimal(4,2) as price, date '2020-01-02' as "day", 'x' as word, null::double as "none" from range(2)) to ${literal(path)} (format parquet)`,
      ),
    );
    expect((await readParquet(path)).row(1)).toEqual(
      Object.assign(Object.create(null), {
        small: 7,
        large: "9007199254740993",
        price: 1.5,
        day: new Date("2020-01-02"),
        word: "x",
        none: null,
      }),
    );
  });

  test("that is none is refused by name", async () => {
    const path = join(folder, "fake.parquet");
    await writeFile(path, "a,b\n1,2\n");
    await expect(readParquet(path)).rejects.toThrow("readParquet: cannot read fake.parquet");
    await expect(readParquet(join(folder, "nowhere.parquet"))).rejects.toThrow("readParquet: no file");
  });

  test("is not begun where it cannot be written", () =>
    expect(writeParquet(odd, join(folder, "no", "odd.parquet"))).rejects.toThrow("writeParquet: cannot write odd.parquet"));
});

test("a CSV that was written reads back the same", async () => {
  const plain = table({
    n: [0.1, null, -3e-9, 12],
    c: ['a,"b"', "x\ny", "x\ny", 'a,"b"'],
    b: [true, false, null, true],
    d: [new Date(0), new Date(1_234_567_890_123), null, new Date(5)],
  });
  const path = join(folder, "plain.csv");
  await writeCsv(plain, path);
  expect((await readCsv(path)).toRows()).toEqual(plain.toRows());
});

describe("contentHash", () => {
  test("changes with a cell, a name, a kind and the order of columns", () => {
    const base = table({ a: [1, 2], b: [3, 4] });
    const others = [
      table({ a: [1, 2], b: [3, 5] }),
      base.rename({ b: "c" }),
      base.with("b", [true, false]),
      base.select(["b", "a"]),
    ];
    expect(new Set([base, ...others].map(contentHash)).size).toBe(5);
  });
  test("does not depend on how missing was written", () =>
    expect(contentHash(table({ a: [1, Number.NaN] }))).toBe(contentHash(table({ a: [1, null] }))));
});
