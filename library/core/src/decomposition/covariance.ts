import type { LinearKernels } from "../numeric/linear-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { kernels, Layout, openMemory } from "../numeric/wasm.ts";

const blockRows = 1024;

/** Weighted column means, how rows are weighed, and by what sums of squares are divided. */
export interface Centres {
  /** Column means (d). */
  readonly means: Float64Array;
  /** Row weights (n); undefined when all are 1. */
  readonly weights: Float64Array | undefined;
  /** n − 1, or for weights their sum times (m − 1) / m for m rows of weight: multiplying all weights by a number changes nothing. */
  readonly divisor: number;
}

/** Means of the columns over the rows that have weight. O(n d). */
export function centresOf({ rows, columns: d, data }: Matrix, weights: Float64Array | undefined): Centres {
  const means = new Float64Array(d);
  let total = 0;
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    if (weight > 0) count++;
  }
  for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) means[j]! += ((weights?.[i] ?? 1) / total) * data[i * d + j]!;
  return { means, weights, divisor: count > 1 ? (total * (count - 1)) / count : 1 };
}

/** Σ w (x − mean)(x − mean)ᵀ / divisor of rows times `scale` (d × d, row-major). O(n d²). */
export function covariance(
  { rows, columns: d, data }: Matrix,
  { means, weights, divisor }: Centres,
  scale: number,
  checkpoint: () => void,
): Float64Array {
  const stride = d + (d & 1);
  const layout = new Layout();
  const at = {
    x: layout.reserve(8 * blockRows * stride),
    weights: layout.reserve(8 * blockRows),
    gram: layout.reserve(8 * stride * stride + 16),
  };
  const memory = openMemory("pca.fit", layout);
  const kernel = kernels<LinearKernels>(memory);
  const block = new Float64Array(memory.buffer, at.x, blockRows * stride);
  const blockWeights = new Float64Array(memory.buffer, at.weights, blockRows);
  for (let from = 0; from < rows; from += blockRows) {
    checkpoint();
    const size = Math.min(blockRows, rows - from);
    block.fill(0, size * stride);
    blockWeights.fill(0);
    for (let i = 0; i < size; i++) {
      blockWeights[i] = weights?.[from + i] ?? 1;
      for (let j = 0; j < d; j++) block[i * stride + j] = (data[(from + i) * d + j]! - means[j]!) * scale;
    }
    kernel.weightedGram(at.x, at.weights, 4 * Math.ceil(size / 4), stride, at.gram);
  }
  const gram = new Float64Array(memory.buffer, at.gram, stride * stride);
  const out = new Float64Array(d * d);
  for (let j = 0; j < d; j++) for (let k = 0; k <= j; k++) out[j * d + k] = out[k * d + j] = gram[j * stride + k]! / divisor;
  return out;
}
