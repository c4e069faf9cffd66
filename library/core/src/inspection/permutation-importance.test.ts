import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { randomForestClassifier, randomForestRegressor } from "../ensemble/random-forest.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { ridge } from "../linear/ridge.ts";
import { knnClassifier } from "../neighbors/knn.ts";
import { fixture } from "../testing/fixture.ts";
import { permutationImportance } from "./permutation-importance.ts";

interface Oracle {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly labels: readonly number[];
  readonly cells: readonly { metric: string; repeats: number; mean: readonly number[]; sd: readonly number[] }[];
}

const rows = Array.from({ length: 60 }, (_, i) => i);
const height = rows.map((i) => (i * 37) % 101);
const colour = rows.map((i) => ["red", "green", "blue"][(i * 7) % 3]!);
const kinds = rows.map((i) => (height[i]! + (colour[i] === "red" ? 60 : 0) > 70 ? "tall" : "low"));
const flowers = table({ height, idle: rows.map(() => 1), colour, kind: kinds });

describe("permutationImportance agrees with scikit-learn", () => {
  const oracle = fixture<Oracle>(import.meta.url, "permutation-importance");
  test.each(oracle.cells)("on $metric within the spread of its repeats", async ({ metric, repeats, mean, sd }) => {
    const isRegression = ["r2", "mae"].includes(metric);
    const model = isRegression
      ? await ridge({ alpha: 1 }).fit(oracle.x, oracle.y)
      : await logisticRegression({ c: 1, tol: 1e-10, maxIter: 1000 }).fit(oracle.x, oracle.labels);
    const y = isRegression ? oracle.y : oracle.labels;
    const found = await permutationImportance(model, oracle.x, y, { metric, repeats: 100 });
    const byColumn = model.columns.map(({ name }) => found.features.find(({ feature }) => feature === name)!);
    for (const [j, column] of byColumn.entries()) {
      const error = sd[j]! * Math.sqrt(1 / 100 + 1 / repeats);
      expect(Math.abs(column.mean - mean[j]!)).toBeLessThanOrEqual(5 * error);
      expect(Math.abs(column.sd - sd[j]!)).toBeLessThanOrEqual(0.4 * sd[j]! + 1e-12);
    }
  });
});

describe("permutationImportance", () => {
  test("has mean and standard deviation of the losses that it lists, the largest mean first", async () => {
    const model = await randomForestClassifier({ nEstimators: 5 }).fit(flowers.select(["height", "idle", "kind"]), {
      target: "kind",
    });
    const { features, repeats } = await permutationImportance(model, flowers);
    expect(features.map(({ values }) => values.length)).toEqual([repeats, repeats]);
    const [first, second] = features;
    const mean = first!.values.reduce((sum, value) => sum + value) / repeats;
    expect(first!.mean).toBeCloseTo(mean, 14);
    expect(first!.sd).toBeCloseTo(Math.sqrt(first!.values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / repeats), 14);
    expect(first!.mean).toBeGreaterThanOrEqual(second!.mean);
  });

  test("gives a column that tells nothing exactly nothing", async () => {
    const model = await knnClassifier().fit(flowers.select(["height", "idle", "kind"]), { target: "kind" });
    const { features } = await permutationImportance(model, flowers);
    expect(features.find(({ feature }) => feature === "idle")).toMatchObject({ mean: 0, sd: 0 });
    expect(features[0]).toMatchObject({ feature: "height" });
  });

  test("permutes a category as one column of the table", async () => {
    const { autoPreprocess } = await import("../preprocessing/auto-preprocess.ts");
    const features = ["height", "colour"];
    const model = await autoPreprocess(logisticRegression(), flowers, features).fit(flowers, { target: "kind", features });
    const found = await permutationImportance(model, flowers, { metric: "log_loss" });
    expect(found.features.map(({ feature }) => feature).toSorted()).toEqual(["colour", "height"]);
    expect(found.features.every(({ mean }) => mean > 0)).toBe(true);
  });

  test("is the same for a table and for its matrix", async () => {
    const numbers = flowers.select(["height", "idle", "kind"]);
    const model = await knnClassifier().fit(numbers, { target: "kind" });
    const x = height.map((value) => [value, 1]);
    expect(await permutationImportance(model, x, kinds)).toEqual(await permutationImportance(model, numbers));
  });

  test("is the same whichever other columns are asked for, and another for another seed", async () => {
    const numbers = table({ a: height, b: rows.map((i) => (i * 53) % 89), y: height.map((value, i) => value + ((i * 53) % 89)) });
    const model = await ridge().fit(numbers, { target: "y" });
    const all = await permutationImportance(model, numbers);
    const alone = await permutationImportance(model, numbers, { features: ["b"] });
    expect(alone.features).toEqual(all.features.filter(({ feature }) => feature === "b"));
    const other = await permutationImportance(model, numbers, { seed: 1 });
    expect(other.features[0]!.values).not.toEqual(all.features[0]!.values);
  });

  test("permutes columns of one list together: of two that say the same, neither is missed alone", async () => {
    const twins = table({ a: height, b: height.map((value) => 2 * value), c: rows.map((i) => (i * 53) % 89), y: height });
    const model = await randomForestRegressor({ nEstimators: 40, maxFeatures: 1 }).fit(twins, { target: "y" });
    const found = await permutationImportance(model, twins, { features: ["a", "b", ["a", "b"]] });
    expect(found.features[0]!.feature).toBe("a + b");
    expect(found.features[0]!.mean).toBeGreaterThan(1.5 * found.features[1]!.mean);
  });

  test("a row of weight 2 counts twice in the metric, one of weight 0 not at all", async () => {
    const weights = rows.map((i) => i % 3);
    const drawn = rows.flatMap((i) => new Array<number>(weights[i]!).fill(i));
    const model = await ridge().fit(table({ a: height, y: kinds.map((kind) => Number(kind === "tall")) }), { target: "y" });
    const x = height.map((value) => [value]);
    const y = kinds.map((kind) => Number(kind === "tall"));
    const weighted = await permutationImportance(model, x, y, { weights });
    const repeated = await permutationImportance(
      model,
      drawn.map((i) => x[i]!),
      drawn.map((i) => y[i]!),
    );
    expect(weighted.score).toBeCloseTo(repeated.score, 12);
  });

  test("is the same at any number of threads", async () => {
    const model = await randomForestClassifier({ nEstimators: 5 }).fit(flowers.select(["height", "idle", "kind"]), {
      target: "kind",
    });
    const one = await permutationImportance(model, flowers, { threads: 1 });
    expect(await permutationImportance(model, flowers, { threads: 4 })).toEqual(one);
  });

  test("leaves its inputs as they were", async () => {
    const model = await ridge().fit(table({ a: height, y: height }), { target: "y" });
    const x = height.map((value) => [value]);
    await permutationImportance(model, x, height);
    expect(x.map(([value]) => value)).toEqual(height);
  });

  test("obeys an abort", async () => {
    const model = await ridge().fit(table({ a: height, y: height }), { target: "y" });
    const given = table({ a: height, y: height });
    await expect(permutationImportance(model, given, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });

  test("tells its progress, and ends in the middle when asked to", async () => {
    const model = await ridge().fit(table({ a: height, y: height }), { target: "y" });
    const stop = new AbortController();
    const steps: number[] = [];
    const observer = {
      progress({ step }: { readonly step: number }): void {
        steps.push(step);
        stop.abort();
      },
    };
    const asked = permutationImportance(model, table({ a: height, y: height }), {
      repeats: 200_000,
      observer,
      signal: stop.signal,
    });
    await expect(asked).rejects.toThrow("aborted");
    expect(steps[0]).toBeLessThan(200_000);
  });

  const bad = [
    [{ repeats: 0 }, "repeats must be a whole number ≥ 1, got 0"],
    [{ repeats: 2.5 }, "repeats must be a whole number ≥ 1, got 2.5"],
    [{ seed: -1 }, "seed must be a whole number ≥ 0, got -1"],
    [{ metric: "acuracy" }, 'no regression metric "acuracy"'],
    [{ features: ["q"] }, 'features must be columns of the model (a), got "q"'],
    [{ target: "z" }, 'no column "z"'],
  ] as const;
  test.each(bad)("refuses %j", async (options, message) => {
    const given = table({ a: height, y: height });
    const model = await ridge().fit(given, { target: "y" });
    await expect(permutationImportance(model, given, options)).rejects.toThrow(message);
  });

  test("refuses rows and targets of different numbers, and a target that is missing", async () => {
    const model = await ridge().fit([[1], [2], [3]], [1, 2, 3]);
    await expect(permutationImportance(model, [[1], [2]], [1])).rejects.toThrow("x has 2 rows but y has 1");
    const holes = table({ x0: [1, 2], y: [1, null] });
    await expect(permutationImportance(model, holes, { target: "y" })).rejects.toThrow('target "y" is missing in row 1');
    await expect(permutationImportance(model, holes)).rejects.toThrow("needs { target }");
  });
});
