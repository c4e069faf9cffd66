import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { estimatorFromSpec } from "../base/estimator.ts";
import { table } from "../data/index.ts";
import { shop } from "../testing/recommend-data.ts";
import { interactions } from "./interactions.ts";
import { itemIds, itemSet, userIds } from "./named.ts";
import type { Recommender, RecommenderModel } from "./recommender-model.ts";
import { recommenderByName, recommenderSchema, recommenders } from "./recommenders.ts";
import { segmentPopularity } from "./segment-popularity.ts";

const given = interactions(shop(), { value: "value", time: "time" });
const small: Record<string, Record<string, unknown>> = {
  als: { factors: 8 },
  bpr: { factors: 8, iterations: 10 },
  two_tower: { factors: 8, epochs: 2, batchSize: 64 },
};
const make = (name: string) => estimatorFromSpec<Recommender>({ task: "recommendation", name, params: small[name] ?? {} });
const explains = ["item_knn", "ease", "als", "bpr", "two_tower"];

describe.each(recommenders.map(({ name }) => name))("%s", (name) => {
  const fitted: Promise<RecommenderModel> = make(name).fit(given);

  test("has a title for each parameter, bounds for each number, and is its own JSON", () => {
    const { properties } = recommenderSchema(name) as {
      properties: Record<string, { title?: string; type?: string; maximum?: number }>;
    };
    for (const property of Object.values(properties)) expect(property.title).toBeTruthy();
    const spec = make(name);
    expect(JSON.parse(JSON.stringify(spec))).toEqual({ task: "recommendation", name, params: { ...spec.params } });
  });

  test("hides what a user took, orders by score, and keeps to filter and exclude", async () => {
    const model = await fitted;
    for (const [u, user] of userIds(given).slice(0, 20).entries()) {
      const own = new Set(
        Array.from(given.codes.subarray(given.offsets[u], given.offsets[u + 1]), (code) => itemIds(given)[code]),
      );
      const list = model.recommend(user, 7);
      expect(list.length).toBe(Math.min(7, itemIds(given).length - own.size));
      expect(list.some(({ item }) => own.has(item))).toBe(false);
      expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).toSorted((a, b) => b - a));
      const [first, ...rest] = list.map(({ item }) => item);
      expect(model.recommend(user, 6, { exclude: [first!] }).map(({ item }) => item)).toEqual(rest);
      expect(model.recommend(user, 9, { filter: rest }).map(({ item }) => item)).toEqual(rest);
      expect(model.recommend(user, 9, { filter: (item) => rest.includes(item) }).map(({ item }) => item)).toEqual(rest);
      const set = itemSet(model, [...rest, "nothing"]);
      expect(model.recommend(user, 9, { filter: set }).map(({ item }) => item)).toEqual(rest);
      expect(model.recommend(user, 9, { filter: set, exclude: [rest[0]!] }).map(({ item }) => item)).toEqual(rest.slice(1));
      expect(model.recommend(user, 500, { seen: true }).length).toBe(
        name === "item_knn" ? itemIds(given).length : itemIds(given).length,
      );
    }
  });

  test("scores are those of its lists", async () => {
    const model = await fitted;
    for (const { item, score } of model.recommend("u3", 5)) {
      expect(model.scores("u3", [item])[0]).toBeCloseTo(score, 4);
      expect(model.scores("u3")[itemIds(model).indexOf(item)]).toBe(model.scores("u3", [item])[0]);
    }
  });

  test("the lists of all users are those of each", async () => {
    const model = await fitted;
    const lists = await model.recommendAll(4, { users: ["u9", "u2"] });
    const rows = ["u9", "u2"].flatMap((user) =>
      model.recommend(user, 4).map(({ item, score }, rank) => ({ user, rank: rank + 1, item, score })),
    );
    expect(lists.toRows().map((row) => ({ ...row }))).toEqual(rows);
    expect((await model.recommendAll(3)).rows).toBe(3 * userIds(given).length);
  });

  test("a saved and loaded model answers the same", async () => {
    const model = await fitted;
    const loaded = decodeModel<RecommenderModel>(encodeModel(model));
    expect(loaded.recommend("u5", 8)).toEqual(model.recommend("u5", 8));
    expect(loaded.recommend({ items: ["i1", "i4"] }, 8)).toEqual(model.recommend({ items: ["i1", "i4"] }, 8));
  });

  test("one thread and four agree to the bit, and so do two fits", async () => {
    const [one, four] = [await make(name).fit(given, { threads: 1 }), await make(name).fit(given, { threads: 4 })];
    expect(four.state).toEqual(one.state);
  });

  test("a new user without a known item gets what is popular", async () => {
    const model = await fitted;
    const isCold = !["popularity", "random", "segment_popularity"].includes(name);
    expect(model.isColdStart({ items: ["nothing"] })).toBe(isCold);
    expect(model.isColdStart({ items: ["i1"] })).toBe(false);
    const counts = new Float64Array(itemIds(given).length);
    for (let k = 0; k < given.codes.length; k++) counts[given.codes[k]!]!++;
    if (isCold) expect(model.recommend({ items: [] }, 1)[0]!.score).toBe(Math.max(...counts));
  });

  test("who and what it does not know, and values below 0, are refused by name", async () => {
    const model = await fitted;
    expect(() => model.recommend("nobody")).toThrow(
      `${name}.recommend: no user "nobody" at the fit; give { items } for somebody new`,
    );
    expect(() => model.recommend("u1", 0)).toThrow("k must be a whole number ≥ 1, got 0");
    expect(() => model.recommend({ items: new Map([["i1", -2]]) })).toThrow("values of items must be > 0 and finite, got -2");
    expect(() => model.scores("u1", ["none"])).toThrow('no item "none" at the fit');
    expect(() => model.recommend("u1", 3, { filter: "i1" as never })).toThrow("filter must list items");
    expect(() => model.recommend("u1", 3, { filter: { allowed: new Uint8Array(3) } })).toThrow(
      "filter must be a set of this model's",
    );
    await expect(model.recommendAll(3, { users: ["nobody"] })).rejects.toThrow('no user "nobody" at the fit');
  });

  test("explains, where it looks at items", async () => {
    const model = await fitted;
    if (!explains.includes(name)) {
      expect(() => model.explain("u1", "i1")).toThrow("does not look at the user's items");
      return;
    }
    const { score, because, rest } = model.explain({ items: ["i1", "i4", "i7"] }, "i10", 3);
    expect(because.reduce((sum, { contribution }) => sum + contribution, rest)).toBeCloseTo(score, 9);
    expect(model.similarItems("i4", 5).map(({ item }) => item)).not.toContain("i4");
  });

  test("explains the score that somebody of the fit is given", async () => {
    const model = await fitted;
    if (explains.includes(name)) expect(model.explain("u1", "i1").score).toBeCloseTo(model.scores("u1", ["i1"])[0]!, 9);
  });

  test("a hostile state is refused", async () => {
    const { task, params, columns, state } = await fitted;
    const { known, learned } = state;
    const forge = (forged: object) => () => decodeModel(encodeModel({ task, name, params, columns, state: forged }));
    expect(forge({ known, learned })).not.toThrow();
    expect(forge({ learned })).toThrow(/StoreError|interactions/);
    expect(forge({ known: { ...known, codes: known.codes.map(() => 1e9) }, learned })).toThrow(/ascending codes below/);
    expect(forge({ known: { ...known, offsets: known.offsets.slice(1) }, learned })).toThrow(/rows of/);
    expect(forge({ known: { ...known, users: { ...known.users, offsets: Int32Array.of(0, 5, 2) } }, learned })).toThrow(
      /names of users/,
    );
    if (name !== "random")
      expect(forge({ known, learned: { ...(learned as object), ...shortened(learned as object) } })).toThrow(/loadModel/);
  });
});

/** The first array of a state, one value short. */
function shortened(state: object): object {
  const [key, value] = Object.entries(state).find(([, each]) => ArrayBuffer.isView(each))!;
  return { [key]: (value as Float64Array).slice(1) };
}

test("a recommender is found by name and alias, its hyperparameters in snake_case", () => {
  expect(recommenderByName("item_item", { n_neighbors: 5 })).toEqual(recommenderByName("item_knn", { n_neighbors: 5 }));
  expect(recommenderByName("als", { cg_steps: 2 }).params["cgSteps"]).toBe(2);
  expect(() => recommenderByName("alz")).toThrow('no recommender "alz", did you mean als');
  expect(() => recommenderByName("als", { factor: 2 })).toThrow("als: no parameter factor, did you mean factors");
  expect(Object.keys(recommenderSchema("popularity")["properties"] as object)).toEqual(["count", "half_life_days"]);
});

test("a fit says which options it takes, and reads a table as interactions", async () => {
  await expect(make("ease").fit(given, { threats: 2 } as never)).rejects.toThrow("ease.fit: no option threats");
  await expect(make("ease").fit({} as never)).rejects.toThrow("needs ml.interactions(…) or a table");
  const model = await make("ease").fit(shop(), { user: "user", item: "item", value: "value" });
  expect(model.recommend("u1", 3)).toEqual((await make("ease").fit(given)).recommend("u1", 3));
  expect(model.columns.map(({ name }) => name)).toEqual(["user", "item", "value"]);
});

test("popularity with a half-life prefers what is new", async () => {
  const model = await recommenderByName("popularity", { half_life_days: 1, count: "users" }).fit(given);
  const newest = Math.max(...given.times!);
  const score = (item: string) => {
    const code = itemIds(given).indexOf(item);
    return given.codes.reduce((sum, each, k) => sum + (each === code ? 2 ** ((given.times![k]! - newest) / 86_400_000) : 0), 0);
  };
  for (const item of ["i0", "i7"]) expect(model.scores("u1", [item])[0]).toBeCloseTo(score(item), 9);
  await expect(recommenderByName("popularity", { half_life_days: 1 }).fit(interactions(shop()))).rejects.toThrow("needs times");
});

test("popularity in the segment is the smoothed share of its users, and everybody's where there is none", async () => {
  const users = userIds(given);
  const half = (user: string) => (users.indexOf(user) % 2 === 0 ? "even" : "odd");
  const features = table(users.slice(0, -1).map((user) => ({ user, segment: half(user as string) })));
  const model = await segmentPopularity({ smoothing: 5 }).fit(given, {
    userFeatures: { table: features, key: "user", columns: ["segment"] },
  });
  const count = (item: string | undefined, of: (user: string) => boolean) =>
    users.reduce<number>((sum, user, u) => {
      const codes = given.codes.subarray(given.offsets[u], given.offsets[u + 1]);
      const own = item === undefined ? codes.length : codes.filter((code) => itemIds(given)[code] === item).length;
      return of(user as string) ? sum + own : sum;
    }, 0);
  const isOdd = (user: string) => half(user) === "odd" && user !== users.at(-1);
  const whole = count("i7", () => true) / count(undefined, () => true);
  const share = (count("i7", isOdd) + 5 * whole) / (count(undefined, isOdd) + 5);
  expect(model.scores(users[1]!, ["i7"])[0]).toBeCloseTo(share, 12);
  for (const nobody of [users.at(-1)!, { items: ["i1"] }]) expect(model.scores(nobody, ["i7"])[0]).toBeCloseTo(whole, 12);
  const plain = await segmentPopularity().fit(given);
  const popular = await recommenderByName("popularity").fit(given);
  expect(plain.recommend("u4", 9).map(({ item }) => item)).toEqual(popular.recommend("u4", 9).map(({ item }) => item));
});

test("a fit is ended by its signal", async () => {
  await expect(make("als").fit(given, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
});
