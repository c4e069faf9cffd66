import type { ChildProcess } from "node:child_process";
import { afterAll, expect, test } from "vitest";
import { datasetsOf } from "../datasets/index.ts";
import { hashKeyOf } from "../flows/recommendation/index.ts";
import { jobEnded } from "../jobs/index.ts";
import { livingWorker } from "../testing/start-worker.ts";
import { tastes } from "../testing/tastes.ts";
import { testService } from "../testing/test-service.ts";

let worker: ChildProcess;
const service = testService({}, async ({ session, ask }) => {
  worker = await livingWorker(session);
  const key = await hashKeyOf(session);
  const datasets = datasetsOf(session);
  await datasets.put("recommendation_train", tastes(key, 1));
  await datasets.put("recommendation_test", tastes(key, 2));
  for (const [model_name, algorithm] of [
    ["rules", "segment_popularity"],
    ["travel", "ease"],
  ]) {
    const { body } = await ask("POST", "/recommend/train", { algorithm, k: 3 });
    expect((await jobEnded(session, body.job_id)).error).toBeNull();
    expect((await ask("POST", "/models/deploy", { training_job_id: body.job_id, model_name })).code).toBe(201);
  }
});
afterAll(() => void worker?.kill());

/** Whom the test meets; those from u40 on were not at the fit. */
const people = 120;
const models = { model_a_id: "rules@1.0.0", model_b_id: "travel@1.0.0" };
const show = (user_id: string, ab_test_name: string) => service.ask("POST", "/recommend", { user_id, k: 3, ab_test_name });

test("a trained recommender is registered as any model is, and answers by its reference", async () => {
  const { body } = await service.ask("GET", "/models/deployed?name=travel");
  expect(body.items[0]).toMatchObject({ algorithm: "ease", task_type: "recommendation", version_status: "staged" });
  expect(body.items[0].metrics["test.ndcg@3"]).toBeGreaterThan(0);
  const { body: listed } = await service.ask("GET", "/recommend/models");
  expect(listed.items.map(({ model }: { model: string }) => model)).toEqual(["travel@1.0.0", "rules@1.0.0"]);
  const rules = await service.ask("GET", "/recommend/u1?k=2&model=rules");
  expect(rules.body).toMatchObject({ algorithm: "segment_popularity", model: "rules@1.0.0", ab_test: null, source: "model" });
  expect(rules.body.items.every(({ category }: { category: string }) => category === "city")).toBe(true);
});

test("a recommender predicts no rows, and says who is to be asked", async () => {
  const { code, body } = await service.ask("POST", "/models/predict", { model_id: "travel@1.0.0", features: { user: 1 } });
  expect([code, body.detail]).toEqual([400, "predict: travel@1.0.0 is a recommender: ask it by POST /api/ml/recommend"]);
});

test("a test of the model against the rules keeps each person in one arm, and counts what they did after they were shown", async () => {
  const metrics = [{ name: "clicked" }, { name: "rejected", better: "lower" }];
  const made = await service.ask("POST", "/models/ab-test", {
    ...{ test_name: "live", ...models, metrics },
    segment_columns: ["land"],
    planned_users: 100,
    seed: "live",
  });
  expect(made.code).toBe(201);
  expect((await service.ask("POST", "/recommend/feedback", { user_id: "u0", item_id: "i01", action: "clicked" })).code).toBe(201);
  const arms = new Map<string, string>();
  const meet = async (user: number): Promise<void> => {
    const asked = { user_id: `u${user}`, k: 3, ab_test_name: "live", segments: { land: user % 2 === 0 ? "here" : "there" } };
    const { body } = await service.ask("POST", "/recommend", asked);
    const { arm, test_name } = body.ab_test;
    expect([test_name, body.model]).toEqual(["live", arm === "a" ? "rules@1.0.0" : "travel@1.0.0"]);
    arms.set(asked.user_id, arm);
    if (arm === "a") return;
    const told = { user_id: asked.user_id, item_id: body.items[0].item_id, action: "clicked", feedback_id: `c${user}` };
    for (const again of [1, 2]) expect((await service.ask("POST", "/recommend/feedback", told)).code, `${again}`).toBe(201);
  };
  for (let user = 0; user < people; user += 10) await Promise.all(Array.from({ length: 10 }, (_, k) => meet(user + k)));
  for (const [user, arm] of [...arms].slice(0, 20)) expect((await show(user, "live")).body.ab_test.arm).toBe(arm);
  const b = [...arms.values()].filter((arm) => arm === "b").length;
  const { body } = await service.ask("GET", "/models/ab-test/live/result");
  const { exposures, effects, segments, sample_ratio } = body.result;
  expect(exposures).toEqual({ a: people - b, b });
  expect(sample_ratio.mismatch).toBe(false);
  // what u0 told before the exposure is in no arm's mean
  expect(effects[0]).toMatchObject({
    metric: "clicked",
    a: { users: people - b, mean: 0 },
    b: { users: b, mean: 1 },
    verdict: "b",
  });
  expect(effects[0].sequential.p_value).toBeLessThan(0.05);
  expect(effects[1]).toMatchObject({ metric: "rejected", difference: 0, verdict: "undecided" });
  expect(new Set(segments.map(({ value }: { value: string }) => value))).toEqual(new Set(["here", "there"]));
});

test("a look records nothing", async () => {
  const looked = await service.ask("GET", "/recommend/somebody?k=3");
  expect(looked.code).toBe(200);
  const { body } = await service.ask("GET", "/models/ab-test/live/result");
  expect(body.result.exposures.a + body.result.exposures.b).toBe(people);
});

test("an archived version goes on in a test that runs, and answers nobody who asks for it", async () => {
  expect((await service.ask("POST", "/models/travel@1.0.0/archive", {})).code).toBe(200);
  const asked = await service.ask("GET", "/recommend/u1?model=travel@1.0.0");
  expect([asked.code, asked.body.detail]).toEqual([
    409,
    "recommend: travel@1.0.0 is archived: promote it again, or ask for travel@production",
  ]);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, user) => show(`u${user}`, "live")));
  expect(answers.map(({ code }) => code)).toEqual(Array(8).fill(200));
});

test("a stopped test answers by its winner, a draft and a shadow answer nobody", async () => {
  expect((await service.ask("POST", "/models/ab-test/live/stop", { winner: "a" })).code).toBe(200);
  const after = await show("u3", "live");
  expect(after.body).toMatchObject({ model: "rules@1.0.0", ab_test: { test_name: "live", arm: null } });
  expect((await service.ask("POST", "/models/travel@1.0.0/promote", {})).code).toBe(200);
  for (const [test_name, more, code] of [
    ["draft", { start: false }, 409],
    ["shadow", { shadow: true }, 400],
  ] as const) {
    expect((await service.ask("POST", "/models/ab-test", { test_name, ...models, ...more })).code).toBe(201);
    expect((await show("u3", test_name)).code).toBe(code);
  }
  expect((await show("u3", "lives")).code).toBe(404);
});

test("who is erased leaves no feedback, no assignment and no outcome", async () => {
  const { code, body } = await service.ask("DELETE", "/subjects/u0");
  expect(code).toBe(200);
  expect(body.erased ?? body).toMatchObject({ assignments: 1, recommendation_feedback: expect.any(Number) });
});
