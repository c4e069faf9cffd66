import { describe, expect, test } from "vitest";
import { LimitError } from "../base/errors.ts";
import { random } from "./random.ts";
import { kernels, Layout, openMemory, type Pointer } from "./wasm.ts";

interface SortKernels {
  sortFloat64(values: Pointer, n: number, spare: Pointer, counts: Pointer): void;
}

function sorted(values: readonly number[]): number[] {
  const layout = new Layout();
  const place = layout.reserve(8 * values.length);
  const spare = layout.reserve(8 * values.length);
  const counts = layout.reserve(4 * 6 * 2048);
  const memory = openMemory("test", layout);
  const view = new Float64Array(memory.buffer, place, values.length);
  view.set(values);
  kernels<SortKernels>(memory).sortFloat64(place, values.length, spare, counts);
  return [...view];
}

describe("sortFloat64", () => {
  test("orders doubles of both signs, zeros and infinities as Float64Array.sort does", () => {
    const draw = random(1, "sort");
    const values = Array.from({ length: 5000 }, () => draw.normal() * Math.exp(draw.normal() * 20));
    values.push(0, -0, Infinity, -Infinity, 5e-324, -5e-324, 1e308, -1e308, 1, 1, 1);
    expect(sorted(values)).toEqual([...Float64Array.from(values).sort()]);
  });

  test("bears one value and none", () => {
    expect([sorted([3]), sorted([])]).toEqual([[3], []]);
  });
});

test("a memory beyond 4 GiB is a LimitError that says how many rows fit", () => {
  const layout = new Layout();
  layout.reserve(10 * 2 ** 30);
  expect(() => openMemory("forest.fit", layout, 1_000_000)).toThrow(
    new LimitError("forest.fit: needs 10.0 GiB of kernel memory, at most 4 GiB can be had; about 391,999 rows fit"),
  );
});

test("places of a layout do not overlap", () => {
  const layout = new Layout();
  expect([layout.reserve(100), layout.reserve(1), layout.reserve(1)]).toEqual([1024, 1152, 1280]);
});
