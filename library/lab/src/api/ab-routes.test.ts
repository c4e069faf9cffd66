import { describe, expect, test } from "vitest";
import { deployRun } from "../registry/index.ts";
import { testService } from "../testing/test-service.ts";
import { trainedRun } from "../testing/trained-run.ts";

const service = testService({}, async ({ session }) => {
  for (const depth of [1, 4]) await deployRun(session, await trainedRun(session, depth), { name: "flowers" });
});

async function ask(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, payload?: object) {
  const answer = await service.app.inject({
    method,
    url: `/api/ml${path}`,
    headers: { "x-assay": "1" },
    ...(payload && { payload }),
  });
  return { code: answer.statusCode, body: answer.json() };
}
const models = { model_a_id: "flowers@1.0.0", model_b_id: "flowers@1.1.0" };
const features = { petal_length: 3.2, petal_width: 1.1, colour: "blue" };

describe("over HTTP an A/B test", () => {
  test("is made, predicts for people, hears of outcomes, shows its result, and is stopped", async () => {
    const made = await ask("POST", "/models/ab-test", { test_name: "web", split_ratio: 0.3, ...models });
    expect(made.code).toBe(201);
    expect(made.body.test).toMatchObject({ test_name: "web", test_status: "running", split_ratio: 0.3 });
    const first = await ask("POST", "/models/predict", { ab_test_name: "web", features, user_id: "u1" });
    expect(first).toMatchObject({ code: 200, body: { status: "success", source: "advanced" } });
    const again = await ask("POST", "/models/predict", { ab_test_name: "web", features, user_id: "u1" });
    expect([again.body.arm, again.body.model_id]).toEqual([first.body.arm, first.body.model_id]);
    expect((await ask("POST", "/models/ab-test/web/assign", { user_id: "u1" })).body.arm).toBe(first.body.arm);
    const told = await ask("POST", `/predictions/${first.body.prediction_id}/outcome`, { truth: "bellis" });
    expect(told).toMatchObject({ code: 200, body: { report: { stored: 1 } } });
    expect((await ask("POST", "/outcomes", { outcomes: [{ user_id: "u1", value: true }] })).body.report.stored).toBe(1);
    const { result } = (await ask("GET", "/models/ab-test/web/result")).body;
    expect(result.exposures[first.body.arm]).toBe(1);
    expect(result.effects[0][first.body.arm]).toMatchObject({ users: 1, mean: 1 });
    expect((await ask("PATCH", "/models/ab-test/web", { split_ratio: 0.5 })).code).toBe(409);
    expect((await ask("POST", "/models/ab-test/web/stop", { winner: "b", promote: true })).body.test).toMatchObject({
      test_status: "stopped",
      winner: "b",
    });
    expect((await ask("POST", "/models/predict", { ab_test_name: "web", features })).body).toMatchObject({
      model: "flowers@1.1.0",
      arm: null,
    });
    expect((await ask("GET", "/models/ab-test?test_status=stopped")).body.items.length).toBe(1);
    expect((await ask("DELETE", "/models/ab-test/web")).code).toBe(200);
  });

  test("begins as a draft where that is said", async () => {
    await ask("POST", "/models/ab-test", { test_name: "draft", start: false, ...models });
    expect((await ask("GET", "/models/ab-test/draft")).body.test.test_status).toBe("draft");
    expect((await ask("POST", "/models/predict", { ab_test_name: "draft", features, user_id: "u" })).code).toBe(409);
    expect((await ask("POST", "/models/ab-test/draft/start")).body.test.test_status).toBe("running");
  });

  test.each<["GET" | "POST", string, object | undefined, number]>([
    ["POST", "/models/ab-test", { test_name: "x", ...models, split_ratio: 0 }, 400],
    ["POST", "/models/ab-test", { test_name: "x", ...models, model_b_id: "nothing" }, 404],
    ["POST", "/models/predict", { features }, 400],
    ["POST", "/models/predict", { features, model_id: "flowers", ab_test_name: "draft" }, 400],
    ["POST", "/models/predict", { features, ab_test_name: "nothing", user_id: "u" }, 404],
    ["POST", "/models/predict", { features, ab_test_name: "draft" }, 400],
    ["GET", "/models/ab-test/nothing/result", undefined, 404],
    ["POST", "/predictions/01900000-0000-7000-8000-00000000ffff/outcome", { truth: 1 }, 404],
    ["POST", "/predictions/01900000-0000-7000-8000-00000000ffff/outcome", {}, 400],
    ["POST", "/outcomes", { outcomes: [] }, 400],
  ])("%s %s %o answers %i", async (method, path, body, code) => {
    expect((await ask(method, path, body)).code).toBe(code);
  });

  test("is planned: people for a power, power of people", async () => {
    expect((await ask("POST", "/models/ab-test-plan", { baseline: 0.1, effect: 0.01 })).body).toMatchObject({
      users_a: 14_751,
      users_b: 14_751,
    });
    expect((await ask("POST", "/models/ab-test-plan", { sd: 1, effect: 0.1, users: 3140 })).body.power).toBeCloseTo(0.8, 2);
    expect((await ask("POST", "/models/ab-test-plan", { effect: 0.1 })).code).toBe(400);
    const tiny = await ask("POST", "/models/ab-test-plan", { baseline: 0.11, effect: 1e-30 });
    expect([tiny.code, tiny.body.detail]).toEqual([400, expect.stringContaining("no number of rows")]);
  });
});
