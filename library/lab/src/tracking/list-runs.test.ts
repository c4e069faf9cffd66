import { sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { createRun, finishRun, groupRuns, listRuns, logMetrics, metricSeries, runColumns, summariseRun } from "./index.ts";

const session = sessionOfTests();

const started = (experiment: string, more: object = {}) => createRun(session(), { experiment, status: "training", ...more });

describe("a list of runs", () => {
  const names = async (query: object) =>
    (await listRuns(session(), { experiment: "list", ...query })).items.map(({ name }) => name);
  beforeAll(async () => {
    for (const [k, team] of ["a", "b", "a", "b", "a", "c"].entries()) {
      const params = { maxDepth: k, criterion: k % 2 ? "gini" : "entropy", learning_rate: k / 10 };
      const id = await started("list", {
        name: `run ${k}`,
        algorithm: k < 3 ? "ridge" : "svm",
        params,
        tags: { team },
        datasetName: "koi@3",
      });
      await logMetrics(
        session(),
        id,
        [k, 10 - k, 5].map((value, step) => ({ name: "loss", split: "val", step, value: k === 5 ? "NaN" : value })),
      );
      await finishRun(session(), id, k === 4 ? "failed" : "completed");
    }
  });

  test.each([
    ["metrics.val.loss.min = 2", ["run 2"]],
    ["metrics.val.loss.max >= 9 and metrics.val.loss.last = 5", ["run 0", "run 1"]],
    ["metrics.val.loss.best < 1", ["run 0"]],
    ["metrics.val.loss.points = 3 and params.max_depth between 3 and 4", ["run 3", "run 4"]],
    ["metrics.val.loss > 1000", []],
    ["params.learning_rate >= 0.4 or params.criterion = 'gini' and tags.team in ('b')", ["run 1", "run 3", "run 4", "run 5"]],
    ["not (tags.team = 'a' or status = 'completed')", []],
    ["algorithm = 'svm' and dataset like 'KOI@%' and created_at > now - 1h", ["run 3", "run 4", "run 5"]],
    ["created_at < now - 1h", []],
    ["status != 'completed' and duration < 100", ["run 4"]],
    ["metrics.val.loss is not null and metrics.val.nothing is null and params.max_depth is not null", 6],
  ])("filtered by %s", async (filter, expected) => {
    const found = await names({ filter, sort: "name" });
    expect(typeof expected === "number" ? found.length : found).toEqual(expected);
  });

  test.each([
    ["-params.max_depth", ["run 5", "run 4", "run 3", "run 2", "run 1", "run 0"]],
    ["metrics.val.loss.min,-name", ["run 0", "run 1", "run 2", "run 3", "run 4", "run 5"]],
    ["-metrics.val.loss.max,name", ["run 0", "run 1", "run 2", "run 3", "run 4", "run 5"]],
    ["tags.team,-name", ["run 4", "run 2", "run 0", "run 3", "run 1", "run 5"]],
    ["-created_at", ["run 5", "run 4", "run 3", "run 2", "run 1", "run 0"]],
    ["params.criterion,params.learning_rate", ["run 0", "run 2", "run 4", "run 1", "run 3", "run 5"]],
  ])("sorted by %s is paged without gap, NaN last", async (sort, expected) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRuns(session(), { experiment: "list", sort, limit: 2, cursor });
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(expected);
  });

  test.each([
    ["metrics.gain > 1", ["test", "train"]],
    ["metrics.gain != 2", ["other", "test"]],
    ["metrics.gain is null", ["other"]],
    ["metrics.train.gain > 1", ["train"]],
  ])("filtered by %s, a metric that may be of any split", async (filter, expected) => {
    const experiment = `splits ${filter}`;
    for (const [split, value, name] of [
      ["train", 2, "gain"],
      ["test", 3, "gain"],
      ["other", 4, "loss"],
    ] as const) {
      const id = await started(experiment, { name: split });
      await logMetrics(session(), id, [{ name, split, step: 0, value }]);
      await finishRun(session(), id, "completed");
    }
    expect((await listRuns(session(), { experiment, filter, sort: "name" })).items.map(({ name }) => name)).toEqual(expected);
  });

  test("has the union of its columns, with how many runs have each", async () => {
    const { metrics, params, tags } = await runColumns(session(), { experiment: "list" });
    expect(metrics).toEqual([{ name: "val.loss", runs: 6 }]);
    expect(params.map(({ name }) => name)).toEqual(["criterion", "learning_rate", "max_depth"]);
    expect(tags).toEqual([{ name: "team", runs: 6 }]);
  });

  test("is counted by a field, with a metric of each group", async () => {
    const groups = await groupRuns(session(), { by: "tags.team", metric: "metrics.val.loss.max", experiment: "list" });
    expect(groups.map(({ value, runs, failed, min, max }) => ({ value, runs, failed, min, max }))).toEqual([
      { value: "a", runs: 3, failed: 1, min: 6, max: 10 },
      { value: "b", runs: 2, failed: 0, min: 7, max: 9 },
      { value: "c", runs: 1, failed: 0, min: null, max: null },
    ]);
  });

  test("of a foreign cursor, an unknown field or a limit beyond 500 is refused", async () => {
    await expect(listRuns(session(), { cursor: "nonsense" })).rejects.toThrow("must be the next_cursor");
    await expect(listRuns(session(), { sort: "-metrcs.a" })).rejects.toThrow('sort: no field "metrcs.a"');
    await expect(listRuns(session(), { limit: 501 })).rejects.toThrow("from 1 to 500, got 501");
  });
});

describe("a thousand runs of two hundred points", () => {
  const ids: string[] = [];
  beforeAll(async () => {
    const { db, projectId } = session();
    const first = await started("scale");
    const { rows } = await sql<{ id: string }>`
      insert into runs (id, project_id, experiment_id, name, status, params, tags, created_at)
      select ('01900000-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, ${projectId}, (select experiment_id from runs where id = ${first}), 'run ' || g,
        'completed', jsonb_build_object('maxDepth', g % 20), jsonb_build_object('team', 't' || g % 3), now() - g * interval '1 second'
      from generate_series(1, 1000) g returning id`.execute(db);
    ids.push(...rows.map(({ id }) => id));
    await sql`insert into run_metrics (run_id, name, split, step, value)
      select r.id, 'score', 'test', s, case when s = 199 then (hashtext(r.id::text) % 1000) / 7.0 else s end
      from runs r, generate_series(0, 199) s where r.id in (${sql.join(ids)})`.execute(db);
    await Promise.all(ids.map((id) => summariseRun(db, id)));
    await finishRun(session(), first, "completed");
    await sql`analyze`.execute(db);
  });

  test("sorted by a metric are paged whole and in order, the one without it last", async () => {
    for (const sort of ["-metrics.test.score", "metrics.test.score,name", "-metrics.test.score.max,-created_at"]) {
      const seen: { id: string; score: unknown }[] = [];
      let cursor: string | undefined;
      do {
        const page = await listRuns(session(), { experiment: "scale", sort, limit: 77, cursor });
        seen.push(...page.items.map(({ id, metrics }) => ({ id, score: metrics["test.score"] })));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(1001);
      expect(seen.at(-1)!.score).toBeUndefined();
      if (sort.includes("max")) continue;
      const scores = seen.slice(0, -1).map(({ score }) => score as number);
      const sorted = [...scores].sort((a, b) => (sort.startsWith("-") ? b - a : a - b));
      expect(scores).toEqual(sorted);
    }
  });

  test("give their curves together, each whole", async () => {
    const curves = await metricSeries(session(), ids.slice(0, 100), { points: 300 });
    expect(curves.length).toBe(100);
    expect(curves.every(({ steps, values }) => steps.length === 200 && values[100] === 100)).toBe(true);
  });
});
