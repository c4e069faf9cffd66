import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeParquet } from "./parquet.ts";
import { readCsv } from "./read-csv.ts";
import { scanCsv, scanParquet } from "./scan.ts";
import type { Table } from "./table.ts";

let folder = "";
let path = "";
let whole: Table;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-test-"));
  path = join(folder, "it's.csv");
  const rows = Array.from(
    { length: 5000 },
    (_, i) => `${i},${["Rome", "Oslo", "NA"][i % 3]},${i % 7 ? i / 4 : ""},${i % 2 === 0}`,
  );
  await writeFile(path, `id,city,price,even\n${rows.join("\n")}\n`);
  whole = await readCsv(path);
});
afterAll(() => rm(folder, { recursive: true }));

test("a scan of everything equals the table that is read", async () =>
  expect((await (await scanCsv(path)).collect()).toRows()).toEqual(whole.toRows()));

test("where, select, sort and limit run before anything is read", async () => {
  const scan = (await scanCsv(path))
    .where("city = 'Rome' and id > 10")
    .select(["id", "price"])
    .sort("id", { descending: true })
    .limit(2);
  expect((await scan.collect()).toRows().map((row) => Object.values(row))).toEqual([
    [4998, null],
    [4995, 1248.75],
  ]);
});

test("aggregates equal those of the table", async () => {
  const columns = {
    n: "rows",
    count: ["price", "count"],
    mean: ["price", "mean"],
    price: "max",
    sd: ["price", "sd"],
    median: ["price", "median"],
    distinct: ["id", "distinct"],
    last: ["id", "last"],
  } as const;
  const scanned = await (await scanCsv(path)).groupBy("city").aggregate(columns).sort("city").collect();
  const direct = whole.groupBy("city").aggregate(columns).sort("city");
  for (const [i, row] of scanned.toRows().entries())
    for (const [name, value] of Object.entries(row)) {
      const other = direct.row(i)[name];
      if (typeof value === "number") expect(value).toBeCloseTo(other as number, 9);
      else expect(value).toEqual(other);
    }
});

test("a sample is the same for the same seed, another for another, without repeats and in order", async () => {
  const scan = await scanCsv(path);
  const draw = async (seed: number) => (await scan.sample(100, { seed }).collect()).values("id");
  const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  expect(first).toEqual([...new Set(first as number[])].sort((a, b) => a - b));
});

test("counts without reading", async () => expect(await (await scanCsv(path)).where("even").count()).toBe(2500));

test("of Parquet gives the same", async () => {
  const parquet = join(folder, "same.parquet");
  await writeParquet(whole, parquet);
  expect((await (await scanParquet(parquet)).where("id < 9").collect()).toRows()).toEqual(whole.slice(0, 9).toRows());
});

describe("what cannot be is refused", () => {
  test("a cell far down that is no number, with its line", async () => {
    const late = join(folder, "late.csv");
    const rows = Array.from({ length: 200_000 }, (_, i) => (i === 199_000 ? "x,1" : `${i},1`));
    await writeFile(late, `a,b\n${rows.join("\n")}\n`);
    await expect(
      (await scanCsv(late))
        .groupBy([])
        .aggregate({ m: ["a", "mean"] })
        .collect(),
    ).rejects.toThrow(/scan: .*199002/);
  });
  test("an unknown column, with the near name", async () =>
    expect(() => scanCsv(path).then((scan) => scan.select(["prise"]))).rejects.toThrow('no column "prise", did you mean price'));
  test("a condition that reads another file", async () =>
    expect((await scanCsv(path)).where("id in (select 1 from read_csv('/etc/passwd'))").collect()).rejects.toThrow(
      "file system operations are disabled",
    ));
  test("a condition that ends the query", async () =>
    expect((await scanCsv(path)).where("true); drop table x; --").collect()).rejects.toThrow("syntax error"));
  test("an address", () => expect(scanParquet("s3://bucket/file")).rejects.toThrow("must begin with https://"));
  test("a file that is no Parquet", () => expect(scanParquet(path)).rejects.toThrow("scanParquet: cannot read it's.csv"));
  test("a sample of half a row", async () =>
    expect(() => scanCsv(path).then((scan) => scan.sample(0.5))).rejects.toThrow("got 0.5"));
});
