import { binaryScale } from "../numeric/distance-kernels.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { brute, plainBrute } from "./brute.ts";
import { type MetricName, metricOf, unitRows } from "./metric.ts";
import type { Neighbors, Search } from "./neighbors.ts";
import { ballTree, kdTree } from "./space-tree.ts";

/** How neighbours are looked for. */
export interface SearchParams {
  readonly metric: MetricName;
  readonly p: number;
  readonly algorithm: "auto" | "brute" | "kd_tree" | "ball_tree";
  readonly leafSize: number;
}

/** Training rows, row-major (n × d). */
interface KnownRows {
  readonly x: Float64Array;
  readonly columns: number;
}

interface Index {
  readonly search: Search;
  readonly scale: number;
}

/** Indexes are built at the first question and live as long as the rows do. */
const indexes = new WeakMap<KnownRows, Index>();

/** The k nearest known rows of each query. Every algorithm gives the same answer. Costs as `brute`, `kdTree` and `ballTree` say. */
export function nearest(known: KnownRows, params: SearchParams, queries: Matrix, k: number): Neighbors {
  let index = indexes.get(known);
  if (!index) {
    index = build(known, params);
    indexes.set(known, index);
  }
  const { search, scale } = index;
  const metric = metricOf(params.metric, params.p);
  const asked = params.metric === "cosine" ? unitRows(queries.data, known.columns) : times(queries.data, scale);
  const found = search(asked, queries.rows, k);
  for (let i = 0; i < found.distances.length; i++) found.distances[i] = metric.distance(found.distances[i]!) / scale;
  return found;
}

/** Which search is meant: few columns and many rows suit a tree, all else the kernel that measures every row. */
function chooseAlgorithm(
  rows: number,
  columns: number,
  { metric, p, algorithm }: SearchParams,
): "brute" | "kd_tree" | "ball_tree" {
  if (algorithm !== "auto") return algorithm;
  if (metric === "cosine") return "brute";
  const hasKernel = metric !== "minkowski" || p === 1 || p === 2;
  return columns <= (hasKernel ? 6 : 15) && rows >= 1000 ? "kd_tree" : "brute";
}

function build(known: KnownRows, params: SearchParams): Index {
  const { x, columns: d } = known;
  const n = x.length / d;
  const isCosine = params.metric === "cosine";
  // a power of two rounds nothing, and keeps squares within 64 bits
  const scale = isCosine ? 1 : binaryScale(largest(x));
  const rows = isCosine ? unitRows(x, d) : times(x, scale);
  const metric = metricOf(params.metric, params.p);
  const algorithm = chooseAlgorithm(n, d, params);
  if (algorithm === "kd_tree") return { scale, search: kdTree(rows, n, d, metric, params.leafSize) };
  if (algorithm === "ball_tree") return { scale, search: ballTree(rows, n, d, metric, params.leafSize) };
  const { metric: name, p } = params;
  if (name !== "minkowski") return { scale, search: brute(rows, n, d, name) };
  if (p === 1 || p === 2) return { scale, search: brute(rows, n, d, p === 1 ? "manhattan" : "euclidean") };
  return { scale, search: plainBrute(rows, n, d, metric) };
}

function times(x: Float64Array, scale: number): Float64Array {
  const scaled = sharedFloat64(x.length);
  for (let i = 0; i < x.length; i++) scaled[i] = x[i]! * scale;
  return scaled;
}

function largest(x: Float64Array): number {
  let top = 0;
  for (let i = 0; i < x.length; i++) top = Math.max(top, Math.abs(x[i]!));
  return top;
}
