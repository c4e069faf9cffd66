import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Opened } from "../projects/session.ts";
import { testSession } from "../testing/test-session.ts";
import { readSql } from "./read-sql.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

test("kinds of PostgreSQL become ours, nulls missing", async () => {
  const query = `select * from (values
    (1::int, 2.5::numeric, true, date '2020-02-29', timestamptz '2020-01-01 10:00+02', 'a', 9007199254740993::int8),
    (null, 'NaN', null, null, timestamp '1999-12-31 23:59:59.5', null, null)) as t(i, n, b, d, at, s, "__proto__")`;
  const table = await readSql(query);
  expect(table.names.map((name) => table.values(name))).toEqual([
    [1, null],
    [2.5, null],
    [true, null],
    [new Date("2020-02-29"), null],
    [new Date("2020-01-01T08:00:00Z"), new Date("1999-12-31T23:59:59.500Z")],
    ["a", null],
    ["9007199254740993", null],
  ]);
});

test("more rows than one fetch come in their order, with parameters", async () => {
  const table = await readSql("select i, i % $1::int as rest from generate_series(1, 25000) as i order by i", { params: [7] });
  expect([table.rows, table.row(24_999)["i"], table.row(24_999)["rest"]]).toEqual([25_000, 25_000, 25_000 % 7]);
});

describe("refused are", () => {
  test("what writes", () => expect(readSql("create table x (i int)")).rejects.toThrow("readSql: syntax error"));
  test("a function that writes", () => expect(readSql("select setval('s', 1)")).rejects.toMatchObject({ name: "DataError" }));
  test("two statements", () => expect(readSql("select 1; commit; drop table datasets")).rejects.toThrow("multiple commands"));
  test("two columns of one name", () => expect(readSql("select 1 as a, 2 as a")).rejects.toThrow('two columns are named "a"'));
  test("more rows than the limit", () =>
    expect(readSql("select generate_series(1, 100)", { limitRows: 10 })).rejects.toMatchObject({ name: "LimitError" }));
  test("a query that takes too long", () =>
    expect(readSql("select pg_sleep(5)", { timeoutMs: 50 })).rejects.toThrow("statement timeout"));
  test("a database that is not there, without its password", () =>
    expect(readSql("select 1", { url: "postgres://me:secret@127.0.0.1:1/x" })).rejects.toMatchObject({
      name: "StoreError",
      message: expect.not.stringContaining("secret"),
    }));
});
