import { describe, expect, test } from "vitest";
import type { BoostingKernels } from "./boosting-kernels.ts";
import { type Random, random } from "./random.ts";
import { kernels, Layout, openMemory } from "./wasm.ts";

/** A memory with named places of given sizes in bytes, and views of all of it. */
function arena<N extends string>(sizes: Record<N, number>) {
  const layout = new Layout();
  const at = Object.fromEntries(Object.entries<number>(sizes).map(([name, bytes]) => [name, layout.reserve(bytes)])) as Record<
    N,
    number
  >;
  const memory = openMemory("test", layout);
  return {
    at,
    kernel: kernels<BoostingKernels>(memory),
    bytes: new Uint8Array(memory.buffer),
    shorts: new Uint16Array(memory.buffer),
    words: new Int32Array(memory.buffer),
    numbers: new Float64Array(memory.buffer),
    longs: new BigInt64Array(memory.buffer),
  };
}

describe("histogram", () => {
  const n = 700;
  const d = 30;
  const stride = 32;
  function drawn(draw: Random) {
    const room = arena({
      bins: n * stride + 32,
      rows: 4 * n,
      gradients: 8 * n,
      histogram: 16 * 256 * d,
      offsets: 4 * d,
      buffer: 12_288,
    });
    for (let i = 0; i < n * stride; i++) room.bytes[room.at.bins + i] = draw.int(256);
    for (let i = 0; i < 2 * n; i++) room.words[room.at.gradients / 4 + i] = draw.int(2 ** 31) - 2 ** 30;
    for (let f = 0; f < d; f++) room.words[room.at.offsets / 4 + f] = 16 * 256 * f;
    return room;
  }
  /** The plain twin. */
  function plain({ at, bytes, words }: ReturnType<typeof drawn>, rows: readonly number[]): bigint[] {
    const sums = new Array<bigint>(2 * 256 * d).fill(0n);
    for (const i of rows)
      for (let f = 0; f < d; f++) {
        const bin = 256 * f + bytes[at.bins + i * stride + f]!;
        sums[2 * bin]! += BigInt(words[at.gradients / 4 + 2 * i]!);
        sums[2 * bin + 1]! += BigInt(words[at.gradients / 4 + 2 * i + 1]!);
      }
    return sums;
  }

  test("equals its plain twin over chosen rows", () => {
    const draw = random(1, "histogram");
    const room = drawn(draw);
    const { at, kernel, words, longs } = room;
    const rows = Array.from({ length: n }, (_, i) => i).filter(() => draw.float() < 0.6);
    words.set(rows, at.rows / 4);
    kernel.histogram(at.bins, stride, d, at.rows, 0, rows.length, at.gradients, at.histogram, at.offsets, at.buffer);
    expect(Array.from(longs.subarray(at.histogram / 8, at.histogram / 8 + 512 * d))).toEqual(plain(room, rows));
  });

  test("of consecutive rows needs no row numbers", () => {
    const room = drawn(random(2, "histogram"));
    const { at, kernel, longs } = room;
    kernel.histogram(at.bins, stride, d, 0, 10, 300, at.gradients, at.histogram, at.offsets, at.buffer);
    const rows = Array.from({ length: 300 }, (_, i) => i + 10);
    expect(Array.from(longs.subarray(at.histogram / 8, at.histogram / 8 + 512 * d))).toEqual(plain(room, rows));
  });
});

describe("findSplit", () => {
  const d = 6;
  const bins = 40;
  const leaf = {
    unitG: 2 ** -10,
    unitH: 2 ** -8,
    least: 300,
    l1: 0,
    l2: 0.7,
    step: 0,
    low: -Infinity,
    high: Infinity,
    bound: 0,
    rows: 4000,
    leastRows: 30,
  };
  type Leaf = typeof leaf;

  function drawn(seed: number) {
    const draw = random(seed, "split");
    const room = arena({ histogram: 16 * (bins + 1) * d, offsets: 4 * d, bins: 2 * d, kinds: d, signs: d, leaf: 112, best: 320 });
    const { at, shorts, words, longs } = room;
    const rows = Array.from({ length: 4000 }, () => ({ g: draw.int(4001) - 2000, h: draw.int(50) + 1 }));
    for (let f = 0; f < d; f++) {
      words[at.offsets / 4 + f] = 16 * (bins + 1) * f;
      shorts[at.bins / 2 + f] = bins;
      const hasMissing = f % 2 === 1;
      for (const { g, h } of rows) {
        const place = at.histogram / 8 + 2 * ((bins + 1) * f + draw.int(bins + (hasMissing ? 1 : 0)));
        longs[place]! += BigInt(g + (draw.int(3) - 1) * 0);
        longs[place + 1]! += BigInt(h);
      }
    }
    const sum = (of: "g" | "h"): number => rows.reduce((total, row) => total + row[of], 0);
    return { ...room, g: sum("g"), h: sum("h") };
  }

  /** The plain twin: every bin of every column, missing rows on either side. */
  function plain({ at, longs, g: totalG, h: totalH }: ReturnType<typeof drawn>, given: Leaf, signs: readonly number[]) {
    let best = { gain: -Infinity, column: -1, bin: -1, missingLeft: 0, g: 0, h: 0 };
    const soft = (g: number): number => Math.sign(g) * Math.max(0, Math.abs(g) - given.l1);
    const answer = (g: number, h: number): number => {
      let out = -soft(g) / (h + given.l2);
      if (given.step > 0) out = Math.max(-given.step, Math.min(given.step, out));
      return Math.min(given.high, Math.max(given.low, out));
    };
    const fall = (g: number, h: number): number => {
      const out = answer(g, h);
      return -(2 * soft(g) * out + (h + given.l2) * out * out);
    };
    for (let f = 0; f < d; f++) {
      const bin = (b: number): [number, number] => {
        const place = at.histogram / 8 + 2 * ((bins + 1) * f + b);
        return [Number(longs[place]), Number(longs[place + 1])];
      };
      const [missingG, missingH] = bin(bins);
      const rowsOf = (b: number): number => Math.round((bin(b)[1] * given.rows) / totalH);
      const prefix = Array.from({ length: bins }, (_, b) => bin(b)).map(
        ([g, h], b, all) =>
          [
            all.slice(0, b).reduce((sum, each) => sum + each[0], g),
            all.slice(0, b).reduce((sum, each) => sum + each[1], h),
          ] as const,
      );
      const fromRight = Array.from({ length: bins - 1 }, (_, k) => ({ b: bins - 2 - k, missingLeft: 1 }));
      const fromLeft = Array.from({ length: f % 2 ? bins : 0 }, (_, b) => ({ b, missingLeft: 0 }));
      for (const { b, missingLeft } of [...fromRight, ...fromLeft]) {
        const g = prefix[b]![0] + missingLeft * missingG;
        const h = prefix[b]![1] + missingLeft * missingH;
        const side = Array.from({ length: bins }, (_, k) => k).filter((k) => (missingLeft ? k > b : k <= b));
        const rows = side.reduce((sum, k) => sum + rowsOf(k), 0);
        if (rows < given.leastRows || given.rows - rows < given.leastRows) continue;
        if (h < given.least || totalH - h < given.least) continue;
        const [gl, hl, gr, hr] = [g * given.unitG, h * given.unitH, (totalG - g) * given.unitG, (totalH - h) * given.unitH];
        if (signs[f]! * (answer(gr, hr) - answer(gl, hl)) < 0) continue;
        const gain = fall(gl, hl) + fall(gr, hr);
        if (gain > best.gain * (1 + 1e-12)) best = { gain, column: f, bin: b, missingLeft, g, h };
      }
    }
    return best;
  }

  function found(room: ReturnType<typeof drawn>, given: Leaf, signs: readonly number[] = [0, 0, 0, 0, 0, 0]) {
    const { at, kernel, numbers, bytes, g, h } = room;
    bytes.set(
      signs.map((sign) => sign & 255),
      at.signs,
    );
    bytes.set([0, 3, 0, 3, 0, 3], at.kinds);
    numbers.set([g, h, ...Object.values(given)], at.leaf / 8);
    kernel.findSplit(at.histogram, at.offsets, at.bins, at.kinds, at.signs, 0, d, at.leaf, at.best);
    const [gain, column, bin, missingLeft, leftG, leftH] = numbers.subarray(at.best / 8, at.best / 8 + 6);
    return { gain, column, bin, missingLeft, g: leftG, h: leftH };
  }

  const near = (wanted: ReturnType<typeof plain>) => ({ ...wanted, gain: expect.closeTo(wanted.gain, 6) });

  test.each([1, 2, 3, 4, 5])("equals its plain twin, case %i", (seed) => {
    const room = drawn(seed);
    expect(found(room, leaf)).toEqual(near(plain(room, leaf, [0, 0, 0, 0, 0, 0])));
  });

  test.each([1, 2, 3])(
    "equals its plain twin with an L1 penalty, a largest step, bounds and monotone columns, case %i",
    (seed) => {
      const room = drawn(seed);
      const bound = { ...leaf, l1: 0.4, step: 0.2, low: -0.15, high: 0.1, bound: 1 };
      const signs = [1, -1, 0, 1, 0, -1];
      expect(found(room, bound, signs)).toEqual(near(plain(room, bound, signs)));
    },
  );

  test("finds none where no side holds the least hessian", () => {
    expect(found(drawn(1), { ...leaf, least: 1e9 }).column).toBe(-1);
  });
});

describe("gradients", () => {
  const n = 301;
  const plainLosses: ((s: number, y: number, alpha: number) => [number, number])[] = [
    (s, y, a) => {
      const p = 1 / (1 + Math.exp(-a * s));
      return [a * (p - y), a * a * p * (1 - p)];
    },
    (s, y) => [s - y, 1],
    (s, y) => [Math.sign(s - y), 1],
    (s, y, a) => [Math.max(-a, Math.min(a, s - y)), 1],
    (s, y, a) => [s >= y ? 1 - a : -a, 1],
    (s, y, a) => [Math.exp(s) - y, Math.exp(s) * a],
    (s, y) => [1 - y * Math.exp(-s), y * Math.exp(-s)],
    (s, y, a) => [
      Math.exp((2 - a) * s) - y * Math.exp((1 - a) * s),
      (2 - a) * Math.exp((2 - a) * s) - (1 - a) * y * Math.exp((1 - a) * s),
    ],
  ];
  const names = ["binary", "squared", "absolute", "huber", "quantile", "poisson", "gamma", "tweedie"];
  const alphas = [1.5, 0, 0, 0.7, 0.3, 2, 0, 1.4];

  function drawn() {
    const draw = random(3, "gradients");
    const room = arena({
      scores: 8 * n + 16,
      targets: 8 * n + 16,
      weights: 8 * n + 16,
      out: 8 * n + 16,
      peaks: 16,
      buffer: 4096,
    });
    for (let i = 0; i < n; i++) {
      room.numbers[room.at.scores / 8 + i] = 3 * draw.normal();
      room.numbers[room.at.targets / 8 + i] = draw.int(2);
      room.numbers[room.at.weights / 8 + i] = draw.float() * 2;
    }
    return room;
  }

  test.each(names.map((name, loss) => [name, loss] as const))("%s equals its plain twin to half a unit", (_, loss) => {
    const { at, kernel, numbers, words } = drawn();
    const scale = 2 ** 16;
    kernel.gradients(loss, at.scores, at.targets, at.weights, 0, n, alphas[loss]!, scale, scale, at.out, 0, at.buffer);
    for (let i = 0; i < n; i++) {
      const [g, h] = plainLosses[loss]!(numbers[at.scores / 8 + i]!, numbers[at.targets / 8 + i]!, alphas[loss]!);
      const weight = numbers[at.weights / 8 + i]!;
      expect(Math.abs(words[at.out / 4 + 2 * i]! - g * weight * scale)).toBeLessThan(0.51);
      expect(Math.abs(words[at.out / 4 + 2 * i + 1]! - h * weight * scale)).toBeLessThan(0.51);
    }
  });

  test("their largest sizes are measured", () => {
    const { at, kernel, numbers } = drawn();
    kernel.gradients(1, at.scores, at.targets, 0, 0, n, 0, 1, 1, 0, at.peaks, at.buffer);
    const largest = Math.max(
      ...Array.from({ length: n }, (_, i) =>
        Math.abs(plainLosses[1]!(numbers[at.scores / 8 + i]!, numbers[at.targets / 8 + i]!, 0)[0]),
      ),
    );
    expect(Array.from(numbers.subarray(at.peaks / 8, at.peaks / 8 + 2))).toEqual([largest, 1]);
  });

  test("the multinomial loss equals its plain twin to half a unit", () => {
    const k = 3;
    const draw = random(4, "multinomial");
    const { at, kernel, numbers, words } = arena({
      scores: 8 * n * k + 16,
      targets: 8 * n + 16,
      out: 8 * n * k + 16,
      buffer: 16_384,
    });
    for (let i = 0; i < n * k; i++) numbers[at.scores / 8 + i] = 2 * draw.normal();
    for (let i = 0; i < n; i++) numbers[at.targets / 8 + i] = draw.int(k);
    const scale = 2 ** 16;
    kernel.multinomialGradients(k, n, at.scores, at.targets, 0, 0, n, 1.5, scale, scale, at.out, at.buffer);
    for (let i = 0; i < n; i++) {
      const e = Array.from({ length: k }, (_, c) => Math.exp(numbers[at.scores / 8 + c * n + i]!));
      const sum = e.reduce((a, b) => a + b);
      for (let c = 0; c < k; c++) {
        const p = e[c]! / sum;
        const g = p - (numbers[at.targets / 8 + i] === c ? 1 : 0);
        expect(Math.abs(words[at.out / 4 + 2 * (c * n + i)]! - g * scale)).toBeLessThan(0.51);
        expect(Math.abs(words[at.out / 4 + 2 * (c * n + i) + 1]! - 1.5 * p * (1 - p) * scale)).toBeLessThan(0.51);
      }
    }
  });
});

describe("binRows", () => {
  test("gives each value its first bin whose upper bound is not below it, and NaN the missing bin", () => {
    const uppers = [-2, 0, 0.5, 7, Infinity];
    const values = [-3, -2, -1.9, 0, 1e-300, 0.5, 0.6, 7, 7.1, 1e308, Number.NaN];
    const n = values.length;
    const { at, kernel, bytes, numbers } = arena({
      x: 8 * n,
      uppers: 2048,
      steps: 1,
      missing: 1,
      some: 1,
      rows: 16 * n + 32,
      columns: n,
    });
    numbers.set(values, at.x / 8);
    numbers.fill(Infinity, at.uppers / 8, at.uppers / 8 + 256);
    numbers.set(uppers, at.uppers / 8);
    bytes[at.steps] = 3;
    bytes[at.missing] = 5;
    kernel.binRows(at.x, n, 1, at.uppers, at.steps, at.missing, at.some, at.rows, 16, at.columns, n);
    const wanted = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5];
    expect(Array.from(bytes.subarray(at.columns, at.columns + n))).toEqual(wanted);
    expect(wanted.map((_, i) => bytes[at.rows + 16 * i])).toEqual(wanted);
  });
});

test("part sends rows by the table, both sides in order", () => {
  const column = [3, 1, 2, 3, 0, 1];
  const { at, kernel, bytes, words } = arena({ column: 6, rows: 24, table: 256, left: 32, right: 32 });
  bytes.set(column, at.column);
  words.set([5, 4, 3, 2, 1, 0], at.rows / 4);
  bytes.set([1, 0, 1, 0], at.table);
  const left = kernel.part(at.column, at.rows, 6, at.table, at.left, at.right);
  expect([left, ...words.subarray(at.left / 4, at.left / 4 + left)]).toEqual([2, 4, 2]);
  expect([...words.subarray(at.right / 4, at.right / 4 + 6 - left)]).toEqual([5, 3, 1, 0]);
});
