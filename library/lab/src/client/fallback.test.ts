import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type App, makeApp } from "../api/app.ts";
import type { EmergencyRule } from "../contract/emergency-rule.ts";
import type { Opened } from "../projects/session.ts";
import { deployRun, holdModel, versionFile } from "../registry/index.ts";
import { testSession } from "../testing/test-session.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { assayClient, ProblemError, predictorWithFallback } from "./index.ts";

let opened: Opened;
let app: App;
let url: string;
let file: Buffer;
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(opened.session, { token: "t" });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  const { model_id: id } = await deployRun(opened.session, await trainedRun(opened.session, 4), { name: "koi" });
  file = readFileSync(opened.session.store.path((await versionFile(opened.session, id)).file));
});
afterAll(async () => {
  await app.close();
  await opened.close();
});

let server: Server | undefined;
afterEach(() => void server?.close().closeAllConnections());

/** A service that answers so. */
async function strange(status: number | undefined, text = ""): Promise<string> {
  server = createServer((_, reply) => {
    if (status !== undefined) reply.writeHead(status, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };
const rule: EmergencyRule = {
  cases: [{ when: [{ column: "petal_length", op: "<", value: 2 }], prediction: "aster" }],
  otherwise: { prediction: "crocus" },
};
/** Waits for an answer as long as it takes. */
const patient = { rule, timeoutMs: 100_000 };
const gone = "http://127.0.0.1:9";

describe("a predictor with a fallback", () => {
  test("is answered by the service while it is there", async () => {
    const predictor = predictorWithFallback(assayClient({ url, token: "t" }), "koi", patient);
    expect(await predictor.predict(row)).toMatchObject({
      source: "advanced",
      reason: null,
      prediction: ["aster"],
      model: "koi@1.0.0",
    });
    expect(predictor.counts).toEqual({ advanced: 1, basic: 0, emergency: 0 });
  });

  test("answers from the model it holds when the service is gone, as the service would", async () => {
    const reasons: string[] = [];
    const basic = await holdModel(file);
    const client = assayClient({ url: gone });
    const predictor = predictorWithFallback(client, "koi", { ...patient, basic, onFallback: (reason) => reasons.push(reason) });
    const there = await assayClient({ url, token: "t" }).predictions.predict({
      model_id: "koi",
      features: [row, { ...row, petal_length: 5 }],
    });
    const here = await predictor.predict([row, { ...row, petal_length: 5 }]);
    expect(here).toMatchObject({ source: "basic", prediction_id: null });
    expect([here.prediction, here.prediction_proba]).toEqual([there.prediction, there.prediction_proba]);
    expect(reasons).toEqual([expect.stringContaining("the service is not reached")]);
  });

  test("answers by rule when the held model fails too", async () => {
    const basic = () => {
      throw new Error("out of order");
    };
    const predictor = predictorWithFallback(assayClient({ url: gone }), "koi", { ...patient, basic });
    expect(await predictor.predict([row, { ...row, petal_length: 5 }])).toMatchObject({
      source: "emergency",
      prediction: ["aster", "crocus"],
      warnings: ["the held model failed: out of order"],
    });
    expect(predictor.counts.emergency).toBe(1);
  });

  test.each([
    [500, '{"type":"x","title":"x","status":500,"detail":"broken"}', "the service answered 500: broken"],
    [502, "<html>", "the service answered 502"],
    [429, "", "the service answered 429"],
    [200, '{"status":"success"}', "something else than a prediction"],
    [200, "<html>", "the service is not reached"],
  ])("does not fail when the service answers %d %o", async (status, text, reason) => {
    const predictor = predictorWithFallback(assayClient({ url: await strange(status, text) }), "koi", patient);
    expect(await predictor.predict(row)).toMatchObject({ source: "emergency", reason: expect.stringContaining(reason) });
  });

  test("waits for a silent service no longer than its timeout, and lets it rest then", async () => {
    let asked = 0;
    const counted = (address: string, init: RequestInit): Promise<Response> => {
      asked++;
      return fetch(address, init);
    };
    const client = assayClient({ url: await strange(undefined), fetch: counted });
    const predictor = predictorWithFallback(client, "koi", { rule, timeoutMs: 50, restMs: 600_000 });
    expect((await predictor.predict(row)).reason).toBe("the service did not answer within 50 ms");
    for (let k = 0; k < 10; k++) expect((await predictor.predict(row)).source).toBe("emergency");
    expect(asked).toBe(1);
  });

  test("tells the caller's own errors: bad rows, an unknown model, a wrong token", async () => {
    const at = (token: string, model: string) => predictorWithFallback(assayClient({ url, token }), model, patient);
    await expect(at("t", "koi").predict({ petal_length: 1 })).rejects.toThrow('"petal_width" is missing');
    await expect(at("t", "kio").predict(row)).rejects.toThrow('no model "kio"');
    await expect(at("wrong", "koi").predict(row)).rejects.toBeInstanceOf(ProblemError);
  });
});
