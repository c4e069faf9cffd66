import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashKeyOf } from "../flows/recommendation/index.ts";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import { type ListeningService, listeningService, tokenOf } from "../testing/listening-service.ts";
import { livingWorker } from "../testing/start-worker.ts";
import { tastes } from "../testing/tastes.ts";
import { testSession } from "../testing/test-session.ts";

let opened: Opened;
let service: ListeningService;
let worker: ChildProcess;
const labs: Record<string, Lab> = {};
beforeAll(async () => {
  opened = await testSession();
  service = await listeningService(opened.session);
  worker = await livingWorker(opened.session);
  const ask = await service.user("ada");
  labs["the database"] = await connect();
  labs["a service"] = await connect({ url: service.url, token: await tokenOf(ask) });
});
afterAll(async () => {
  worker?.kill();
  await labs["the database"]!.close();
  await service.close();
  await opened.close();
});

const doors = ["the database", "a service"] as const;
const html = (value: unknown): string =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!()["text/html"]!;
/** What each door answered of the recommender, without names and ids. */
const answers: Record<string, unknown> = {};

describe.each(doors)("a lab by %s", (door) => {
  const lab = (): Lab => labs[door]!;

  test("trains, lists and asks a recommender", async () => {
    const { recommendations, datasets } = lab();
    // users' ids are hashed under the key of each project; these rows are of nobody who is asked for
    const key = await hashKeyOf(opened.session);
    await datasets.put("recommendation_train", tastes(key, 1));
    await datasets.put("recommendation_test", tastes(key, 2));
    const sent = await recommendations.train("ease", { hyperparameters: { regularization: 10 }, k: 3 });
    const trained = await sent.done();
    expect(trained).toMatchObject({ run_id: sent.runId, algorithm: "ease", users: 40, items: 20 });
    expect(html(trained)).toContain("popularity");
    const [newest] = await recommendations.models();
    expect(newest!.recommender_id).toBe(trained.recommender_id);
    expect((await lab().run(sent.runId)).toCell()).toContain('lab.recommendations.train("ease"');
    const popular = await recommendations.recommend("nobody", { k: 2 });
    expect(popular).toMatchObject({ source: "popularity", algorithm: "ease" });
    expect(html(popular)).toContain("i00");
    const profile = await recommendations.recommend(Array(8).fill(0.95), { k: 1, category: "city" });
    expect([profile.source, profile.items[0]!.item_id]).toEqual(["profile", "i19"]);
    await recommendations.feedback("somebody", "i11", "booked", { feedbackId: "b1", recommender: trained.recommender_id });
    const told = await recommendations.recommend("somebody", { k: 3, exclude: ["i12"] });
    expect(told.source).toBe("feedback");
    expect(told.items.map(({ item_id }) => item_id)).not.toContain("i11");
    const similar = await recommendations.similar("i11", { k: 2 });
    expect(similar).toMatchObject({ source: "model", item_id: "i11" });
    answers[door] = [trained.measures, popular.items, profile.items, told.items, similar.items];
  });

  test("compares recommenders and draws the report", async () => {
    const rows = { k: 3 };
    const report = await lab().recommendations.compare(["ease", { algorithm: "als", hyperparameters: { factors: 4 } }], rows);
    expect(report.models.map(({ name }) => name)).toEqual(["ease", "als", "popularity", "random"]);
    expect(html(report)).toContain("ndcg@3");
    answers[`${door}: report`] = report;
  });

  test("says what is wrong by the class of the error", async () => {
    const { recommendations } = lab();
    await expect(recommendations.train("eas")).rejects.toThrow(/ParamsError|did you mean ease/);
    await expect(recommendations.recommend("u1", { category: "beech" })).rejects.toThrow("did you mean beach");
    await expect(recommendations.recommend("u1", { model: "none@1.0.0" })).rejects.toThrow('no model "none"');
    await expect(recommendations.similar("i99")).rejects.toThrow('no item "i99" at the fit');
    await expect(recommendations.train("ease", { dataset: "none" })).rejects.toThrow('"none"');
  });
});

test("both doors answer the same", () => {
  expect(answers["a service"]).toEqual(answers["the database"]);
  expect(answers["a service: report"]).toEqual(answers["the database: report"]);
});
