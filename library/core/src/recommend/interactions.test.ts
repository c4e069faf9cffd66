import { expect, test } from "vitest";
import { table } from "../data/index.ts";
import { shop } from "../testing/recommend-data.ts";
import { kCore, leaveLastOut, temporalSplit } from "./interaction-splits.ts";
import { interactions, transposed } from "./interactions.ts";
import { itemIds, userIds } from "./named.ts";

const day = 86_400_000;
const events = table({
  user: ["b", "a", "a", "b", "a"],
  item: [7, 3, 7, 7, 5],
  value: [1, 2, 4, 0.5, 1],
  time: [5, 1, 2, 9, 3].map((k) => new Date(k * day)),
});

test("rows of the same user and item are added up, the newest time kept", () => {
  const given = interactions(events, { value: "value", time: "time" });
  expect(userIds(given)).toEqual(["a", "b"]);
  expect(itemIds(given)).toEqual([3, 5, 7]);
  expect([...given.offsets]).toEqual([0, 3, 4]);
  expect([...given.codes]).toEqual([0, 1, 2, 2]);
  expect([...given.values]).toEqual([2, 1, 4, 1.5]);
  expect([...given.times!]).toEqual([day, 3 * day, 2 * day, 9 * day]);
});

test("the order of rows does not matter", () => {
  const options = { value: "value", time: "time" };
  expect(interactions(events.take([4, 2, 0, 3, 1]), options)).toEqual(interactions(events, options));
});

test("numbers of a time column are seconds unless they are said to be milliseconds", () => {
  const times = (timeUnit?: "ms") =>
    interactions(table({ user: [1], item: [1], time: [1_000] }), { time: "time", ...(timeUnit && { timeUnit }) }).times![0];
  expect([times(), times("ms")]).toEqual([1_000_000, 1_000]);
});

test.each([
  [{ item: "itm" }, /no column "itm", did you mean item/],
  [{ value: "time" }, /column "time" must hold numbers > 0, got datetime values/],
  [{ users: "user" }, /no option users, did you mean user/],
])("options %j are refused", (options, message) => {
  expect(() => interactions(events, options as object)).toThrow(message);
});

test.each([
  [{ user: ["a", null], item: [1, 2] }, {}, /column "user" must name somebody in every row, it is missing in row 1/],
  [{ user: ["a", "b"], item: [1, Number.NaN] }, {}, /column "item" must name somebody in every row, got NaN in row 1/],
  [
    { user: ["a", "b"], item: [1, 2], value: [1, -1] },
    { value: "value" },
    /column "value" must be > 0 and finite, got -1 in row 1/,
  ],
  [{ user: [true, false], item: [1, 2] }, {}, /column "user" must hold text or numbers that name somebody, got boolean values/],
  [{ user: [], item: [] }, {}, /needs one row at least, got 0/],
])("a table %j is refused", (columns, options, message) => {
  expect(() => interactions(table(columns as never), options)).toThrow(message);
});

test("the transpose of the transpose is the matrix itself", () => {
  const given = interactions(shop());
  const items = itemIds(given).length;
  const { offsets, codes, values } = transposed(transposed(given, items), userIds(given).length);
  expect([offsets, codes, values]).toEqual([given.offsets, given.codes, given.values]);
});

const given = interactions(shop(), { value: "value", time: "time" });

test("leaveLastOut holds out each user's newest, and all else stays", () => {
  const { train, test: held } = leaveLastOut(given, { last: 3 });
  expect(train.codes.length + held.codes.length).toBe(given.codes.length);
  for (let u = 0; u < userIds(given).length; u++) {
    const of = ({ offsets, times }: typeof given) => times!.subarray(offsets[u], offsets[u + 1]);
    expect(of(held).length).toBe(of(given).length > 3 ? 3 : 0);
    expect(Math.max(...of(train))).toBeLessThanOrEqual(Math.min(...of(held)));
  }
});

test("temporalSplit holds out what happened last", () => {
  const { train, test: held } = temporalSplit(given, { test: 0.2 });
  expect(held.codes.length / given.codes.length).toBeCloseTo(0.2, 2);
  expect(Math.max(...train.times!)).toBeLessThan(Math.min(...held.times!));
  const at = new Date("2024-07-01");
  expect(Math.min(...temporalSplit(given, { at }).test.times!)).toBeGreaterThanOrEqual(Number(at));
});

test("kCore leaves users and items with enough interactions, under their names", () => {
  const core = kCore(given, { users: 9, items: 10 });
  const counts = (offsets: Int32Array) => Array.from(offsets.subarray(1), (end, u) => end - offsets[u]!);
  expect(Math.min(...counts(core.offsets))).toBeGreaterThanOrEqual(9);
  expect(Math.min(...counts(transposed(core, itemIds(core).length).offsets))).toBeGreaterThanOrEqual(10);
  const all = new Set(
    userIds(given).flatMap((user, u) =>
      Array.from(given.codes.subarray(given.offsets[u], given.offsets[u + 1]), (code) => `${user} ${itemIds(given)[code]}`),
    ),
  );
  for (const [u, user] of userIds(core).entries())
    for (const code of core.codes.subarray(core.offsets[u], core.offsets[u + 1]))
      expect(all).toContain(`${user} ${itemIds(core)[code]}`);
});

test("splits of interactions without times, and empty parts, are refused", () => {
  const timeless = interactions(shop());
  expect(() => leaveLastOut(timeless)).toThrow(/have no times; read them with \{ time \}/);
  expect(() => leaveLastOut(given, { last: 500 })).toThrow(/nobody has 501 interactions/);
  expect(() => temporalSplit(given, { at: new Date("2030-01-01") })).toThrow(/a part is empty at 2030-01-01/);
  expect(() => temporalSplit(given, { test: 0.2, at: 3 })).toThrow(/give either test or at/);
  expect(() => kCore(given, { users: 1000 })).toThrow(/nothing is left/);
});
