import { beforeAll, describe, expect, test } from "vitest";
import { toMetricValue } from "../contract/values.ts";
import { uploadDataset } from "../datasets/index.ts";
import { planTraining, train } from "../jobs/training.ts";
import { flowers } from "../testing/flowers.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { metricRows } from "./compare-metrics.ts";
import {
  comparedRuns,
  compareRuns,
  comparisonCsv,
  comparisonFigures,
  createRun,
  finishRun,
  logMetrics,
  shownComparison,
} from "./index.ts";

const session = sessionOfTests();
beforeAll(async () => {
  await uploadDataset(session(), flowers(), { name: "flowers" });
});

/** A run that was sent as a training, with folds. */
async function trained(algorithm: string, more: object = {}): Promise<string> {
  const features = ["petal_length", "petal_width", "colour"];
  const request = { dataset_id: "flowers", target_column: "kind", algorithm, feature_columns: features, cv_folds: 5, ...more };
  const plan = await planTraining(session(), request);
  const id = await createRun(session(), { experiment: "garden", name: algorithm, status: "training", ...plan.run });
  await train(session(), plan, id, new AbortController().signal);
  await finishRun(session(), id, "completed");
  return id;
}

/** A run with a parameter and a metric. */
async function told(name: string, params: Record<string, unknown>, score: number, experiment = "told"): Promise<string> {
  const id = await createRun(session(), { experiment, name, status: "training", params });
  const points = [0, 1, 2].map((step) => ({ name: "score", split: "test", step, value: score - 0.1 * (2 - step) }));
  await logMetrics(session(), id, points);
  await finishRun(session(), id, "completed");
  return id;
}

describe("runs on the same folds", () => {
  let ids: string[];
  beforeAll(async () => {
    ids = [
      await trained("decision_tree", { hyperparameters: { max_depth: 1 } }),
      await trained("decision_tree", { hyperparameters: { max_depth: 4 } }),
      await trained("logistic_regression"),
    ];
  });

  test("show only what differs, nested pipelines by path", async () => {
    const two = await compareRuns(session(), ids.slice(0, 2));
    expect(two.params.filter(({ differs }) => differs)).toEqual([
      { name: "max_depth", group: "hyperparameters", values: [1, 4], differs: true },
    ]);
    const { params } = await compareRuns(session(), ids);
    const scaler = params.find(({ name }) => name === "preprocessing.standard_scaler.withMean")!;
    expect(scaler).toMatchObject({ group: "preprocessing", values: [null, null, true], differs: true });
    expect(params.find(({ name }) => name === "split.test")).toMatchObject({
      group: "data",
      values: [0.2, 0.2, 0.2],
      differs: false,
    });
    expect(params.some(({ name }) => name === "dataset_hash")).toBe(true);
  });

  test("have a spread over folds, signed differences, and a test against the baseline", async () => {
    const { metrics, baseline } = await compareRuns(session(), { ids, baseline: ids[1]! });
    expect(baseline).toBe(ids[1]);
    const accuracy = metrics.find(({ name }) => name === "cv_mean.accuracy")!;
    expect(accuracy.greater_is_better).toBe(true);
    expect(accuracy.spread[0]!.folds.length).toBe(5);
    expect(accuracy.deltas[1]).toBe(0);
    expect(accuracy.deltas[0]).toBeCloseTo((accuracy.values[0] as number) - (accuracy.values[1] as number), 12);
    expect(accuracy.significance[1]).toBeNull();
    expect(accuracy.significance[0]!.p).toBeLessThan(0.05); // a stump on three kinds is worse
    expect(metrics.some(({ name }) => name.startsWith("cv."))).toBe(false);
  });

  test("have confusion matrices whose differences are shares of the true class", async () => {
    const { confusion } = await compareRuns(session(), ids);
    expect(confusion!.labels).toEqual(["aster", "bellis", "crocus"]);
    expect(confusion!.runs[0]!.difference!.flat().every((value) => value === 0)).toBe(true);
    for (const row of confusion!.runs[1]!.difference!) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
  });

  test("on other folds say why there is no test", async () => {
    const { metrics } = await compareRuns(session(), [ids[0]!, await trained("decision_tree", { random_seed: 7 })]);
    expect(metrics.find(({ name }) => name === "cv_mean.accuracy")!.significance[1]).toEqual({
      p: null,
      reason: "the runs were not scored on the same folds",
    });
  });

  test("are drawn: bars, parallel coordinates", async () => {
    const comparison = shownComparison(await compareRuns(session(), ids));
    const { figures } = comparisonFigures(comparison);
    expect(figures.map(({ title }) => title)).toEqual(
      expect.arrayContaining(["test.accuracy", "cv_mean.accuracy", "Parallel coordinates"]),
    );
    const shown = (comparison as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();
    expect(shown["text/html"]).toContain("<svg");
  });
});

describe("a comparison", () => {
  test("of what a filter finds is in the order asked for", async () => {
    await told("middle", { alpha: 2 }, 2);
    await told("low", { alpha: 1 }, 1);
    await told("high", { alpha: 3 }, 3);
    const { runs, parallel, metrics } = await compareRuns(session(), {
      filter: "experiment = 'told'",
      sort: "-metrics.test.score",
    });
    expect(runs.map(({ name }) => name)).toEqual(["high", "middle", "low"]);
    expect(metrics.find(({ name }) => name === "test.score")).toMatchObject({
      values: [3, 2, 1],
      deltas: [0, -1, -2],
      best: null,
    });
    expect(parallel.find(({ name }) => name === "alpha")).toEqual({
      name: "alpha",
      kind: "number",
      values: [3, 2, 1],
      levels: null,
    });
  });

  test("refuses one run, an unknown run, and a baseline that is not among them", async () => {
    const [a, b] = [await told("a", {}, 1), await told("b", {}, 2)];
    await expect(compareRuns(session(), [a, a])).rejects.toThrow("needs two runs at least, got 1");
    await expect(compareRuns(session(), [a, "01900000-0000-7000-8000-000000000000"])).rejects.toThrow("no run 01900000");
    await expect(compareRuns(session(), { ids: [a, b], baseline: "01900000-0000-7000-8000-000000000000" })).rejects.toThrow(
      "must be one of the runs compared",
    );
    await expect(compareRuns(session(), { filter: "name = 'nobody'" })).rejects.toThrow("found 0");
  });

  test("as CSV keeps formulas from spreadsheets, and the values as they are in the raw one", async () => {
    const ids = [await told("=1+1", { "@note": "=cmd|' /C calc'!A0" }, -1), await told('a "quoted", name', {}, 2)];
    const comparison = await compareRuns(session(), ids);
    const guarded = comparisonCsv(comparison);
    expect(guarded.split("\r\n")[0]).toBe(`\ufeff,'=1+1,"a ""quoted"", name"`); // the mark tells a spreadsheet that it is UTF-8
    expect(guarded).toContain("'@note,'=cmd|' /C calc'!A0,\r\n");
    expect(guarded).toContain("test.score,-1,2\r\n"); // numbers stay numbers
    expect(guarded).toContain("test.score minus baseline,0,3\r\n");
    expect(comparisonCsv(comparison, { forSpreadsheet: false })[0]).toBe(",");
    expect(comparisonCsv(comparison, { forSpreadsheet: false })).toContain("@note,=cmd|' /C calc'!A0,\r\n");
  });

  test("with parameters named __proto__ and constructor keeps them as names", async () => {
    const ids = [
      await told("odd", JSON.parse('{"__proto__": 1, "constructor": {"prototype": 2}}'), 1),
      await told("even", {}, 1),
    ];
    const { params } = await compareRuns(session(), ids);
    expect(
      params
        .filter(({ differs }) => differs)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["__proto__", "constructor.prototype"]);
  });

  test("of NaN and infinities has no difference of them", async () => {
    const ids = [await told("nan", {}, Number.NaN), await told("infinite", {}, Infinity), await told("one", {}, 1)];
    const { metrics } = await compareRuns(session(), { ids, baseline: ids[2]! });
    expect(metrics.find(({ name }) => name === "test.score")).toMatchObject({
      values: ["NaN", "Infinity", 1],
      deltas: [null, null, 0],
    });
  });
});

test("curves are thinned to what is asked for, with both ends, extremes and what is not finite", async () => {
  const values = Array.from({ length: 2500 }, (_, step) =>
    step === 1300 ? Number.NaN : step === 1700 ? 99 : Math.sin(step / 9),
  );
  const ids = await Promise.all(
    ["a", "b"].map((name) => createRun(session(), { experiment: "curves", name, status: "training" })),
  );
  for (const id of ids)
    await logMetrics(
      session(),
      id,
      values.slice(0, id === ids[0] ? 2500 : 900).map((value, step) => ({ name: "loss", step, value: toMetricValue(value) })),
    );
  const { series } = await compareRuns(session(), { ids, points: 60 });
  const [long, short] = ids.map((id) => series.find(({ run_id }) => run_id === id)!);
  expect([long!.steps[0], long!.steps.at(-1), short!.steps.at(-1)]).toEqual([0, 2499, 899]);
  expect(long!.values).toEqual(expect.arrayContaining(["NaN", 99]));
  for (const { steps } of [long!, short!]) expect(steps.length).toBeLessThanOrEqual(60);
});

test("folds of unknown origin, of other lengths, and with NaN are not tested", () => {
  const run = { metrics: { "cv_mean.accuracy": 0.5 } } as never;
  const folds = (key: string | null, values: number[]) => ({ key, values: new Map([["accuracy", values]]) });
  const reasons = (a: ReturnType<typeof folds>, b: ReturnType<typeof folds>) =>
    metricRows([run, run], [a, b], 0)[0]!.significance[1]!.reason;
  expect(reasons(folds(null, [1, 2]), folds("k", [1, 2]))).toBe("the folds of one of the runs are not known");
  expect(reasons(folds("k", [1, 2, 3]), folds("k", [1, 2]))).toBe("2 folds against 3");
  expect(reasons(folds("k", [1, Number.NaN]), folds("k", [1, 2]))).toBe("a fold has no finite value");
});

test("runs are compared by themselves or by their ids", () => {
  expect(comparedRuns([{ id: "a" }, "b"])).toEqual({ ids: ["a", "b"] });
});
