import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { StudyRecord, StudyStorage, TrialRecord } from "assay";
import * as ml from "assay";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Opened } from "../projects/session.ts";
import { flowers } from "../testing/flowers.ts";
import { testSession } from "../testing/test-session.ts";
import { getStudy, listStudies, listTrials, openStudy, studiesOf, studyFigures, studyStorage } from "./index.ts";

let opened: Opened;
let storage: StudyStorage;
let study: StudyRecord;
let count = 0;
beforeAll(async () => {
  opened = await testSession();
  storage = studyStorage(opened.session);
});
beforeEach(async () => {
  study = await storage.create({ name: `study ${++count}`, directions: ["minimize"] });
});
afterAll(() => opened.close());

const x = { type: "float", low: 0, high: 1 } as const;

async function begin(worker = "a"): Promise<TrialRecord> {
  return (await storage.begin(study.id, { worker, since: "" })).trial!;
}

async function complete(value: number, worker = "a"): Promise<TrialRecord> {
  const trial = await begin(worker);
  await storage.finish(study.id, trial, {
    state: "completed",
    values: [value],
    params: { x: value },
    distributions: { x },
  });
  return trial;
}

async function trials(): Promise<readonly TrialRecord[]> {
  return [...(await storage.changes(study.id, "")).trials].sort((a, b) => a.number - b.number);
}

describe("the store", async () => {
  // by its place: TypeScript rewrites no path into another project
  const checks = fileURLToPath(new URL("../../../core/src/testing/study-storage-checks.ts", import.meta.url));
  const { studyStorageChecks } = (await import(/* @vite-ignore */ checks)) as {
    studyStorageChecks(make: () => StudyStorage): void;
  };
  studyStorageChecks(() => storage);
});

describe("a study", () => {
  test("is found by its name with what was said of it", async () => {
    const made = await storage.create({
      name: "said",
      directions: ["maximize", "minimize"],
      attributes: { metric: "auc" },
      space: { zeta: x, alpha: x },
    });
    expect(await storage.find("said")).toEqual(made);
    expect(made).toMatchObject({ directions: ["maximize", "minimize"], attributes: { metric: "auc" }, stopped: false });
    expect(Object.keys((await getStudy(opened.session, "said")).space!)).toEqual(["zeta", "alpha"]);
  });

  test("of a taken name is refused", async () => {
    await expect(storage.create({ name: study.name, directions: ["minimize"] })).rejects.toThrow(
      `the name "${study.name}" is taken`,
    );
  });

  test("of an unknown name is answered with the near name", async () => {
    await storage.create({ name: "koi forest", directions: ["minimize"] });
    await expect(getStudy(opened.session, "koi forst")).rejects.toThrow("did you mean koi forest");
  });

  test.each(["0197a000-0000-7000-8000-000000000000", "nonsense"])("that is not there is not found: %s", async (id) => {
    await expect(storage.begin(id, { worker: "a", since: "" })).rejects.toThrow(`no study ${id}`);
    await expect(storage.changes(id, "")).rejects.toThrow("no study");
    await expect(storage.heartbeat(id, "a")).rejects.toThrow("no study");
    await expect(storage.reclaim(id, { silentMs: 1, attempts: 1 })).rejects.toThrow("no study");
    await expect(storage.add(id, [])).rejects.toThrow("no study");
    await expect(storage.setStopped(id, true)).rejects.toThrow("no study");
    await expect(storage.setAttributes(id, {})).rejects.toThrow("no study");
  });

  test("of another project is not found", async () => {
    const other = studyStorage({ ...opened.session, projectId: "0197a000-0000-7000-8000-000000000000" });
    expect(await other.find(study.name)).toBeUndefined();
    await expect(other.changes(study.id, "")).rejects.toThrow("no study");
  });

  test("keeps its attributes merged, and its stop flag", async () => {
    await storage.setAttributes(study.id, { a: 1, b: 1 });
    await storage.setAttributes(study.id, { b: 2 });
    await storage.setStopped(study.id, true);
    expect(await storage.find(study.name)).toMatchObject({ attributes: { a: 1, b: 2 }, stopped: true });
    expect((await storage.begin(study.id, { worker: "a", since: "" })).changes.stopped).toBe(true);
  });

  test("refuses text that the database cannot hold", async () => {
    await expect(storage.setAttributes(study.id, { note: "a\0b" })).rejects.toThrow("\\u0000");
    await expect(storage.setAttributes(study.id, { note: "\ud800" })).rejects.toThrow("\\ud800");
    await storage.setAttributes(study.id, { note: "\\u0000 😀" });
  });
});

describe("a trial", () => {
  test("keeps NaN and ±Infinity in values and reports, and the digits of its parameters", async () => {
    const trial = await begin();
    const params = { tiny: 5e-324, third: 1 / 3, large: 1.7976931348623157e308, word: "é", no: null, yes: true };
    await storage.update(study.id, trial, {
      params,
      intermediate: [
        [0, Number.NaN],
        [1, Number.POSITIVE_INFINITY],
      ],
    });
    await storage.finish(study.id, trial, {
      state: "completed",
      values: [Number.NEGATIVE_INFINITY],
      intermediate: [[2, Number.NEGATIVE_INFINITY]],
    });
    expect((await trials())[0]).toMatchObject({
      params,
      values: [Number.NEGATIVE_INFINITY],
      intermediate: [
        [0, Number.NaN],
        [1, Number.POSITIVE_INFINITY],
        [2, Number.NEGATIVE_INFINITY],
      ],
    });
  });

  test("ends once", async () => {
    const trial = await begin();
    expect(await storage.finish(study.id, trial, { state: "completed", values: [1] })).toBe(true);
    expect(await storage.finish(study.id, trial, { state: "completed", values: [2] })).toBe(false);
    expect(await storage.update(study.id, trial, { params: { x: 1 } })).toBe(false);
    expect((await trials())[0]).toMatchObject({ state: "completed", values: [1], params: {} });
  });

  test("is written by whoever holds its lease alone", async () => {
    const trial = await begin();
    for (const lease of [
      { ...trial, worker: "b" },
      { ...trial, attempt: 2 },
    ]) {
      expect(await storage.update(study.id, lease, { params: { x: 1 } })).toBe(false);
      expect(await storage.finish(study.id, lease, { state: "failed", values: null })).toBe(false);
    }
    await expect(storage.update(study.id, { ...trial, number: 7 }, {})).rejects.toThrow("no trial 7");
  });

  test("that waits is handed out before a new one, lowest number first", async () => {
    await complete(1);
    expect(
      await storage.add(study.id, [
        { state: "waiting", fixed: { x: 0.5 } },
        { state: "waiting", fixed: { x: 0.6 } },
      ]),
    ).toEqual([1, 2]);
    const handed = [await begin(), await begin(), await begin()];
    expect(handed.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(handed[0]).toMatchObject({ fixed: { x: 0.5 }, state: "running", attempt: 1 });
  });

  test("is not handed out beyond the limit, unless it waits", async () => {
    await complete(1);
    const full = await storage.begin(study.id, { worker: "a", since: "", limit: 1 });
    expect(full.trial).toBeUndefined();
    await storage.add(study.id, [{ state: "waiting" }]);
    expect((await storage.begin(study.id, { worker: "a", since: "", limit: 1 })).trial?.number).toBe(1);
  });

  test("from elsewhere keeps its end", async () => {
    const ended = new Date("2026-01-01T00:00:00Z");
    await storage.add(study.id, [
      { state: "completed", values: [0.25], params: { x: 0.5 }, distributions: { x }, intermediate: [[3, 1]], endedAt: ended },
      { state: "failed", error: "why\0not" },
    ]);
    expect(await trials()).toMatchObject([
      { number: 0, state: "completed", values: [0.25], intermediate: [[3, 1]], endedAt: ended, distributions: { x } },
      { number: 1, state: "failed", error: "why\uFFFDnot" },
    ]);
    expect(await getStudy(opened.session, study.id)).toMatchObject({ best_trial: 0, best_value: 0.25 });
  });
});

describe("changes", () => {
  test("tell others what a worker did, and not itself", async () => {
    const trial = await begin("a");
    await storage.update(study.id, trial, { params: { x: 0.5 }, distributions: { x } });
    const heard = await storage.changes(study.id, "", { worker: "b" });
    expect(heard.trials).toMatchObject([{ number: 0, state: "running", params: { x: 0.5 } }]);
    expect((await storage.changes(study.id, "", { worker: "a" })).trials).toEqual([]);
    await storage.finish(study.id, trial, { state: "completed", values: [1] });
    const next = await storage.begin(study.id, { worker: "b", since: heard.cursor });
    expect(next.changes.trials).toMatchObject([{ number: 0, state: "completed" }]);
    expect((await storage.changes(study.id, next.changes.cursor, { worker: "b" })).trials).toEqual([]);
  });

  test("come a page at a time, each trial once", async () => {
    await storage.add(
      study.id,
      Array.from({ length: 25 }, (_, k) => ({ state: "completed" as const, values: [k] })),
    );
    const numbers: number[] = [];
    let cursor = "";
    for (let more = true; more; ) {
      const page = await storage.changes(study.id, cursor, { limit: 10 });
      numbers.push(...page.trials.map(({ number }) => number));
      ({ cursor, more } = page);
    }
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, k) => k));
  });
});

describe("a silent worker's trial", () => {
  /** As if the worker had not been heard for a minute. */
  const silence = (worker: string) =>
    sql`update trials set heard_at = now() - interval '1 minute' where study_id = ${study.id} and worker = ${worker}`.execute(
      opened.session.db,
    );

  test("waits again with its parameters fixed, and its former holder has lost it", async () => {
    const lost = await begin("a");
    await storage.update(study.id, lost, { params: { x: 0.5 }, distributions: { x }, intermediate: [[0, 1]] });
    await storage.changes(study.id, "", { worker: "b" }); // now it is written
    await silence("a");
    expect(await storage.reclaim(study.id, { silentMs: 30_000, attempts: 3 })).toBe(1);
    const again = await begin("b");
    expect(again).toMatchObject({ number: 0, attempt: 2, worker: "b", fixed: { x: 0.5 }, intermediate: [] });
    expect(await storage.update(study.id, lost, {})).toBe(false);
    expect(await storage.finish(study.id, lost, { state: "completed", values: [1] })).toBe(false);
    expect(await storage.finish(study.id, again, { state: "completed", values: [2], intermediate: [[0, 7]] })).toBe(true);
    expect((await trials())[0]).toMatchObject({ values: [2], intermediate: [[0, 7]] });
  });

  test("is failed when it was handed out often enough", async () => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      await begin(`worker ${attempt}`);
      await silence(`worker ${attempt}`);
      await storage.reclaim(study.id, { silentMs: 30_000, attempts: 2 });
    }
    expect((await trials())[0]).toMatchObject({ state: "failed", error: "its worker worker 2 ended in the middle, 2 times" });
    expect((await begin()).number).toBe(1);
  });

  test("stays while the worker is heard, in whichever of its trials", async () => {
    await begin("a");
    await begin("a");
    await silence("a");
    await storage.heartbeat(study.id, "a");
    expect(await storage.reclaim(study.id, { silentMs: 30_000, attempts: 3 })).toBe(0);
  });
});

describe("lists", () => {
  test("of studies show counts and the best without reading trials", async () => {
    const both = await storage.create({ name: "listed", directions: ["maximize"], attributes: { algorithm: "ridge" } });
    study = both;
    for (const value of [1, Number.NaN, 3, 2]) await complete(value);
    await storage.finish(both.id, await begin(), { state: "pruned", values: [9] });
    await storage.finish(both.id, await begin(), { state: "failed", values: null, error: "no" });
    await begin();
    const [first] = (await listStudies(opened.session, { limit: 1 })).items;
    expect(first).toMatchObject({
      name: "listed",
      algorithm: "ridge",
      study_status: "running",
      n_trials: 7,
      trials: { completed: 4, pruned: 1, failed: 1, running: 1, waiting: 0 },
      best_trial: 2,
      best_value: 3,
      best_params: { x: 3 },
    });
  });

  test("of trials are paged by number and by value, and filtered by state", async () => {
    for (const value of [5, 3, 4, 1, 2]) await complete(value);
    await storage.finish(study.id, await begin(), { state: "failed", values: null });
    const all = async (query: Parameters<typeof listTrials>[2]): Promise<number[]> => {
      const numbers: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await listTrials(opened.session, study.id, { limit: 2, ...query, ...(cursor && { cursor }) });
        numbers.push(...page.items.map(({ number }) => number));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      return numbers;
    };
    expect(await all({})).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await all({ sort: "-number", state: "completed" })).toEqual([4, 3, 2, 1, 0]);
    expect(await all({ sort: "value" })).toEqual([3, 4, 1, 2, 0]);
    expect(await all({ sort: "-value" })).toEqual([0, 2, 1, 4, 3]);
    expect(await all({ state: "failed" })).toEqual([5]);
  });
});

describe("a study of a cell", () => {
  const train = flowers();
  const options = {
    target: "kind",
    features: ["petal_length"],
    space: { maxDepth: { type: "int", low: 1, high: 30 } },
    folds: 3,
    reuseDuplicates: false,
  } as const;

  test("is fitted here and kept there, and goes on under its name", async () => {
    const studies = studiesOf(opened.session);
    const storage = { storage: studies, name: "cell tree" };
    await ml.tune(ml.decisionTreeClassifier, train, { ...options, ...storage, trials: 3 });
    const again = await ml.tune(ml.decisionTreeClassifier, train, { ...options, ...storage, trials: 5 });
    expect(again.trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
    const kept = await openStudy(opened.session, "cell tree");
    expect(kept.best).toEqual(again.best);
    expect(kept.estimator(kept.best).params).toMatchObject(again.best.params);
    expect(await studies.get("cell tree")).toMatchObject({ n_trials: 5, best_value: again.best.value, metric: "accuracy" });
    expect((await studies.list()).some(({ name }) => name === "cell tree")).toBe(true);
    expect((await studies.trials("cell tree", { sort: "-value", limit: 1 }))[0]!.values).toEqual([again.best.value]);
  });

  test("suggests the same in PostgreSQL as in memory", async () => {
    const run = (storage?: StudyStorage) =>
      ml.tune(ml.decisionTreeClassifier, train, {
        ...options,
        trials: 14,
        sampler: ml.tpe({ seed: 3 }),
        name: "same",
        ...(storage && { storage }),
      });
    const [kept, held] = [await run(studyStorage(opened.session)), await run()];
    expect(kept.trials.map(({ params, value }) => [params, value])).toEqual(
      held.trials.map(({ params, value }) => [params, value]),
    );
  });

  test("is drawn: history, parameters, importance", async () => {
    const figures = await studyFigures(opened.session, "cell tree");
    expect(Object.keys(figures)).toEqual(["history", "parallel", "slice", "importance", "intermediate"]);
    expect(figures["history"]!.data[0]!["x"]).toHaveLength(5);
    expect(figures["intermediate"]!.data).toHaveLength(5);
    await expect(openStudy(opened.session, "cel tree")).rejects.toThrow("did you mean cell tree");
  });
});

describe("processes that share a study", () => {
  const workers: ChildProcess[] = [];
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  });

  /** Starts a process that runs trials until the study has so many. */
  function start(
    name: string,
    total: number,
    ms = 0,
  ): { readonly child: ChildProcess; readonly lines: string[]; ended: Promise<number | null> } {
    const path = fileURLToPath(new URL("../testing/study-worker.ts", import.meta.url));
    const child = spawn(process.execPath, [...process.execArgv, path, study.id, name, String(total), String(ms)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    workers.push(child);
    const lines: string[] = [];
    child.stdout!.on("data", (chunk: Buffer) => lines.push(...chunk.toString().trim().split("\n")));
    return { child, lines, ended: new Promise((resolve) => child.once("close", resolve)) };
  }

  test("get numbers without a hole, each once, and lose nothing", async () => {
    const total = 1600;
    const started = Array.from({ length: 8 }, (_, k) => start(`worker ${k}`, total));
    expect(await Promise.all(started.map(({ ended }) => ended))).toEqual(Array.from({ length: 8 }, () => 0));
    const said = started.flatMap(({ lines }) => lines);
    expect(said.filter((line) => line.startsWith("lost"))).toEqual([]);
    expect(said.map((line) => Number(line.split(" ")[1])).sort((a, b) => a - b)).toEqual(
      Array.from({ length: total }, (_, k) => k),
    );
    const { rows } = await sql<{ trials: number; values: number; reports: number }>`
      select count(*)::integer as trials, count(distinct values[1])::integer as values, (select count(*)::integer from trial_reports r where r.study_id = ${study.id}) as reports
      from trials where study_id = ${study.id} and state = 'completed' and params ->> 'x' = number::text`.execute(
      opened.session.db,
    );
    expect(rows[0]).toEqual({ trials: total, values: total, reports: total });
    expect(await getStudy(opened.session, study.id)).toMatchObject({ n_trials: total, best_trial: 0, study_status: "idle" });
  });

  test("go on when one is killed: its trial is run again, what it finished stays", async () => {
    const total = 60;
    const victim = start("victim", total, 50);
    await new Promise<void>((resolve) => victim.child.stdout!.on("data", () => victim.lines.length >= 3 && resolve()));
    victim.child.kill("SIGKILL"); // in the middle of its next trial
    await victim.ended;
    const others = [start("other 1", total), start("other 2", total)];
    await Promise.all(others.map(({ ended }) => ended));
    const done = victim.lines.length;
    const taken = await storage.reclaim(study.id, { silentMs: 0, attempts: 3 });
    expect(taken).toBeLessThanOrEqual(1);
    await start("late", total).ended;
    const all = await trials();
    expect(all.map(({ state }) => state)).toEqual(Array.from({ length: total }, () => "completed"));
    expect(all.filter(({ worker }) => worker === "victim")).toHaveLength(done);
    expect(all.filter(({ attempt }) => attempt === 2)).toHaveLength(taken);
  });
});

describe("a study of many trials", () => {
  /** Rows that a statement reads and the ways it takes, from its plan. */
  async function plan(statement: ReturnType<typeof sql>): Promise<{ rows: number; scans: string[] }> {
    const { rows } = await sql<{
      "QUERY PLAN": readonly { Plan: PlanNode }[];
    }>`explain (analyze, format json) ${statement}`.execute(opened.session.db);
    const nodes: PlanNode[] = [];
    const walk = (node: PlanNode): void => {
      nodes.push(node);
      for (const inner of node.Plans ?? []) walk(inner);
    };
    walk(rows[0]!["QUERY PLAN"][0]!.Plan);
    const scans = nodes.filter((node) => node["Node Type"].includes("Scan"));
    return {
      rows: scans.reduce(
        (sum, node) => sum + (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"],
        0,
      ),
      scans: scans.map((node) => node["Node Type"]),
    };
  }

  beforeEach(async () => {
    const { db } = opened.session;
    await sql`insert into trials (study_id, number, state, values, revision, changed_by)
      select ${study.id}, n, 'completed', array[random()], n + 1, 'a' from generate_series(0, 19999) n`.execute(db);
    await sql`update study_progress set next_number = 20000, completed = 20000, revision = 20000 where study_id = ${study.id}`.execute(
      db,
    );
    await sql`analyze trials`.execute(db);
  });

  test("is asked for what is new without reading what is old", async () => {
    await complete(0.5, "b");
    const { rows, scans } = await plan(
      sql`select * from study_changes(${opened.session.projectId}, ${study.id}, 20000, 'a', 1000)`,
    );
    expect(scans).not.toContain("Seq Scan");
    expect(rows).toBeLessThan(10);
  });

  test("hands out, writes and ends trials without reading what is old", async () => {
    await opened.session.db.transaction().execute(async (db) => {
      const own = studyStorage({ ...opened.session, db }); // within one transaction, which counts what it reads
      let since = "20000";
      for (let k = 0; k < 10; k++) {
        const { trial, changes } = await own.begin(study.id, { worker: "b", since });
        since = changes.cursor;
        await own.finish(study.id, trial!, { state: "completed", values: [k], intermediate: [[0, k]] });
      }
      const { rows } = await sql<{ read: string }>`select sum(seq_tup_read + idx_tup_fetch) as read
        from pg_stat_xact_user_tables where relname in ('trials', 'trial_reports')`.execute(db);
      expect(Number(rows[0]!.read)).toBeGreaterThan(10);
      expect(Number(rows[0]!.read)).toBeLessThan(10 * 10);
    });
  });

  test("is listed by number and by value from an index", async () => {
    const byValue = await plan(
      sql`select * from trials t where study_id = ${study.id} and t.values[1] <> 'NaN' order by t.values[1], number limit 51`,
    );
    const byNumber = await plan(
      sql`select * from trials where study_id = ${study.id} and number > 15000 order by number limit 51`,
    );
    expect([...byValue.scans, ...byNumber.scans].every((scan) => scan.startsWith("Index"))).toBe(true);
    expect(byValue.rows + byNumber.rows).toBeLessThan(110);
  });
});

interface PlanNode {
  readonly "Node Type": string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}
