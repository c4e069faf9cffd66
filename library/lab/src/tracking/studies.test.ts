import { fileURLToPath } from "node:url";
import type { StudyStorage } from "assay";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { testStudy, unit } from "../testing/test-study.ts";
import { getStudy, listStudies, listTrials, studyStorage } from "./index.ts";

const lab = testStudy();

describe("the store", async () => {
  // by its place: TypeScript rewrites no path into another project
  const checks = fileURLToPath(new URL("../../../core/src/testing/study-storage-checks.ts", import.meta.url));
  const { studyStorageChecks } = (await import(/* @vite-ignore */ checks)) as {
    studyStorageChecks(make: () => StudyStorage): void;
  };
  studyStorageChecks(() => lab.storage);
});

describe("a study", () => {
  test("is found by its name with what was said of it", async () => {
    const made = await lab.storage.create({
      name: "said",
      directions: ["maximize", "minimize"],
      attributes: { metric: "auc" },
      space: { zeta: unit, alpha: unit },
    });
    expect(await lab.storage.find("said")).toEqual(made);
    expect(made).toMatchObject({ directions: ["maximize", "minimize"], attributes: { metric: "auc" }, stopped: false });
    expect(Object.keys((await getStudy(lab.session, "said")).space!)).toEqual(["zeta", "alpha"]);
  });

  test("of a taken name is refused", async () => {
    await expect(lab.storage.create({ name: lab.study.name, directions: ["minimize"] })).rejects.toThrow(
      `the name "${lab.study.name}" is taken`,
    );
  });

  test("of an unknown name is answered with the near name", async () => {
    await lab.storage.create({ name: "koi forest", directions: ["minimize"] });
    await expect(getStudy(lab.session, "koi forst")).rejects.toThrow("did you mean koi forest");
  });

  test.each(["0197a000-0000-7000-8000-000000000000", "nonsense"])("that is not there is not found: %s", async (id) => {
    await expect(lab.storage.begin(id, { worker: "a", since: "" })).rejects.toThrow(`no study ${id}`);
    await expect(lab.storage.changes(id, "")).rejects.toThrow("no study");
    await expect(lab.storage.heartbeat(id, "a")).rejects.toThrow("no study");
    await expect(lab.storage.reclaim(id, { silentMs: 1, attempts: 1 })).rejects.toThrow("no study");
    await expect(lab.storage.add(id, [])).rejects.toThrow("no study");
    await expect(lab.storage.setStopped(id, true)).rejects.toThrow("no study");
    await expect(lab.storage.setAttributes(id, {})).rejects.toThrow("no study");
  });

  test("of another project is not found", async () => {
    const other = studyStorage({ ...lab.session, projectId: "0197a000-0000-7000-8000-000000000000" });
    expect(await other.find(lab.study.name)).toBeUndefined();
    await expect(other.changes(lab.study.id, "")).rejects.toThrow("no study");
  });

  test("keeps its attributes merged, and its stop flag", async () => {
    await lab.storage.setAttributes(lab.study.id, { a: 1, b: 1 });
    await lab.storage.setAttributes(lab.study.id, { b: 2 });
    await lab.storage.setStopped(lab.study.id, true);
    expect(await lab.storage.find(lab.study.name)).toMatchObject({ attributes: { a: 1, b: 2 }, stopped: true });
    expect((await lab.storage.begin(lab.study.id, { worker: "a", since: "" })).changes.stopped).toBe(true);
  });

  test("refuses text that the database cannot hold", async () => {
    await expect(lab.storage.setAttributes(lab.study.id, { note: "a\0b" })).rejects.toThrow("\\u0000");
    await expect(lab.storage.setAttributes(lab.study.id, { note: "\ud800" })).rejects.toThrow("\\ud800");
    await lab.storage.setAttributes(lab.study.id, { note: "\\u0000 😀" });
  });
});

describe("a trial", () => {
  test("that has ended takes attributes, and others hear of it", async () => {
    const trial = await lab.begin();
    await lab.storage.finish(lab.study.id, trial, { state: "completed", values: [1], attributes: { a: 1, b: 1 } });
    const { cursor } = await lab.storage.changes(lab.study.id, "");
    await lab.storage.setTrialAttributes(lab.study.id, trial.number, { b: 2 });
    const { trials: changed } = await lab.storage.changes(lab.study.id, cursor, { worker: trial.worker! });
    expect(changed).toMatchObject([{ number: trial.number, state: "completed", attributes: { a: 1, b: 2 } }]);
  });

  test("that is not there takes no attributes", async () => {
    await expect(lab.storage.setTrialAttributes(lab.study.id, 99, { a: 1 })).rejects.toThrow("no trial 99");
    const elsewhere = studyStorage({ ...lab.session, projectId: "0197a000-0000-7000-8000-000000000000" });
    await expect(elsewhere.setTrialAttributes(lab.study.id, 0, { a: 1 })).rejects.toThrow();
  });

  test("keeps NaN and ±Infinity in values and reports, and the digits of its parameters", async () => {
    const trial = await lab.begin();
    const params = { tiny: 5e-324, third: 1 / 3, large: 1.7976931348623157e308, word: "é", no: null, yes: true };
    await lab.storage.update(lab.study.id, trial, {
      params,
      intermediate: [
        [0, Number.NaN],
        [1, Number.POSITIVE_INFINITY],
      ],
    });
    await lab.storage.finish(lab.study.id, trial, {
      state: "completed",
      values: [Number.NEGATIVE_INFINITY],
      intermediate: [[2, Number.NEGATIVE_INFINITY]],
    });
    expect((await lab.trials())[0]).toMatchObject({
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
    const trial = await lab.begin();
    expect(await lab.storage.finish(lab.study.id, trial, { state: "completed", values: [1] })).toBe(true);
    expect(await lab.storage.finish(lab.study.id, trial, { state: "completed", values: [2] })).toBe(false);
    expect(await lab.storage.update(lab.study.id, trial, { params: { x: 1 } })).toBe(false);
    expect((await lab.trials())[0]).toMatchObject({ state: "completed", values: [1], params: {} });
  });

  test("is written by whoever holds its lease alone", async () => {
    const trial = await lab.begin();
    for (const lease of [
      { ...trial, worker: "b" },
      { ...trial, attempt: 2 },
    ]) {
      expect(await lab.storage.update(lab.study.id, lease, { params: { x: 1 } })).toBe(false);
      expect(await lab.storage.finish(lab.study.id, lease, { state: "failed", values: null })).toBe(false);
    }
    await expect(lab.storage.update(lab.study.id, { ...trial, number: 7 }, {})).rejects.toThrow("no trial 7");
  });

  test("that waits is handed out before a new one, lowest number first", async () => {
    await lab.complete(1);
    expect(
      await lab.storage.add(lab.study.id, [
        { state: "waiting", fixed: { x: 0.5 } },
        { state: "waiting", fixed: { x: 0.6 } },
      ]),
    ).toEqual([1, 2]);
    const handed = [await lab.begin(), await lab.begin(), await lab.begin()];
    expect(handed.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(handed[0]).toMatchObject({ fixed: { x: 0.5 }, state: "running", attempt: 1 });
  });

  test("is not handed out beyond the limit, unless it waits", async () => {
    await lab.complete(1);
    const full = await lab.storage.begin(lab.study.id, { worker: "a", since: "", limit: 1 });
    expect(full.trial).toBeUndefined();
    await lab.storage.add(lab.study.id, [{ state: "waiting" }]);
    expect((await lab.storage.begin(lab.study.id, { worker: "a", since: "", limit: 1 })).trial?.number).toBe(1);
  });

  test("from elsewhere keeps its end", async () => {
    const ended = new Date("2026-01-01T00:00:00Z");
    await lab.storage.add(lab.study.id, [
      {
        state: "completed",
        values: [0.25],
        params: { x: 0.5 },
        distributions: { x: unit },
        intermediate: [[3, 1]],
        endedAt: ended,
      },
      { state: "failed", error: "why\0not" },
    ]);
    expect(await lab.trials()).toMatchObject([
      { number: 0, state: "completed", values: [0.25], intermediate: [[3, 1]], endedAt: ended, distributions: { x: unit } },
      { number: 1, state: "failed", error: "why\uFFFDnot" },
    ]);
    expect(await getStudy(lab.session, lab.study.id)).toMatchObject({ best_trial: 0, best_value: 0.25 });
  });
});

describe("changes", () => {
  test("tell others what a worker did, and not itself", async () => {
    const trial = await lab.begin("a");
    await lab.storage.update(lab.study.id, trial, { params: { x: 0.5 }, distributions: { x: unit } });
    const heard = await lab.storage.changes(lab.study.id, "", { worker: "b" });
    expect(heard.trials).toMatchObject([{ number: 0, state: "running", params: { x: 0.5 } }]);
    expect((await lab.storage.changes(lab.study.id, "", { worker: "a" })).trials).toEqual([]);
    await lab.storage.finish(lab.study.id, trial, { state: "completed", values: [1] });
    const next = await lab.storage.begin(lab.study.id, { worker: "b", since: heard.cursor });
    expect(next.changes.trials).toMatchObject([{ number: 0, state: "completed" }]);
    expect((await lab.storage.changes(lab.study.id, next.changes.cursor, { worker: "b" })).trials).toEqual([]);
  });

  test("come a page at a time, each trial once", async () => {
    await lab.storage.add(
      lab.study.id,
      Array.from({ length: 25 }, (_, k) => ({ state: "completed" as const, values: [k] })),
    );
    const numbers: number[] = [];
    let cursor = "";
    for (let more = true; more; ) {
      const page = await lab.storage.changes(lab.study.id, cursor, { limit: 10 });
      numbers.push(...page.trials.map(({ number }) => number));
      ({ cursor, more } = page);
    }
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, k) => k));
  });
});

describe("a silent worker's trial", () => {
  /** As if the worker had not been heard for a minute. */
  const silence = async (worker: string) => {
    await lab.storage.changes(lab.study.id, "", { worker: "another" }); // what it has to tell is written before
    await sql`update trials set heard_at = now() - interval '1 minute' where study_id = ${lab.study.id} and worker = ${worker}`.execute(
      lab.session.db,
    );
  };

  test("waits again with its parameters fixed, and its former holder has lost it", async () => {
    const lost = await lab.begin("a");
    await lab.storage.update(lab.study.id, lost, { params: { x: 0.5 }, distributions: { x: unit }, intermediate: [[0, 1]] });
    await silence("a");
    expect(await lab.storage.reclaim(lab.study.id, { silentMs: 30_000, attempts: 3 })).toBe(1);
    const again = await lab.begin("b");
    expect(again).toMatchObject({ number: 0, attempt: 2, worker: "b", fixed: { x: 0.5 }, intermediate: [] });
    expect(await lab.storage.update(lab.study.id, lost, {})).toBe(false);
    expect(await lab.storage.finish(lab.study.id, lost, { state: "completed", values: [1] })).toBe(false);
    expect(await lab.storage.finish(lab.study.id, again, { state: "completed", values: [2], intermediate: [[0, 7]] })).toBe(true);
    expect((await lab.trials())[0]).toMatchObject({ values: [2], intermediate: [[0, 7]] });
  });

  test("is failed when it was handed out often enough", async () => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      await lab.begin(`worker ${attempt}`);
      await silence(`worker ${attempt}`);
      await lab.storage.reclaim(lab.study.id, { silentMs: 30_000, attempts: 2 });
    }
    expect((await lab.trials())[0]).toMatchObject({ state: "failed", error: "its worker worker 2 ended in the middle, 2 times" });
    expect((await lab.begin()).number).toBe(1);
  });

  test("stays while the worker is heard, in whichever of its trials", async () => {
    await lab.begin("a");
    await lab.begin("a");
    await silence("a");
    await lab.storage.heartbeat(lab.study.id, "a");
    expect(await lab.storage.reclaim(lab.study.id, { silentMs: 30_000, attempts: 3 })).toBe(0);
  });
});

describe("lists", () => {
  test("of studies show counts and the best without reading trials", async () => {
    const both = await lab.storage.create({ name: "listed", directions: ["maximize"], attributes: { algorithm: "ridge" } });
    lab.study = both;
    for (const value of [1, Number.NaN, 3, 2]) await lab.complete(value);
    await lab.storage.finish(both.id, await lab.begin(), { state: "pruned", values: [9] });
    await lab.storage.finish(both.id, await lab.begin(), { state: "failed", values: null, error: "no" });
    await lab.begin();
    const [first] = (await listStudies(lab.session, { limit: 1 })).items;
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
    for (const value of [5, 3, 4, 1, 2]) await lab.complete(value);
    await lab.storage.finish(lab.study.id, await lab.begin(), { state: "failed", values: null });
    const all = async (query: Parameters<typeof listTrials>[2]): Promise<number[]> => {
      const numbers: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await listTrials(lab.session, lab.study.id, { limit: 2, ...query, ...(cursor && { cursor }) });
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
