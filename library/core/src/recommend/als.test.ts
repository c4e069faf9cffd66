import { expect, test } from "vitest";
import { makeContext } from "../base/worker.ts";
import { fixture } from "../testing/fixture.ts";
import { shop, type TakenColumns, takenInteractions } from "../testing/recommend-data.ts";
import { als, factorise } from "./als.ts";
import { countOf } from "./ids.ts";
import { interactions } from "./interactions.ts";

const { cases } = fixture<{
  cases: (TakenColumns & {
    factors: number;
    alpha: number;
    regularization: number;
    useCg: boolean;
    iterations: number;
    start: [number[][], number[][]];
    scores: number[][];
    gap: number;
  })[];
}>(import.meta.url, "als");

test.each(cases.map((each) => [each.useCg ? "conjugate gradients" : "Cholesky", each.factors, each] as const))(
  "als by %s of %i factors ends where implicit does from the same start, as near as its own 32 bits",
  (_, factors, { start, scores, gap, useCg, alpha, regularization, iterations, ...taken }) => {
    const given = takenInteractions(taken);
    const params = {
      factors,
      alpha,
      regularization,
      iterations,
      confidence: "scaled",
      frequencyExponent: 0,
      cgSteps: 3,
      seed: 0,
    } as const;
    const context = makeContext(
      { classes: 0, weights: undefined },
      1,
      () => false,
      () => {},
    );
    const [users, items] = start.map((rows) => Float32Array.from(rows.flat()));
    const state = factorise(
      given,
      countOf(given.items),
      { ...params, solver: useCg ? "conjugate" : "cholesky" },
      { users: users!, items: items! },
      context,
    );
    for (const [u, row] of scores.entries())
      for (const [i, score] of row.entries()) {
        let product = 0;
        for (let f = 0; f < factors; f++) product += state.users[u * factors + f]! * state.items[i * factors + f]!;
        expect(Math.abs(product - score)).toBeLessThan(gap);
      }
  },
);

const given = interactions(shop(), { value: "value" });

test("als has the same bits at one thread and at four", async () => {
  for (const solver of ["conjugate", "cholesky"] as const) {
    const spec = als({ factors: 12, iterations: 3, solver });
    const [one, four] = [await spec.fit(given, { threads: 1 }), await spec.fit(given, { threads: 4 })];
    expect(four.state.learned).toEqual(one.state.learned);
  }
});

test("conjugate gradients come near to the exact solution", async () => {
  const [near, exact] = await Promise.all(
    (["conjugate", "cholesky"] as const).map((solver) =>
      als({ factors: 8, iterations: 20, regularization: 1, cgSteps: 8, solver }).fit(given),
    ),
  );
  const [a, b] = [near!.scores("u1"), exact!.scores("u1")];
  for (let item = 0; item < a.length; item++) expect(Math.abs(a[item]! - b[item]!)).toBeLessThan(2e-3);
});

test("als folds a user's own items in to about the vector of the fit", async () => {
  const model = await als({ factors: 8, iterations: 30, regularization: 1, solver: "cholesky" }).fit(given);
  const { known } = model.state;
  const items = new Map(
    Array.from(known.codes.subarray(0, known.offsets[1]), (code, k) => [model.embeddings()!.items.ids[code]!, known.values[k]!]),
  );
  const [own, folded] = [model.scores(model.embeddings()!.users.ids[0]!), model.scores({ items })];
  for (let item = 0; item < own.length; item++) expect(Math.abs(own[item]! - folded[item]!)).toBeLessThan(5e-3);
});

test("als explains a new user's score by shares that sum to it", async () => {
  const model = await als({ factors: 8, alpha: 4 }).fit(given);
  const { because, rest } = model.explain({ items: ["i1", "i4", "i7"] }, "i10");
  expect(Math.abs(rest)).toBeLessThan(1e-6);
  expect(because.map(({ item }) => item).sort()).toEqual(["i1", "i4", "i7"]);
});

test("the frequency exponent penalises rows by how much there is of them", async () => {
  const lengths = async (frequencyExponent: number) => {
    const { embeddings, state } = await als({ factors: 6, regularization: 0.5, frequencyExponent, alpha: 2 }).fit(given);
    const { vectors, ids } = embeddings()!.users;
    const busiest = Math.max(...ids.map((_, u) => state.known.offsets[u + 1]! - state.known.offsets[u]!));
    const user = ids.findIndex((_, u) => state.known.offsets[u + 1]! - state.known.offsets[u]! === busiest);
    return vectors.subarray(user * 6, user * 6 + 6).reduce((sum, value) => sum + value * value, 0);
  };
  expect(await lengths(1)).toBeLessThan(await lengths(0));
});
