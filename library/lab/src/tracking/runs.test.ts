import * as ml from "assay";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assayVersion } from "../assay-version.ts";
import { connect, type Lab } from "../lab.ts";
import { flowers } from "../testing/flowers.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import {
  addToRun,
  changeRun,
  createRun,
  deleteRuns,
  finishRun,
  getRun,
  heartbeat,
  listRuns,
  logMetrics,
  moveRuns,
  purgeRun,
  recoverRuns,
  reportProgress,
  restoreRuns,
  tagRuns,
} from "./index.ts";

let lab: Lab;
const session = sessionOfTests();
beforeAll(async () => {
  lab = await connect();
});
afterAll(async () => {
  await lab.close();
});

const started = (experiment: string, more: object = {}) => createRun(session(), { experiment, status: "training", ...more });
const rowsOf = async (runId: string): Promise<number> => {
  const { rows } = await sql<{ n: string }>`select count(*) as n from run_metrics where run_id = ${runId}`.execute(session().db);
  return Number(rows[0]!.n);
};

describe("runs", () => {
  test("are tagged together, all or none, and moved to another experiment", async () => {
    const ids = await Promise.all([0, 1].map((k) => started("many", { tags: { old: "x", keep: `${k}` } })));
    await tagRuns(session(), ids, { set: { team: "a" }, remove: ["old"] });
    await expect(tagRuns(session(), [ids[0]!, "01900000-0000-7000-8000-000000000000"], { set: { no: "no" } })).rejects.toThrow(
      "no run",
    );
    await moveRuns(session(), ids, "elsewhere");
    const runs = await Promise.all(ids.map((id) => getRun(session(), id)));
    expect(runs.map(({ tags, experiment }) => ({ tags, experiment }))).toEqual([
      { tags: { keep: "0", team: "a" }, experiment: "elsewhere" },
      { tags: { keep: "1", team: "a" }, experiment: "elsewhere" },
    ]);
  });

  test("tell how long a fit has taken in whole milliseconds", async () => {
    const id = await started("progress");
    await reportProgress(session(), id, { step: 1, steps: 4, elapsedMs: 1234.5678 });
    expect((await getRun(session(), id)).progress).toEqual({ step: 1, steps: 4, elapsed_ms: 1235 });
  });

  test("that are deleted are out of every list until they are restored; purged, they are gone with points and files", async () => {
    const id = await started("bin");
    await expect(deleteRuns(session(), [id])).rejects.toThrow("cancel it before it is deleted");
    await logMetrics(session(), id, [{ name: "loss", value: 1 }]);
    await lab.tracking.saveArtifact(id, { name: "note.txt", bytes: "hello" });
    await finishRun(session(), id, "completed");
    await deleteRuns(session(), [id]);
    await expect(getRun(session(), id)).rejects.toThrow("no run");
    await expect(logMetrics(session(), id, [{ name: "loss", value: 1 }])).rejects.toThrow("no run");
    expect((await listRuns(session(), { experiment: "bin" })).items).toEqual([]);
    expect((await listRuns(session(), { experiment: "bin", deleted: true })).items.map((run) => run.id)).toEqual([id]);
    await restoreRuns(session(), [id]);
    expect((await getRun(session(), id)).metrics).toEqual({ "train.loss": 1 });
    await purgeRun(session(), id);
    await expect(getRun(session(), id, { deleted: true })).rejects.toThrow("no run");
    expect(await rowsOf(id)).toBe(0);
  });

  test("made twice under one id are one", async () => {
    const id = "0190aaaa-0000-7000-8000-000000000001";
    expect(await Promise.all([0, 1, 2].map(() => started("twice", { id })))).toEqual([id, id, id]);
    expect((await listRuns(session(), { experiment: "twice" })).items.length).toBe(1);
  });

  test("keep hostile names, parameters and notes as text", async () => {
    const odd = "a\0b\ud800 '\"\\ {}";
    const id = await started("odd", { name: odd, params: { [odd]: odd, list: [Number.NaN] }, tags: { t: odd } });
    await logMetrics(session(), id, [{ name: odd, value: 1 }]);
    await changeRun(session(), id, { notes: odd });
    await addToRun(session(), id, "environment", { DB_PASSWORD: "x" });
    const run = await getRun(session(), id);
    const shown = "a\ufffdb\ufffd '\"\\ {}";
    expect(run).toMatchObject({ name: shown, notes: shown, tags: { t: shown }, environment: { DB_PASSWORD: "[redacted]" } });
    expect(run.metrics).toEqual({ [`train.${shown}`]: 1 });
    expect(run.hyperparameters["list"]).toEqual(["NaN"]);
  });

  test("over HTTP whose program falls silent fail with the reason; a word of it keeps them", async () => {
    const [silent, alive] = await Promise.all([started("lease", { leaseSeconds: 60 }), started("lease", { leaseSeconds: 60 })]);
    await sql`update runs set started_at = now() - interval '1 hour', lease_until = now() - interval '1 second' where id in (${silent}, ${alive})`.execute(
      session().db,
    );
    await heartbeat(session(), alive, { now: true });
    const { rows } = await sql<{
      young: boolean;
    }>`select pg_postmaster_start_time() > now() - interval '15 seconds' as young`.execute(session().db);
    await recoverRuns(session());
    expect(await getRun(session(), alive)).toMatchObject({ status: "training" });
    if (!rows[0]!.young)
      expect(await getRun(session(), silent)).toMatchObject({ status: "failed", error: expect.stringContaining("60 s") });
  });
});

describe("a tracked run", () => {
  test("keeps environment, artifacts, figures, tables, system metrics and its children", async () => {
    const run = await lab.experiment("whole").run(
      "parent",
      async (run) => {
        await run.data({ dataset: "mine@1", target: "kind", features: ["a", "b"], seed: 7, split: { train: [0, 1], test: [2] } });
        await run.figure("roc", ml.figure("ROC", [{ type: "scatter", x: [0, 1], y: [0, 1] }]));
        await run.table("errors", flowers().head(3));
        await run.artifact("weights.bin", new Uint8Array([1, 2, 3]));
        await run.child("fold 1", async (fold) => fold.log({ score: 1 }));
      },
      { systemMetrics: { everyMs: 10_000 }, tags: { team: "a" } },
    );
    expect(run).toMatchObject({ dataset: "mine@1", target_column: "kind", random_seed: 7, children: 1, tags: { team: "a" } });
    expect(run.split).toEqual({ train: [0, 1], test: [2] });
    expect(run.environment).toMatchObject({ node: process.version, assay: assayVersion, packages: expect.any(Object) });
    expect(run.artifacts.map(({ name, kind, content_type }) => [name, kind, content_type])).toEqual([
      ["roc", "figure", "application/json"],
      ["errors", "table", "application/json"],
      ["weights.bin", "file", "application/octet-stream"],
    ]);
    expect([...(await lab.tracking.artifact(run.id, "weights.bin"))]).toEqual([1, 2, 3]);
    expect(Object.keys(run.metrics)).toEqual([]);
    expect((await lab.tracking.columns({ experiment: "whole" })).metrics.map(({ name }) => name)).toEqual(["train.score"]);
    expect(await lab.tracking.series(run.id)).toEqual([]);
    const system = await run.systemMetrics();
    expect(system.map(({ name }) => name)).toContain("memory_mb");
    const { [Symbol.for("Jupyter.display")]: shown } = system as never as Record<symbol, () => Record<string, string>>;
    expect(shown!()["text/html"]).toContain("Memory, MB");
    const none = await (await lab.run(run.id)).systemMetrics({ until: new Date(0) });
    expect(none.flatMap(({ values }) => values)).toEqual([]);
    const [child] = await lab.runs({ filter: `parent = '${run.id}'` });
    expect(child).toMatchObject({ name: "fold 1", experiment: "whole", status: "completed", metrics: { "train.score": 1 } });
  });

  test("that throws keeps the error and where it was thrown", async () => {
    const work = lab.experiment("stack").run("broken", async () => {
      throw new TypeError("no luck");
    });
    await expect(work).rejects.toThrow("no luck");
    const [run] = await lab.experiment("stack").runs();
    expect((await lab.run(run!.id)).error_stack).toMatch(/TypeError: no luck\n\s+at .*runs\.test\.ts/);
  });
});
