import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import { fromArrow, readArrow, writeArrow } from "./arrow.ts";
import { contentHash } from "./content-hash.ts";
import { type DanfoFrame, fromDanfo, toDanfo } from "./danfo.ts";
import { Table, table } from "./table.ts";
import { toArrow } from "./to-arrow.ts";

const odd = new Table([
  ["number", { kind: "number", values: Float64Array.of(1.1, Number.NaN, -0, Infinity) }],
  ["category", { kind: "category", codes: Int32Array.of(2, -1, 0, 2), levels: ["z", "never seen", "it's", ""] }],
  ["boolean", { kind: "boolean", values: Uint8Array.of(1, 255, 0, 1) }],
  ["text", { kind: "text", values: ["", null, "é\n\u0000", "NaN"] }],
  ["__proto__", { kind: "datetime", values: Float64Array.of(0, Number.NaN, -8.64e15, 1_234_567_890_123) }],
]);

test("a table comes back from Arrow as it was, categories with their levels", async () => {
  const back = fromArrow(await toArrow(odd));
  expect(back.toRows()).toEqual(odd.toRows());
  expect(back.column("category")).toEqual(odd.column("category"));
});

test("an Arrow file that was written reads back the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-test-"));
  const path = join(folder, "odd.arrow");
  await writeArrow(odd.drop(["text"]), path);
  const back = await readArrow(path);
  await rm(folder, { recursive: true });
  expect(contentHash(back)).toBe(contentHash(odd.drop(["text"])));
});

test("streams, small numbers, dates and long whole numbers of other programs are read", async () => {
  const made = new arrow.Table({
    small: arrow.vectorFromArray([1, null, 3], new arrow.Int8()),
    long: arrow.vectorFromArray([1n, null, 9007199254740993n], new arrow.Int64()),
    fits: arrow.vectorFromArray([1n, null, 3n], new arrow.Int64()),
    day: arrow.vectorFromArray([new Date("2020-01-02"), null, new Date(0)], new arrow.DateDay()),
    micro: arrow.vectorFromArray([1500, null, 2], new arrow.TimestampMicrosecond()),
    none: arrow.vectorFromArray([null, null, null], new arrow.Null()),
  });
  const read = await readArrow(arrow.tableToIPC(made, "stream"));
  expect(read.names.map((name) => read.values(name))).toEqual([
    [1, null, 3],
    ["1", null, "9007199254740993"],
    [1, null, 3],
    [new Date("2020-01-02"), null, new Date(0)],
    [new Date(1500), null, new Date(2)],
    [null, null, null],
  ]);
});

describe("what a column cannot hold is refused", () => {
  test("a list, by its name", async () => {
    const type = new arrow.List(new arrow.Field("item", new arrow.Float64(), true));
    const lists = new arrow.Table({ nested: arrow.vectorFromArray([[1], [2, 3]], type) });
    await expect(readArrow(arrow.tableToIPC(lists), { name: "l.arrow" })).rejects.toThrow(
      'cannot read l.arrow: column "nested" holds List',
    );
  });
  test("a file that is none", () => expect(readArrow(Buffer.from("a,b\n1,2\n"))).rejects.toThrow("readArrow: cannot read bytes"));
  test("an empty one", () => expect(readArrow(new Uint8Array(0))).rejects.toThrow("the file is empty"));
});

describe("danfo", () => {
  class DataFrame implements DanfoFrame {
    readonly columns: readonly string[];
    readonly values: unknown;
    readonly shape: readonly number[];
    constructor(rows: object, options?: { columns?: string[] }) {
      this.values = rows;
      this.columns = options?.columns ?? [];
      this.shape = [(rows as unknown[]).length, this.columns.length];
    }
  }
  test("frames and tables become each other, dates as ISO strings", () => {
    const stars = table({ n: [1, null], s: ["a", null], d: [new Date(0), null], b: [true, false] });
    const frame = toDanfo(stars, { DataFrame });
    expect(frame.values).toEqual([
      [1, "a", "1970-01-01T00:00:00.000Z", true],
      [Number.NaN, null, null, false],
    ]);
    expect(fromDanfo(frame).drop(["d"]).toRows()).toEqual(stars.drop(["d"]).toRows());
  });
  test("what is no frame is refused", () => expect(() => fromDanfo({} as DanfoFrame)).toThrow("must be a danfo DataFrame"));
});
