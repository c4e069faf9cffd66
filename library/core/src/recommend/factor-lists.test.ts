import { expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { bestItems } from "./best-items.ts";
import { factorList, factorLists, openFactorLists } from "./factor-lists.ts";
import { products } from "./factor-scores.ts";

const stream = random(5, "factor-lists");
const draw = (length: number): Float32Array => Float32Array.from({ length }, () => stream.float() - 0.5);

test.each([
  [90, 5, 1, 4],
  [333, 20, 7, 10],
  [64, 64, 300, 70],
])(
  "lists of %i items by %i factors for %i users are those of the plain twin, %i at most",
  async (items, dimensions, users, k) => {
    const rows = draw(items * dimensions);
    const vectors = Array.from({ length: users }, () => draw(dimensions));
    const codes = Array.from({ length: items }, (_, code) => code);
    const hidden = vectors.map(() => Int32Array.from(codes.filter(() => stream.float() < 0.2)));
    const plan = openFactorLists(rows, dimensions);
    for (const allowed of [undefined, Uint8Array.from(codes, () => (stream.float() < 0.7 ? 1 : 0))]) {
      const found = await factorLists(plan, { vectors, hidden }, k, allowed);
      for (const [u, vector] of vectors.entries()) {
        const scores = products(rows, vector);
        const wanted = bestItems(scores, k, allowed, hidden[u]!);
        const list = found.codes.subarray(u * k, (u + 1) * k);
        expect(list.filter((code) => code >= 0).length).toBe(wanted.codes.length);
        expect([...list.subarray(wanted.codes.length)].every((code) => code === -1)).toBe(true);
        for (const [rank, score] of wanted.scores.entries()) {
          expect(Math.abs(found.scores[u * k + rank]! - score)).toBeLessThan(1e-5);
          expect(Math.abs(scores[list[rank]!]! - score)).toBeLessThan(1e-5);
        }
        expect([...factorList(plan, vector, hidden[u]!, k, allowed).codes]).toEqual([...list.subarray(0, Math.min(k, items))]);
      }
    }
  },
);

test.each([1, 9])("items that are too short to reach the list are left out, and none besides, for %i users", async (users) => {
  const [items, dimensions, k] = [1500, 16, 5];
  const rows = draw(items * dimensions).map((value, at) => value * (1 + 400 / (1 + ((Math.floor(at / dimensions) * 7) % items))));
  for (let j = 0; j < dimensions; j++) rows[700 * dimensions + j] = rows[3 * dimensions + j]!; // as good as another
  const vectors = Array.from({ length: users }, () => draw(dimensions));
  const hidden = vectors.map(() => Int32Array.of(0, 20, 1499));
  const found = await factorLists(openFactorLists(rows, dimensions), { vectors, hidden }, k, undefined);
  for (const [u, vector] of vectors.entries()) {
    const wanted = bestItems(products(rows, vector), k, undefined, hidden[u]!);
    expect([...found.codes.subarray(u * k, (u + 1) * k)]).toEqual([...wanted.codes]);
  }
});

test("of items with the same score the lower code comes first", () => {
  const plan = openFactorLists(Float32Array.of(1, 2, 2, 1, 2), 1);
  expect([...factorList(plan, Float32Array.of(1), new Int32Array(0), 5, undefined).codes]).toEqual([1, 2, 4, 0, 3]);
});
