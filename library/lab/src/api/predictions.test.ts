import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { deployRun, findModel, flushPredictions, versionFile } from "../registry/index.ts";
import { testService } from "../testing/test-service.ts";
import { trainedRun } from "../testing/trained-run.ts";

const service = testService({}, async ({ session }) => {
  await deployRun(session, await trainedRun(session, 4), { name: "koi" });
  await deployRun(session, await trainedRun(session, 2), { name: "koi" });
});

const headers = { "x-assay": "1" };
type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
async function ask(method: Verb, url: string, payload?: object): Promise<{ code: number; body: ReturnType<typeof JSON.parse> }> {
  const answer = await service.app.inject({ method, url: `/api/ml${url}`, headers, ...(payload && { payload }) });
  return { code: answer.statusCode, body: answer.json() };
}

const features = { petal_length: 1.4, petal_width: 0.3, colour: "white" };

describe("predict over HTTP", () => {
  test("answers one row and a list, with version, probabilities, source and id", async () => {
    const one = await ask("POST", "/models/predict", { model_id: "koi@1.0.0", features });
    expect(one).toMatchObject({
      code: 200,
      body: { status: "success", model: "koi@1.0.0", prediction: ["aster"], source: "advanced", reason: null },
    });
    const many = await ask("POST", "/models/predict", { model_id: "koi@1.0.0", features: [features, features] });
    expect(many.body.prediction_proba.length).toBe(2);
  });

  test("refuses an unknown model, wrong types, missing columns and odd bodies by name", async () => {
    const detail = async (payload: object) => {
      const { code, body } = await ask("POST", "/models/predict", payload);
      return [code, body.field, body.detail];
    };
    expect(await detail({ model_id: "kio", features })).toEqual([404, undefined, 'registry: no model "kio", did you mean koi']);
    expect(await detail({ model_id: "koi", features: { ...features, petal_width: "wide" } })).toEqual([
      422,
      "features.petal_width",
      'predict: field "petal_width" must be a number, got "wide" in row 0',
    ]);
    expect((await detail({ model_id: "koi", features: { petal_length: 1 } }))[0]).toBe(422);
    expect((await detail({ model_id: "koi", features: [] }))[0]).toBe(400);
    expect((await detail({ model_id: "koi", features: { petal_length: { $gt: 0 } } }))[0]).toBe(400);
    expect((await detail({ features }))[0]).toBe(400);
  });

  test("of a version whose file was changed by a byte is answered by the fallback, never with an error", async () => {
    // a depth of its own: a model that another test has in memory is found by its content
    const { model_id: id } = await deployRun(service.session, await trainedRun(service.session, 77), { name: "broken" });
    const path = service.session.store.path((await versionFile(service.session, id)).file);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    await ask("PATCH", "/models/broken/settings", { fallback: { basic: "koi@1.1.0" } });
    expect(await ask("POST", "/models/predict", { model_id: id, features })).toMatchObject({
      code: 200,
      body: { source: "basic", model: "koi@1.1.0" },
    });
  });
});

describe("the registry over HTTP", () => {
  test("moves versions, with 409 for what was expected otherwise", async () => {
    expect(
      (await ask("POST", "/models/koi@1.0.0/promote", { reason: "first", expected_production: null })).body.model.version_status,
    ).toBe("production");
    const late = await ask("POST", "/models/koi@1.1.0/promote", { expected_production: null });
    expect([late.code, late.body.detail]).toEqual([
      409,
      expect.stringContaining("expected no version in production, koi@1.0.0 is"),
    ]);
    expect((await ask("POST", "/models/koi@1.1.0/promote")).code).toBe(200);
    expect((await ask("POST", "/models/koi/rollback?to_version=1.0.0", { reason: "worse" })).body.model.version).toBe("1.0.0");
    const { items } = (await ask("GET", "/models/koi/audit?limit=1")).body;
    expect(items).toMatchObject([{ version: "1.0.0", to_status: "production", reason: "worse" }]);
  });

  test("sets, lists and removes aliases", async () => {
    expect((await ask("PUT", "/models/koi/aliases/champion", { version: "1.1.0" })).body.alias).toMatchObject({
      alias: "champion",
      version: "1.1.0",
    });
    expect((await ask("POST", "/models/predict", { model_id: "koi@champion", features })).body.model).toBe("koi@1.1.0");
    expect((await ask("GET", "/models/koi/aliases")).body.items.length).toBe(1);
    expect((await ask("DELETE", "/models/koi/aliases/champion")).code).toBe(200);
    expect((await ask("DELETE", "/models/koi/aliases/champion")).code).toBe(404);
  });

  test("changes settings, checks promotions, compares versions", async () => {
    const { body } = await ask("PATCH", "/models/koi/settings", { log: "values", checks: { metric: "test.accuracy" } });
    expect(body.settings).toMatchObject({
      log: "values",
      retention_days: 90,
      checks: { required: false, max_drop: 0, metric: "test.accuracy" },
    });
    expect((await ask("GET", "/models/koi@1.1.0/checks")).body.report.checks.length).toBe(3);
    expect((await ask("PATCH", "/models/koi/settings", { log: "everything" })).code).toBe(400);
    const compared = await ask("POST", "/models/compare-versions", { model_ids: ["koi@1.0.0", "koi@1.1.0"] });
    expect(compared.body.comparison.differences[0]).toMatchObject({ what: "params", name: "max_depth", values: [4, 2] });
  });

  test("downloads the file that was registered, and deletes what nothing holds", async () => {
    const { size_bytes } = (await ask("GET", "/models/koi@1.1.0")).body.model;
    const file = await service.app.inject({ method: "GET", url: "/api/ml/models/koi@1.1.0/download" });
    expect(file.rawPayload.length).toBe(size_bytes);
    expect((await ask("DELETE", "/models/koi@1.0.0")).code).toBe(409);
    const { model_id: id } = await deployRun(service.session, await trainedRun(service.session, 3), { name: "free" });
    expect((await ask("DELETE", `/models/${id}`)).code).toBe(200);
    expect((await findModel(service.session, "free")).name).toBe("free");
  });

  test("erases a person", async () => {
    await ask("POST", "/models/predict", { model_id: "koi", features, user_id: "ann/b" });
    await flushPredictions(service.session);
    expect((await ask("DELETE", `/subjects/${encodeURIComponent("ann/b")}`)).body).toMatchObject({
      status: "success",
      erased: { predictions: 1 },
    });
  });

  test("queues a file's prediction for the version that is meant now", async () => {
    const form = new FormData();
    form.set("output", "parquet");
    form.set("file", new Blob(["colour,petal_length,petal_width\nwhite,1,2\n"]), "a.csv");
    const request = new Request("http://x", { method: "POST", body: form });
    const sent = await service.app.inject({
      method: "POST",
      url: "/api/ml/models/koi@production/predict-file",
      headers: { ...headers, "content-type": request.headers.get("content-type")! },
      payload: Buffer.from(await request.arrayBuffer()),
    });
    expect(sent.statusCode).toBe(202);
    const job = await service.session.db
      .selectFrom("jobs")
      .select(["kind", "request"])
      .where("id", "=", sent.json().job_id)
      .executeTakeFirstOrThrow();
    expect(job).toMatchObject({
      kind: "predict",
      request: { output: "parquet", file_name: "a.csv", model_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect((await ask("GET", `/jobs/${sent.json().job_id}/predictions`)).code).toBe(409);
    expect(
      (await ask("POST", "/jobs", { kind: "predict", request: { model_id: "koi", file: "../x", file_name: "x" } })).code,
    ).toBe(400);
  });
});
