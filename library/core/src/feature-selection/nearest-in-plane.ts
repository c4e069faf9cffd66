import { selectRows } from "../numeric/select-rows.ts";

/**
 * The distance of each point of a plane to its k-th nearest other point, the greater of |Δx| and |Δy| (Chebyshev). By a k-d tree whose leaves
 * hold at most 8 points: about O(n log n). k must be below n. Equal points have distance 0.
 * Source: Friedman, Bentley & Finkel (1977), ACM Transactions on Mathematical Software 3(3).
 */
export function kthDistances(x: Float64Array, y: Float64Array, k: number, checkpoint: () => void): Float64Array {
  const n = x.length;
  const tree = planeTree(x, y);
  const out = new Float64Array(n);
  const nearest = new Float64Array(k); // of the point that asks: distances ascending
  for (let p = 0; p < n; p++) {
    if ((p & 4095) === 0) checkpoint();
    nearest.fill(Infinity);
    search(tree, p, nearest);
    out[tree.order[p]!] = nearest[k - 1]!;
  }
  return out;
}

/** Points in the order of the leaves, and the boxes of the nodes: node t has the children 2t + 1 and 2t + 2. */
interface PlaneTree {
  readonly order: Int32Array;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly begin: Int32Array;
  readonly firstLeaf: number;
  /** Least x, greatest x, least y, greatest y of each node. */
  readonly boxes: Float64Array;
  readonly stack: Int32Array;
  readonly bounds: Float64Array;
}

const leafSize = 8;

function planeTree(x: Float64Array, y: Float64Array): PlaneTree {
  const n = x.length;
  let depth = 1;
  for (let size = n; size > leafSize; size = Math.ceil(size / 2)) depth++;
  const nodes = 2 ** depth - 1;
  const firstLeaf = 2 ** (depth - 1) - 1;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const begin = new Int32Array(nodes + 1);
  const end = new Int32Array(nodes);
  end[0] = n;
  for (let node = 0; node < firstLeaf; node++) {
    const [from, to] = [begin[node]!, end[node]!];
    const middle = (from + to) >> 1;
    selectRows(widthOf(x, order, from, to) >= widthOf(y, order, from, to) ? x : y, 1, 0, order, from, to - 1, middle);
    begin[2 * node + 1] = from;
    end[2 * node + 1] = middle;
    begin[2 * node + 2] = middle;
    end[2 * node + 2] = to;
  }
  begin[nodes] = n;
  const [xs, ys] = [order, order].map((list, axis) => Float64Array.from(list, (i) => (axis === 0 ? x : y)[i]!)) as [
    Float64Array,
    Float64Array,
  ];
  const boxes = new Float64Array(4 * nodes);
  for (let node = nodes - 1; node >= 0; node--) fillBox(boxes, node, firstLeaf, xs, ys, begin[node]!, end[node]!);
  return {
    order,
    xs,
    ys,
    begin,
    firstLeaf,
    boxes,
    stack: new Int32Array(2 * depth + 2),
    bounds: new Float64Array(2 * depth + 2),
  };
}

function fillBox(
  boxes: Float64Array,
  node: number,
  firstLeaf: number,
  xs: Float64Array,
  ys: Float64Array,
  from: number,
  to: number,
): void {
  let [lowX, highX, lowY, highY] = [Infinity, -Infinity, Infinity, -Infinity];
  if (node >= firstLeaf)
    for (let p = from; p < to; p++) {
      lowX = Math.min(lowX, xs[p]!);
      highX = Math.max(highX, xs[p]!);
      lowY = Math.min(lowY, ys[p]!);
      highY = Math.max(highY, ys[p]!);
    }
  else
    for (const child of [8 * node + 4, 8 * node + 8]) {
      lowX = Math.min(lowX, boxes[child]!);
      highX = Math.max(highX, boxes[child + 1]!);
      lowY = Math.min(lowY, boxes[child + 2]!);
      highY = Math.max(highY, boxes[child + 3]!);
    }
  boxes[4 * node] = lowX;
  boxes[4 * node + 1] = highX;
  boxes[4 * node + 2] = lowY;
  boxes[4 * node + 3] = highY;
}

function widthOf(values: Float64Array, order: Int32Array, from: number, to: number): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    const value = values[order[i]!]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

/** Fills in the distances of the nearest points of point p but itself. */
function search({ xs, ys, begin, firstLeaf, boxes, stack, bounds }: PlaneTree, p: number, nearest: Float64Array): void {
  const k = nearest.length;
  const [x, y] = [xs[p]!, ys[p]!];
  let top = 0;
  stack[0] = 0;
  bounds[0] = 0;
  while (top >= 0) {
    const node = stack[top]!;
    if (bounds[top--]! >= nearest[k - 1]!) continue;
    if (node >= firstLeaf) {
      for (let q = begin[node]!; q < begin[node + 1]!; q++) {
        const dx = Math.abs(xs[q]! - x);
        const dy = Math.abs(ys[q]! - y);
        const distance = dx > dy ? dx : dy;
        if (distance >= nearest[k - 1]! || q === p) continue;
        let at = k - 1;
        for (; at > 0 && nearest[at - 1]! > distance; at--) nearest[at] = nearest[at - 1]!;
        nearest[at] = distance;
      }
      continue;
    }
    const left = boundOf(boxes, 8 * node + 4, x, y);
    const right = boundOf(boxes, 8 * node + 8, x, y);
    const nearer = left <= right ? 2 * node + 1 : 2 * node + 2;
    stack[++top] = 4 * node + 3 - nearer;
    bounds[top] = left <= right ? right : left;
    stack[++top] = nearer;
    bounds[top] = left <= right ? left : right;
  }
}

/** The least distance that a point of a box can have. */
function boundOf(boxes: Float64Array, at: number, x: number, y: number): number {
  let bound = boxes[at]! - x;
  if (x - boxes[at + 1]! > bound) bound = x - boxes[at + 1]!;
  if (boxes[at + 2]! - y > bound) bound = boxes[at + 2]! - y;
  if (y - boxes[at + 3]! > bound) bound = y - boxes[at + 3]!;
  return bound > 0 ? bound : 0;
}
