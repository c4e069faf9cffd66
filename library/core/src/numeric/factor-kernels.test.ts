import { expect, test } from "vitest";
import { type FactorKernels, factorWidth, type RankingKernels } from "./factor-kernels.ts";
import { random } from "./random.ts";
import { kernels, Layout, openMemory } from "./wasm.ts";

const stream = random(3, "factor-kernels");
const draw = (length: number, scale = 1): Float32Array => Float32Array.from({ length }, () => scale * (stream.float() - 0.5));

/** A problem of `rows` rows with some codes each, and the plain twin's matrix and right side of a row. */
function problem(rows: number, others: number, factors: number) {
  const width = factorWidth(factors);
  const offsets = new Int32Array(rows + 1);
  const codes: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let code = 0; code < others; code++) if (row % 5 !== 4 && stream.float() < 0.4) codes.push(code);
    offsets[row + 1] = codes.length;
  }
  const other = new Float32Array(others * width);
  for (let row = 0; row < others; row++) other.set(draw(factors), row * width);
  const own = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) own.set(draw(factors, 0.1), row * width);
  const excess = Float32Array.from(codes, () => 3 * stream.float());
  const penalties = Float32Array.from({ length: rows }, () => 0.5 + stream.float());
  return { width, offsets, codes: Int32Array.from(codes), other, own, excess, penalties };
}

function plainGram(other: Float32Array, width: number): Float64Array {
  const gram = new Float64Array(width * width);
  for (let at = 0; at < other.length; at += width)
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) gram[i * width + j]! += other[at + i]! * other[at + j]!;
  return gram;
}

/** (gram + penalty I + Σ (c − 1) y yᵀ) and Σ c y of a row. */
function equations({ width, offsets, codes, other, excess, penalties }: ReturnType<typeof problem>, row: number) {
  const a = plainGram(other, width);
  const b = new Float64Array(width);
  for (let i = 0; i < width; i++) a[i * width + i]! += penalties[row]!;
  for (let k = offsets[row]!; k < offsets[row + 1]!; k++)
    for (let i = 0; i < width; i++) {
      const value = other[codes[k]! * width + i]!;
      b[i]! += (1 + excess[k]!) * value;
      for (let j = 0; j < width; j++) a[i * width + j]! += excess[k]! * value * other[codes[k]! * width + j]!;
    }
  return { a, b };
}

function times(a: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, value, j) => sum + a[i * x.length + j]! * value, 0));
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}

/** Conjugate gradients as the textbook has them. */
function plainConjugate(a: Float64Array, b: Float64Array, start: Float64Array, steps: number): Float64Array {
  const x = start.slice();
  const product = times(a, x);
  const r = b.map((value, i) => value - product[i]!);
  let p = r.slice();
  for (let step = 0; step < steps; step++) {
    const along = times(a, p);
    const before = inner(r, r);
    const rate = before / inner(p, along);
    for (let i = 0; i < x.length; i++) {
      x[i]! += rate * p[i]!;
      r[i]! -= rate * along[i]!;
    }
    p = p.map((value, i) => r[i]! + (inner(r, r) / before) * value);
  }
  return x;
}

/** Runs a kernel over a problem; answers the rows it leaves. */
function solved(given: ReturnType<typeof problem>, steps: number): Float32Array {
  const { width, offsets, codes, other, own, excess, penalties } = given;
  const gram = plainGram(other, width);
  const layout = new Layout();
  const arrays = { offsets, codes, other, own, excess, penalties, gram, narrow: Float32Array.from(gram) };
  const places = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, layout.reserve(array.byteLength)]));
  const scratch = layout.reserve(8 * width * (width + 1));
  const memory = openMemory("test", layout);
  for (const [name, array] of Object.entries(arrays))
    new Uint8Array(memory.buffer, places[name]!, array.byteLength).set(new Uint8Array(array.buffer));
  const at = (name: keyof typeof arrays) => places[name]!;
  const kernel = kernels<FactorKernels>(memory);
  const rows = [0, penalties.length, at("offsets"), at("codes"), at("excess"), at("other"), at("own")] as const;
  if (steps > 0) kernel.conjugateFactors(...rows, at("narrow"), at("penalties"), width, steps, scratch);
  else kernel.exactFactors(...rows, at("gram"), at("penalties"), width, scratch);
  return new Float32Array(memory.buffer, at("own"), own.length).slice();
}

test.each([3, 8, 20, 32, 45, 64])(
  "conjugate steps on %i factors are the textbook's; a row without codes becomes 0",
  (factors) => {
    const given = problem(12, 30, factors);
    const { width, offsets, own } = given;
    const rows = solved(given, 3);
    for (let row = 0; row < 12; row++) {
      const { a, b } = equations(given, row);
      const start = Float64Array.from(own.subarray(row * width, (row + 1) * width));
      const wanted = offsets[row + 1] === offsets[row] ? new Float64Array(width) : plainConjugate(a, b, start, 3);
      for (let i = 0; i < width; i++) expect(Math.abs(rows[row * width + i]! - wanted[i]!)).toBeLessThan(2e-4);
    }
  },
);

test.each([3, 8, 20, 45])("exact rows of %i factors solve their equations", (factors) => {
  const given = problem(12, 30, factors);
  const { width, offsets } = given;
  const rows = solved(given, 0);
  for (let row = 0; row < 12; row++) {
    if (offsets[row + 1] === offsets[row]) continue;
    const { a, b } = equations(given, row);
    const product = times(a, Float64Array.from(rows.subarray(row * width, (row + 1) * width)));
    for (let i = 0; i < width; i++) expect(Math.abs(product[i]! - b[i]!)).toBeLessThan(1e-4);
  }
});

test.each([1, 8, 20, 64])("the gram of rows of %i factors is Σ y yᵀ", (factors) => {
  const { width, other } = problem(4, 37, factors);
  const layout = new Layout();
  const [from, to] = [layout.reserve(other.byteLength), layout.reserve(4 * width * width)];
  const memory = openMemory("test", layout);
  new Float32Array(memory.buffer, from, other.length).set(other);
  kernels<FactorKernels>(memory).factorGram(from, 37, width, to);
  const gram = new Float32Array(memory.buffer, to, width * width);
  const wanted = plainGram(other, width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) expect(Math.abs(gram[i * width + j]! - wanted[i * width + j]!)).toBeLessThan(1e-4);
});

test("pairs move as the plain steps of BPR move them, and what a user has is no second item", () => {
  const [users, items, factors, count] = [9, 14, 5, 200];
  const width = factorWidth(factors + 1);
  const own = Array.from({ length: users }, () => Array.from({ length: items }, (_, i) => i).filter(() => stream.float() < 0.3));
  const offsets = Int32Array.from([0, ...own.map((_, u) => own.slice(0, u + 1).flat().length)]);
  const rows = (n: number) =>
    Float32Array.from({ length: n * width }, (_, at) => (at % width <= factors ? stream.float() - 0.5 : 0));
  const arrays = {
    pairUsers: Int32Array.from({ length: count }, () => stream.int(users)),
    pairItems: Int32Array.from({ length: count }, () => stream.int(items)),
    words: Uint32Array.from({ length: count }, () => stream.uint32()),
    pool: Int32Array.from({ length: items }, (_, i) => items - 1 - i),
    offsets,
    codes: Int32Array.from(own.flat()),
    users: rows(users),
    items: rows(items),
    counts: new Int32Array(2),
  };
  const layout = new Layout();
  const at = Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, layout.reserve(array.byteLength)]),
  ) as Record<keyof typeof arrays, number>;
  const memory = openMemory("test", layout);
  for (const [name, array] of Object.entries(arrays))
    new Uint8Array(memory.buffer, at[name as keyof typeof arrays], array.byteLength).set(new Uint8Array(array.buffer));
  kernels<RankingKernels>(memory).rankPairs(
    at.pairUsers,
    at.pairItems,
    at.words,
    count,
    at.pool,
    items,
    at.offsets,
    at.codes,
    at.users,
    at.items,
    width,
    factors,
    0.05,
    0.01,
    at.counts,
  );
  const [x, y] = [Float64Array.from(arrays.users), Float64Array.from(arrays.items)];
  let [tried, right] = [0, 0];
  for (let k = 0; k < count; k++) {
    const [user, item] = [arrays.pairUsers[k]!, arrays.pairItems[k]!];
    const other = arrays.pool[Math.floor((arrays.words[k]! / 2 ** 32) * items)]!;
    if (own[user]!.includes(other)) continue;
    let score = 0;
    for (let j = 0; j <= factors; j++) score += x[user * width + j]! * (y[item * width + j]! - y[other * width + j]!);
    tried++;
    if (score > 0) right++;
    const step = 0.05 / (1 + Math.exp(score));
    for (let j = 0; j <= factors; j++) {
      const [u, i, o] = [x[user * width + j]!, y[item * width + j]!, y[other * width + j]!];
      x[user * width + j] = j === factors ? 1 : u + step * (i - o) - 0.0005 * u;
      y[item * width + j] = i + step * u - 0.0005 * i;
      y[other * width + j] = o - step * u - 0.0005 * o;
    }
  }
  const found = (name: "users" | "items") => new Float32Array(memory.buffer, at[name], arrays[name].length);
  for (const [name, wanted] of [
    ["users", x],
    ["items", y],
  ] as const)
    for (let k = 0; k < wanted.length; k++)
      if (k % width <= factors) expect(Math.abs(found(name)[k]! - wanted[k]!)).toBeLessThan(1e-5);
  expect([...new Int32Array(memory.buffer, at.counts, 2)]).toEqual([tried, right]);
});
