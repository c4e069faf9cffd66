import { describe, expect, test } from "vitest";
import { type Cell, table } from "../data/table.ts";
import { evaluateExpression } from "./expression.ts";

const stars = table([
  { name: "a b", depth: 1, star: "x", seen: new Date(0), ["__proto__"]: 3, bright: true },
  { name: "c", depth: null, star: null, seen: null, ["__proto__"]: 4, bright: null },
  { name: "d", depth: 3, star: "x", seen: new Date(1e12), ["__proto__"]: 5, bright: false },
  { name: "é", depth: 4, star: "y", seen: new Date(1e12), ["__proto__"]: 6, bright: false },
]);
const answer = async (sql: string): Promise<Cell[]> =>
  stars.with("v", await evaluateExpression("derive", stars, sql)).values("v");

describe("an expression is computed for each row", () => {
  test.each([
    ["depth * 2 + 1", [3, null, 7, 9]],
    ["depth -- with a comment", [1, null, 3, 4]],
    ["upper(star) || '!'", ["X!", null, "X!", "Y!"]],
    ["year(seen)", [1970, null, 2001, 2001]],
    [
      "date_trunc('day', seen + interval 1 day)",
      [new Date(86_400_000), null, new Date(1_000_080_000_000), new Date(1_000_080_000_000)],
    ],
    ["depth is null", [false, true, false, false]],
    ["not bright", [false, null, true, true]],
    ["case when depth > 2 then 'big' else 'small' end", ["small", "small", "big", "big"]],
    ['"__proto__" + 1', [4, 5, 6, 7]],
    ["DEPTH between 1 and 3", [true, null, true, false]],
    ["coalesce(depth, 0) > 0 and star in ('x', 'z')", [true, false, true, false]],
    ["length(name)", [3, 1, 1, 1]],
    ["try_cast(star as double)", [null, null, null, null]],
    ["'2020-01-02'::date", [1, 2, 3, 4].map(() => new Date("2020-01-02"))],
    ["cast(depth as decimal(10, 2))", [1, null, 3, 4]],
    ["9007199254740993::hugeint", [2 ** 53, 2 ** 53, 2 ** 53, 2 ** 53]],
    ["null", [null, null, null, null]],
    ["regexp_extract(name, '([a-z]) ', 1)", ["a", "", "", ""]],
    ["1e308 * 10", [null, null, null, null].map(() => Infinity)],
  ] as [string, Cell[]][])("%s", async (sql, wanted) => expect(await answer(sql)).toEqual(wanted));
});

describe("whatever is more than an expression over a row is refused", () => {
  test.each([
    ["avg(depth) over ()", "a window cannot stand in an expression over one row"],
    ["sum(depth)", "no function sum for one row"],
    ["(select max(depth) from rows)", "a subquery cannot stand"],
    ["exists (select 1)", "a subquery cannot stand"],
    ["depth in (select 1)", "a subquery cannot stand"],
    ["read_text('/etc/passwd')", "no function read_text for one row"],
    ["getenv('HOME')", "no function getenv"],
    ["current_setting('threads')", "no function current_setting"],
    ["getvariable('x')", "no function getvariable"],
    ["nextval('s')", "no function nextval"],
    ["random()", "no function random"],
    ["now()", "no function now"],
    ["sleep_ms(100000)", "no function sleep_ms"],
    ["repeat('x', 1000000000)", "no function repeat"],
    ["query_table('x')", "no function query_table"],
    ["system.main.abs(depth)", "abs must be called with plain arguments"],
    ["list_transform([1], x -> x)", "no function list_transform"],
    ["[1, 2]", "no function list_value"],
    ["'a'::regclass", "cannot cast to"],
    ["*", "\\* cannot stand"],
    ["columns('depth')", "\\* cannot stand"],
    ["$1", "a parameter cannot stand"],
    ["rows.depth", "a column is one name, got rows.depth"],
    ["_row", 'no column "_row"'],
    ["rowid", 'no column "rowid"'],
    ["dept", 'no column "dept", did you mean depth'],
    ["depth; drop table rows", "syntax error"],
    ["1) as v, (2", "must be one expression"],
    ["1) as v from rows; attach 'x' as y; select (1", "Only SELECT statements|must be one expression|syntax error"],
    ["1 union select 2", "syntax error"],
    ["", "syntax error"],
    ["star::double", "Could not convert string 'x' to DOUBLE"],
    ["interval 1 day", "must give numbers, strings, booleans or dates, got INTERVAL"],
    ["\0", "must not hold a zero byte"],
    [`${"abs(".repeat(300)}1${")".repeat(300)}`, "nested more than 200 deep"],
  ])("%s", async (sql, message) => {
    await expect(evaluateExpression("derive", stars, sql)).rejects.toMatchObject({
      name: "DataError",
      message: expect.stringMatching(new RegExp(`^derive: .*(${message})`)),
    });
  });
});

test("a table of no rows gives a column of no cells", async () => {
  expect((await evaluateExpression("derive", stars.head(0), "depth > 1")).kind).toBe("boolean");
});
