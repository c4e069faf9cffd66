import { expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { bestItems } from "./best-items.ts";
import { cosines } from "./cosines.ts";
import { findNeighbours } from "./factor-neighbours.ts";

const stream = random(6, "factor-neighbours");
const rowsOf = (count: number, dimensions: number): Float32Array =>
  Float32Array.from({ length: count * dimensions }, () => stream.float() - 0.3);

/** The same without a kernel. */
const plain = (rows: Float32Array, dimensions: number, item: number, k: number, allowed?: Uint8Array) =>
  bestItems(cosines(rows, dimensions, item), k, allowed, [item]);

test.each([
  [700, 5, 10],
  [400, 64, 1],
  [40, 3, 20],
  [9, 8, 100],
])("neighbours of %i rows of %i values are those of all cosines, %i of them, score by score", (count, dimensions, k) => {
  const rows = rowsOf(count, dimensions);
  const nearest = findNeighbours(rows, dimensions);
  for (const allowed of [undefined, Uint8Array.from({ length: count }, () => (stream.float() < 0.5 ? 1 : 0))])
    for (const item of [0, count >> 1, count - 1])
      expect(nearest(item, k, allowed)).toEqual(plain(rows, dimensions, item, k, allowed));
});

test("of many rows that are as near the lower codes come, though 32 bits cannot part them", () => {
  const rows = rowsOf(300, 6);
  for (let row = 40; row < 260; row++)
    for (let j = 0; j < 6; j++) rows[row * 6 + j] = rows[j]! * (1 + row / 64) + (row % 3) * 2e-8;
  const nearest = findNeighbours(rows, 6);
  for (const item of [0, 50, 299]) expect(nearest(item, 12, undefined)).toEqual(plain(rows, 6, item, 12));
});

test("a row of length 0 is like none: the others come in their order with 0", () => {
  const rows = rowsOf(80, 4).fill(0, 0, 4);
  expect(findNeighbours(rows, 4)(0, 3, undefined)).toEqual({
    codes: Int32Array.of(1, 2, 3),
    scores: Float64Array.of(0, 0, 0),
  });
});
