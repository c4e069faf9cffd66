import { describe, expect, test } from "vitest";
import { random } from "./random.ts";
import type { SvmKernels } from "./svm-kernels.ts";
import { kernels, Layout, openMemory } from "./wasm.ts";

const n = 14;
const d = 6;
const layout = new Layout();
const place = {
  x: layout.reserve(8 * n * d),
  squares: layout.reserve(8 * n),
  values: layout.reserve(8 * n),
  shifts: layout.reserve(8 * n),
  diagonal: layout.reserve(8 * n),
  first: layout.reserve(4 * n),
  second: layout.reserve(4 * n),
  out: layout.reserve(8 * n),
  answer: layout.reserve(8),
};
const memory = openMemory("test", layout);
const kernel = kernels<SvmKernels>(memory);
const doubles = (at: number, length: number): Float64Array => new Float64Array(memory.buffer, at, length);
const floats = (at: number): Float32Array => new Float32Array(memory.buffer, at, n);
const draw = random(5, "svm kernels");
const fill = <A extends Float64Array | Float32Array>(values: A): A => {
  for (let k = 0; k < values.length; k++) values[k] = draw.normal();
  return values;
};
const x = fill(doubles(place.x, n * d));
const squares = doubles(place.squares, n);
const product = (i: number, j: number): number => {
  let sum = 0;
  for (let c = 0; c < d; c++) sum += x[i * d + c]! * x[j * d + c]!;
  return sum;
};
for (let i = 0; i < n; i++) squares[i] = product(i, i);
const answer = doubles(place.answer, 1);

const plain: Record<string, (i: number, j: number) => number> = {
  linear: product,
  poly: (i, j) => (0.3 * product(i, j) + 0.5) * (0.3 * product(i, j) + 0.5) * (0.3 * product(i, j) + 0.5),
  rbf: (i, j) => Math.exp(-0.3 * (squares[i]! + squares[j]! - 2 * product(i, j))),
  sigmoid: (i, j) => Math.tanh(0.3 * product(i, j) + 0.5),
};

describe.each(Object.keys(plain).map((name, kind) => [name, kind] as const))("%s", (name, kind) => {
  test("svmCross equals its plain twin", () => {
    kernel.svmCross(place.x + 8 * 3 * d, squares[3]!, place.x, place.squares, d, n, kind, 0.3, 0.5, 3, place.out);
    for (const [j, value] of doubles(place.out, n).entries())
      expect(Math.abs(value - plain[name]!(3, j))).toBeLessThan(1e-14 * (1 + Math.abs(value)));
  });
  test("svmRow makes the asked part of a row, rounded to f32", () => {
    floats(place.first).fill(-7);
    kernel.svmRow(place.x, place.squares, d, 5, 4, 12, kind, 0.3, 0.5, 3, place.first);
    for (const [j, value] of floats(place.first).entries())
      if (j < 4 || j >= 12) expect(value).toBe(-7);
      else expect(Math.abs(value - plain[name]!(5, j))).toBeLessThan(1e-6 * (1 + Math.abs(value)));
  });
});

test.each([14, 13, 1])("svmFirst finds the largest value and shift among %d", (count) => {
  const values = fill(doubles(place.values, n));
  const shifts = doubles(place.shifts, n).map(() => (draw.float() < 0.4 ? -Infinity : 0.1));
  shifts[0] = 0.1;
  doubles(place.shifts, n).set(shifts);
  const sums = Array.from({ length: count }, (_, t) => values[t]! + shifts[t]!);
  expect(kernel.svmFirst(place.values, place.shifts, count, place.answer)).toBe(sums.indexOf(Math.max(...sums)));
  expect(answer[0]).toBe(Math.max(...sums));
});

test("svmFirst answers −1 when nothing can rise", () => {
  doubles(place.shifts, n).fill(-Infinity);
  expect(kernel.svmFirst(place.values, place.shifts, n, place.answer)).toBe(-1);
});

test.each([14, 13, 2])("svmSecond finds the largest gain among %d", (count) => {
  const values = fill(doubles(place.values, n));
  const shifts = doubles(place.shifts, n);
  for (let t = 0; t < n; t++) shifts[t] = t % 5 === 4 ? Infinity : 0.1;
  const diagonal = doubles(place.diagonal, n).fill(2);
  const row = fill(floats(place.first));
  const top = 1;
  const sums = Array.from({ length: count }, (_, t) => values[t]! + shifts[t]!);
  const gains = sums.map((sum, t) => {
    const fall = Math.max(0, top - sum);
    return (fall * fall) / Math.max(1e-12, diagonal[0]! + diagonal[t]! - 2 * row[t]!);
  });
  const wanted = Math.max(...gains) > 0 ? gains.indexOf(Math.max(...gains)) : -1;
  const found = kernel.svmSecond(place.values, place.shifts, place.diagonal, place.first, count, 0, top, place.answer);
  expect(found).toBe(wanted);
  expect(answer[0]).toBe(Math.min(...sums));
});

test("svmMove takes a step times the difference of two rows from the values", () => {
  const values = fill(doubles(place.values, n)).slice();
  const first = fill(floats(place.first));
  const second = fill(floats(place.second));
  kernel.svmMove(place.values, place.first, place.second, 2, 10, 0.7);
  for (const [t, value] of doubles(place.values, n).entries())
    expect(value).toBe(t < 2 || t >= 10 ? values[t] : values[t]! - 0.7 * (first[t]! - second[t]!));
});
