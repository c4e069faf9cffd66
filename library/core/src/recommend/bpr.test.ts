import { expect, test } from "vitest";
import type { RankingKernels } from "../numeric/factor-kernels.ts";
import { kernels, Layout, openMemory } from "../numeric/wasm.ts";
import { fixture } from "../testing/fixture.ts";
import { type TakenColumns, takenInteractions } from "../testing/recommend-data.ts";
import { bpr } from "./bpr.ts";
import { itemIds } from "./named.ts";
import type { RecommenderModel } from "./recommender-model.ts";

interface OverSeeds {
  readonly mean: number;
  readonly spread: number;
}
const { held, params, runs, auc, ndcg, steps, ...taken } = fixture<
  TakenColumns & {
    held: TakenColumns;
    params: { factors: number; learning_rate: number; regularization: number; iterations: number };
    /** Of implicit. */
    runs: number;
    auc: OverSeeds;
    ndcg: OverSeeds;
    steps: {
      start: { users: number[][]; items: number[][] };
      triples: [number, number, number][];
      rate: number;
      penalty: number;
      users: number[][];
      items: number[][];
    };
  }
>(import.meta.url, "bpr");

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Held-out items of each user who has some. */
function heldItems(): Map<number, Set<number>> {
  const of = new Map<number, Set<number>>();
  for (const [k, user] of held.user.entries()) of.set(user, (of.get(user) ?? new Set()).add(held.item[k]!));
  return of;
}

/** Mean over users of the share of pairs of a held-out and an untaken item that stand right, and of nDCG@10. */
function rankingOf(model: RecommenderModel): { auc: number; ndcg: number } {
  const of = [...heldItems()].map(([user, items]) => {
    const own = new Set(taken.item.filter((_, k) => taken.user[k] === user));
    const scores = model.scores(user);
    const score = new Map(itemIds(model).map((item, code) => [item as number, scores[code]!]));
    const others = [...score.keys()].filter((item) => !items.has(item) && !own.has(item));
    const pairs = [...items].flatMap((item) => others.map((other) => (score.get(item)! > score.get(other)! ? 1 : 0)));
    const gains = model.recommend(user, 10).map(({ item }, rank) => (items.has(item as number) ? 1 / Math.log2(rank + 2) : 0));
    const best = Array.from({ length: Math.min(10, items.size) }, (_, rank) => 1 / Math.log2(rank + 2));
    return { auc: mean(pairs), ndcg: gains.reduce((a, b) => a + b, 0) / best.reduce((a, b) => a + b, 0) };
  });
  return { auc: mean(of.map((each) => each.auc)), ndcg: mean(of.map((each) => each.ndcg)) };
}

test("bpr reaches on the same split what implicit does over seeds, within four standard errors of the two means", async () => {
  const given = takenInteractions(taken);
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const found = await Promise.all(
    seeds.map(async (seed) => {
      const { learning_rate: learningRate, ...rest } = params;
      return rankingOf(await bpr({ ...rest, learningRate, seed }).fit(given));
    }),
  );
  for (const [own, theirs] of [
    [found.map((each) => each.auc), auc],
    [found.map((each) => each.ndcg), ndcg],
  ] as const)
    expect(Math.abs(mean(own) - theirs.mean)).toBeLessThan(4 * theirs.spread * Math.sqrt(1 / runs + 1 / seeds.length));
});

test("steps of the kernel are those of the formula in doubles, as near as its own 32 bits", () => {
  const { start, triples, rate, penalty } = steps;
  const [factors, width] = [start.users[0]!.length - 1, 8];
  const layout = new Layout();
  const sizes = { users: 3 * width, items: 5 * width, pair: 1, item: 1, word: 1, pool: 1, offsets: 4, codes: 1, counts: 2 };
  const place = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, layout.reserve(4 * size)])) as Record<
    keyof typeof sizes,
    number
  >;
  const memory = openMemory("bpr.test", layout);
  const kernel = kernels<RankingKernels>(memory);
  const floats = (name: "users" | "items"): Float32Array => new Float32Array(memory.buffer, place[name], sizes[name]);
  const set = (name: keyof typeof sizes, value: number): void => void new Int32Array(memory.buffer, place[name], 1).fill(value);
  for (const side of ["users", "items"] as const)
    for (const [row, values] of start[side].entries()) floats(side).set(values, row * width);
  for (const [user, item, other] of triples) {
    set("pair", user);
    set("item", item);
    set("pool", other); // the only one that can be drawn
    kernel.rankPairs(
      ...([place.pair, place.item, place.word, 1, place.pool, 1, place.offsets, place.codes, place.users, place.items] as const),
      ...([width, factors, rate, penalty, place.counts] as const),
    );
  }
  expect(new Int32Array(memory.buffer, place.counts, 2)[0]).toBe(triples.length);
  for (const side of ["users", "items"] as const)
    for (const [row, values] of steps[side].entries())
      for (const [j, value] of values.entries()) expect(floats(side)[row * width + j]).toBeCloseTo(value, 6);
});
