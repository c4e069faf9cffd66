import type { ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import { flowers } from "../testing/flowers.ts";
import { type ListeningService, listeningService, tokenOf } from "../testing/listening-service.ts";
import { livingWorker } from "../testing/start-worker.ts";
import { storeFixture, writeFiles } from "../testing/stores.ts";
import { testSession } from "../testing/test-session.ts";

let opened: Opened;
let service: ListeningService;
let lab: Lab;
let worker: ChildProcess;
const folder = mkdtempSync(join(tmpdir(), "rooms-"));
const features = ["petal_length", "petal_width", "colour"];
const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };

async function deployed(name: string, maxDepth: number): Promise<string> {
  const train = flowers();
  const run = await lab.experiment("models").run(name, async (active) => {
    const estimator = ml.autoPreprocess(ml.decisionTreeClassifier({ maxDepth }), train, features);
    const model = await estimator.fit(train, { target: "kind", features, observer: active });
    await active.data({ dataset: "flowers@1", target: "kind", features });
    await active.evaluate(model, train);
    await active.saveModel(model);
  });
  return (await lab.registry.deploy(run, { name })).model_id;
}

beforeAll(async () => {
  opened = await testSession();
  service = await listeningService(opened.session);
  lab = await connect({ url: service.url, token: await tokenOf(service.admin, { scopes: ["admin"] }) });
  await lab.datasets.put("flowers", flowers());
  worker = await livingWorker(opened.session);
});
afterAll(async () => {
  worker.kill();
  await rm(folder, { recursive: true, force: true });
  await service.close();
  await opened.close();
});

describe("by a service", () => {
  test("a file is predicted by a job", async () => {
    await deployed("petals", 3);
    const path = join(folder, "rows.csv");
    await writeFile(path, "petal_length,petal_width,colour\n1.4,0.3,white\n4.6,1.9,blue\n");
    const sent = await lab.registry.predictFile("petals@1.0.0", path);
    const answers = join(folder, "answers.csv");
    expect(await sent.done(answers)).toMatchObject({ rows: 2, bad_rows: 0 });
    expect(await readFile(answers, "utf8")).toContain("aster");
    const [kept] = await lab.registry.predictionFiles();
    await lab.registry.deletePredictionFile(kept!.job_id);
    expect(await lab.registry.predictionFiles()).toEqual([]);
  });

  test("an A/B test assigns, predicts, hears outcomes and is stopped", async () => {
    const [a, b] = [await deployed("shallow", 1), await deployed("deep", 4)];
    const made = await lab.registry.abTest({ name: "depth", a, b, splitRatio: 0.5 });
    const answer = await made.predict(row, { userId: "u-1" });
    expect(answer.arm).toBe((await made.assign("u-1")).arm);
    expect(await lab.registry.outcomes([{ user_id: "u-1", metric: "outcome", value: true }])).toMatchObject({ stored: 1 });
    const path = join(folder, "outcomes.csv");
    await writeFile(path, `prediction_id,outcome\n${answer.prediction_id},aster\n`);
    expect(await lab.registry.outcomesFile(path)).toMatchObject({ rows: 1, failed: 0 });
    expect((await made.result()).exposures).toMatchObject({ a: expect.any(Number) });
    expect((await made.stop({ winner: "b" })).test_status).toBe("stopped");
    expect((await lab.registry.abTests()).map(({ test_name }) => test_name)).toContain("depth");
  });

  test("a model is watched", async () => {
    await deployed("watched", 2);
    for (let i = 0; i < 5; i++) await lab.registry.predict("watched@1.0.0", row);
    const monitor = await lab.monitoring.watch("watched", { name: "far", measure: "input_drift", threshold: 0.25 });
    expect((await lab.monitoring.monitors("watched")).map(({ name }) => name)).toEqual(["far"]);
    expect((await lab.monitoring.pause(monitor.monitor_id)).paused).toBe(true);
    expect((await lab.monitoring.resume(monitor.monitor_id)).paused).toBe(false);
    expect(await lab.monitoring.check("watched")).toMatchObject({ checked: expect.any(Number) });
    expect(await lab.monitoring.drift("watched@1.0.0")).toMatchObject({ model: expect.stringContaining("watched") });
    expect(await lab.monitoring.performance("watched@1.0.0")).toMatchObject({ predictions: expect.any(Number) });
    expect(await lab.monitoring.alerts()).toEqual(expect.any(Array));
    await lab.monitoring.unwatch(monitor.monitor_id);
    expect(await lab.monitoring.monitors("watched")).toEqual([]);
  });

  test("a feature view is materialized, joined and looked up", async () => {
    const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));
    await lab.datasets.put(
      "visits",
      ml.table([
        { person: "ann", seen: day(1), visits: 1 },
        { person: "ann", seen: day(5), visits: 5 },
      ]),
    );
    await lab.datasets.put("examples", ml.table([{ person: "ann", seen: day(4), bought: true }]));
    const source = { kind: "dataset", datasets: { visits: "visits" }, query: "select * from visits" } as const;
    await lab.features.define({ name: "visits", entity: "person", event_time: "seen", source });
    expect((await lab.features.materialize("visits")).materialized).toMatchObject({ rows: 2, keys: 1 });
    const made = await lab.features.trainingSet("visits", {
      entities: "examples",
      entity: "person",
      event_time: "seen",
      name: "joined",
    });
    expect((await made.table()).toRows()[0]).toMatchObject({ visits: 1, bought: true });
    expect(await lab.features.online("visits", ["ann", "eve"])).toEqual([{ visits: 5 }, { visits: null }]);
    expect((await lab.features.lineage("visits")).datasets).toHaveLength(1);
    await lab.features.delete("visits", { force: true });
    expect(await lab.features.list()).toEqual([]);
  });

  test("an MLflow folder is taken over, as an archive", async () => {
    const store = writeFiles(join(folder, "mlruns"), storeFixture<Readonly<Record<string, string>>>("mlflow-files"));
    expect((await lab.importMlflow(store)).counts).toMatchObject({ runs: 4, metrics: 88 });
    expect((await lab.importMlflow(store)).counts).toMatchObject({ runs: 0, there_already: 4 });
  });

  test("the exoplanet flow checks and stores signals", async () => {
    const path = await lab.exoplanets.example(join(folder, "signals.csv"), { rows: 120 });
    const stored = await lab.exoplanets.upload(path, { name: "signals" });
    expect(stored.report.rows_kept).toBeGreaterThan(50);
    expect((await lab.exoplanets.datasets()).map(({ dataset_id }) => dataset_id)).toContain(stored.dataset_id);
    expect(await lab.exoplanets.sessions()).toEqual([]);
  });

  test("reports are of comparisons and datasets too", async () => {
    expect((await lab.report({ dataset: "flowers" })).title).toContain("flowers");
    const ids = (await lab.runs({ experiment: "models", limit: 2 })).map(({ id }) => id);
    expect((await lab.report(ids)).html()).toContain("<title>");
    expect(new TextDecoder().decode((await (await lab.report(ids[0]!)).pdf()).slice(0, 5))).toBe("%PDF-");
  });

  test("members and deeds of a project are told", async () => {
    await service.user("nell");
    await lab.projects.create("shared");
    expect(await lab.projects.putMember("shared", "nell", "editor")).toMatchObject({ username: "nell", role: "editor" });
    expect((await lab.projects.members("shared")).length).toBe(2);
    await lab.projects.removeMember("shared", "nell");
    expect((await lab.projects.activity("shared")).map(({ action }) => action)).toContain("member.put");
    await lab.projects.delete("shared");
    await expect(lab.projects.get("shared")).rejects.toThrow('no project "shared"');
  });
});
