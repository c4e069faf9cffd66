import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as ml from "assay";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type App, makeApp } from "../api/app.ts";
import type { FeatureView, FeatureViewRequest, OnlineRow, TrainingSet } from "../contract/feature-views.ts";
import { getJob, jobKind, submitJob } from "../jobs/index.ts";
import type { Opened } from "../projects/session.ts";
import { deployRun, eraseSubject } from "../registry/index.ts";
import { testSession } from "../testing/test-session.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { asOf, orderedRows, rowKeysOf } from "./feature-view-rows.ts";
import {
  datasetTable,
  datasetVersion,
  defineFeatureView,
  deleteDataset,
  deleteFeatureView,
  featureLineage,
  featuresOf,
  getFeatureView,
  listFeatureViews,
  makeTrainingSet,
  materialize,
  onlineFeatures,
  uploadDataset,
} from "./index.ts";

let opened: Opened & { readonly home: string };
let app: App;
const session = () => opened.session;
const day = (n: number, hour = 0) => new Date(Date.UTC(2026, 0, n, hour));
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(session(), { token: undefined });
  await put("visits", [
    { person: "ann", seen: day(1), visits: 1, plan: "free" },
    { person: "ann", seen: day(5), visits: 5, plan: "paid" },
    { person: "bob", seen: day(3), visits: 3, plan: null },
    { person: null, seen: day(3), visits: 99, plan: "free" },
  ]);
  await put("examples", [
    { person: "ann", seen: day(4), bought: true },
    { person: "ann", seen: day(5), bought: false },
    { person: "ann", seen: day(9), bought: true },
    { person: "bob", seen: day(2), bought: false },
    { person: "eve", seen: day(9), bought: true },
  ]);
});
afterAll(async () => {
  await app.close();
  await opened.close();
});

async function put(name: string, rows: readonly Record<string, ml.Cell>[]): Promise<void> {
  await uploadDataset(session(), ml.table([...rows]), { name, newVersion: true });
}

function visitsView(name: string, more: Partial<FeatureViewRequest> = {}): FeatureViewRequest {
  return { name, entity: "person", event_time: "seen", source: { kind: "dataset", datasets: { visits: "visits" } }, ...more };
}

async function joined(view: string, name: string, more: object = {}): Promise<Record<string, ml.Cell>[]> {
  const { dataset_id } = await makeTrainingSet(session(), view, { entities: "examples", name, ...more });
  return (await datasetTable(session(), dataset_id)).toRows() as Record<string, ml.Cell>[];
}

describe("a feature view", () => {
  test("knows its columns, its owner and its version", async () => {
    const view = await defineFeatureView(session(), visitsView("known"));
    expect(view).toMatchObject({ name: "known", version: 1, materialized: null });
    expect(view.columns.map(({ name }) => name)).toEqual(["visits", "plan"]);
  });

  test("holds the datasets that it reads: deleting one is refused with the view's name", async () => {
    await put("held", [{ person: "ann", seen: day(1), n: 1 }]);
    await defineFeatureView(session(), visitsView("holder", { source: { kind: "dataset", datasets: { rows: "held@1" } } }));
    await expect(deleteDataset(session(), "held")).rejects.toThrow(
      'dataset: "held" is used by feature view holder; delete it with force',
    );
    await deleteFeatureView(session(), "holder");
    await deleteDataset(session(), "held");
  });

  test("gets a next version where its definition changes, and only there", async () => {
    await defineFeatureView(session(), visitsView("versioned"));
    expect((await defineFeatureView(session(), visitsView("versioned"))).version).toBe(1);
    expect((await defineFeatureView(session(), visitsView("versioned", { ttl_seconds: 60 }))).version).toBe(2);
    expect((await getFeatureView(session(), "versioned")).version).toBe(2);
    expect((await getFeatureView(session(), "versioned@1")).ttl_seconds).toBeNull();
    expect((await listFeatureViews(session(), { name: "versioned" })).items.map(({ version }) => version)).toEqual([2, 1]);
    expect((await listFeatureViews(session())).items.filter(({ name }) => name === "versioned").length).toBe(1);
  });

  test.each([
    [{ entity: "persn" }, 'no column "persn".*person'],
    [{ features: ["vists"] }, 'no column "vists".*visits'],
    [{ features: ["person"] }, "is the key or the instant"],
    [{ entity: "seen" }, "must be two columns"],
    [{ source: { kind: "dataset", datasets: {} } }, "must name one at least"],
    [{ source: { kind: "dataset", datasets: { v: "visits" }, query: "drop table v" } }, "must be"],
    [
      { source: { kind: "dataset", datasets: { v: "visits" }, query: "select * from v) union all (select * from v" } },
      "syntax|parser",
    ],
    [
      { source: { kind: "dataset", datasets: { v: "visits" }, query: "select * from read_csv('/etc/passwd')" } },
      "/etc/passwd|disabled|permission",
    ],
    [{ source: { kind: "dataset", datasets: { v: "nothing" } } }, 'no dataset "nothing"'],
    [{ source: { kind: "postgres", query: "select 1" } }, "ASSAY_SOURCE_URL"],
    [{ name: "a@b" }, "name"],
  ] as [Partial<FeatureViewRequest>, string][])("with %j is refused", async (more, message) => {
    await expect(defineFeatureView(session(), visitsView("refused", more))).rejects.toThrow(new RegExp(message, "i"));
  });

  test("reads a table of PostgreSQL where the service names its database", async () => {
    process.env["ASSAY_SOURCE_URL"] = process.env["DATABASE_URL"];
    try {
      const query = "select username as person, created_at as seen, admin from users";
      await defineFeatureView(session(), visitsView("accounts", { source: { kind: "postgres", query } }));
      expect((await materialize(session(), "accounts")).materialized!.keys).toBe(1);
    } finally {
      delete process.env["ASSAY_SOURCE_URL"];
    }
  });

  test("of a table whose instant is a text is refused when it is materialised", async () => {
    await defineFeatureView(session(), visitsView("textual", { event_time: "plan" }));
    await expect(materialize(session(), "textual")).rejects.toThrow('column "plan" must hold instants, it is category');
  });
});

describe("a training set", () => {
  test("has for each row what was known at its instant: a later row never, one at the same instant", async () => {
    await defineFeatureView(session(), visitsView("joined"));
    await materialize(session(), "joined");
    const rows = await joined("joined", "set");
    expect(rows.map(({ visits }) => visits)).toEqual([1, 5, 5, null, null]);
    expect(rows.map(({ plan }) => plan)).toEqual(["free", "paid", "paid", null, null]);
    expect(rows.map(({ bought }) => bought)).toEqual([true, false, true, false, true]);
  });

  test("leaves out what is older than the view's time to live, and says how often", async () => {
    await defineFeatureView(session(), visitsView("short", { ttl_seconds: 3 * 86_400 }));
    await materialize(session(), "short");
    const made = await makeTrainingSet(session(), "short", { entities: "examples", name: "short set" });
    expect(made).toMatchObject({ rows: 5, matched: { "short@1": 2 }, stale: { "short@1": 1 } });
  });

  test("takes several views, and tells columns of one name apart", async () => {
    await defineFeatureView(session(), visitsView("first"));
    await defineFeatureView(session(), visitsView("second", { features: ["visits"] }));
    for (const name of ["first", "second"]) await materialize(session(), name);
    const [row] = await joined("first", "both", { feature_views: ["second"], features: ["visits"] });
    expect(Object.keys(row!)).toEqual(["person", "seen", "bought", "visits", "second__visits"]);
  });

  test("needs a view that is materialised, and features that it has", async () => {
    await defineFeatureView(session(), visitsView("unready"));
    await expect(joined("unready", "none")).rejects.toThrow("unready@1 is not materialised yet");
    await materialize(session(), "unready");
    await expect(joined("unready", "none", { features: ["vists"] })).rejects.toThrow('no feature "vists"');
    await expect(joined("unready", "none", { entity: "who" })).rejects.toThrow('examples has no column "who"');
  });

  test("says in its lineage which views made it, to the models of what steps made of it", async () => {
    await defineFeatureView(session(), visitsView("traced"));
    await materialize(session(), "traced");
    await joined("traced", "traced set");
    const { id } = await datasetVersion(session(), "traced set");
    await deployRun(session(), await trainedRun(session(), 2, id), { name: "traced model" });
    const { datasets, models } = await featureLineage(session(), "traced");
    expect(datasets).toEqual([{ dataset: "traced set", version: 1, feature_view: "traced@1" }]);
    expect(models.map(({ name, version }) => `${name}@${version}`)).toEqual(["traced model@1.0.0"]);
    await expect(deleteFeatureView(session(), "traced")).rejects.toThrow(/datasets traced set@1 and models traced model@1\.0\.0/);
    expect(await deleteFeatureView(session(), "traced", { force: true })).toBe("traced");
  });
});

describe("the point-in-time join", () => {
  const row = fc.record({ key: fc.constantFrom("a", "b", "c"), time: fc.integer({ min: 0, max: 20 }), value: fc.integer() });
  const rowsTable = (rows: readonly { key: string; time: number; value: number }[]) =>
    new ml.Table([
      ["key", { kind: "text", values: rows.map(({ key }) => key) }],
      ["at", { kind: "datetime", values: Float64Array.from(rows, ({ time }) => time) }],
      ["value", { kind: "number", values: Float64Array.from(rows, ({ value }) => value) }],
    ]);
  const columns = { entity: "key", event_time: "at" };

  test("never takes a row of the future, and always the newest of those before", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.array(row, { minLength: 1, maxLength: 15 }),
        fc.option(fc.integer({ min: 1, max: 10 })),
        async (known, asks, ttl) => {
          const ordered = orderedRows(rowsTable(known), columns, new Map(), "p");
          const found = await asOf(rowKeysOf(rowsTable(asks), columns), rowKeysOf(ordered, columns), ttl);
          const values = ordered.values("value");
          const plain = asks.map(({ key, time }) => {
            const before = known.filter((each) => each.key === key && each.time <= time);
            const newest = Math.max(...before.map((each) => each.time));
            if (before.length === 0 || (ttl !== null && time - newest > ttl)) return null;
            return before.findLast((each) => each.time === newest)!.value; // of two at one instant the later row
          });
          expect(Array.from(found.rows, (j) => (j < 0 ? null : values[j]))).toEqual(plain);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("is not changed by rows of the future", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.array(row, { maxLength: 20 }), async (known, planted) => {
        const asks = rowKeysOf(rowsTable(["a", "b", "c"].map((key) => ({ key, time: 20, value: 0 }))), columns);
        const valuesOf = async (rows: typeof known) => {
          const ordered = orderedRows(rowsTable(rows), columns, new Map(), "p");
          const { rows: found } = await asOf(asks, rowKeysOf(ordered, columns), null);
          return Array.from(found, (j) => (j < 0 ? null : ordered.values("value")[j]));
        };
        const future = planted.map((each) => ({ ...each, time: each.time + 21 }));
        expect(await valuesOf([...future, ...known, ...future])).toEqual(await valuesOf(known));
      }),
      { numRuns: 40 },
    );
  });
});

describe("online", () => {
  test("rows are the newest of each key, in the order of the keys that are asked", async () => {
    await defineFeatureView(session(), visitsView("online"));
    await materialize(session(), "online");
    const { items } = await onlineFeatures(session(), "online", ["bob", "nobody", "ann"]);
    expect(items).toEqual([
      { key: "bob", event_time: day(3).toISOString(), stale: false, values: { visits: 3, plan: null } },
      { key: "nobody", event_time: null, stale: false, values: { visits: null, plan: null } },
      { key: "ann", event_time: day(5).toISOString(), stale: false, values: { visits: 5, plan: "paid" } },
    ]);
  });

  test.each([1, 2, 5, 1024, 1500])("%i keys asked for again and again are each in their place", async (count) => {
    const keys = Array.from({ length: count }, (_, k) => (k === count - 1 ? "ann" : `nobody ${k}`));
    for (let k = 0; k < 7; k++) {
      const { items } = await onlineFeatures(session(), "online", keys);
      expect(items.map(({ key }) => key)).toEqual(keys);
      expect(items.filter(({ event_time }) => event_time !== null).map(({ key }) => key)).toEqual(["ann"]);
    }
  });

  test("rows older than the time to live give no values", async () => {
    await defineFeatureView(session(), visitsView("aging", { ttl_seconds: 3600 }));
    await materialize(session(), "aging");
    const at = async (now: Date) => (await onlineFeatures(session(), "aging", ["ann"], now)).items[0]!;
    expect(await at(day(5, 1))).toMatchObject({ stale: false, values: { visits: 5 } });
    expect(await at(day(5, 2))).toMatchObject({ stale: true, values: { visits: null } });
  });

  test("and offline rows stay in step when the source changes, and the former file goes", async () => {
    await put("moving", [
      { person: "ann", seen: day(1), n: 1 },
      { person: "bob", seen: day(1), n: 1 },
    ]);
    const source = { kind: "dataset" as const, datasets: { moving: "moving" } };
    await defineFeatureView(session(), visitsView("moving", { source }));
    const first = await materialize(session(), "moving");
    await put("moving", [
      { person: "ann", seen: day(2), n: 2 },
      { person: "cid", seen: day(2), n: 2 },
    ]);
    const second = await materialize(session(), "moving");
    expect(second.materialized!.inputs).toEqual({ moving: "moving@2" });
    const { items } = await onlineFeatures(session(), "moving", ["ann", "bob", "cid"]);
    expect(items.map(({ values }) => values["n"])).toEqual([2, null, 2]);
    const files = readdirSync(join(session().store.folder, "features", `project_${session().projectId}`));
    expect(files).toContain(`${second.materialized!.content_hash}.parquet`);
    expect(files).not.toContain(`${first.materialized!.content_hash}.parquet`);
  });

  test("rows are looked up in one statement once the caller is known, whatever the number of keys", async () => {
    await defineFeatureView(session(), visitsView("quick"));
    await materialize(session(), "quick");
    await onlineFeatures(session(), "quick@1", ["ann"]);
    const statements = vi.spyOn(pg.Client.prototype, "query");
    const { view, materializedAt, items } = await onlineFeatures(session(), "quick", ["ann", "__proto__", "bob"]);
    const asked = statements.mock.calls.map(([statement]) => statement as unknown as { name?: string });
    expect(asked.map(({ name }) => name)).toEqual(["online features of 4"]);
    statements.mockRestore();
    expect([view, materializedAt]).toEqual(["quick@1", (await getFeatureView(session(), "quick")).materialized!.created_at]);
    expect(items.map(({ values }) => values["visits"])).toEqual([5, null, 3]);
    await expect(onlineFeatures(session(), "quikc", ["ann"])).rejects.toThrow("did you mean quick");
    await expect(onlineFeatures(session(), "quick@7", ["ann"])).rejects.toThrow("quick has no version 7, the newest is 1");
  });

  test("materialised again from the same rows nothing changes, and the file is one", async () => {
    await defineFeatureView(session(), visitsView("again"));
    const first = await materialize(session(), "again");
    const second = await materialize(session(), "again");
    expect(second.materialized!.content_hash).toBe(first.materialized!.content_hash);
    const file = `features/project_${session().projectId}/${second.materialized!.content_hash}.parquet`;
    expect(existsSync(session().store.path(file))).toBe(true);
  });

  test("and at once from four sides it stays whole", async () => {
    await defineFeatureView(session(), visitsView("crowded"));
    await Promise.all(Array.from({ length: 4 }, () => materialize(session(), "crowded")));
    expect((await onlineFeatures(session(), "crowded", ["ann"])).items[0]!.values).toEqual({ visits: 5, plan: "paid" });
  });

  test("a person who was erased is not there any more, nor after the next time", async () => {
    await put("private", [
      { person: "gus", seen: day(1), n: 1 },
      { person: "hal", seen: day(1), n: 2 },
    ]);
    const source = { kind: "dataset" as const, datasets: { private: "private" } };
    await defineFeatureView(session(), visitsView("private", { source }));
    await materialize(session(), "private");
    expect((await eraseSubject(session(), "gus"))["features"]).toBe(1);
    const known = async () => (await onlineFeatures(session(), "private", ["gus", "hal"])).items.map(({ values }) => values["n"]);
    expect(await known()).toEqual([null, 2]);
    await put("examples of gus", [{ person: "gus", seen: day(9) }]);
    const before = await makeTrainingSet(session(), "private", { entities: "examples of gus", name: "gus set" });
    expect(before.matched).toEqual({ "private@1": 0 });
    expect((await materialize(session(), "private")).materialized!.keys).toBe(1);
    expect(await known()).toEqual([null, 2]);
  });
});

describe("from the other doors", () => {
  test("a cell defines, materialises, joins and looks up", async () => {
    const features = featuresOf(session());
    await features.define(visitsView("in_cells"));
    await features.materialize("in_cells");
    const made = await features.trainingSet("in_cells", { entities: "examples", name: "cell set" });
    expect((await made.table()).names).toEqual(["person", "seen", "bought", "visits", "plan"]);
    expect(await features.online("in_cells", ["ann"])).toEqual([{ visits: 5, plan: "paid" }]);
    await features.delete("in_cells", { force: true });
    await expect(features.get("in_cells")).rejects.toThrow('no feature view "in_cells"');
  });

  test("the job materialises, with its log", async () => {
    await defineFeatureView(session(), visitsView("by_job"));
    const { jobId } = await submitJob(session(), "materialize", { feature_view: "by_job" });
    expect((await getJob(session(), jobId)).job_status).toBe("queued");
    const lines: string[] = [];
    const context = { signal: new AbortController().signal, log: (line: string) => lines.push(line), progress: () => {} };
    await jobKind("materialize").run(session(), { feature_view: "by_job" }, context as never);
    expect(lines).toEqual(["by_job@1: 3 rows of 2 keys"]);
    await expect(submitJob(session(), "materialize", { feature_view: "by_jbo" })).rejects.toThrow('no feature view "by_jbo"');
  });

  test("routes define, join and look up", async () => {
    const call = async <T>(method: "GET" | "POST" | "DELETE", url: string, payload?: object) => {
      const { statusCode, body } = await app.inject({ method, url, headers: { "x-assay": "1" }, ...(payload && { payload }) });
      return { code: statusCode, answer: JSON.parse(body) as T & { detail: string } };
    };
    const root = "/api/ml/feature-views";
    expect((await call("POST", root, visitsView("by_http"))).code).toBe(201);
    expect((await call("POST", `${root}/by_http/materialize`)).code).toBe(202);
    await materialize(session(), "by_http");
    const set = await call<TrainingSet>("POST", `${root}/by_http/training-set`, { entities: "examples", name: "http set" });
    expect([set.code, set.answer.matched]).toEqual([201, { "by_http@1": 3 }]);
    const online = await call<{ items: OnlineRow[] }>("GET", `${root}/by_http/online?key=ann&key=bob`);
    expect(online.answer.items.map(({ values }) => values["visits"])).toEqual([5, 3]);
    expect((await call<{ feature_view: FeatureView }>("GET", `${root}/by_http@1`)).answer.feature_view.materialized!.keys).toBe(
      2,
    );
    expect((await call("GET", `${root}/by_http/lineage`)).code).toBe(200);
    expect((await call("GET", `${root}/by_http/online`)).code).toBe(400);
    expect((await call("GET", `${root}/nothing/online?key=a`)).code).toBe(404);
    expect((await call("DELETE", `${root}/by_http`)).code).toBe(409);
    expect((await call("DELETE", `${root}/by_http?force=true`)).code).toBe(200);
  });
});
