import { random } from "assay";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { createRun, finishRun, getRun, logLines, logMetrics, metricSeries, runLogs, summariseRun } from "./index.ts";

const session = sessionOfTests();

const started = (experiment: string, more: object = {}) => createRun(session(), { experiment, status: "training", ...more });
const rowsOf = async (runId: string): Promise<number> => {
  const { rows } = await sql<{ n: string }>`select count(*) as n from run_metrics where run_id = ${runId}`.execute(session().db);
  return Number(rows[0]!.n);
};

describe("metrics", () => {
  test("of a batch that is sent again under its id are there once", async () => {
    const id = await started("batches");
    const points = [1, 2, 3].map((value, step) => ({ name: "loss", step, value }));
    await Promise.all([1, 2, 3].map(() => logMetrics(session(), id, points, { batchId: "first" })));
    await logMetrics(session(), id, points, { batchId: "second" });
    expect(await rowsOf(id)).toBe(6);
    await logLines(session(), id, [{ level: "info", message: "once" }], { batchId: "first" });
    await logLines(session(), id, [{ level: "info", message: "once" }], { batchId: "first" });
    expect((await runLogs(session(), id)).length).toBe(1);
  });

  test("of eight loggers with shuffled names and runs are all there, without deadlock", async () => {
    const runs = await Promise.all([0, 1, 2, 3].map((k) => started("loggers", { name: `run ${k}` })));
    const before = (await deadlocks())!;
    const draw = random(3, "loggers");
    const names = Array.from({ length: 50 }, (_, k) => `metric ${k}`);
    const shuffled = <T>(items: readonly T[]): T[] => [...draw.permutation(items.length)].map((k) => items[k]!);
    await Promise.all(
      Array.from({ length: 8 }, async (_, logger) => {
        for (let step = 0; step < 10; step++)
          for (const run of shuffled(runs))
            await logMetrics(
              session(),
              run,
              shuffled(names).map((name) => ({ name, split: `logger ${logger}`, step, value: step })),
            );
      }),
    );
    await Promise.all(runs.map((run) => finishRun(session(), run, "completed")));
    expect(await Promise.all(runs.map(rowsOf))).toEqual(runs.map(() => 8 * 10 * 50));
    expect(Object.values((await getRun(session(), runs[0]!)).metrics)).toEqual(Array.from({ length: 400 }, () => 9));
    expect(await deadlocks()).toBe(before);
  });

  test("told after the end are in the run's summary", async () => {
    const id = await started("late");
    await logMetrics(session(), id, [{ name: "loss", step: 1, value: 5 }]);
    await finishRun(session(), id, "completed");
    await logMetrics(session(), id, [
      { name: "loss", step: 2, value: 3 },
      { name: "loss", step: 0, value: 9 },
    ]);
    await logMetrics(session(), id, [{ name: "auc", split: "test", value: "NaN" }]);
    expect((await getRun(session(), id)).metrics).toEqual({ "train.loss": 3, "test.auc": "NaN" });
  });

  test("that are taken back are out of the summary", async () => {
    const id = await started("attempts");
    await logMetrics(session(), id, [{ name: "loss", step: 7, value: 1 }]);
    await summariseRun(session().db, id);
    await session().db.deleteFrom("run_metrics").where("run_id", "=", id).execute();
    await logMetrics(session(), id, [{ name: "loss", step: 2, value: 4 }]);
    await finishRun(session(), id, "completed");
    expect((await getRun(session(), id)).metrics).toEqual({ "train.loss": 4 });
  });

  test("of a run that is not there are refused, and those sent beside them are kept", async () => {
    const id = await started("guilty");
    const point = [{ name: "loss", value: 1 }];
    const results = await Promise.allSettled([
      logMetrics(session(), id, point),
      logMetrics(session(), "01900000-0000-7000-8000-000000000000", point),
      logMetrics(session(), id, point),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await rowsOf(id)).toBe(2);
    await expect(logMetrics(session(), id, [{ name: "x".repeat(201), value: 1 }])).rejects.toThrow("a name has 1 to 200 signs");
    await expect(logMetrics(session(), "nonsense", point)).rejects.toThrow("no run nonsense");
  });

  async function deadlocks(): Promise<string | undefined> {
    const { rows } = await sql<{ deadlocks: string }>`
      select deadlocks from pg_stat_database where datname = current_database()`.execute(session().db);
    return rows[0]?.deadlocks;
  }
});

describe("a curve", () => {
  test("of a run that the planner's statistics do not know is read by its name and steps", async () => {
    const earlier = await started("curves");
    const names = Array.from({ length: 200 }, (_, k) => ({ name: `metric ${k}`, value: k }));
    for (let step = 0; step < 5; step++)
      await logMetrics(
        session(),
        earlier,
        names.map((point) => ({ ...point, step })),
      );
    await sql`analyze run_metrics`.execute(session().db);
    const { rows } = await sql<Record<string, string>>`explain select step from run_metrics
      where run_id = ${await started("curves")} and name = 'loss' and split = 'train' and step between 0 and 255 and value = 1
      order by step, id limit 1`.execute(session().db);
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("run_metrics_series");
  });

  test("of 300,000 points keeps both ends, the extremes, and what is not finite, each as it was logged", async () => {
    const id = await started("curves");
    await sql`insert into run_metrics (run_id, name, split, step, value)
      select ${id}, 'loss', 'train', s, case s when 123456 then 50 when 200001 then -50 when 150000 then 'NaN' else sin(s / 1000.0) end
      from generate_series(0, 299999) s`.execute(session().db);
    for (const [from, to] of [
      [0, 299_999],
      [100_000, 180_000],
      [100_003, 250_007],
      [123_400, 160_000],
    ] as const) {
      const [curve] = await metricSeries(session(), [id], { points: 300, from, to });
      const { steps, values } = curve!;
      expect(steps.length).toBeLessThanOrEqual(300);
      expect([steps[0], steps.at(-1)]).toEqual([from, to]);
      expect(values[steps.indexOf(123_456)]).toBe(50);
      if (to > 200_001) expect(values[steps.indexOf(200_001)]).toBe(-50);
      expect(values[steps.indexOf(150_000)]).toBe("NaN");
      for (const [k, step] of steps.entries())
        if (![123_456, 200_001, 150_000].includes(step)) expect(values[k]).toBeCloseTo(Math.sin(step / 1000), 12);
    }
  });

  test("thinned is as one thinned here from all of its points", async () => {
    const id = await started("curves");
    const draw = random(5, "curve");
    const points = Array.from({ length: 9000 }, (_, k) => ({ name: "loss", step: 3 * k + draw.int(3), value: draw.normal() }));
    await logMetrics(session(), id, points);
    const [curve] = await metricSeries(session(), [id], { points: 50 });
    const parts = Math.floor(48 / 3);
    const [low, high] = [points[0]!.step, points.at(-1)!.step];
    const expected = new Set([low, high]);
    for (let part = 0; part < parts; part++) {
      const own = points.filter(({ step }) => Math.floor(((step - low) * parts) / (high - low + 1)) === part);
      const values = own.map(({ value }) => value);
      for (const value of [Math.min(...values), Math.max(...values)]) expected.add(own[values.indexOf(value)]!.step);
    }
    const far = curve!.steps.filter((step) => !expected.has(step));
    expect(far.length).toBeLessThanOrEqual(parts); // stored stretches may lie across a part's edge
    expect(Math.min(...(curve!.values as number[]))).toBe(Math.min(...points.map(({ value }) => value)));
    expect(Math.max(...(curve!.values as number[]))).toBe(Math.max(...points.map(({ value }) => value)));
  });

  test("of several runs is given a name at a time, with its instants", async () => {
    const ids = await Promise.all([0, 1].map(() => started("curves")));
    const at = "2026-01-02T03:04:05.678Z";
    for (const id of ids)
      await logMetrics(session(), id, [
        { name: "loss", step: 0, value: 1, at },
        { name: "auc", split: "test", step: 0, value: 2, at },
      ]);
    const curves = await metricSeries(session(), ids, { names: ["test.auc"], times: true });
    expect(curves.map(({ run_id, name, split, values, times }) => ({ run_id, name, split, values, times }))).toEqual(
      ids.sort().map((run_id) => ({ run_id, name: "auc", split: "test", values: [2], times: [Date.parse(at)] })),
    );
  });
});
