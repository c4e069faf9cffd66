import { selectRows } from "../numeric/select-rows.ts";
import type { Metric } from "./metric.ts";
import { noNeighbors, offer, type Search } from "./neighbors.ts";

/** A balanced tree over rows: node t has the children 2t + 1 and 2t + 2, and holds the rows `order[begin[t] … end[t] − 1]`. */
interface SpaceTree {
  readonly depth: number;
  /** Row numbers (n). */
  readonly order: Int32Array;
  /** Rows in that order (n × d). */
  readonly points: Float64Array;
  readonly begin: Int32Array;
  readonly end: Int32Array;
}

/** The smallest reduced distance that a row of a node can have from a query. */
type NodeBound = (queries: Float64Array, query: number, node: number) => number;

/**
 * Search by a k-d tree: nodes are boxes, split at the median of their widest column. Build O(n d log n), a query about O(d log n) in few
 * columns, O(n d) in many. Source: Bentley (1975), Communications of the ACM 18(9). Oracle: sklearn.neighbors.KDTree.
 */
export function kdTree(x: Float64Array, n: number, d: number, metric: Metric, leafSize: number): Search {
  const tree = build(x, n, d, leafSize);
  const nodes = tree.begin.length;
  const low = new Float64Array(nodes * d).fill(Infinity);
  const high = new Float64Array(nodes * d).fill(-Infinity);
  for (let node = 0; node < nodes; node++)
    for (let i = tree.begin[node]!; i < tree.end[node]!; i++)
      for (let j = 0; j < d; j++) {
        const value = tree.points[i * d + j]!;
        if (value < low[node * d + j]!) low[node * d + j] = value;
        if (value > high[node * d + j]!) high[node * d + j] = value;
      }
  const bound: NodeBound = (queries, query, node) => {
    let sum = 0;
    for (let j = 0; j < d; j++) {
      const value = queries[query * d + j]!;
      const below = low[node * d + j]! - value;
      const above = value - high[node * d + j]!;
      sum += metric.part(below > 0 ? below : above > 0 ? above : 0);
    }
    return sum;
  };
  return descend(tree, d, metric, bound);
}

/**
 * Search by a ball tree: nodes are balls about the mean of their rows. Costs as a k-d tree's; holds out longer in many columns.
 * Source: Omohundro (1989), Five Balltree Construction Algorithms. Oracle: sklearn.neighbors.BallTree.
 */
export function ballTree(x: Float64Array, n: number, d: number, metric: Metric, leafSize: number): Search {
  const tree = build(x, n, d, leafSize);
  const nodes = tree.begin.length;
  const centres = new Float64Array(nodes * d);
  const radii = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const begin = tree.begin[node]!;
    const end = tree.end[node]!;
    for (let i = begin; i < end; i++)
      for (let j = 0; j < d; j++) centres[node * d + j]! += tree.points[i * d + j]! / (end - begin);
    for (let i = begin; i < end; i++)
      radii[node] = Math.max(radii[node]!, metric.distance(metric.reduced(tree.points, i, centres, node, d)));
  }
  const bound: NodeBound = (queries, query, node) => {
    const away = metric.distance(metric.reduced(queries, query, centres, node, d));
    // less a hair: these distances are rounded, and a row must not be lost to that
    const least = away - radii[node]! - 1e-12 * away;
    return least > 0 ? metric.part(least) * (1 - 1e-12) : 0;
  };
  return descend(tree, d, metric, bound);
}

function build(x: Float64Array, n: number, d: number, leafSize: number): SpaceTree {
  let depth = 1;
  for (let size = n; size > leafSize; size = Math.ceil(size / 2)) depth++;
  const nodes = 2 ** depth - 1;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const begin = new Int32Array(nodes);
  const end = new Int32Array(nodes);
  end[0] = n;
  for (let node = 0; 2 * node + 2 < nodes; node++) {
    const middle = (begin[node]! + end[node]!) >> 1;
    selectRows(x, d, widestColumn(x, d, order, begin[node]!, end[node]!), order, begin[node]!, end[node]! - 1, middle);
    begin[2 * node + 1] = begin[node]!;
    end[2 * node + 1] = middle;
    begin[2 * node + 2] = middle;
    end[2 * node + 2] = end[node]!;
  }
  const points = new Float64Array(n * d);
  for (let i = 0; i < n; i++) points.set(x.subarray(order[i]! * d, (order[i]! + 1) * d), i * d);
  return { depth, order, points, begin, end };
}

function widestColumn(x: Float64Array, d: number, order: Int32Array, begin: number, end: number): number {
  let widest = 0;
  let most = -1;
  for (let j = 0; j < d; j++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = begin; i < end; i++) {
      const value = x[order[i]! * d + j]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > most) {
      most = high - low;
      widest = j;
    }
  }
  return widest;
}

/** The nearer child first; nodes that cannot hold a nearer row are left out. */
function descend({ depth, order, points, begin, end }: SpaceTree, d: number, metric: Metric, bound: NodeBound): Search {
  const firstLeaf = 2 ** (depth - 1) - 1;
  const stack = new Int32Array(2 * depth + 2);
  const bounds = new Float64Array(2 * depth + 2);
  return (queries, count, k) => {
    const found = noNeighbors(count, k);
    for (let q = 0; q < count; q++) {
      const list = q * k;
      const worst = list + k - 1;
      let top = 0;
      stack[0] = 0;
      bounds[0] = 0;
      while (top >= 0) {
        const node = stack[top]!;
        if (bounds[top--]! > found.distances[worst]!) continue;
        if (node >= firstLeaf) {
          for (let i = begin[node]!; i < end[node]!; i++) offer(found, list, metric.reduced(queries, q, points, i, d), order[i]!);
          continue;
        }
        const left = bound(queries, q, 2 * node + 1);
        const right = bound(queries, q, 2 * node + 2);
        const farther = left <= right ? 2 * node + 2 : 2 * node + 1;
        stack[++top] = farther;
        bounds[top] = Math.max(left, right);
        stack[++top] = 4 * node + 3 - farther;
        bounds[top] = Math.min(left, right);
      }
    }
    return found;
  };
}
