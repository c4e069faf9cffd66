import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { random } from "../numeric/random.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { expectWithinSpread } from "../testing/oracle-comparison.ts";
import { clusters, kMeans } from "./index.ts";

describe("k_means", () => {
  for (const { name, run } of estimatorChecks("transform", "k_means", { nClusters: 3 })) test(name, run);
});

interface Case {
  readonly x: number[][];
  readonly init: number[][];
  readonly weights: number[] | null;
  readonly maxIter: number;
  readonly centres: number[][];
  readonly labels: number[];
  readonly inertia: number;
  readonly iterations: number;
  readonly transform: number[][];
}

describe("k-means from the same centres ends where scikit-learn's does", () => {
  const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "k-means");
  test.each(cases.map((each) => [`${each.x.length} × ${each.x[0]!.length}, ${each.init.length} clusters`, each] as const))(
    "%s",
    async (_, { x, init, weights, maxIter, ...wanted }) => {
      const model = await kMeans({ nClusters: init.length, init, maxIter }).fit(x, undefined, weights ? { weights } : {});
      const { state } = model;
      expect(state.iterations).toBe(wanted.iterations);
      expect(Array.from(state.labels)).toEqual(wanted.labels);
      expect(Array.from(clusters(model, x))).toEqual(wanted.labels);
      for (const [at, value] of wanted.centres.flat().entries()) expect(Math.abs(state.centres[at]! - value)).toBeLessThan(1e-9);
      expect(Math.abs(state.inertia - wanted.inertia)).toBeLessThan(1e-9 * wanted.inertia);
      const { data } = model.transform(x.slice(0, 5));
      for (const [at, value] of wanted.transform.flat().entries()) expect(Math.abs(data[at]! - value)).toBeLessThan(1e-9);
    },
  );
});

test.each(["k-means++", "random"] as const)(
  "%s starts end as well as scikit-learn's over seeds",
  { timeout: 30_000 },
  async (init) => {
    const { x, inertia } = fixture<{ x: number[][]; inertia: Record<string, number[]> }>(import.meta.url, "k-means-seeds");
    const ours: number[] = [];
    for (let seed = 0; seed < 20; seed++) ours.push((await kMeans({ nClusters: 12, init, nInit: 1, seed }).fit(x)).state.inertia);
    expectWithinSpread(ours, inertia[init]!);
  },
);

describe("k-means", () => {
  const { normal, int } = random(5, "k-means");

  test("gives each row the nearest centre by plain search, for any number of columns, centres and rows", async () => {
    for (const [n, d, k] of [
      [1, 1, 1],
      [7, 3, 5],
      [1030, 4, 9],
      [530, 7, 2],
      [601, 1, 13],
    ] as const) {
      const x = Array.from({ length: n }, () => Array.from({ length: d }, normal));
      const model = await kMeans({ nClusters: k }).fit(x);
      expect(Array.from(model.state.labels)).toEqual(Array.from(clusters(model, x)));
      const { data } = model.transform(x);
      const inertia = x.reduce((sum, _, i) => sum + data[i * k + model.state.labels[i]!]! ** 2, 0);
      expect(Math.abs(inertia - model.state.inertia)).toBeLessThan(1e-9 * Math.max(1, inertia));
    }
  });

  test("has the same bits on one thread and on four", async () => {
    const x = Array.from({ length: 3000 }, () => Array.from({ length: 5 }, normal));
    const [one, four] = [1, 4].map((threads) => kMeans({ nClusters: 20, nInit: 2 }).fit(x, undefined, { threads }));
    expect((await one!).state).toEqual((await four!).state);
  });

  test("of more clusters than different rows leaves the others empty", async () => {
    const { state } = await kMeans({ nClusters: 4 }).fit([[1], [1], [5], [5], [5]]);
    expect(state.inertia).toBe(0);
    expect(Array.from(state.centres).every((value) => value === 1 || value === 5)).toBe(true);
  });

  test("moves an empty cluster to the row farthest from its centre", async () => {
    const { state } = await kMeans({ nClusters: 2, init: [[0], [1000]] }).fit([[0], [1], [2], [30]]);
    expect(Array.from(state.labels)).toEqual([0, 0, 0, 1]);
    expect(Array.from(state.centres)).toEqual([1, 30].map((value) => expect.closeTo(value, 9)));
  });

  test("does not see rows of weight 0", async () => {
    const x = Array.from({ length: 50 }, (_, i) => [int(100), i % 5 === 0 ? 1e6 : int(100)]);
    const weights = x.map((_, i) => (i % 5 === 0 ? 0 : 1));
    const { state } = await kMeans({ nClusters: 3 }).fit(x, undefined, { weights });
    expect(state.centres.every((value) => value < 101)).toBe(true);
  });

  test("bears ±1e307", async () => {
    const { state } = await kMeans({ nClusters: 2 }).fit([[1e307], [-1e307], [9e306], [-9e306]]);
    expect(state.labels[0]).toBe(state.labels[2]);
    expect(Array.from(state.centres).map(Math.abs)).toEqual([9.5e306, 9.5e306].map((v) => expect.closeTo(v, -300)));
  });

  test("refuses more clusters than rows", async () => {
    await expect(kMeans({ nClusters: 3 }).fit([[1], [2]])).rejects.toThrow("k_means: nClusters must be ≤ 2 rows, got 3");
  });

  test("refuses starting centres of another shape", async () => {
    await expect(kMeans({ nClusters: 2, init: [[1], [2, 3]] }).fit([[1], [2]])).rejects.toThrow(
      "k_means: init must hold 2 centres of 1 columns, got 2 × 1, 2",
    );
  });

  test("read from a file with a label beyond the clusters is refused", async () => {
    const model = await kMeans({ nClusters: 2 }).fit([[1], [2], [8]]);
    const broken = { ...model, state: { ...model.state, labels: Int32Array.of(0, 1, 2) } };
    expect(() => decodeModel(encodeModel(broken))).toThrow("loadModel: k_means' labels must lie in 0 … 1");
  });
});
