import type { LinearKernels } from "../numeric/linear-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { kernels, Layout, openMemory } from "../numeric/wasm.ts";
import { type Centres, refuseOverflow } from "./centres.ts";

/** The products that a least squares problem comes down to. */
export interface Gram {
  /** XᵀWX of the centred columns (d × d, both triangles). */
  readonly gram: Float64Array;
  /** XᵀWy (d). */
  readonly right: Float64Array;
  /** yᵀWy. */
  readonly squares: number;
}

/** XᵀWX, XᵀWy and yᵀWy of the centred rows, summed in blocks of rows by a WASM kernel. Throws DataError where
 * squares overflow. O(n d²) time, O(d²) memory. */
export function gramOf(
  who: string,
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  { means, target }: Centres,
  checkpoint: () => void,
): Gram {
  const { rows, columns: d, data } = x;
  const width = d + 1; // y is the last column
  const stride = width + (width & 1);
  const height = 4 * Math.max(8, Math.ceil(4096 / stride));
  const layout = new Layout();
  const block = layout.reserve(8 * height * stride);
  const ones = layout.reserve(8 * height);
  const products = layout.reserve(8 * stride * stride);
  const memory = openMemory("gram", layout);
  const { weightedGram } = kernels<LinearKernels>(memory);
  const values = new Float64Array(memory.buffer, block, height * stride);
  const shares = new Float64Array(memory.buffer, ones, height);
  for (let begin = 0; begin < rows; begin += height) {
    checkpoint();
    const count = Math.min(height, rows - begin);
    if (count < height) values.fill(0);
    for (let i = 0; i < count; i++) {
      const from = (begin + i) * d;
      const to = i * stride;
      for (let j = 0; j < d; j++) values[to + j] = data[from + j]! - means[j]!;
      values[to + d] = y[begin + i]! - target;
      shares[i] = weights?.[begin + i] ?? 1;
    }
    weightedGram(block, ones, height, stride, products);
  }
  const sums = new Float64Array(memory.buffer, products, stride * stride);
  if (!sums.every(Number.isFinite)) refuseOverflow(who, x);
  const gram = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) gram[i * d + j] = sums[Math.max(i, j) * stride + Math.min(i, j)]!;
  return { gram, right: sums.slice(d * stride, d * stride + d), squares: sums[d * stride + d]! };
}
