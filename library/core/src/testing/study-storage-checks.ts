import { expect, it } from "vitest";
import type { StudyStorage, TrialRecord } from "../tuning/storage.ts";

/**
 * The facts that every store of studies holds: what `Study` relies on. `make` gives a store; names of studies are made unique, so that
 * one store may serve all.
 */
export function studyStorageChecks(make: () => StudyStorage | Promise<StudyStorage>): void {
  let studies = 0;
  const open = async () => {
    const storage = await make();
    const name = `check ${process.pid} ${studies++}`;
    const { id } = await storage.create({ name, directions: ["minimize"], attributes: { metric: "rmse" } });
    const begin = async (worker = "a", limit?: number) =>
      (await storage.begin(id, { worker, since: "", ...(limit !== undefined && { limit }) })).trial;
    const trials = async () => {
      const found = new Map<number, TrialRecord>();
      for (let cursor = ""; ; ) {
        const changes = await storage.changes(id, cursor, { limit: 2 });
        for (const trial of changes.trials) found.set(trial.number, trial);
        cursor = changes.cursor;
        if (!changes.more) return [...found.values()].sort((a, b) => a.number - b.number);
      }
    };
    return { storage, name, id, begin, trials };
  };

  it("a study is found by its name, with what was said of it", async () => {
    const { storage, name, id } = await open();
    expect(await storage.find(name)).toMatchObject({
      id,
      name,
      directions: ["minimize"],
      attributes: { metric: "rmse" },
      stopped: false,
    });
    expect(await storage.find(`${name} of another name`)).toBeUndefined();
  });

  it("a name is taken once", async () => {
    const { storage, name } = await open();
    await expect((async () => storage.create({ name, directions: ["minimize"] }))()).rejects.toMatchObject({
      name: "ConflictError",
    });
  });

  it("numbers are handed out once each, without a hole", async () => {
    const { begin } = await open();
    const found = await Promise.all(Array.from({ length: 12 }, (_, k) => begin(`worker ${k % 3}`)));
    expect(found.map((trial) => trial!.number).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, k) => k));
  });

  it("no number from the limit on is handed out", async () => {
    const { begin } = await open();
    const found = await Promise.all(Array.from({ length: 6 }, () => begin("a", 4)));
    expect(found.filter((trial) => trial === undefined)).toHaveLength(2);
  });

  it("a waiting trial is handed out before a new number, and beyond the limit", async () => {
    const { storage, id, begin } = await open();
    await storage.add(id, [{ state: "waiting", fixed: { x: 1 } }]);
    await storage.add(id, [{ state: "waiting", fixed: { x: 2 } }]);
    expect(await begin("a", 0)).toMatchObject({ number: 0, state: "running", fixed: { x: 1 }, attempt: 1 });
    expect(await begin("a", 0)).toMatchObject({ number: 1, fixed: { x: 2 } });
    expect(await begin("a", 0)).toBeUndefined();
  });

  it("what a trial tells adds up, and NaN and ±Infinity are kept", async () => {
    const { storage, id, begin, trials } = await open();
    const trial = (await begin())!;
    const x = { type: "float", low: 0, high: 1 } as const;
    await storage.update(id, trial, { params: { x: 0.5 }, distributions: { x }, intermediate: [[1, Number.NaN]] });
    await storage.update(id, trial, { intermediate: [[2, Infinity]], attributes: { rung0: "1" } });
    const kept = await storage.finish(id, trial, {
      state: "completed",
      values: [-Infinity],
      intermediate: [[3, 4]],
      attributes: { note: "good" },
    });
    expect(kept).toBe(true);
    const [record] = await trials();
    expect(record).toMatchObject({
      number: 0,
      state: "completed",
      params: { x: 0.5 },
      distributions: { x },
      values: [-Infinity],
      intermediate: [
        [1, Number.NaN],
        [2, Infinity],
        [3, 4],
      ],
      attributes: { rung0: "1", note: "good" },
      error: null,
    });
    expect(record!.startedAt).toBeInstanceOf(Date);
    expect(record!.endedAt).toBeInstanceOf(Date);
  });

  it("a trial ends once", async () => {
    const { storage, id, begin, trials } = await open();
    const trial = (await begin())!;
    expect(await storage.finish(id, trial, { state: "completed", values: [1] })).toBe(true);
    expect(await storage.finish(id, trial, { state: "failed", values: null, error: "late" })).toBe(false);
    expect(await storage.update(id, trial, { params: { x: 2 } })).toBe(false);
    expect((await trials())[0]).toMatchObject({ state: "completed", values: [1], params: {} });
  });

  it("another worker or attempt cannot write to a trial", async () => {
    const { storage, id, begin } = await open();
    const trial = (await begin())!;
    expect(await storage.finish(id, { ...trial, worker: "b" }, { state: "completed", values: [1] })).toBe(false);
    expect(await storage.finish(id, { ...trial, attempt: 2 }, { state: "completed", values: [1] })).toBe(false);
    expect(await storage.finish(id, trial, { state: "completed", values: [1] })).toBe(true);
  });

  it("changes tell each worker what the others did, from its cursor on", async () => {
    const { storage, id, begin } = await open();
    const first = (await begin("a"))!;
    const seen = await storage.changes(id, "", { worker: "b" });
    expect(seen.trials.map(({ number, state }) => [number, state])).toEqual([[0, "running"]]);
    expect((await storage.changes(id, seen.cursor, { worker: "b" })).trials).toEqual([]);
    await storage.finish(id, first, { state: "completed", values: [3] });
    const later = await storage.changes(id, seen.cursor, { worker: "b" });
    expect(later.trials.map(({ number, values }) => [number, values])).toEqual([[0, [3]]]);
    expect((await storage.changes(id, "", { worker: "a" })).trials).toEqual([]);
  });

  it("begin tells what the others did", async () => {
    const { storage, id, begin } = await open();
    const first = (await begin("a"))!;
    await storage.finish(id, first, { state: "completed", values: [3] });
    const { trial, changes } = await storage.begin(id, { worker: "b", since: "" });
    expect(trial!.number).toBe(1);
    expect(changes.trials.map(({ number, state }) => [number, state])).toEqual([[0, "completed"]]);
  });

  it("trials from elsewhere keep what they bring", async () => {
    const { storage, id, trials } = await open();
    const numbers = await storage.add(id, [
      { state: "completed", params: { x: 1 }, values: [2], attributes: { from: "earlier" } },
      { state: "failed", error: "DataError: no rows" },
    ]);
    expect(numbers).toEqual([0, 1]);
    expect(await trials()).toMatchObject([
      { number: 0, state: "completed", params: { x: 1 }, values: [2], attributes: { from: "earlier" } },
      { number: 1, state: "failed", error: "DataError: no rows", values: null },
    ]);
  });

  it("the stop flag and attributes are seen by all", async () => {
    const { storage, name, id } = await open();
    await storage.setStopped(id, true);
    await storage.setAttributes(id, { note: "by hand" });
    expect((await storage.changes(id, "", {})).stopped).toBe(true);
    expect(await storage.find(name)).toMatchObject({ stopped: true, attributes: { metric: "rmse", note: "by hand" } });
    await storage.setStopped(id, false);
    expect((await storage.changes(id, "", {})).stopped).toBe(false);
  });

  it("a trial whose worker is heard of is not taken from it", async () => {
    const { storage, id, begin } = await open();
    const trial = (await begin())!;
    await storage.heartbeat(id, "a");
    expect(await storage.reclaim(id, { silentMs: 60_000, attempts: 3 })).toBe(0);
    expect(await storage.finish(id, trial, { state: "pruned", values: null })).toBe(true);
  });

  it("an unknown study is a NotFoundError", async () => {
    const { storage } = await open();
    const unknown = "0190a000-0000-7000-8000-000000000000";
    await expect((async () => storage.begin(unknown, { worker: "a", since: "" }))()).rejects.toMatchObject({
      name: "NotFoundError",
    });
  });
}
