import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { storeFixture, writeFiles, writeSqlite } from "../testing/stores.ts";
import { importMlflow } from "./import-mlflow.ts";
import { readValue, splitNames } from "./import-source.ts";
import { readFlatYaml } from "./import-yaml.ts";
import { getRun, listArtifacts, listRuns, metricSeries, readArtifact } from "./index.ts";

const files = storeFixture<Readonly<Record<string, string>>>("mlflow-files");
const tables = storeFixture<readonly string[]>("mlflow-sqlite");
const session = sessionOfTests();
const folder = mkdtempSync(join(tmpdir(), "assay-mlflow-"));

const experiment = 'flowers & petals: "a"';
const runOf = async (name: string, of = experiment) => {
  const { items } = await listRuns(session(), { experiment: of, limit: 100 });
  const found = items.find((run) => run.name === name);
  return found && getRun(session(), found.id);
};

/** The same store under another experiment's name, with other ids: the name ends in a digit of its own. */
function renamed(to: string, change: (path: string, text: string) => string = (_, text) => text): string {
  const other = (text: string): string => text.replaceAll(/\b[0-9a-f]{8}([0-9a-f]{24})\b/g, `0000000${to.at(-1)}$1`);
  const entries = Object.entries(files).map(([path, text]) => [
    other(path),
    other(change(path, text.replaceAll(experiment, to))),
  ]);
  return writeFiles(join(folder, to), Object.fromEntries(entries));
}

describe("an MLflow file store", () => {
  test("comes in with experiments, parameters, tags, status and times", async () => {
    const report = await importMlflow(session(), writeFiles(join(folder, "whole"), files));
    expect(report).toMatchObject({ format: "file store", counts: { runs: 4, artifacts: 2, metrics: 88, left_out: 1 } });
    expect(report.items[0]).toMatchObject({ name: "deleted", outcome: "left out", reason: "deleted in MLflow" });
    const run = (await runOf("forest 1"))!;
    expect(run).toMatchObject({
      status: "failed",
      error: "failed in MLflow",
      description: "a *note*\nof two lines",
      created_at: "2023-11-14T22:13:22.000Z",
      ended_at: "2023-11-14T22:13:24.001Z",
      code: { commit: "deadbeef1" },
      hyperparameters: {
        max_depth: 6,
        learning_rate: 1e-5,
        bootstrap: true,
        none: null,
        id: "00012",
        "model/alpha": 0.5,
        big: "12345678901234567890",
      },
    });
  });

  test("keeps steps, NaN and infinities, and puts val_loss to the validation", async () => {
    const run = (await runOf("forest 0"))!;
    const series = await metricSeries(session(), [run.id]);
    const of = (split: string, name: string) => series.find((line) => line.split === split && line.name === name)!;
    expect(of("train", "odd").values).toEqual(["NaN", "Infinity", "-Infinity"]);
    expect(of("validation", "loss").steps).toEqual(Array.from({ length: 20 }, (_, step) => step));
    expect(of("validation", "loss").values.slice(0, 2)).toEqual([1.5, 0.75]);
    expect(run.metrics).toMatchObject({ "test.accuracy": 0.9, "train.loss": 0.05, "train.odd": "-Infinity" });
  });

  test("keeps parents, folded names and files", async () => {
    const parent = (await runOf(
      "search: a long name that the writer of YAML folds, for it has far more than the eighty signs of a line",
    ))!;
    const child = (await runOf("forest 0"))!;
    expect(parent).toMatchObject({ algorithm: "random_forest", tags: { team: "moss" }, children: 2 });
    expect(child.parent_id).toBe(parent.id);
    expect((await listArtifacts(session(), child.id)).map(({ name }) => name)).toEqual(["notes/readme.txt"]);
    expect(Buffer.from(await readArtifact(session(), child.id, "notes/readme.txt")).toString()).toBe("hello\n");
  });

  test("marks a run that was under way as cancelled and says why", async () => {
    expect(await runOf("running")).toMatchObject({
      status: "cancelled",
      error: expect.stringContaining("was running in MLflow"),
    });
  });

  test("imported twice makes no doubles", async () => {
    const report = await importMlflow(session(), join(folder, "whole"));
    expect(report.counts).toMatchObject({ runs: 0, metrics: 0, artifacts: 0, there_already: 4 });
    expect((await listRuns(session(), { experiment, limit: 100 })).items.length).toBe(4);
  });

  test("imported by two at once makes no doubles", async () => {
    const path = renamed("two at once 1");
    await Promise.all([importMlflow(session(), path), importMlflow(session(), path)]);
    expect((await listRuns(session(), { experiment: "two at once 1", limit: 100 })).items.length).toBe(4);
  });

  test("imported again brings a run up to date that has ended since, and keeps what was written to it here", async () => {
    const path = renamed("goes on 2");
    await importMlflow(session(), path);
    const before = (await runOf("running", "goes on 2"))!;
    const meta = Object.keys(files).find((name) => name.endsWith("meta.yaml") && files[name]!.includes("run_name: running"))!;
    const place = join(path, meta.replace(/\b[0-9a-f]{8}(?=[0-9a-f]{24}\b)/, "00000002"));
    writeFileSync(
      place,
      readFileSync(place, "utf8").replace("end_time: null", "end_time: 1700000008000").replace("status: 1", "status: 3"),
    );
    writeFiles(place.replace("meta.yaml", "metrics"), { loss: "1700000005000 0.25 0\n1700000005000 0.125 1\n" });
    const report = await importMlflow(session(), path);
    expect(report.counts).toMatchObject({ runs: 0, updated: 1, metrics: 2, there_already: 3 });
    expect(await runOf("running", "goes on 2")).toMatchObject({
      id: before.id,
      status: "completed",
      error: null,
      metrics: { "train.loss": 0.125 },
    });
  });

  test("brings its deleted runs as deleted ones where they are asked for", async () => {
    await importMlflow(session(), renamed("with deleted 3"), { deleted: true });
    const { items } = await listRuns(session(), { experiment: "with deleted 3", deleted: true });
    expect(items.map(({ name, status }) => [name, status])).toEqual([["deleted", "cancelled"]]);
  });

  test("with a broken line leaves that run out whole, with file and line, and takes the others", async () => {
    const path = renamed("broken 4", (name, text) =>
      name.includes("metrics/val_loss") && text.includes(" 1.5 0\n") ? text.replace(" 5\n", " five\n") : text,
    );
    const report = await importMlflow(session(), path);
    expect(report.counts).toMatchObject({ runs: 3 });
    const [left] = report.items.filter(({ outcome, place }) => outcome === "left out" && place !== null);
    expect(left).toMatchObject({
      place: expect.stringMatching(/metrics\/val_loss, line 6$/),
      reason: expect.stringContaining('must be "milliseconds value step"'),
    });
    expect(await runOf("forest 0", "broken 4")).toBeUndefined();
  });

  test("of another kind is refused", async () => {
    await expect(importMlflow(session(), writeFiles(join(folder, "no store"), { "a/b.txt": "" }))).rejects.toThrow(
      "must be an MLflow file store",
    );
    await expect(importMlflow(session(), join(folder, "nowhere"))).rejects.toThrow("no file or folder nowhere");
  });
});

describe("an MLflow database", () => {
  test("comes in like a file store, with infinities; files elsewhere are named", async () => {
    const path = writeSqlite(
      join(folder, "mlflow.db"),
      tables.map((line) => line.replaceAll('flowers & petals: "a"', "in tables")),
    );
    const report = await importMlflow(session(), path);
    expect(report).toMatchObject({ format: "SQLite", counts: { runs: 4, metrics: 88 } });
    expect(report.items.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^its files lie at s3:\/\/bucket\/flowers/),
    );
    const run = (await runOf("forest 0", "in tables"))!;
    expect(run.metrics).toMatchObject({ "test.accuracy": 0.9, "validation.loss": 0.075 });
    const odd = (await metricSeries(session(), [run.id])).find(({ name }) => name === "odd")!;
    expect(odd.values).toEqual(["NaN", "Infinity", "-Infinity"]);
    expect((await runOf("forest 1", "in tables"))!.parent_id).not.toBeNull();
  });

  test("that is none, or another program's, is refused", async () => {
    const text = join(folder, "text.db");
    writeFileSync(text, "SQLite format 3\0 and then words");
    await expect(importMlflow(session(), text)).rejects.toThrow("must be an SQLite database");
    await expect(importMlflow(session(), writeSqlite(join(folder, "other.db"), ["create table t (a);"]))).rejects.toThrow(
      "must be a database of MLflow, its tables are t",
    );
  });

  test("whose tables are views is not read: a view runs what its file says", async () => {
    const views = ["experiments", "runs", "metrics", "params", "tags"].map(
      (name) => `create view ${name} as with recursive n(i) as (select 1 union all select i from n) select i from n;`,
    );
    await expect(importMlflow(session(), writeSqlite(join(folder, "views.db"), views))).rejects.toThrow(
      "must be a database of MLflow",
    );
  });
});

describe("the parts of an import", () => {
  test("a flat YAML file is read as PyYAML writes it", () => {
    const text =
      "a: plain words\n  folded here\nb: 'it''s\n\n  two lines'\nc: \"tab\\t\\u00e9 and a\\\n  \\ break\"\nd: null\ne: []\nf: 1700000000000\ng: 'yes'\nh: ''\n";
    expect(Object.fromEntries(readFlatYaml(text, "meta.yaml"))).toEqual({
      a: "plain words folded here",
      b: "it's\ntwo lines",
      c: "tab\té and a break",
      d: null,
      e: null,
      f: 1700000000000,
      g: "yes",
      h: "",
    });
  });

  test("a YAML line that is none is refused with its number", () => {
    expect(() => readFlatYaml("a: 1\n*b\n", "meta.yaml")).toThrow('line 2 must be "key: value", got "*b" (meta.yaml)');
    expect(() => readFlatYaml("a: 'open\nb: 1", "meta.yaml")).toThrow("line 1: a has a value that cannot be read");
  });

  test("a value keeps its digits", () => {
    expect(["7", "-1.5e-3", "007", "12345678901234567890", "True", "None", "1_000", "nan", "0.1"].map(readValue)).toEqual([
      7,
      -0.0015,
      "007",
      "12345678901234567890",
      true,
      null,
      "1_000",
      "nan",
      0.1,
    ]);
  });

  test("two metrics never become one", () => {
    const places = splitNames(["loss", "train_loss", "val_loss", "validation/loss", "test.auc"]);
    expect(new Set([...places.values()].map(({ split, name }) => `${split} ${name}`)).size).toBe(5);
    expect(places.get("test.auc")).toEqual({ split: "test", name: "auc" });
    const machine = splitNames(["system/cpu_utilization_percentage"]).get("system/cpu_utilization_percentage");
    expect(machine).toEqual({ split: "system", name: "cpu_utilization_percentage" });
  });
});
