import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { datasetTable, deleteDataset, getDataset, listDatasets, uploadDataset } from "./datasets/index.ts";
import { connect } from "./lab.ts";
import type { Opened } from "./projects/session.ts";
import { deployRun, getVersion, listVersions, predict, promote, rollback } from "./registry/index.ts";
import { flowers } from "./testing/flowers.ts";
import { testSession } from "./testing/test-session.ts";
import {
  ActiveRun,
  compareRuns,
  createRun,
  finishRun,
  getRun,
  listRuns,
  logMetrics,
  metricSeries,
  subscribe,
} from "./tracking/index.ts";

let opened: Opened;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

/** A run that trained a tree on the flowers, with its model. */
async function trainedRun(name: string, maxDepth: number): Promise<string> {
  const { train, test: held } = ml.split(flowers(), { stratify: "kind" });
  const id = await createRun(session(), { experiment: "flowers", name, status: "training" });
  const run = new ActiveRun(session(), id);
  const estimator = ml.autoPreprocess(ml.decisionTreeClassifier({ maxDepth }), train, ["petal_length", "petal_width", "colour"]);
  const model = await estimator.fit(train, {
    target: "kind",
    features: ["petal_length", "petal_width", "colour"],
    observer: run,
  });
  await run.evaluate(model, held);
  await run.saveModel(model);
  await run.flush();
  await finishRun(session(), id, "completed");
  return id;
}

test("a lab that is closed may be closed again", async () => {
  const lab = await connect();
  await lab.close();
  await expect(lab.close()).resolves.toBeUndefined();
});

describe("datasets", () => {
  test("come back as they were stored", async () => {
    const table = flowers();
    await uploadDataset(session(), table, { name: "round trip" });
    expect((await datasetTable(session(), "round trip")).toRows()).toEqual(table.toRows());
  });

  test("of a taken name are refused", async () => {
    await uploadDataset(session(), flowers(), { name: "taken" });
    await expect(uploadDataset(session(), flowers(), { name: "taken" })).rejects.toThrow('the name "taken" is taken');
  });

  test("get a next version of other rows under the same name", async () => {
    await uploadDataset(session(), flowers(), { name: "versioned" });
    await uploadDataset(session(), flowers().head(20), { name: "versioned", newVersion: true });
    const sizes = await Promise.all(["versioned@1", "versioned@2", "versioned"].map((ref) => datasetTable(session(), ref)));
    expect(sizes.map(({ rows }) => rows)).toEqual([150, 20, 20]);
  });

  test("keep the reason why a file could not be read", async () => {
    const path = `${session().store.folder}-bad.csv`;
    await import("node:fs/promises").then(({ writeFile }) => writeFile(path, "a,b\n1,2\n3\n"));
    await expect(uploadDataset(session(), path, { name: "ragged" })).rejects.toThrow("line 3 has 1 field, the header 2");
    expect(await getDataset(session(), "ragged")).toMatchObject({
      processing_status: "failed",
      error: expect.stringContaining("line 3"),
    });
  });

  test("named wrongly are answered with the near name", async () => {
    await uploadDataset(session(), flowers(), { name: "nearly" });
    await expect(getDataset(session(), "naerly")).rejects.toThrow("did you mean nearly");
  });

  test("with columns named __proto__ and constructor are stored", async () => {
    const odd = new ml.Table([
      ["__proto__", flowers().column("petal_length")],
      ["constructor", flowers().column("kind")],
    ]);
    await uploadDataset(session(), odd, { name: "odd names" });
    expect((await datasetTable(session(), "odd names")).names).toEqual(["__proto__", "constructor"]);
  });

  test("are listed page by page, each once", async () => {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDatasets(session(), { limit: 2, cursor });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(4);
  });

  test("are gone with their file when deleted", async () => {
    await uploadDataset(session(), flowers().head(33), { name: "short-lived" });
    await deleteDataset(session(), "short-lived");
    await expect(getDataset(session(), "short-lived")).rejects.toThrow("no dataset");
  });
});

describe("runs", () => {
  test("keep NaN and infinities of their metrics", async () => {
    const id = await createRun(session(), { experiment: "odd", status: "training" });
    await logMetrics(
      session(),
      id,
      [Number.NaN, Infinity, -Infinity].map((value, step) => ({
        name: "loss",
        split: "train",
        step,
        value: String(value) as "NaN",
      })),
    );
    const [series] = await metricSeries(session(), [id]);
    expect(series!.values).toEqual(["NaN", "Infinity", "-Infinity"]);
  });

  test("with parameters named __proto__ keep them", async () => {
    const id = await createRun(session(), { experiment: "odd", params: JSON.parse('{"__proto__": 1, "constructor": 2}') });
    expect(Object.keys((await getRun(session(), id)).hyperparameters).sort()).toEqual(["__proto__", "constructor"]);
  });

  test("that have ended cannot end again", async () => {
    const id = await createRun(session(), { experiment: "odd", status: "training" });
    await finishRun(session(), id, "completed");
    await expect(finishRun(session(), id, "failed")).rejects.toThrow("is completed and cannot become failed");
  });

  test("lose no point of 20,000 logged one by one", async () => {
    const id = await createRun(session(), { experiment: "many", status: "training" });
    const run = new ActiveRun(session(), id);
    for (let step = 0; step < 20_000; step++) run.log({ loss: 1 / (step + 1) }, { step });
    await run.flush();
    const { rows } = await opened.session.db
      .selectFrom("run_metrics")
      .select((eb) => eb.fn.countAll<string>().as("n"))
      .where("run_id", "=", id)
      .execute()
      .then((rows) => ({ rows }));
    expect(rows[0]!.n).toBe("20000");
  });

  test("are found by a filter on metrics, parameters and tags", async () => {
    const [shallow, deep] = await Promise.all([trainedRun("shallow", 1), trainedRun("deep", 5)]);
    const found = async (filter: string) =>
      (await listRuns(session(), { filter, experiment: "flowers" })).items.map(({ id }) => id);
    expect(await found("params.max_depth >= 5 and metrics.test.accuracy > 0.5")).toEqual([deep]);
    expect(await found("name in ('shallow', 'nothing') or name like 'SHAL%'")).toEqual([shallow]);
    expect(await found("not (name = 'deep') and status = 'completed'")).toEqual([shallow]);
  });

  test("with an unknown field in the filter are refused with the near name", async () => {
    await expect(listRuns(session(), { filter: "statsu = 'completed'" })).rejects.toThrow(
      'no field "statsu", did you mean status',
    );
  });

  test("sorted by a metric are paged without gap, missing last", async () => {
    for (const value of [3, 1, 2]) {
      const id = await createRun(session(), { experiment: "sorted", status: "training" });
      await logMetrics(session(), id, [{ name: "score", split: "test", step: 0, value }]);
      await finishRun(session(), id, "completed");
    }
    await createRun(session(), { experiment: "sorted" });
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRuns(session(), { experiment: "sorted", sort: "-metrics.test.score", limit: 1, cursor });
      seen.push(...page.items.map(({ metrics }) => metrics["test.score"]));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([3, 2, 1, undefined]);
  });

  test("compared show which parameters differ", async () => {
    const ids = [await trainedRun("a", 2), await trainedRun("b", 3)];
    const { params } = await compareRuns(session(), ids);
    expect(params.filter(({ differs }) => differs).map(({ name }) => name)).toEqual(["max_depth"]);
  });
});

describe("a stream of a run", () => {
  test("gives every point and line once, in batches, from the beginning on", async () => {
    const id = await createRun(session(), { experiment: "stream", status: "training" });
    const run = new ActiveRun(session(), id);
    for (let step = 0; step < 3500; step++) run.log({ loss: step }, { step });
    await run.flush();
    for (let k = 0; k < 5; k++) run.info(`line ${k}`);
    await run.flush();
    await finishRun(session(), id, "completed");
    const stop = new AbortController();
    const steps: number[] = [];
    const lines: string[] = [];
    let ends = 0;
    for await (const { event } of subscribe(session(), { runId: id, after: "0", signal: stop.signal })) {
      if (event.kind === "metrics") steps.push(...event.points.map(({ step }) => step));
      if (event.kind === "log") lines.push(event.line.message);
      if (event.kind === "run" && event.run_status === "completed") ends++;
      if (steps.length >= 3500 && lines.length >= 5 && ends > 0) break;
    }
    stop.abort();
    expect(steps).toEqual(Array.from({ length: 3500 }, (_, step) => step));
    expect(lines).toEqual([0, 1, 2, 3, 4].map((k) => `line ${k}`));
  });

  test("tells what a run's machine did as no metric of it", async () => {
    const id = await createRun(session(), { experiment: "stream", status: "training" });
    const points = [
      { name: "loss", value: 1 },
      { name: "cpu_percent", split: "system", value: 99 },
    ];
    await logMetrics(session(), id, points);
    const stop = new AbortController();
    const told: unknown[] = [];
    for await (const { event } of subscribe(session(), { runId: id, after: "0", signal: stop.signal })) {
      if ("points" in event) told.push(...event.points.map(({ name }) => [event.kind, name]));
      if (told.length === 2) break;
    }
    stop.abort();
    expect(told).toEqual([
      ["metrics", "loss"],
      ["system", "cpu_percent"],
    ]);
  });

  test("goes on behind the id it is given", async () => {
    const id = await createRun(session(), { experiment: "stream", status: "training" });
    await logMetrics(session(), id, [{ name: "loss", split: "train", step: 0, value: 1 }]);
    const next = async (after: string) => {
      const stop = new AbortController();
      for await (const streamed of subscribe(session(), { runId: id, after, signal: stop.signal }))
        if (streamed.event.kind === "metrics") {
          stop.abort();
          return { id: streamed.id, steps: streamed.event.points.map(({ step }) => step) };
        }
      throw new Error("the stream ended");
    };
    const first = await next("0");
    await logMetrics(session(), id, [{ name: "loss", split: "train", step: 1, value: 2 }]);
    expect((await next(first.id)).steps).toEqual([1]);
  });
});

describe("connect()", () => {
  test("runs a dozen tracked runs at once", async () => {
    const lab = await connect();
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, k) => lab.experiment("dozen").run(`run ${k}`, async (run) => run.log({ k }))),
    );
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => "completed"));
    await lab.close();
  });

  test("a run whose work throws has failed, with the error, and the error comes back", async () => {
    const lab = await connect();
    const work = lab.experiment("broken").run("broken", async () => {
      throw new Error("no luck");
    });
    await expect(work).rejects.toThrow("no luck");
    expect(await lab.experiment("broken").runs()).toMatchObject([{ status: "failed", error: "no luck" }]);
    await lab.close();
  });

  test("a run that is aborted is cancelled", async () => {
    const lab = await connect();
    const work = lab.experiment("aborted").run("aborted", async () => AbortSignal.abort().throwIfAborted());
    await expect(work).rejects.toThrow();
    expect(await lab.experiment("aborted").runs()).toMatchObject([{ status: "cancelled" }]);
    await lab.close();
  });
});

describe("the registry", () => {
  test("predicts with the model that a run saved", async () => {
    await deployRun(session(), await trainedRun("served", 4), { name: "served" });
    const answer = await predict(session(), "served", { petal_length: 1.4, petal_width: 0.3, colour: "white" });
    expect(answer).toMatchObject({ model: "served@1.0.0", prediction: ["aster"], source: "advanced" });
  });

  test("names a missing field, a wrong one and an unseen level", async () => {
    await deployRun(session(), await trainedRun("strict", 4), { name: "strict" });
    await expect(predict(session(), "strict", { petal_length: 1 })).rejects.toThrow('field "petal_width" is missing in row 0');
    await expect(predict(session(), "strict", { petal_length: "long", petal_width: 1, colour: "blue" })).rejects.toThrow(
      '"petal_length" must be a number, got "long"',
    );
    const { warnings } = await predict(session(), "strict", { petal_length: 1, petal_width: 1, colour: "green" });
    expect(warnings).toEqual(['colour: "green" was not there at the training, taken as missing']);
  });

  test("has one version in production: promoting archives the former", async () => {
    const run = await trainedRun("twice", 3);
    const first = await deployRun(session(), run, { name: "twice" });
    const second = await deployRun(session(), run, { name: "twice" });
    await promote(session(), first.model_id);
    await promote(session(), second.model_id);
    expect((await getVersion(session(), first.model_id)).version_status).toBe("archived");
    expect((await getVersion(session(), "twice@production")).version).toBe("1.1.0");
    await rollback(session(), "twice", "1.0.0", "worse");
    expect((await getVersion(session(), "twice@production")).version).toBe("1.0.0");
  });

  test("lets one of two promotions at once win, and leaves one in production", async () => {
    const run = await trainedRun("race", 3);
    const versions = await Promise.all([1, 2, 3].map((k) => deployRun(session(), run, { name: "race", version: `${k}.0.0` })));
    await Promise.allSettled(versions.map(({ model_id }) => promote(session(), model_id)));
    const { items } = await listVersions(session(), { name: "race", status: "production" });
    expect(items.length).toBe(1);
  });

  test("refuses a version that is there", async () => {
    const run = await trainedRun("same", 3);
    await deployRun(session(), run, { name: "same", version: "2.0.0" });
    await expect(deployRun(session(), run, { name: "same", version: "2.0.0" })).rejects.toThrow("same@2.0.0 is there already");
  });
});
