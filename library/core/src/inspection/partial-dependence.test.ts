import { describe, expect, test } from "vitest";
import type { PredictorModel } from "../base/contract.ts";
import { classifier } from "../base/estimator.ts";
import { table } from "../data/table.ts";
import { randomForestRegressor } from "../ensemble/random-forest.ts";
import { linearRegression } from "../linear/linear-regression.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { polynomialFeatures } from "../linear/polynomial-features.ts";
import { ridge } from "../linear/ridge.ts";
import { autoPreprocess } from "../preprocessing/auto-preprocess.ts";
import { pipeline } from "../preprocessing/pipeline.ts";
import { fixture } from "../testing/fixture.ts";
import { interactionStrength } from "./interaction-strength.ts";
import { partialDependence } from "./partial-dependence.ts";

interface Oracle {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly cells: readonly {
    readonly model: "ridge" | "binary" | "classes";
    readonly features: readonly number[];
    readonly options: { readonly gridResolution: number; readonly percentiles: readonly [number, number] };
    readonly weighted: boolean;
    readonly grid: readonly (readonly number[])[];
    readonly average: readonly (readonly number[])[];
    readonly individual: readonly (readonly (readonly number[])[])[];
  }[];
}

const oracle = fixture<Oracle>(import.meta.url, "partial-dependence");
const { x, y } = oracle;

async function fitted(name: "ridge" | "binary" | "classes"): Promise<PredictorModel> {
  if (name === "ridge") return ridge({ alpha: 1 }).fit(x, y);
  const labels = name === "binary" ? oracle.labels.map((label) => Number(label > 0)) : oracle.labels;
  return logisticRegression({ tol: 1e-12, maxIter: 1000 }).fit(x, labels);
}

function expectClose(found: readonly (readonly number[])[], wanted: readonly (readonly number[])[], digits: number): void {
  expect(found.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
  for (const [k, list] of found.entries())
    for (const [at, value] of list.entries()) expect(value).toBeCloseTo(wanted[k]![at]!, digits);
}

describe("partialDependence equals scikit-learn's", () => {
  test.each(oracle.cells)(
    "$model, columns $features, $options",
    async ({ model: name, features, options, weighted, ...wanted }) => {
      const model = await fitted(name);
      const names = features.map((j) => `x${j}`);
      const digits = name === "ridge" ? 9 : 6; // the solver of the classifier is iterative
      const weights = weighted ? { weights: oracle.weights } : {};
      const found = await partialDependence(model, x, { features: names, ...options, ...weights });
      expectClose(found.grid as number[][], wanted.grid, 12);
      expectClose(found.average, wanted.average, digits);
      const each = await partialDependence(model, x.slice(0, 4), {
        features: names,
        kind: "individual",
        ...options,
      });
      for (const [k, rows] of wanted.individual.entries()) expectClose(each.individual[k]!, rows, digits);
    },
  );
});

const colour = x.map((_, i) => ["red", "green", "blue"][(i * 7) % 3]!);
const people = table({
  age: x.map(([a]) => a!),
  colour,
  y: y.map((value, i) => value + (colour[i] === "red" ? 5 : 0)),
});

describe("partialDependence", () => {
  test("asks a category level by level, through a pipeline", async () => {
    const features = ["age", "colour"];
    const model = await autoPreprocess(linearRegression(), people, features).fit(people, { target: "y", features });
    const { grid, average, deciles, outputs } = await partialDependence(model, people, { features: "colour" });
    expect([grid, deciles, outputs]).toEqual([[["blue", "green", "red"]], [[]], ["y"]]);
    expect(average[0]![2]! - average[0]![1]!).toBeGreaterThan(3);
  });
  test("of a linear model is a line whose slope is the weight", async () => {
    const model = await ridge().fit(x, y);
    const { grid, average } = await partialDependence(model, x, { features: "x0", values: { x0: [0, 1] } });
    expect(grid).toEqual([[0, 1]]);
    expect(average[0]![1]! - average[0]![0]!).toBeCloseTo(model.state.coef[0]!, 12);
  });
  test("centred curves of rows begin at 0", async () => {
    const model = await randomForestRegressor({ nEstimators: 5 }).fit(x, y);
    const found = await partialDependence(model, x, { features: "x0", kind: "both", centred: true, gridResolution: 5 });
    expect(found.individual[0]!.every(([first]) => first === 0)).toBe(true);
    expect(found.average[0]).toHaveLength(5);
  });
  test("is the same at any number of threads, and leaves its input as it was", async () => {
    const model = await randomForestRegressor({ nEstimators: 5 }).fit(x, y);
    const before = JSON.stringify(x);
    const options = { features: ["x0", "x1"], gridResolution: 4 };
    const one = await partialDependence(model, x, { ...options, threads: 1 });
    expect(await partialDependence(model, x, { ...options, threads: 3 })).toEqual(one);
    expect(JSON.stringify(x)).toBe(before);
  });
  test("tells which rows were drawn where there are more than asked for", async () => {
    const { rows } = await partialDependence(await fitted("ridge"), x, { features: "x0", rows: 10, gridResolution: 3 });
    expect(rows).toHaveLength(10);
    expect([...rows].sort((a, b) => a - b)).toEqual(rows);
  });
  test("of one row is that row's curve", async () => {
    const model = await fitted("ridge");
    const { average, individual } = await partialDependence(model, x.slice(0, 1), {
      features: "x0",
      values: { x0: [0, 1] },
      kind: "both",
    });
    expect(individual[0]![0]).toEqual(average[0]);
  });
  test("works with an estimator that was defined in a cell", async () => {
    const { seal } = await import("../base/registry.ts");
    seal();
    const { z } = await import("zod");
    const coin = classifier({
      name: "coin_of_a_cell",
      params: z.strictObject({}),
      fit: () => ({ sides: 2 }),
      predict: ({ rows, data, columns }) => Float64Array.from({ length: rows }, (_, i) => Number(data[i * columns]! > 0)),
    });
    const model = await coin().fit(
      x,
      oracle.labels.map((label) => label > 0),
    );
    const { average } = await partialDependence(model, x, { features: "x0", values: { x0: [-1, 1] } });
    expect(average).toEqual([[0, 1]]);
  });

  const bad = [
    [{ features: "x9" }, 'features must be columns of the model (x0, x1, x2), got "x9"'],
    [{ features: ["x0", "x0"] }, 'features must be one column or two different ones, got ["x0","x0"]'],
    [{ features: ["x0", "x1", "x2"] }, "features must be one column or two"],
    [{ features: "x0", gridResolution: 1 }, "gridResolution must be a whole number 2 … 10000, got 1"],
    [
      { features: ["x0", "x1"], values: { x0: new Array(600).fill(1), x1: new Array(600).fill(1) } },
      "10000 points at most, got 360000",
    ],
    [{ features: "x0", percentiles: [0.9, 0.1] }, "percentiles must be two ascending shares of 0 … 1, got [0.9,0.1]"],
    [{ features: "x0", values: { x0: [] } }, 'values of column "x0" must hold one place at least, got 0'],
    [{ features: "x0", values: { x0: ["a"] } }, 'values of column "x0" must be finite numbers, got "a"'],
    [{ features: "x0", weights: [1] }, "x has 60 rows but weights has 1"],
  ] as const;
  test.each(bad)("refuses %j", async (options, message) => {
    await expect(partialDependence(await fitted("ridge"), x, options as never)).rejects.toThrow(message);
  });
  test("refuses a level that the model never saw, with the nearest", async () => {
    const features = ["age", "colour"];
    const model = await autoPreprocess(linearRegression(), people, features).fit(people, { target: "y", features });
    await expect(partialDependence(model, people, { features: "colour", values: { colour: ["grene"] } })).rejects.toThrow(
      'column "colour" has no level "grene", did you mean green',
    );
  });
});

describe("interactionStrength", () => {
  test("is 0 between columns whose effects add up, and near 1 where only their product counts", async () => {
    const product = x.map(([a, b]) => a! * b!);
    const model = await pipeline(polynomialFeatures({ includeBias: false }), linearRegression()).fit(x, product);
    const { pairs } = await interactionStrength(model, x, { rows: 40 });
    expect(pairs[0]!.features).toEqual(["x0", "x1"]);
    expect(pairs[0]!.strength).toBeGreaterThan(0.8);
    for (const { strength } of pairs.slice(1)) expect(strength).toBeLessThan(1e-6);
    const { pairs: added } = await interactionStrength(await fitted("ridge"), x, { rows: 20 });
    for (const { strength } of added) expect(strength).toBeLessThan(1e-6);
  });
  test("needs two columns", async () => {
    await expect(interactionStrength(await fitted("ridge"), x, { features: ["x0"] })).rejects.toThrow(
      'features must be two different columns at least, got ["x0"]',
    );
  });
});
