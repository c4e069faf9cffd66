import { expect, test } from "vitest";
import type { MessageJson } from "./channel.ts";
import { mlValue } from "./ml-values.ts";

const struct = (kind: string, elements: readonly MessageJson[]): MessageJson => ({
  struct: { structType: { udt: { type: "udt", jvmClass: `org.apache.spark.ml.linalg.${kind}UDT` } }, elements },
});
const ints = (values: readonly number[]): MessageJson => ({ specializedArray: { ints: { values } } });
const doubles = (values: readonly (number | string)[]): MessageJson => ({ specializedArray: { doubles: { values } } });
const none: MessageJson = { null: { null: {} } };

test("a dense vector is its values", () => {
  expect(mlValue(struct("Vector", [{ byte: 1 }, none, none, doubles([1.5, "NaN"])]))).toEqual([1.5, Number.NaN]);
});

test("a sparse vector is 0 where it says nothing", () => {
  expect(mlValue(struct("Vector", [{ byte: 0 }, { integer: 4 }, ints([1, 3]), doubles([2, 5])]))).toEqual([0, 2, 0, 5]);
});

test("a dense matrix comes by columns", () => {
  const elements = [{ byte: 1 }, { integer: 2 }, { integer: 3 }, none, none, doubles([1, 2, 3, 4, 5, 6]), { boolean: false }];
  expect(mlValue(struct("Matrix", elements))).toEqual([
    [1, 3, 5],
    [2, 4, 6],
  ]);
});

test("a dense matrix that is transposed comes by rows", () => {
  const elements = [{ byte: 1 }, { integer: 2 }, { integer: 3 }, none, none, doubles([1, 2, 3, 4, 5, 6]), { boolean: true }];
  expect(mlValue(struct("Matrix", elements))).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

test("a sparse matrix comes by compressed columns", () => {
  const elements = [
    { byte: 0 },
    { integer: 2 },
    { integer: 3 },
    ints([0, 1, 1, 2]),
    ints([1, 0]),
    doubles([7, 8]),
    { boolean: false },
  ];
  expect(mlValue(struct("Matrix", elements))).toEqual([
    [0, 0, 8],
    [7, 0, 0],
  ]);
});

test("lists of lists of texts keep their order", () => {
  const list = { array: { elements: [{ array: { elements: [{ string: "b" }, { string: "a" }] } }] } };
  expect(mlValue(list)).toEqual([["b", "a"]]);
});

test("an empty list of texts is empty", () => {
  expect(mlValue({ array: {} })).toEqual([]);
});

test("what no model gives is refused", () => {
  expect(() => mlValue({ calendarInterval: {} })).toThrow("a model answers with a calendarInterval");
});
