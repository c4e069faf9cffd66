import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, literal, openDuckdb, valuesOf } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "engine-"));
let engine: Engine;

beforeAll(async () => {
  engine = await openDuckdb({ folder, memoryMb: 200, threads: 2 });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a query is written as Parquet and read by name", async () => {
  const path = join(folder, "numbers.parquet");
  expect(await engine.write("select i, i * 0.5 as half from range(1000) as t(i)", path)).toMatchObject({ rows: 1000 });
  await engine.read("halves", path);
  expect(await engine.sql("select sum(half) as total, count(*) as n from halves")).toEqual([{ total: 249_750, n: 1000 }]);
  expect(await engine.schema("select * from halves")).toEqual({ i: "BIGINT", half: "DECIMAL(21,1)" });
});

test("columns of numbers come whole, null as NaN", async () => {
  const columns = await engine.numbers(
    "select i as a, case when i % 2 = 0 then i / 2 end as b from range(5000) as t(i) order by i",
  );
  expect(columns.get("a")).toHaveLength(5000);
  expect([...columns.get("b")!.subarray(0, 4)]).toEqual([0, Number.NaN, 1, Number.NaN]);
});

test("columns of Arrow lose nothing of what DuckDB holds", async () => {
  const table = await engine.columns(
    `select 9007199254740993::bigint as large, 1.250::decimal(38, 3) as exact, '\\xAB'::blob as bytes, date '1969-12-31' as day,
      timestamp '1969-12-31 23:59:59.999' as at, [1, null] as list, {'a': 'x', 'b c': null::int} as record, map {'k': 1.5::double} as pairs`,
  );
  expect(table.schema.fields.map(({ name }, k) => [name, ...valuesOf(table.getChildAt(k)!)])).toEqual([
    ["large", 9007199254740993n],
    ["exact", "1.250"],
    ["bytes", Uint8Array.of(0xab)],
    ["day", new Date("1969-12-31")],
    ["at", new Date("1969-12-31T23:59:59.999Z")],
    ["list", [1, null]],
    ["record", { a: "x", "b c": null }],
    ["pairs", new Map([["k", 1.5]])],
  ]);
});

test("a query without rows has its columns", async () => {
  const table = await engine.columns("select 1 as a, 'x' as b where false");
  expect([table.numRows, table.schema.names]).toEqual([0, ["a", "b"]]);
});

test("a column that Arrow has not is a DataError with its name", async () => {
  await expect(engine.columns("select interval 1 day as gap")).rejects.toThrow(
    "engine: the column gap is of the type INTERVAL, which Arrow has not here: cast it",
  );
});

test("what PostgreSQL sends comes back as it was: quotes, commas, lines, nulls, and the text that stands for null", async () => {
  const csv = '1,"a ""quoted"", text\nof two lines",\\N\n2,"\\N",2026-01-02 03:04:05.678\n3,,\\N\n';
  let asked = "";
  const stream = async (copy: string) => {
    asked = copy;
    return Readable.from([Buffer.from(csv.slice(0, 20)), Buffer.from(csv.slice(20))]);
  };
  const schema = { id: "INTEGER", words: "VARCHAR", at: "TIMESTAMP" };
  const path = join(folder, "copied.parquet");
  const written = await engine.copyFromPostgres({ stream, query: "select 1", schema }, path);
  expect(asked).toContain("copy (select 1) to stdout");
  expect(written.rows).toBe(3);
  await engine.read("copied", path);
  expect(await engine.sql("select * from copied order by id")).toEqual([
    { id: 1, words: 'a "quoted", text\nof two lines', at: null },
    { id: 2, words: "\\N", at: new Date("2026-01-02T03:04:05.678Z") },
    { id: 3, words: "", at: null },
  ]);
});

test("a copy that breaks off leaves no file", async () => {
  const stream = async () =>
    Readable.from(
      (function* () {
        yield Buffer.from("1\n");
        throw new Error("lost");
      })(),
    );
  await expect(
    engine.copyFromPostgres({ stream, query: "select 1", schema: { id: "INTEGER" } }, join(folder, "broken.parquet")),
  ).rejects.toThrow("lost");
  expect(readdirSync(folder).filter((name) => name.startsWith("broken"))).toEqual([]);
});

test("the keyed hash is HMAC-SHA-256", async () => {
  const key = Buffer.from("0102030405060708090a0b0c0d0e0f10", "hex");
  for (const text of ["", "42", "O'Neil · ä"]) {
    const [row] = await engine.sql(`select ${engine.dialect.keyedHash(literal(text), key)} as hash`);
    expect(row!["hash"]).toBe(createHmac("sha256", key).update(text).digest("hex"));
  }
});

test("fractions are even in [0, 1), and the same for the same text", async () => {
  const fraction = engine.dialect.fraction("concat('row', i)");
  const [row] = await engine.sql(
    `select min(f) >= 0 and max(f) < 1 as inside, abs(avg(f) - 0.5) < 0.01 as even from (select ${fraction} as f from range(20000) as t(i))`,
  );
  expect(row).toEqual({ inside: true, even: true });
});

test("what the engine refuses is a DataError with its words", async () => {
  await expect(engine.sql("select nothing from nowhere")).rejects.toThrow(
    "engine: Catalog Error: Table with name nowhere does not exist",
  );
});

test("an abort ends the query that runs", async () => {
  const stop = new AbortController();
  const other = await openDuckdb({ folder, memoryMb: 200, threads: 1, signal: stop.signal });
  const asked = other.sql("select count(*) from range(100000000000) as t(i) where i % 7 = 3");
  setImmediate(() => stop.abort());
  await expect(asked).rejects.toThrow(/abort/i);
  await other.close();
});
