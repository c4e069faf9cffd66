import { z } from "zod";
import type { TableLike } from "../base/columns.ts";
import type { MatrixInput, TransformerModel } from "../base/contract.ts";
import { ParamsError, ShapeError, StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { modelRows } from "../base/model-rows.ts";
import { binaryScale } from "../numeric/distance-kernels.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { clusterCrew, openClusters } from "./cluster-memory.ts";
import { type Found, lloyd } from "./lloyd.ts";

/** What k-means learns. */
export interface KMeansState {
  /** Centres (k × d). */
  readonly centres: Float64Array;
  /** Cluster of each training row (n). */
  readonly labels: Int32Array;
  /** Σ weight · squared distance to the own centre. */
  readonly inertia: number;
  /** Steps of the best start. */
  readonly iterations: number;
  /** Number of columns d. */
  readonly columns: number;
}

/**
 * K-means clustering: k centres such that the rows' squared distances to the nearest one are small in sum. Lloyd's algorithm from the best
 * of `nInit` starts; a cluster that loses all rows moves to the row farthest from its centre. `transform` gives the distances to the centres
 * (n × k), `clusters` each row's cluster. Row weights count. O(n d k) a step, rows in parallel; the result does not depend on threads.
 * Throws ParamsError for more clusters than rows, ShapeError for starting centres of another shape.
 * Source: Lloyd (1982), IEEE Transactions on Information Theory 28(2); Arthur & Vassilvitskii (2007). Oracle: sklearn.cluster.KMeans.
 *
 * @example
 * const model = await ml.kMeans({ nClusters: 3 }).fit(table, { features: ["length", "width"] });
 * ml.clusters(model, table);
 */
export const kMeans = transformer({
  name: "k_means",
  params: () =>
    z.strictObject({
      nClusters: z.int().min(1).max(100_000).default(8).meta({ title: "Clusters", search: "linear" }),
      init: z
        .union([z.enum(["k-means++", "random"]), z.array(z.array(z.number()))])
        .default("k-means++")
        .meta({ title: "Start", description: "How the first centres are drawn; or the centres themselves." }),
      nInit: z
        .union([z.enum(["auto"]), z.int().min(1).max(1000)])
        .default("auto")
        .meta({ title: "Starts", description: "The best of them is kept; auto: 1 for k-means++, 10 for random." }),
      maxIter: z.int().min(1).max(100_000).default(300).meta({ title: "Steps at most" }),
      tol: z.number().min(0).default(1e-4).meta({
        title: "Tolerance",
        description: "Stops when the centres move less, as a share of the mean column variance.",
        search: "log",
      }),
      seed: z.int().min(0).default(42).meta({ title: "Seed" }),
    }),
  fit(x, _, params, context): KMeansState {
    const { nClusters: k, init, nInit } = params;
    if (k > x.rows) throw new ParamsError(`k_means: nClusters must be ≤ ${x.rows} rows, got ${k}`);
    const { means, variance, largest } = spread(x);
    const scale = binaryScale(largest);
    const given = Array.isArray(init) ? givenCentres(init, k, means, scale) : undefined;
    const plan = openClusters(x, context.weights, k, means, scale);
    const crew = context.crew(clusterCrew, plan);
    const starts = given ? 1 : nInit === "auto" ? (init === "random" ? 10 : 1) : nInit;
    try {
      let best: Found | undefined;
      for (let start = 0; start < starts; start++) {
        const found = lloyd(plan, crew, { ...params, tol: params.tol * variance * scale * scale, start, starts }, given, context);
        if (!best || found.inertia < best.inertia) best = found;
      }
      const { centres, labels, inertia, iterations } = best!;
      const own = centres.map((value, at) => value / scale + means[at % x.columns]!);
      return { centres: own, labels, inertia: inertia / scale / scale, iterations, columns: x.columns };
    } finally {
      crew.end();
    }
  },
  transform(x, { centres, columns: d }): Matrix {
    const k = centres.length / d;
    const data = sharedFloat64(x.rows * k);
    for (let i = 0; i < x.rows; i++)
      for (let c = 0; c < k; c++) data[i * k + c] = Math.sqrt(squaredDistance(x.data, i, centres, c, d));
    return { rows: x.rows, columns: k, data, names: Array.from({ length: k }, (_, c) => `cluster${c}`) };
  },
  check({ centres, labels, columns }: KMeansState) {
    const k = centres instanceof Float64Array ? centres.length / columns : Number.NaN;
    if (
      !(
        Number.isInteger(k) &&
        k > 0 &&
        Number.isInteger(columns) &&
        labels instanceof Int32Array &&
        centres.every(Number.isFinite)
      )
    )
      throw new StoreError(`loadModel: k_means' centres must be finite rows of ${columns} columns`);
    if (!labels.every((label) => label >= 0 && label < k))
      throw new StoreError(`loadModel: k_means' labels must lie in 0 … ${k - 1}`);
  },
});

/**
 * The cluster of each row (n): that of the nearest centre, of equals the first. O(n d k). Throws DataError for another kind of model.
 *
 * @example
 * const model = await ml.kMeans({ nClusters: 3 }).fit(rows);
 * ml.clusters(model, [[1, 2], [8, 9]]);
 */
export function clusters(model: TransformerModel<unknown, KMeansState>, data: TableLike | MatrixInput): Int32Array {
  const x = modelRows("clusters", ["k_means"], model, data);
  const { centres, columns: d } = model.state;
  return Int32Array.from({ length: x.rows }, (_, i) => {
    let nearest = 0;
    let least = Infinity;
    for (let c = 0; c < centres.length / d; c++) {
      const distance = squaredDistance(x.data, i, centres, c, d);
      if (distance < least) {
        least = distance;
        nearest = c;
      }
    }
    return nearest;
  });
}

function squaredDistance(x: Float64Array, i: number, y: Float64Array, c: number, d: number): number {
  let sum = 0;
  for (let a = i * d, b = c * d, end = a + d; a < end; a++, b++) sum += (x[a]! - y[b]!) * (x[a]! - y[b]!);
  return sum;
}

/** Column means, the mean of the column variances, and the largest distance of a value from its column's mean. */
function spread({ rows: n, columns: d, data }: Matrix): { means: Float64Array; variance: number; largest: number } {
  const means = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) means[j]! += data[i * d + j]! / n;
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const off = data[i * d + j]! - means[j]!;
      squares += off * off;
      largest = Math.max(largest, Math.abs(off));
    }
  return { means, variance: squares / (n * d), largest };
}

function givenCentres(rows: readonly (readonly number[])[], k: number, means: Float64Array, scale: number): Float64Array {
  if (rows.length !== k || rows.some((row) => row.length !== means.length))
    throw new ShapeError(
      `k_means: init must hold ${k} centres of ${means.length} columns, got ${rows.length} × ${rows.map((row) => row.length).join(", ")}`,
    );
  return Float64Array.from(rows.flat(), (value, at) => (value - means[at % means.length]!) * scale);
}
