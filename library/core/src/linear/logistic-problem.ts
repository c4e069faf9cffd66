import type { LinearKernels } from "../numeric/linear-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import { centres, refuseOverflow } from "./centres.ts";
import type { Composite } from "./proximal-newton.ts";

/** The rows of a logistic regression, and what its penalty weighs. */
interface LogisticInput {
  readonly x: Matrix;
  /** Class codes (n). */
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly classes: number;
  readonly fitIntercept: boolean;
  /** Penalties of a weight: l1·|β| + ½ l2·β². */
  readonly l1: number;
  readonly l2: number;
}

/** The objective of a logistic regression, in standardised columns. */
export interface LogisticProblem extends Composite {
  /** Weight rows: 1 for two classes. */
  readonly outputs: number;
  /** Parameters of a weight row: columns and intercept. */
  readonly width: number;
  /** Weights (outputs × d) and intercepts (outputs) in the columns' own units. */
  unscale(theta: Float64Array): { readonly coef: Float64Array; readonly intercept: Float64Array };
}

/** Rows that a kernel takes at once, so that an abort is heard. */
const chunk = 16_384;

/**
 * The mean weighted log-loss of standardised columns plus the penalty in the columns' own units, so that neither the scale of a column
 * nor its mean bends the solver's way. The rows are copied into a kernel memory once; a value costs O(n d k), a Hessian O(n d² k²).
 * Throws DataError where values overflow, LimitError where the rows do not fit a kernel memory.
 */
export function logisticProblem(who: string, input: LogisticInput, checkpoint: () => void): LogisticProblem {
  const { x, classes, fitIntercept } = input;
  const outputs = classes === 2 ? 1 : classes;
  const width = x.columns + (fitIntercept ? 1 : 0);
  const { means, total } = centres(x, input.y, input.weights, fitIntercept);
  // a column that the penalty rules is measured by it, so that no second derivative stands out
  const scales = deviations(x, input.weights, means, total).map((own) => Math.sqrt(own * own + (4 * input.l2) / total));
  if (!means.every(Number.isFinite) || !scales.every(Number.isFinite)) refuseOverflow(who, x);
  const rows = layOut(who, input, outputs, width, means, scales);

  // penalties of θ = scale · β, beside the mean loss
  const penaltyOf = (weigh: (scale: number) => number): Float64Array =>
    Float64Array.from({ length: outputs * width }, (_, p) => (p % width < x.columns ? weigh(scales[p % width]!) / total : 0));
  const l1 = penaltyOf((scale) => input.l1 / scale);
  const l2 = penaltyOf((scale) => input.l2 / (scale * scale));
  return {
    outputs,
    width,
    l1,
    value: (theta, gradient) => value(rows, theta, gradient, total, l2, checkpoint),
    hessian: () => hessian(rows, total, l1, l2, checkpoint),
    unscale: (theta) => unscale(theta, outputs, width, means, scales),
  };
}

/** The rows in kernel memory. */
interface LogisticRows {
  /** Rows, a multiple of 4: those behind the last weigh 0. */
  readonly n: number;
  readonly stride: number;
  readonly outputs: number;
  readonly width: number;
  readonly kernel: LinearKernels;
  readonly place: Readonly<Record<keyof LogisticArrays | "x" | "y", Pointer>>;
  readonly arrays: LogisticArrays;
}
interface LogisticArrays {
  readonly weights: Float64Array;
  /** Probabilities (n × k), for more than two classes. */
  readonly proba: Float64Array;
  /** What each row weighs in the Hessian (n). */
  readonly curvature: Float64Array;
  readonly beta: Float64Array;
  readonly gradient: Float64Array;
  readonly gram: Float64Array;
}

function layOut(
  who: string,
  { x, y, weights, fitIntercept }: LogisticInput,
  outputs: number,
  width: number,
  means: Float64Array,
  scales: Float64Array,
): LogisticRows {
  const n = Math.ceil(x.rows / 4) * 4;
  const stride = width + (width & 1);
  const sizes = {
    x: n * stride,
    y: n,
    weights: n,
    proba: outputs > 1 ? n * outputs : 0,
    curvature: n,
    beta: outputs * stride,
    gradient: outputs * stride,
    gram: stride * stride,
  };
  const names = Object.keys(sizes) as (keyof typeof sizes)[];
  const layout = new Layout();
  const place = Object.fromEntries(names.map((name) => [name, layout.reserve(8 * sizes[name])])) as Record<
    keyof typeof sizes,
    Pointer
  >;
  const memory = memoryOf(who, layout, x.rows);
  const kernel = kernels<LinearKernels>(memory);
  const arrays = Object.fromEntries(
    names.map((name) => [name, new Float64Array(memory.buffer, place[name], sizes[name])]),
  ) as Record<keyof typeof sizes, Float64Array>;
  for (const name of ["y", "weights", "beta", "gradient"] as const) arrays[name].fill(0);
  arrays.x.fill(0, x.rows * stride);
  standardise(x, means, scales, fitIntercept, arrays.x, stride);
  arrays.y.set(y);
  arrays.weights.set(weights);
  return { n, stride, outputs, width, kernel, place, arrays };
}

/** A thread's last memory, for its next fit: fresh pages cost as much as half the steps of a fit. */
let spare: KernelMemory | undefined;
const spareBytes = 64 << 20;

/** A memory of the layout's size, not zeroed. */
function memoryOf(who: string, layout: Layout, rows: number): KernelMemory {
  if (spare && spare.buffer.byteLength >= layout.sizeBytes) return spare;
  const memory = openMemory(who, layout, rows);
  if (memory.buffer.byteLength <= spareBytes) spare = memory;
  return memory;
}

/** The mean loss and its gradient at θ, penalty l2 included. */
function value(
  { n, stride, outputs, width, kernel, place, arrays: { beta, gradient: slopes } }: LogisticRows,
  theta: Float64Array,
  gradient: Float64Array,
  total: number,
  l2: Float64Array,
  checkpoint: () => void,
): number {
  for (let k = 0; k < outputs; k++) beta.set(theta.subarray(k * width, (k + 1) * width), k * stride);
  slopes.fill(0);
  let sum = 0;
  for (let begin = 0; begin < n; begin += chunk) {
    checkpoint();
    const rows = Math.min(chunk, n - begin);
    const at = 8 * begin;
    const given = [place.x + at * stride, place.y + at, place.weights + at, rows, stride] as const;
    sum +=
      outputs === 1
        ? kernel.binaryLogLoss(...given, place.beta, place.gradient, place.curvature + at)
        : kernel.multinomialLogLoss(...given, outputs, place.beta, place.gradient, place.proba + at * outputs);
  }
  let loss = sum / total;
  for (let p = 0; p < theta.length; p++) {
    const row = Math.floor(p / width);
    gradient[p] = slopes[row * stride + p - row * width]! / total + l2[p]! * theta[p]!;
    loss += 0.5 * l2[p]! * theta[p]! * theta[p]!;
  }
  return loss;
}

/** The second derivatives where `value` was asked last. */
function hessian(rows: LogisticRows, total: number, l1: Float64Array, l2: Float64Array, checkpoint: () => void): Float64Array {
  const { stride, outputs, width } = rows;
  const size = outputs * width;
  const whole = new Float64Array(size * size);
  for (let a = 0; a < outputs; a++)
    for (let b = 0; b <= a; b++) {
      if (outputs > 1) weighPair(rows, a, b);
      const sums = gram(rows, checkpoint);
      for (let i = 0; i < width; i++)
        for (let j = 0; j < width; j++) {
          const sum = sums[Math.max(i, j) * stride + Math.min(i, j)]! / total;
          whole[(a * width + i) * size + b * width + j] = sum;
          whole[(b * width + j) * size + a * width + i] = sum;
        }
    }
  for (let p = 0; p < size; p++) whole[p * size + p]! += l2[p]!;
  if (outputs > 1) pin(whole, outputs, width, l1, l2);
  return whole;
}

/** What each row weighs in the block of two classes: w pₐ (1 − pₐ) or −w pₐ p_b. */
function weighPair({ n, outputs, arrays: { proba, weights, curvature } }: LogisticRows, a: number, b: number): void {
  for (let i = 0; i < n; i++) {
    const p = proba[i * outputs + a]!;
    curvature[i] = weights[i]! * p * (a === b ? 1 - p : -proba[i * outputs + b]!);
  }
}

/** Σ hᵢ xᵢ xᵢᵀ, lower triangle (stride × stride). */
function gram({ n, stride, kernel, place, arrays }: LogisticRows, checkpoint: () => void): Float64Array {
  arrays.gram.fill(0);
  for (let begin = 0; begin < n; begin += chunk) {
    checkpoint();
    const at = 8 * begin;
    kernel.weightedGram(place.x + at * stride, place.curvature + at, Math.min(chunk, n - begin), stride, place.gram);
  }
  return arrays.gram;
}

/** Weights and intercepts in the columns' own units. */
function unscale(theta: Float64Array, outputs: number, width: number, means: Float64Array, scales: Float64Array) {
  const d = means.length;
  const coef = new Float64Array(outputs * d);
  const intercept = new Float64Array(outputs);
  for (let k = 0; k < outputs; k++) {
    if (width > d) intercept[k] = theta[k * width + d]!;
    for (let j = 0; j < d; j++) {
      coef[k * d + j] = theta[k * width + j]! / scales[j]!;
      intercept[k]! -= coef[k * d + j]! * means[j]!;
    }
  }
  // of several classes only differences count: the intercepts sum to 0 in the columns' own units too
  const shift = outputs > 1 ? intercept.reduce((a, b) => a + b, 0) / outputs : 0;
  return { coef, intercept: intercept.map((own) => own - shift) };
}

/** Weighted standard deviations about the centres; 1 for a constant column. */
function deviations({ rows, columns: d, data }: Matrix, weights: Float64Array, means: Float64Array, total: number): Float64Array {
  const squares = new Float64Array(d);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < d; j++) {
      const off = data[i * d + j]! - means[j]!;
      squares[j]! += weights[i]! * off * off;
    }
  return squares.map((sum, j) => {
    const scale = Math.sqrt(sum / total);
    return scale > 1e-12 * Math.abs(means[j]!) ? scale : 1;
  });
}

function standardise(
  { rows, columns: d, data }: Matrix,
  means: Float64Array,
  scales: Float64Array,
  fitIntercept: boolean,
  out: Float64Array,
  stride: number,
): void {
  const shares = scales.map((scale) => 1 / scale);
  for (let i = 0; i < rows; i++) {
    const to = i * stride;
    for (let j = 0; j < d; j++) out[to + j] = (data[i * d + j]! - means[j]!) * shares[j]!;
    for (let j = d; j < stride; j++) out[to + j] = 0;
    if (fitIntercept) out[to + d] = 1;
  }
}

/**
 * The same number added to a column's weights of all classes changes no probability: where no penalty decides, the sum over the classes
 * is held by a term that is 0 along the solver's way.
 */
function pin(hessian: Float64Array, outputs: number, width: number, l1: Float64Array, l2: Float64Array): void {
  const size = outputs * width;
  for (let j = 0; j < width; j++) {
    if (l1[j]! > 0 || l2[j]! > 0) continue;
    const bend = hessian[j * size + j]! || 1;
    for (let a = 0; a < outputs; a++) for (let b = 0; b < outputs; b++) hessian[(a * width + j) * size + b * width + j]! += bend;
  }
}
