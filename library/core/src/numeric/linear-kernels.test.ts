import { expect, test } from "vitest";
import type { LinearKernels } from "./linear-kernels.ts";
import { random } from "./random.ts";
import { kernels, Layout, openMemory } from "./wasm.ts";

const n = 24;
const stride = 6;
const k = 3;
const layout = new Layout();
const place = {
  x: layout.reserve(8 * n * stride),
  y: layout.reserve(8 * n),
  weights: layout.reserve(8 * n),
  beta: layout.reserve(8 * k * stride),
  gradient: layout.reserve(8 * k * stride),
  out: layout.reserve(8 * n * k),
  gram: layout.reserve(8 * stride * stride),
};
const memory = openMemory("test", layout);
const kernel = kernels<LinearKernels>(memory);
const view = (pointer: number, length: number): Float64Array => new Float64Array(memory.buffer, pointer, length);
const draw = random(3, "linear kernels");
const x = view(place.x, n * stride).map(() => draw.normal());
const weights = view(place.weights, n).map(() => draw.float());
view(place.x, n * stride).set(x);
view(place.weights, n).set(weights);
const score = (i: number, beta: Float64Array, row = 0): number => {
  let sum = 0;
  for (let j = 0; j < stride; j++) sum += x[i * stride + j]! * beta[row * stride + j]!;
  return sum;
};
const close = (got: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  expect(got.length).toBe(wanted.length);
  for (let at = 0; at < got.length; at++)
    expect(Math.abs(got[at]! - wanted[at]!)).toBeLessThan(1e-13 * (1 + Math.abs(wanted[at]!)));
};

test("weightedGram adds Σ wᵢ xᵢ xᵢᵀ to the lower triangle", () => {
  kernel.weightedGram(place.x, place.weights, n, stride, place.gram);
  const gram = view(place.gram, stride * stride);
  for (let j = 0; j < stride; j++)
    for (let l = 0; l <= j; l++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weights[i]! * x[i * stride + j]! * x[i * stride + l]!;
      close([gram[j * stride + l]!], [sum]);
    }
});

test.each([1, 40, 800])("binaryLogLoss equals its plain twin for scores of size %d", (size) => {
  const beta = view(place.beta, stride);
  beta.set(Array.from(beta, () => size * draw.normal()));
  const y = view(place.y, n);
  y.set(Array.from(y, () => draw.int(2)));
  const gradient = view(place.gradient, stride).fill(0);
  const loss = kernel.binaryLogLoss(place.x, place.y, place.weights, n, stride, place.beta, place.gradient, place.out);
  let wanted = 0;
  const slopes = new Float64Array(stride);
  const bends = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const s = score(i, beta);
    const p = 1 / (1 + Math.exp(-s));
    wanted += weights[i]! * (Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))) - y[i]! * s);
    bends[i] = weights[i]! * p * (1 / (1 + Math.exp(s)));
    for (let j = 0; j < stride; j++) slopes[j]! += weights[i]! * (p - y[i]!) * x[i * stride + j]!;
  }
  close([loss], [wanted]);
  close(gradient, slopes);
  close(view(place.out, n), bends);
});

test.each([1, 40, 800])("multinomialLogLoss equals its plain twin for scores of size %d", (size) => {
  const beta = view(place.beta, k * stride);
  beta.set(Array.from(beta, () => size * draw.normal()));
  const y = view(place.y, n);
  y.set(Array.from(y, () => draw.int(k)));
  const gradient = view(place.gradient, k * stride).fill(0);
  const loss = kernel.multinomialLogLoss(place.x, place.y, place.weights, n, stride, k, place.beta, place.gradient, place.out);
  let wanted = 0;
  const slopes = new Float64Array(k * stride);
  const proba = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const scores = Array.from({ length: k }, (_, c) => score(i, beta, c));
    const top = Math.max(...scores);
    const parts = scores.map((s) => Math.exp(s - top));
    const sum = parts.reduce((a, b) => a + b, 0);
    wanted += weights[i]! * (Math.log(sum) + top - scores[y[i]!]!);
    for (let c = 0; c < k; c++) {
      proba[i * k + c] = parts[c]! / sum;
      const residual = weights[i]! * (proba[i * k + c]! - (c === y[i] ? 1 : 0));
      for (let j = 0; j < stride; j++) slopes[c * stride + j]! += residual * x[i * stride + j]!;
    }
  }
  close([loss], [wanted]);
  close(gradient, slopes);
  close(view(place.out, n * k), proba);
});
