import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ml from "assay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import type { Opened } from "../projects/index.ts";
import { flowers } from "../testing/flowers.ts";
import { type ListeningService, listeningService, tokenOf } from "../testing/listening-service.ts";
import { testSession } from "../testing/test-session.ts";

let opened: Opened;
let service: ListeningService;
let folder: string;
const labs: Record<string, Lab> = {};
beforeAll(async () => {
  opened = await testSession();
  service = await listeningService(opened.session);
  folder = await mkdtemp(join(tmpdir(), "doors-"));
  const token = await tokenOf(await service.user("ada"));
  labs["the database"] = await connect();
  labs["a service"] = await connect({ url: service.url, token });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await labs["the database"]!.close();
  await service.close();
  await opened.close();
});

/** What each door answered, without what is each time another: ids, instants, hashes of tokens, names of users. */
const answers: Record<string, Record<string, unknown>> = { "the database": {}, "a service": {} };
const passing = /(^|_)(id|at|by|until|file|ms)$|^(owner|worker|duration|memory_bytes|code|environment)$|_ms$/;
function lasting(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each) =>
      passing.test(key) ? undefined : typeof each === "number" ? Number(each.toPrecision(10)) : each,
    ),
  );
}
const html = (value: unknown): string =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!()["text/html"]!;

const doors = ["the database", "a service"] as const;
const features = ["petal_length", "petal_width", "colour"];

describe.each(doors)("a lab by %s", (door) => {
  const lab = (): Lab => labs[door]!;
  const keep = (name: string, value: unknown): void => void (answers[door]![name] = lasting(value));

  test("stores a table and gives the same rows back", async () => {
    const info = await lab().datasets.put("flowers", flowers(), "as picked");
    expect(info).toMatchObject({ name: "flowers", version: 1, rows: 150, processing_status: "ready" });
    expect(html(info)).toContain("petal_length");
    expect((await lab().datasets.table("flowers")).toRows()).toEqual(flowers().toRows());
    keep("column info", info.column_info);
  });

  test("stores a file, by options of its reading", async () => {
    const path = join(folder, "few.csv");
    await writeFile(path, "# by hand\na;b\n1;x\n?;y\n");
    const read = { delimiter: ";", comment: "#", missing: ["?"] };
    const info = await lab().datasets.upload(path, { name: "few", target: "b", description: "two rows", read });
    expect(info).toMatchObject({ rows: 2, target_column: "b", description: "two rows", file_name: "few.csv" });
    expect((await lab().datasets.table("few")).values("a")).toEqual([1, null]);
    keep("file", info);
  });

  test("reads a file here whose options the form has no word for", async () => {
    const path = join(folder, "comma.csv");
    await writeFile(path, 'a,b\n1,"n,a"\n2,x\n');
    const info = await lab().datasets.upload(path, { name: "comma", read: { missing: ["n,a"] } });
    expect(info.missing_values).toEqual({ a: 0, b: 1 });
  });

  test("makes versions, tells what differs, and applies what steps learnt", async () => {
    const made = await lab().datasets.transform("flowers", [{ step: "impute", strategy: "median" }], { note: "filled" });
    expect(made).toMatchObject({ version: 2, missing_values: { petal_width: 0 } });
    const recipe = await lab().datasets.recipe("flowers@2");
    expect((await recipe.apply(flowers())).toRows()).toEqual((await lab().datasets.table("flowers@2")).toRows());
    const versions = await lab().datasets.versions("flowers");
    keep(
      "versions",
      versions.map(({ file_name: _, ...version }) => version),
    ); // a table goes as a file, which has a name
    keep("diff", await lab().datasets.diff("flowers", 1, 2));
    expect(await lab().datasets.restore("flowers", 1)).toMatchObject({ version: 3 });
    await expect(lab().datasets.recipe("flowers@1")).rejects.toThrow(ml.NotFoundError);
  });

  test("splits, and opens the split again", async () => {
    const made = await lab().datasets.split("flowers", { target_column: "kind", stratify: true, test_size: 0.2 });
    const again = await lab().datasets.openSplit(made.split.split_id);
    expect([again.train.rows, again.test.rows]).toEqual([120, 30]);
    expect(again.train.toRows()).toEqual(made.train.toRows());
    keep("split", [made.split, [...made.indices.test]]);
  });

  test("saves and draws charts", async () => {
    const spec = { type: "histogram", configuration: { column: "petal_length" } } as const;
    const saved = await lab().datasets.charts.save("flowers", "lengths", spec);
    const drawn = await lab().datasets.charts.draw("flowers", saved.chart_id);
    expect(drawn).toEqual(await lab().datasets.charts.draw("flowers", spec));
    keep("chart", drawn);
    await lab().datasets.charts.delete(saved.chart_id);
    expect(await lab().datasets.charts.list("flowers")).toEqual([]);
  });

  test("tracks a run: metrics, lines, artifacts, evaluation, model, parts", async () => {
    const rows = await lab().datasets.table("flowers");
    const { train, test: held } = ml.split(rows, { stratify: "kind" });
    const run = await lab()
      .experiment("doors")
      .run(
        "tree",
        async (active) => {
          await active.data({ dataset: "flowers@1", target: "kind", features, seed: 42, split: { test: Int32Array.of(1, 2) } });
          const estimator = ml.autoPreprocess(ml.decisionTreeClassifier({ maxDepth: 3 }), train, features);
          const model = await estimator.fit(train, { target: "kind", features, observer: active });
          active.log({ loss: 0.5, odd: Number.NaN }, { step: 1 });
          active.log({ loss: 0.25 }, { step: 2 });
          active.info("half way");
          active.warn("nearly there");
          await active.params({ further: 1 });
          await active.tag({ team: "survey" });
          await active.note("by both doors");
          await active.artifact("notes.txt", "short");
          await active.table("rows", held.head(3));
          await active.evaluate(model, held);
          await active.saveModel(model);
          await active.child("part", async (part) => part.log({ loss: 1 }));
        },
        { systemMetrics: true, tags: { door: "same" } },
      );
    expect(run).toMatchObject({ status: "completed", algorithm: "decision_tree", notes: "by both doors", children: 1 });
    expect(run.artifacts.map(({ name, kind }) => [name, kind]).sort()).toEqual([
      ["model", "model"],
      ["notes.txt", "file"],
      ["rows", "table"],
    ]);
    expect(html(run)).toContain("test.accuracy");
    expect(new TextDecoder().decode(await lab().tracking.artifact(run.id, "notes.txt"))).toBe("short");
    const [series] = await lab().tracking.series(run.id, { names: ["train.odd"] });
    expect(series!.values).toEqual(["NaN"]);
    keep("run", run);
    keep("series", await lab().tracking.series(run.id));
    const system = await run.systemMetrics();
    expect(system.find(({ name }) => name === "memory_mb")!.values.length).toBeGreaterThan(1);
    expect(html(system)).toContain("Memory, MB");
  });

  test("keeps a run that throws as failed, with the error", async () => {
    const work = lab()
      .experiment("doors")
      .run("bad", async (run) => {
        run.log({ loss: 1 });
        throw new ml.DataError("no rows here");
      });
    await expect(work).rejects.toThrow("no rows here");
    const [run] = await lab().experiment("doors").runs({ filter: "name = 'bad'" });
    expect(run).toMatchObject({ status: "failed", error: "no rows here", metrics: { "train.loss": 1 } });
  });

  test("lists, groups, tags, moves, deletes and restores runs", async () => {
    const [tree] = await lab().runs({ filter: "name = 'tree'", experiment: "doors" });
    await lab().tracking.tag(tree!.id, { set: { a: "1" }, remove: ["team"] });
    expect((await lab().run(tree!.id)).tags).toEqual({ door: "same", a: "1" });
    keep("columns", await lab().tracking.columns({ experiment: "doors" }));
    keep("groups", await lab().tracking.groups({ by: "status", experiment: "doors" }));
    const changed = await lab().tracking.change(tree!.id, { notes: "changed" });
    expect(changed.notes).toBe("changed");
    await lab().tracking.delete(tree!.id);
    expect((await lab().runs({ experiment: "doors", filter: "name = 'tree'" })).length).toBe(0);
    await lab().tracking.restore(tree!.id);
    expect((await lab().runs({ experiment: "doors", filter: "name = 'tree'" })).length).toBe(1);
  });

  test("compares runs", async () => {
    const comparison = await lab().compare({ experiment: "doors", sort: "name" });
    expect(comparison.runs.length).toBeGreaterThan(1);
    expect(html(comparison)).toContain("tree");
    keep("comparison", comparison.params);
  });

  test("compares models in this process, each a run", async () => {
    const models = [ml.gaussianNB()]; // beside the dummy, which is always there
    const board = await lab().compareModels("boards", "flowers@1", {
      target: "kind",
      models,
      features: ["petal_length"],
      folds: 3,
    });
    const ids = Object.values(board.runs);
    expect(ids).toHaveLength(2);
    const part = await lab().run(ids[1]!);
    expect(part).toMatchObject({ status: "completed", experiment: "boards" });
    keep(
      "board",
      board.rows.map(({ name, mean, rank }) => [name, mean[board.metric], rank]),
    );
    keep("part", [part.metrics["cv_mean.accuracy"], part.target_column, part.dataset]);
  });

  test("writes a report", async () => {
    const [tree] = await lab().runs({ filter: "name = 'tree'" });
    const report = await (await lab().run(tree!.id)).report();
    expect(report.title).toContain("tree");
    const path = join(folder, "report.html");
    await report.save(path);
    expect(await readFile(path, "utf8")).toContain("<title>");
    expect(html(report)).toContain("<iframe sandbox");
  });

  test("deploys, promotes, predicts and downloads a model", async () => {
    const { registry } = lab();
    const [tree] = await lab().runs({ filter: "name = 'tree'" });
    const version = await registry.deploy(tree!, { name: "petals", tags: { a: "b" } });
    expect(version).toMatchObject({ version: "1.0.0", version_status: "staged" });
    expect(await registry.promote(version, "good enough")).toMatchObject({ version_status: "production" });
    const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };
    const one = await registry.predict("petals@production", row);
    keep("prediction", [one.prediction, one.prediction_proba, one.source]);
    const path = join(folder, "petals.assay");
    await registry.download(version, path);
    const model = await ml.loadModel<ml.PredictorModel>(path);
    expect(model.predict(ml.table([row]))).toEqual(one.prediction);
    await registry.alias("petals", "champion", "1.0.0");
    keep("aliases", await registry.aliases("petals"));
    keep(
      "audit",
      (await registry.audit("petals")).map(({ action, reason }) => [action, reason]),
    );
    expect(await registry.settings("petals", { log: "values" })).toMatchObject({ log: "values" });
    keep("compared", (await registry.benchmark([version], { dataset: "flowers@1", latencyCalls: 10 })).items[0]!.metrics);
  });

  test("tunes here, with the study kept there", async () => {
    const options = { storage: lab().studies, name: "parabola", direction: "minimize" } as const;
    const study = await ml.createStudy({ ...options, sampler: { name: "random", seed: 7 } });
    await study.optimize(
      (trial) => {
        const x = trial.suggestFloat("x", -2, 2);
        trial.report(x, 1);
        if (trial.number === 3) throw new Error("this one fails");
        return trial.number === 5 ? Number.POSITIVE_INFINITY : (x - 1) ** 2;
      },
      { trials: 12 },
    );
    expect(await lab().studies.get("parabola")).toMatchObject({ n_trials: 12, trials: { completed: 11, failed: 1 } });
    const again = await lab().study("parabola");
    expect(again.trials.length).toBe(12);
    expect(again.trials[5]!.values).toEqual([Number.POSITIVE_INFINITY]);
    keep("trials", await lab().studies.trials("parabola"));
    await lab().studies.stop("parabola");
    await lab().studies.delete("parabola");
    await expect(lab().studies.get("parabola")).rejects.toThrow(ml.NotFoundError);
  });

  test("notes on a trial that has ended what was found out later", async () => {
    const study = await ml.createStudy({ storage: lab().studies, name: "noted", direction: "minimize" });
    await study.optimize((trial) => trial.suggestFloat("x", 0, 1), { trials: 2 });
    await lab().studies.setTrialAttributes("noted", 1, { by: "ada", seen: { twice: false } });
    await lab().studies.setTrialAttributes("noted", 1, { seen: { twice: true } });
    const [, second] = await lab().studies.trials("noted", { sort: "number" });
    expect(second).toMatchObject({ number: 1, state: "completed", attributes: { by: "ada", seen: { twice: true } } });
    expect((await lab().study("noted")).trials[1]!.attributes).toMatchObject({ by: "ada" });
    await expect(lab().studies.setTrialAttributes("noted", 2, {})).rejects.toThrow("no trial 2");
    await expect(lab().studies.setTrialAttributes("notd", 0, {})).rejects.toThrow("did you mean noted");
    await lab().studies.delete("noted");
  });

  test.each(["views", "templates"] as const)("keeps %s, finds them by name, replaces and deletes them", async (shelf) => {
    const kept = lab()[shelf];
    const content = { filter: "status = 'completed'", columns: ["name"] };
    expect(await kept.save("experiments", "best", content)).toMatchObject({ name: "best", content });
    await expect(kept.save("experiments", "best", {})).rejects.toThrow(ml.ConflictError);
    await kept.save("experiments", "best", { filter: "" }, { replace: true });
    await kept.save("jobs", "mine", {});
    expect((await kept.get("experiments", "best")).content).toEqual({ filter: "" });
    expect((await kept.list("jobs")).map(({ name }) => name)).toEqual(["mine"]);
    expect(html(await kept.list())).toContain("best");
    await expect(kept.get("experiments", "bst")).rejects.toThrow('has none with the name "bst", did you mean best');
    keep(shelf, await kept.list());
    await kept.delete("experiments", "best");
    await kept.delete("jobs", "mine");
    expect(await kept.list()).toEqual([]);
  });

  test("keeps what ml.tune searches", async () => {
    const task = { target: "kind", features: ["petal_length"], trials: 3, folds: 3, seed: 1 };
    await ml.tune(ml.decisionTreeClassifier(), flowers(), { ...task, storage: lab().studies, name: "depths" });
    const { best_value, n_trials, best_params } = await lab().studies.get("depths");
    keep("tuned", [best_value, n_trials, best_params]);
  });

  test("throws the same errors with the same sentences", async () => {
    const wrong: Record<string, () => Promise<unknown>> = {
      "near name": () => lab().datasets.get("flowrs"),
      taken: () => lab().datasets.upload(flowers(), { name: "few" }),
      nameless: () => lab().datasets.upload(flowers()),
      "no column": () =>
        lab()
          .datasets.put("untargeted", ml.table([{ a: 1 }]))
          .then(() => lab().datasets.charts.draw("few", { type: "histogram", configuration: { column: "c" } })),
      filter: () => lab().runs({ filter: "metric > " }),
      "no run": () => lab().run("01981c3e-6f00-7a11-8c55-2f1f6f1f0a01"),
      "one run": () => lab().compare({ experiment: "nobody's" }),
      "no model": () => lab().registry.get("petal@1.0.0"),
      "no study": () => lab().study("paraboly"),
      algorithm: () => lab().jobs.train({ algorithm: "random_forst", dataset: "flowers", target: "kind" }),
      "no file": () => lab().registry.predictFile("petals@production", join(folder, "none.csv")),
    };
    const said: Record<string, string> = {};
    for (const [name, call] of Object.entries(wrong)) {
      const error = (await call().then(
        () => undefined,
        (thrown: Error) => thrown,
      ))!;
      said[name] = `${error?.name}: ${error?.message}`;
    }
    keep("errors", said);
    expect(said["near name"]).toContain("NotFoundError");
  });
});

test("both doors answered the same", () => {
  const [database, remote] = doors.map((door) => answers[door]!);
  expect(Object.keys(remote!)).toEqual(Object.keys(database!));
  for (const [name, answer] of Object.entries(remote!)) expect({ [name]: answer }).toEqual({ [name]: database![name] });
});
