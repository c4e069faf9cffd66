import { describe, expect, test } from "vitest";
import { type CartKernels, nodeBlock } from "./cart-kernels.ts";
import { philoxBlocks, random } from "./random.ts";
import { kernels, Layout, openMemory, type Pointer } from "./wasm.ts";

const missing = 1000;

/** A node of n rows in a table of twice as many, its arrays in a kernel memory. */
function node(n: number, ranksOf: (draw: ReturnType<typeof random>) => number, classes = 0, seed = 1) {
  const draw = random(seed, "node");
  const layout = new Layout();
  const place = (count: number, bytes = 8): Pointer => layout.reserve(count * bytes);
  const at = {
    ranks: place(2 * n, 4),
    rows: place(n, 4),
    y: place(n),
    w: place(n),
    keys: place(n),
    scratch: place(n),
    counts: place(Math.max(n, 6 * 2048), 4),
    block: place(nodeBlock.size + 3),
    sums: place(3 * Math.max(1, classes)),
    spare: [place(n, 4), place(n), place(n)] as const,
    places: place(n, 4),
    sorted: place(n),
    fenwick: place(2 * n + 2),
    errors: place(2 * n),
  };
  const memory = openMemory("test", layout);
  const calls = kernels<CartKernels>(memory);
  const f64 = (pointer: Pointer, count: number) => new Float64Array(memory.buffer, pointer, count);
  const u32 = (pointer: Pointer, count: number) => new Uint32Array(memory.buffer, pointer, count);
  const ranks = u32(at.ranks, 2 * n).map(() => ranksOf(draw));
  u32(at.ranks, 2 * n).set(ranks);
  const rows = u32(at.rows, n).map((_, p) => 2 * p + draw.int(2));
  u32(at.rows, n).set(rows);
  const y = f64(at.y, n).map(() => (classes > 0 ? draw.int(classes) : Math.abs(draw.normal()) + 0.1));
  f64(at.y, n).set(y);
  const w = f64(at.w, n).map(() => 1 + draw.int(3));
  f64(at.w, n).set(w);
  const total = (values: Float64Array): number => values.reduce((sum, value, p) => sum + value * w[p]!, 0);
  const block = f64(at.block, nodeBlock.size);
  block[nodeBlock.weight] = total(new Float64Array(n).fill(1));
  block[nodeBlock.sum] = total(classes > 0 ? y.map((code) => Number(code === 1)) : y);
  block[nodeBlock.lower] = -Infinity;
  block[nodeBlock.upper] = Infinity;
  const rank = (p: number): number => ranks[rows[p]!]!;
  /** The plain order: by rank, missing last. */
  const order = [...w.keys()].sort((a, b) => rank(a) - rank(b) || a - b);
  return { n, at, calls, f64, u32, ranks, rows, y, w, block, rank, order };
}

const shapes: [string, number, (draw: ReturnType<typeof random>) => number][] = [
  ["few rows", 9, (draw) => draw.int(50)],
  ["many different values", 700, (draw) => draw.int(900)],
  ["few different values", 300, (draw) => draw.int(4)],
  ["values in one corner of their range", 800, (draw) => (draw.int(50) === 0 ? draw.int(999) : draw.int(3) * 7)],
  ["missing values", 200, (draw) => (draw.int(4) === 0 ? missing : draw.int(60))],
];

describe("cartSort gives the order of Array.sort", () => {
  test.each(shapes)("%s", (_, n, ranksOf) => {
    const { at, calls, u32, rank, order } = node(n, ranksOf);
    const present = calls.cartSort(at.ranks, missing, at.rows, n, at.keys, at.scratch, at.counts);
    expect(present).toBe(order.filter((p) => rank(p) !== missing).length);
    const keys = u32(at.keys, 2 * n);
    expect(order.map((_place, k) => keys[2 * k + 1])).toEqual(order.map(rank));
    expect(order.map((_place, k) => keys[2 * k]).sort()).toEqual([...order].sort());
  });

  test("a constant column has none", () => {
    const { at, calls, n } = node(30, () => 7);
    expect(calls.cartSort(at.ranks, missing, at.rows, n, at.keys, at.scratch, at.counts)).toBe(-1);
  });
});

test("cartRank numbers the different values, −0 as 0 and NaN behind all", () => {
  const { at, calls, f64, u32 } = node(12, () => 0);
  const values = [3, -1, 0, -0, Number.NaN, 1e308, -1e308, 3, 5e-324, -5e-324, 0, 7];
  f64(at.keys, 12).set(values);
  const size = calls.cartRank(at.keys, at.scratch, at.y, at.w, at.counts, 12, at.ranks);
  const different = [...new Set(values.filter((value) => !Number.isNaN(value)).map((value) => value + 0))].sort((a, b) => a - b);
  expect(size).toBe(different.length);
  expect([...u32(at.ranks, 12)]).toEqual(values.map((v) => (Number.isNaN(v) ? size : different.indexOf(v + 0))));
});

/** Minus the weighted impurity of both sides of a cut, rows in an order. */
const measures: Record<string, (y: number[], w: number[]) => number> = {
  moments: (y, w) => {
    const weight = w.reduce((a, b) => a + b);
    const mean = y.reduce((sum, value, p) => sum + value * w[p]!, 0) / weight;
    return y.reduce((sum, value, p) => sum + w[p]! * (value - mean) ** 2, 0);
  },
  poisson: (y, w) => {
    const mean = y.reduce((sum, value, p) => sum + value * w[p]!, 0) / w.reduce((a, b) => a + b);
    return y.reduce((sum, value, p) => sum + w[p]! * value * Math.log(value / mean), 0);
  },
  gini: (y, w) => classImpurity(y, w, (share) => share * (1 - share)),
  entropy: (y, w) => classImpurity(y, w, (share) => (share > 0 ? -share * Math.log(share) : 0)),
  absolute: (y, w) => Math.min(...y.map((middle) => y.reduce((sum, value, p) => sum + w[p]! * Math.abs(value - middle), 0))),
};

function classImpurity(y: number[], w: number[], part: (share: number) => number): number {
  const weight = w.reduce((a, b) => a + b);
  const own = (code: number): number => y.reduce((sum, value, p) => sum + (value === code ? w[p]! : 0), 0);
  return weight * [0, 1, 2, 3].reduce((sum, code) => sum + part(own(code) / weight), 0);
}

describe("a scan cuts where the impurity of both sides is least", () => {
  test.each(Object.keys(measures))("%s", (criterion) => {
    const isClass = criterion === "gini" || criterion === "entropy";
    const { at, calls, u32, y, w, rank, order, n } = node(60, (draw) => draw.int(25), isClass ? 4 : 0);
    calls.cartSort(at.ranks, missing, at.rows, n, at.keys, at.scratch, at.counts);
    const cost = (cut: number): number => {
      if (rank(order[cut - 1]!) === rank(order[cut]!)) return Infinity;
      const side = (places: number[]): number =>
        measures[criterion]!(
          places.map((p) => y[p]!),
          places.map((p) => w[p]!),
        );
      return side(order.slice(0, cut)) + side(order.slice(cut));
    };
    const cuts = Array.from({ length: n - 9 }, (_, k) => k + 5);
    const best = cuts.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    expect(scan()).toBe(best);

    function scan(): number {
      const common = [at.keys, at.y, at.w, 5, n - 5, 0, at.block] as const;
      if (criterion === "moments") return calls.cartScanMoments(...common);
      if (criterion === "poisson") return calls.cartScanPoisson(...common);
      if (isClass) calls.cartCount(at.y, at.w, n, at.sums, 4);
      if (criterion === "gini") return calls.cartScanGini(...common, at.sums, 4);
      if (criterion === "entropy") return calls.cartScanEntropy(...common, at.sums, 4);
      const byTarget = [...y.keys()].sort((a, b) => y[a]! - y[b]!);
      byTarget.forEach((p, k) => {
        u32(at.places, n)[p] = k;
      });
      new Float64Array(u32(at.sorted, 1).buffer, at.sorted, n).set(byTarget.map((p) => y[p]!));
      const { keys, w: weights, block, places, sorted, fenwick, errors } = at;
      return calls.cartScanAbsolute(keys, weights, n, 5, n - 5, 0, block, places, sorted, fenwick, errors);
    }
  });
});

describe.each([0, 1])("cartPartition with missing values %s", (missingLeft) => {
  test("keeps the order of both sides", () => {
    const { at, calls, u32, f64, rows, y, w, rank, n } = node(90, (draw) => (draw.int(5) === 0 ? missing : draw.int(30)));
    const isLeft = (p: number): boolean => (rank(p) === missing ? missingLeft === 1 : rank(p) <= 11);
    const places = [...w.keys()];
    const wanted = [...places.filter(isLeft), ...places.filter((p) => !isLeft(p))];
    const left = calls.cartPartition(at.ranks, missing, 11, missingLeft, at.rows, at.y, at.w, n, ...at.spare);
    expect(left).toBe(places.filter(isLeft).length);
    expect([...u32(at.rows, n)]).toEqual(wanted.map((p) => rows[p]));
    expect([...f64(at.y, n)]).toEqual(wanted.map((p) => y[p]));
    expect([...f64(at.w, n)]).toEqual(wanted.map((p) => w[p]));
  });
});

describe("one drawn cut", () => {
  const values = (n: number): number[] => {
    const draw = random(3, "values");
    return Array.from({ length: n }, () => (draw.int(6) === 0 ? Number.NaN : draw.normal()));
  };

  test.each([0, 1])("scores as a scan of the halves, missing values on side %s", (missingLeft) => {
    const { at, calls, f64, block, n } = node(61, () => 0);
    const column = values(n);
    f64(at.scratch, n).set(column);
    const left = calls.cartHalve(at.scratch, n, 0.2, missingLeft, at.keys);
    expect(left).toBe(column.filter((value) => value <= 0.2 || (Number.isNaN(value) && missingLeft === 1)).length);
    expect(calls.cartScanMoments(at.keys, at.y, at.w, left, left, 0, at.block)).toBe(left);
    const score = block[nodeBlock.score]!;
    expect(calls.cartCutMoments(at.scratch, n, 0.2, missingLeft, at.y, at.w, 1, 0, at.block)).toBe(left);
    expect(Math.abs(block[nodeBlock.score]! - score)).toBeLessThan(1e-9 * score);
  });

  test("knows the ends of a column and how many cells are missing", () => {
    const { at, calls, f64, u32 } = node(61, () => 0);
    const column = values(31);
    f64(at.y, 61).set([...column, ...column.slice(1)]);
    u32(at.rows, 31).set([...column.keys()]);
    expect(calls.cartGather(at.y, 8, 8, at.rows, 31, at.scratch, at.block)).toBe(column.filter((v) => !Number.isNaN(v)).length);
    expect([...f64(at.block, 2)]).toEqual([
      Math.min(...column.filter((v) => !Number.isNaN(v))),
      Math.max(...column.filter((v) => !Number.isNaN(v))),
    ]);
    expect([...f64(at.scratch, 31)]).toEqual(column);
  });

  test("reads floats, two columns row by row, as it reads doubles", () => {
    const { at, calls, f64, u32 } = node(61, () => 0);
    const column = values(31).map(Math.fround);
    const floats = new Float32Array(u32(at.y, 0).buffer, at.y, 62);
    for (const [i, value] of column.entries()) floats.set([value, 7], 2 * i);
    u32(at.rows, 31).set([...column.keys()].reverse());
    const known = column.filter((v) => !Number.isNaN(v));
    expect(calls.cartGather(at.y, 8, 4, at.rows, 31, at.scratch, at.block)).toBe(known.length);
    expect([...f64(at.block, 2)]).toEqual([Math.min(...known), Math.max(...known)]);
    expect([...f64(at.scratch, 31)]).toEqual(column.toReversed());
  });

  test.each([4, 8])("parts rows by values of %s bytes", (bytes) => {
    const { at, calls, f64, u32, y, w, n } = node(61, () => 0);
    const column = values(n).map(Math.fround);
    const cells = bytes === 4 ? new Float32Array(u32(at.keys, 0).buffer, at.keys, n) : f64(at.keys, n);
    cells.set(column);
    u32(at.rows, n).set([...column.keys()]);
    const isLeft = (p: number): boolean => column[p]! <= 0.2 || Number.isNaN(column[p]);
    const wanted = [...[...w.keys()].filter(isLeft), ...[...w.keys()].filter((p) => !isLeft(p))];
    const left = calls.cartPartitionValues(at.keys, bytes, bytes, 0.2, 1, at.rows, at.y, at.w, n, ...at.spare);
    expect(left).toBe(wanted.filter(isLeft).length);
    expect([...u32(at.rows, n)]).toEqual(wanted);
    expect([...f64(at.y, n)]).toEqual(wanted.map((p) => y[p]));
    expect([...f64(at.w, n)]).toEqual(wanted.map((p) => w[p]));
  });

  test("without weights is as with weights of 1", () => {
    const { at, calls, f64, u32, block, w: given, n } = node(61, () => 0, 2);
    f64(at.w, n).fill(1);
    f64(at.scratch, n).set(values(n));
    block[nodeBlock.weight] = n;
    const scores = [at.w, 0].map((w) => {
      calls.cartCount(at.y, w, n, at.sums, 2);
      const left = calls.cartCutMoments(at.scratch, n, 0.2, 1, at.y, w, 1, 0, at.block);
      return [left, block[nodeBlock.score], ...f64(at.sums, 2)];
    });
    expect(scores[1]).toEqual(scores[0]);
    u32(at.rows, n).set([...given.keys()]);
    const wanted = [...f64(at.y, n)].sort((a, b) => a - b);
    f64(at.keys, n).set(f64(at.y, n));
    expect(calls.cartPartitionValues(at.keys, 8, 8, 0, 0, at.rows, at.y, 0, n, ...at.spare)).toBe(wanted.lastIndexOf(0) + 1);
    expect([...f64(at.y, n)]).toEqual(wanted);
  });
});

test("cartMoments are weight, Σ w y and Σ w (y − mean)²", () => {
  const { at, calls, f64, y, w, n } = node(80, (draw) => draw.int(9));
  calls.cartMoments(at.y, at.w, n, at.block);
  const [weight, sum, squares] = f64(at.block, 3);
  expect(weight).toBe(w.reduce((a, b) => a + b));
  expect(Math.abs(sum! - y.reduce((all, value, p) => all + value * w[p]!, 0))).toBeLessThan(1e-9);
  expect(Math.abs(squares! - measures["moments"]!([...y], [...w]))).toBeLessThan(1e-9);
});

test("randomBlocks are Philox's, and the numbers of uint32", () => {
  const { at, calls, u32 } = node(80, () => 0);
  const stream = random(9, "blocks");
  const wanted = random(9, "blocks");
  for (const size of [3, 40, 1]) {
    const out = u32(at.keys, size);
    stream.fill(out, (counter, key, words) => {
      const [c0, c1, c2, c3] = counter;
      calls.randomBlocks(words.byteOffset, words.length / 4, key[0]!, key[1]!, c0!, c1!, c2!, c3!);
      const plain = new Uint32Array(words.length);
      philoxBlocks(counter, key, plain);
      expect([...words]).toEqual([...plain]);
    });
    expect([...out]).toEqual(Array.from({ length: size }, wanted.uint32));
  }
});
