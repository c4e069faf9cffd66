import { expect, test } from "vitest";
import { table } from "../data/index.ts";
import { fixture } from "../testing/fixture.ts";
import { shop, type TakenColumns, takenInteractions } from "../testing/recommend-data.ts";
import { countOf } from "./ids.ts";
import { type Interactions, interactions, transposed } from "./interactions.ts";
import { itemKnn } from "./item-knn.ts";
import { itemWeights } from "./item-weights.ts";

type Weighting = "cosine" | "tfidf" | "bm25";
const { cases, k1, b, ...taken } = fixture<
  TakenColumns & { k1: number; b: number; cases: Record<Weighting, { likeness: number[][]; scores: number[][] }> }
>(import.meta.url, "item-knn");
const given = takenInteractions(taken);

test.each(Object.entries(cases))("item-kNN by %s has implicit's likeness and scores", async (weighting, { likeness, scores }) => {
  const model = await itemKnn({ weighting: weighting as Weighting, nNeighbors: 14, k1, b }).fit(given);
  for (const [item, row] of likeness.entries())
    for (const { item: other, score } of model.similarItems(item, 14)) expect(score).toBeCloseTo(row[other as number]!, 12);
  for (const [user, row] of scores.entries())
    for (const [item, score] of model.scores(user).entries()) expect(score).toBeCloseTo(row[item]!, 10);
});

/** The same neighbours without a kernel: all products with every item's users, all sorted. */
function plainNeighbours(
  { users, items, offsets, codes, values }: Interactions,
  weighting: Weighting,
  k: number,
  shrinkage: number,
) {
  const byItem = transposed({ offsets, codes, values }, countOf(items));
  const weights = itemWeights(byItem, countOf(users), { weighting, k1: 1.2, b: 0.75 });
  const rows = Array.from({ length: countOf(items) }, (_, item) => {
    const [from, to] = [byItem.offsets[item]!, byItem.offsets[item + 1]!];
    return new Map(Array.from(byItem.codes.subarray(from, to), (user, at) => [user, weights[from + at]!]));
  });
  return rows.map((row, item) => {
    const found = rows.flatMap((other, code) => {
      const common = [...row.keys()].filter((user) => other.has(user));
      if (code === item || common.length === 0) return [];
      const product = common.reduce((sum, user) => sum + row.get(user)! * other.get(user)!, 0);
      return [{ code, likeness: shrinkage === 0 ? product : (product * common.length) / (common.length + shrinkage) }];
    });
    const best = found.sort((a, b) => b.likeness - a.likeness || a.code - b.code).slice(0, k);
    return best.sort((a, b) => a.code - b.code);
  });
}

test.each([
  ["cosine", 1, 0],
  ["tfidf", 7, 3],
  ["bm25", 500, 0],
] as const)("neighbours by %s, %i of them, are those of the plain twin, bit by bit", async (weighting, nNeighbors, shrinkage) => {
  const taken = interactions(shop(200, 90, 3000), { value: "value" });
  const { state } = await itemKnn({ weighting, nNeighbors, shrinkage }).fit(taken, { threads: 2 });
  const { offsets, codes, values } = state.learned;
  for (const [item, wanted] of plainNeighbours(taken, weighting, nNeighbors, shrinkage).entries()) {
    expect([...codes.subarray(offsets[item], offsets[item + 1])]).toEqual(wanted.map(({ code }) => code));
    expect([...values.subarray(offsets[item], offsets[item + 1])]).toEqual(wanted.map(({ likeness }) => likeness));
  }
});

test("of items as alike the lower codes stay", async () => {
  const everybody = Array.from({ length: 3 }, (_, user) => Array.from({ length: 9 }, (_, item) => ({ user, item }))).flat();
  const { state } = await itemKnn({ nNeighbors: 4 }).fit(interactions(table(everybody)));
  const { offsets, codes } = state.learned;
  const lists = Array.from({ length: 9 }, (_, item) => [...codes.subarray(offsets[item], offsets[item + 1])]);
  expect([lists[0], lists[2], lists[8]]).toEqual([
    [1, 2, 3, 4],
    [0, 1, 3, 4],
    [0, 1, 2, 3],
  ]);
});

test("item-kNN keeps each item's nearest alone", async () => {
  const [all, few] = await Promise.all([14, 3].map((nNeighbors) => itemKnn({ nNeighbors }).fit(given)));
  for (let item = 0; item < 15; item++) expect(few!.similarItems(item, 14)).toEqual(all!.similarItems(item, 3));
});

test("shrinkage takes n / (n + shrinkage) of the likeness of items with n common users", async () => {
  const [plain, shrunk] = await Promise.all([0, 10].map((shrinkage) => itemKnn({ shrinkage }).fit(given)));
  const takers = (item: unknown) => new Set(taken.user.filter((_, k) => taken.item[k] === item));
  const like = new Map(shrunk!.similarItems(0, 14).map(({ item, score }) => [item, score]));
  for (const { item, score } of plain!.similarItems(0, 14)) {
    const common = [...takers(0)].filter((user) => takers(item).has(user)).length;
    expect(like.get(item)).toBeCloseTo((score * common) / (common + 10), 12);
  }
});

test("item-kNN explains a score by shares of the user's items that sum to it", async () => {
  const model = await itemKnn({ nNeighbors: 5 }).fit(given);
  for (const { item, score } of model.recommend(4, 5)) expect(model.explain(4, item, 15).score).toBeCloseTo(score, 12);
});
