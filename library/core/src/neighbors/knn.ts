import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import type { Neighbors } from "./neighbors.ts";
import { nearest, type SearchParams } from "./search.ts";

/** What k nearest neighbours remembers: the training rows that have weight. */
export interface KnnState {
  /** Rows, row-major (n × d). */
  readonly x: Float64Array;
  /** Class codes, or values (n). */
  readonly y: Float64Array;
  /** Row weights (n); null when all are 1. */
  readonly weights: Float64Array | null;
  /** Each row's number in the training data (n). */
  readonly rows: Int32Array;
  /** Number of columns d. */
  readonly columns: number;
  /** Number of classes; 0 for values. */
  readonly classes: number;
}

const shared = () => ({
  nNeighbors: z
    .int()
    .min(1)
    .max(100_000)
    .default(5)
    .meta({ title: "Neighbours", description: "How many rows are asked.", search: "linear", formMaximum: 20 }),
  weights: z
    .enum(["uniform", "distance"])
    .default("uniform")
    .meta({ title: "Weights", description: "distance: a neighbour counts by the inverse of its distance." }),
  metric: z.enum(["euclidean", "manhattan", "minkowski", "cosine"]).default("euclidean").meta({ title: "Metric" }),
  p: z.number().min(1).max(64).default(2).meta({ title: "Minkowski's p", description: "1 is Manhattan, 2 Euclidean." }),
  algorithm: z
    .enum(["auto", "brute", "kd_tree", "ball_tree"])
    .default("auto")
    .meta({ title: "Search", description: "All give the same answer; a tree is faster in few columns." }),
  leafSize: z.int().min(1).max(10_000).default(30).meta({ title: "Rows in a leaf of the tree" }),
});
type Params = SearchParams & { readonly nNeighbors: number; readonly weights: "uniform" | "distance" };

/**
 * The majority among the k nearest training rows; of equal votes the first class, of rows as near the lower one. Row weights multiply
 * votes. The fit keeps the rows, the index is built at the first prediction. A prediction is O(n d) a row by brute force (SIMD, exact),
 * about O(d log n) by a tree in few columns. Throws ParamsError for more neighbours than rows, and for cosine by a tree.
 * Source: Cover & Hart (1967), Nearest neighbor pattern classification. Oracle: sklearn.neighbors.KNeighborsClassifier.
 *
 * @example
 * const model = await ml.knnClassifier({ nNeighbors: 7, weights: "distance" }).fit(train, { target: "species" });
 */
export const knnClassifier = classifier({
  name: "knn",
  params: () => z.strictObject(shared()),
  fit: (x, y, params, context): KnnState => remember(x, y, params, context),
  predictProba(x, state: KnnState, params): Matrix {
    const found = nearest(state, params, x, params.nNeighbors);
    const data = sharedFloat64(x.rows * state.classes);
    for (let i = 0; i < x.rows; i++) {
      const votes = voteWeights(found, i, state, params);
      const sum = votes.reduce((a, b) => a + b, 0);
      for (let n = 0; n < votes.length; n++) data[i * state.classes + state.y[found.rows[i * found.k + n]!]!]! += votes[n]! / sum;
    }
    return { rows: x.rows, columns: state.classes, data };
  },
  check,
});

/**
 * The mean of the k nearest training rows' values, by weight. Row weights multiply. Search, cost and errors as the classifier's.
 * Source: Altman (1992), The American Statistician 46(3). Oracle: sklearn.neighbors.KNeighborsRegressor.
 *
 * @example
 * const model = await ml.knnRegressor({ metric: "manhattan" }).fit(train, { target: "price" });
 */
export const knnRegressor = regressor({
  name: "knn",
  params: () => z.strictObject(shared()),
  fit: (x, y, params, context): KnnState => remember(x, y, params, context),
  predict(x, state: KnnState, params): Float64Array {
    const found = nearest(state, params, x, params.nNeighbors);
    return Float64Array.from({ length: x.rows }, (_, i) => {
      const votes = voteWeights(found, i, state, params);
      let sum = 0;
      let total = 0;
      for (let n = 0; n < votes.length; n++) {
        sum += votes[n]! * state.y[found.rows[i * found.k + n]!]!;
        total += votes[n]!;
      }
      return sum / total;
    });
  },
  check,
});

function remember(x: Matrix, y: Float64Array, params: Params, { classes, weights }: FitContext): KnnState {
  const { nNeighbors, metric, algorithm } = params;
  const rows = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => weights?.[i] !== 0);
  if (nNeighbors > rows.length) throw new ParamsError(`knn: nNeighbors must be ≤ ${rows.length} rows, got ${nNeighbors}`);
  if (metric === "cosine" && (algorithm === "kd_tree" || algorithm === "ball_tree"))
    throw new ParamsError(`knn: algorithm must be brute or auto for the cosine metric, got ${algorithm}`);
  const kept = new Float64Array(rows.length * x.columns);
  rows.forEach((i, at) => {
    kept.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), at * x.columns);
  });
  return {
    x: kept,
    y: Float64Array.from(rows, (i) => y[i]!),
    weights: weights ? Float64Array.from(rows, (i) => weights[i]!) : null,
    rows,
    columns: x.columns,
    classes,
  };
}

/** How much each neighbour of query i counts. Neighbours at distance 0 count alone where distance weighs. */
function voteWeights({ k, distances, rows }: Neighbors, i: number, state: KnnState, params: Params): Float64Array {
  const own = distances.subarray(i * k, (i + 1) * k);
  const votes = new Float64Array(k).fill(1);
  if (params.weights === "distance") {
    const isHit = own[0] === 0; // they are sorted
    for (let n = 0; n < k; n++) votes[n] = isHit ? (own[n] === 0 ? 1 : 0) : 1 / own[n]!;
    if (!votes.some((vote) => vote > 0)) votes.fill(1); // all infinitely far
  }
  if (state.weights) for (let n = 0; n < k; n++) votes[n]! *= state.weights[rows[i * k + n]!]!;
  return votes;
}

function check({ x, y, weights, rows, columns, classes }: KnnState): void {
  const refuse = (what: string): never => {
    throw new StoreError(`loadModel: knn's ${what}`);
  };
  const isArray = x instanceof Float64Array && y instanceof Float64Array && rows instanceof Int32Array;
  if (!isArray || !(weights === null || weights instanceof Float64Array)) refuse("rows must be arrays of numbers");
  const n = y.length;
  if (!(Number.isInteger(columns) && columns > 0) || n === 0 || x.length !== n * columns || rows.length !== n)
    refuse(`arrays must fit each other, got x ${x.length}, y ${n}, rows ${rows.length}, columns ${columns}`);
  if (weights && (weights.length !== n || !weights.every((weight) => weight > 0 && weight < Infinity)))
    refuse("row weights must be > 0 and finite, one a row");
  if (!x.every(Number.isFinite) || !y.every(Number.isFinite)) refuse("rows must be finite");
  if (classes !== 0 && !y.every((code) => Number.isInteger(code) && code >= 0 && code < classes))
    refuse(`class codes must lie in 0 … ${classes - 1}`);
}
