import type { ChildProcess } from "node:child_process";
import * as ml from "assay";
import { afterAll, expect, test } from "vitest";
import { recommenderComparison } from "../contract/recommend.ts";
import { datasetsOf } from "../datasets/index.ts";
import { hashKeyOf, userKey } from "../flows/recommendation/index.ts";
import { getJob, jobEnded } from "../jobs/index.ts";
import { livingWorker } from "../testing/start-worker.ts";
import { tastes } from "../testing/tastes.ts";
import { testService } from "../testing/test-service.ts";

let worker: ChildProcess;

const service = testService({}, async ({ session }) => {
  worker = await livingWorker(session);
  const key = await hashKeyOf(session);
  const datasets = datasetsOf(session);
  await datasets.put("recommendation_train", tastes(key, 1));
  await datasets.put("recommendation_test", tastes(key, 2));
});
afterAll(() => void worker?.kill());

async function trained(body: object): Promise<Record<string, unknown>> {
  const { code, body: sent } = await service.ask("POST", "/recommend/train", body);
  expect(code).toBe(202);
  await jobEnded(service.session, sent.job_id);
  const job = await getJob(service.session, sent.job_id);
  expect(job.error).toBeNull();
  return job.results as Record<string, unknown>;
}

const itemsOf = (body: { items: { item_id: string }[] }): string[] => body.items.map(({ item_id }) => item_id);

test("before a training the answer says what to do", async () => {
  const { code, body } = await service.ask("GET", "/recommend/u1");
  expect([code, body.detail]).toEqual([404, "recommend: no recommender was trained; POST /api/ml/recommend/train"]);
});

test("a recommender is trained, judged beside popularity and chance, and answers with reasons", async () => {
  const { measures } = await trained({ algorithm: "ease", hyperparameters: { regularization: 10 }, k: 3 });
  expect(Object.keys(measures as object)).toEqual(expect.arrayContaining(["ease.ndcg@3", "popularity.ndcg@3", "random.ndcg@3"]));
  const { body } = await service.ask("GET", "/recommend/u1?k=2");
  expect(body).toMatchObject({ source: "model", algorithm: "ease" });
  expect(body.items).toHaveLength(2);
  for (const { category, because } of body.items) {
    expect(category).toBe("city"); // an odd user
    expect(because.length).toBeGreaterThan(0);
  }
  const filtered = await service.ask("GET", "/recommend/u1?category=beach");
  expect(filtered.body.items.every(({ category }: { category: string }) => category === "beach")).toBe(true);
});

test("newcomers are answered by popularity, by their profile, and by what they told", async () => {
  const popular = await service.ask("GET", "/recommend/new?k=1");
  expect([popular.body.source, itemsOf(popular.body)]).toEqual(["popularity", ["i00"]]);
  const profile = await service.ask("GET", `/recommend/new?k=1&profile=${Array(8).fill("0.95").join(",")}`);
  expect([profile.body.source, itemsOf(profile.body)]).toEqual(["profile", ["i19"]]);
  for (const [item_id, action] of [
    ["i11", "booked"],
    ["i12", "clicked"],
    ["i13", "rejected"],
  ])
    expect((await service.ask("POST", "/recommend/feedback", { user_id: "new", item_id, action })).code).toBe(201);
  const told = await service.ask("GET", "/recommend/new?k=5");
  expect(told.body.source).toBe("feedback");
  expect(told.body.items[0].category).toBe("city");
  expect(itemsOf(told.body)).not.toEqual(expect.arrayContaining(["i11"]));
  expect(itemsOf(told.body)).not.toContain("i13");
  const erased = await service.ask("DELETE", "/subjects/new");
  expect(erased.code).toBe(200);
  expect((await service.ask("GET", "/recommend/new?k=1")).body.source).toBe("popularity");
});

test("of an item the newest word holds, and what is told counts for whom the fit knows too", async () => {
  const tell = async (user_id: string, item_id: string, action: string) =>
    expect((await service.ask("POST", "/recommend/feedback", { user_id, item_id, action })).code).toBe(201);
  await tell("moody", "i11", "clicked");
  await tell("moody", "i11", "rejected");
  const moody = await service.ask("GET", "/recommend/moody?k=20");
  expect(moody.body.source).toBe("popularity");
  expect(itemsOf(moody.body)).not.toContain("i11");
  const before = await service.ask("GET", "/recommend/u5?k=3");
  await tell("u5", itemsOf(before.body)[0]!, "booked");
  const after = await service.ask("GET", "/recommend/u5?k=3");
  expect(after.body.source).toBe("model");
  expect(itemsOf(after.body)).not.toContain(itemsOf(before.body)[0]);
  expect(after.body.items[0].score).not.toBe(before.body.items[1].score);
});

test("who was erased is a newcomer to a recommender that was fitted before", async () => {
  expect((await service.ask("GET", "/recommend/u7?k=3")).body.source).toBe("model");
  expect((await service.ask("DELETE", "/subjects/u7")).code).toBe(200);
  const key = `key:${userKey("u7", await hashKeyOf(service.session))}`;
  for (const user of ["u7", key]) {
    const { body } = await service.ask("GET", `/recommend/${user}?k=3`);
    expect([body.source, body.items.flatMap(({ because }: { because: object[] }) => because)]).toEqual(["popularity", []]);
  }
});

test("vectors go into the database: their product is the score", async () => {
  await trained({ algorithm: "als", hyperparameters: { factors: 4, iterations: 3 }, k: 3 });
  const { body: list } = await service.ask("GET", "/recommend/models");
  expect(list.items.map(({ algorithm }: { algorithm: string }) => algorithm)).toEqual(["als", "ease"]);
  const { body } = await service.ask("GET", "/recommend/u4?k=1");
  const vectors = await service.session.db
    .selectFrom("embeddings")
    .select(["kind", "vector"])
    .where("recommender_id", "=", list.items[0].recommender_id)
    .where("entity", "in", [userKey("u4", await hashKeyOf(service.session)), body.items[0].item_id])
    .execute();
  expect(vectors).toHaveLength(2);
  const [a, b] = vectors.map(({ vector }) => vector);
  expect(a!.reduce((sum, value, j) => sum + value * b![j]!, 0)).toBeCloseTo(body.items[0].score, 4);
});

test("similar items are the nearest vectors in the database, as the model itself has them", async () => {
  const { body: list } = await service.ask("GET", "/recommend/models");
  const [als, ease] = list.items as { recommender_id: string; algorithm: string }[];
  const near = await service.ask("GET", `/recommend/models/${als!.recommender_id}/similar?item_id=i03&k=5`);
  expect(near.body).toMatchObject({ algorithm: "als", item_id: "i03", source: "vectors" });
  expect(near.body.items).toHaveLength(5);
  const model = await modelOf(als!.recommender_id);
  const own = model.similarItems("i03", 5);
  expect(itemsOf(near.body)).toEqual(own.map(({ item }) => item));
  for (const [k, { score }] of own.entries()) expect(near.body.items[k].score).toBeCloseTo(score, 5);
  const other = await service.ask("GET", `/recommend/models/${ease!.recommender_id}/similar?item_id=i03&k=2`);
  expect([other.body.source, other.body.items.length]).toEqual(["model", 2]);
  const unknown = await service.ask("GET", `/recommend/models/${als!.recommender_id}/similar?item_id=none`);
  expect([unknown.code, unknown.body.detail]).toEqual([404, 'als.similarItems: no item "none" at the fit']);
});

async function modelOf(id: string): Promise<ml.RecommenderModel> {
  const { store, db } = service.session;
  const { file } = await db.selectFrom("recommenders").select("file").where("id", "=", id).executeTakeFirstOrThrow();
  return ml.loadModel<never>(await store.fetch(file)) as never;
}

test("several are compared on the same users, paired, beside popularity and chance", async () => {
  const models = [{ algorithm: "segment_popularity" }, { algorithm: "two_tower", hyperparameters: { factors: 4, epochs: 1 } }];
  const { code, body: sent } = await service.ask("POST", "/recommend/compare", { models, k: 3 });
  expect([code, sent.run_id]).toEqual([202, null]);
  await jobEnded(service.session, sent.job_id);
  const { results, error } = await getJob(service.session, sent.job_id);
  expect(error).toBeNull();
  const report = recommenderComparison.parse(results);
  expect(report.models.map(({ name }) => name)).toEqual(["segment_popularity", "two_tower", "popularity", "random"]);
  const differences = report.differences.filter(({ measure }) => measure === "ndcg@3");
  expect(differences).toHaveLength(6);
  for (const { value, low, high } of differences) expect(low <= value && value <= high).toBe(true);
});

test("what cannot be is refused at the door, with the near name", async () => {
  const { code, body } = await service.ask("POST", "/recommend/train", { algorithm: "eas" });
  expect([code, body.detail]).toEqual([expect.any(Number), expect.stringContaining("ease")]);
  expect(code).toBeLessThan(500);
  expect((await service.ask("GET", "/recommend/u1?profile=1,2")).code).toBe(400);
  const outside = { user_id: "u1", profile: [...Array(7).fill(0.5), 1.2] };
  expect((await service.ask("POST", "/recommend", outside)).body).toMatchObject({ status: 400, field: "profile.7" });
  const near = await service.ask("GET", "/recommend/u1?category=beech");
  expect([near.code, near.body.detail]).toEqual([400, 'recommend: no item is of category "beech", did you mean beach']);
  expect((await service.ask("POST", "/recommend", { user_id: "u1", model: "a", ab_test_name: "b" })).code).toBe(400);
  expect((await service.ask("POST", "/recommend/compare", { models: [] })).code).toBe(400);
  const unknown = { user_id: "u1", item_id: "i01", action: "clicked", recommender_id: "01981c3e-9a00-7c42-9d6f-0b6a51a1f999" };
  expect((await service.ask("POST", "/recommend/feedback", unknown)).code).toBe(404);
  const future = { user_id: "u1", item_id: "i01", action: "clicked", at: "2999-01-01T00:00:00Z" };
  expect((await service.ask("POST", "/recommend/feedback", future)).body.detail).toMatch(/at must not lie in the future/);
});

test("fewer items than asked for are all there are, and filters may leave none", async () => {
  const all = await service.ask("GET", "/recommend/u2?k=100");
  expect(new Set(itemsOf(all.body)).size).toBe(itemsOf(all.body).length);
  expect(itemsOf(all.body).length).toBeLessThan(20);
  const exclude = Array.from({ length: 20 }, (_, item) => `i${String(item).padStart(2, "0")}`);
  const none = await service.ask("POST", "/recommend", { user_id: "u2", category: "beach", exclude });
  expect([none.code, none.body.items]).toEqual([200, []]);
});
