import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Engine, identifier, literal, openDuckdb, openSpark, valuesOf } from "../index.ts";

const folder = mkdtempSync(join(tmpdir(), "engine-spark-"));
const remote = inject("sparkRemote");
let engine: Engine;
beforeAll(async () => {
  engine = await openSpark({ remote, folder, memoryMb: 200, threads: 2 });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a query is written as Parquet and read by name", async () => {
  const path = join(folder, "numbers.parquet");
  const written = await engine.write("select id as i, id * 0.5 as half from range(1000)", path);
  expect(written.rows).toBe(1000);
  await engine.read(
    "halves",
    written.files.map(({ file }) => file),
  );
  expect(await engine.sql("select sum(half) as total, count(*) as n from halves")).toEqual([{ total: 249_750, n: 1000 }]);
  expect(readdirSync(folder)).toEqual(["numbers.parquet"]);
});

test("the columns of a query are told with the names of types that engines share", async () => {
  const query = `select cast(1 as bigint) as a, 1 as b, 'x' as c, 1.5D as d, true as e, timestamp '2026-01-02 03:04:05' as f, date '2026-01-02' as g`;
  expect(await engine.schema(query)).toEqual({
    ...{ a: "BIGINT", b: "INTEGER", c: "VARCHAR", d: "DOUBLE", e: "BOOLEAN", f: "TIMESTAMP", g: "DATE" },
  });
});

test("what must be one file is one, as DuckDB writes it", async () => {
  const path = join(folder, "single.parquet");
  const written = await engine.write("select id from range(1000)", path, { single: true, metadata: { said: "by Spark" } });
  expect(written).toMatchObject({ rows: 1000, files: [{ file: path, sizeBytes: written.sizeBytes }] });
  const local = await openDuckdb({ folder });
  const said = await local.sql(
    `select decode(value) as value from parquet_kv_metadata(${literal(path)}) where decode(key) = 'said'`,
  );
  await local.close();
  expect(said).toEqual([{ value: "by Spark" }]);
});

test("the columns of a query are Arrow's, the same from either engine", async () => {
  const query = `select cast(1 as smallint) as small, cast(9007199254740993 as bigint) as large, cast(1.25 as decimal(20, 3)) as exact,
    'ä' as words, true as yes, date '2026-01-02' as day, timestamp '2026-01-02 03:04:05.678901' as at, cast(null as double) as nothing`;
  const local = await openDuckdb({ folder });
  const [spark, duckdb] = [await engine.columns(query), await local.columns(query)];
  await local.close();
  expect(spark.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(
    duckdb.schema.fields.map(({ name, type }) => `${name} ${type}`),
  );
  const cells = (table: typeof spark) => table.schema.fields.map((_, k) => [...valuesOf(table.getChildAt(k)!)]);
  expect(cells(spark)).toEqual(cells(duckdb));
});

test("columns of numbers come whole, null as NaN", async () => {
  const columns = await engine.numbers("select id as a, case when id % 2 = 0 then id / 2 end as b from range(5000) order by id");
  expect(columns.get("a")).toHaveLength(5000);
  expect([...columns.get("b")!.subarray(0, 4)]).toEqual([0, Number.NaN, 1, Number.NaN]);
});

test("what PostgreSQL sends is read by Spark as it was", async () => {
  const csv = '1,"a ""quoted"", text\nof two lines",\\N\n2,"\\N",2026-01-02 03:04:05.678\n3,,\\N\n';
  const stream = async () => Readable.from([Buffer.from(csv)]);
  const schema = { id: "INTEGER", words: "VARCHAR", at: "TIMESTAMP" };
  const path = join(folder, "copied.parquet");
  expect((await engine.copyFromPostgres({ stream, query: "select 1", schema }, path)).rows).toBe(3);
  await engine.read("copied", path);
  expect(await engine.schema("select * from copied")).toEqual(schema);
  expect(await engine.sql("select * from copied order by id")).toEqual([
    { id: 1, words: 'a "quoted", text\nof two lines', at: null },
    { id: 2, words: "\\N", at: new Date("2026-01-02T03:04:05.678Z") },
    { id: 3, words: "", at: null },
  ]);
});

test("the keyed hash is HMAC-SHA-256", async () => {
  const key = Buffer.from("0102030405060708090a0b0c0d0e0f10", "hex");
  for (const text of ["", "42", "O'Neil · ä"]) {
    const [row] = await engine.sql(`select ${engine.dialect.keyedHash(literal(text), key)} as hash`);
    expect(row!["hash"]).toBe(createHmac("sha256", key).update(text).digest("hex"));
  }
});

test("a literal is its text, a name its name, whatever stands in them", async () => {
  const text = "O'Neil \\n \"quoted\" \n ''";
  expect(await engine.sql(`select ${engine.dialect.literal(text)} as ${identifier('a "b" `c`')}`)).toEqual([
    { 'a "b" `c`': text },
  ]);
});

test("rows that are held are made once, and anew under the same name", async () => {
  await engine.hold("held", "select rand() as x");
  const [first] = await engine.sql("select x from held");
  expect(await engine.sql("select x from held")).toEqual([first]);
  await engine.hold("held", "select 7 as x");
  expect(await engine.sql("select x from held")).toEqual([{ x: 7 }]);
});

test("what Spark refuses is a DataError with its class and words", async () => {
  await expect(engine.sql("select nothing from range(1)")).rejects.toThrow(
    /^engine: \[UNRESOLVED_COLUMN\.WITH_SUGGESTION\] A column.*nothing/,
  );
});
