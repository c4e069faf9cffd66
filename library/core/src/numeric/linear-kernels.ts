import type { Pointer } from "./wasm.ts";

/** Kernels of `assembly/linear.ts`. Rows of x are `stride` doubles wide (even, padded with 0); counts of rows are as each says. */
export interface LinearKernels {
  /** gram (stride × stride, lower triangle) += Σ wᵢ xᵢ xᵢᵀ; n a multiple of 4. */
  weightedGram(x: Pointer, weights: Pointer, n: number, stride: number, gram: Pointer): void;
  /**
   * Σ wᵢ log-loss of two classes at `beta` (stride); adds to `gradient` (stride) and writes wᵢ pᵢ (1 − pᵢ) to `curvature` (n); n even.
   */
  binaryLogLoss(
    x: Pointer,
    y: Pointer,
    weights: Pointer,
    n: number,
    stride: number,
    beta: Pointer,
    gradient: Pointer,
    curvature: Pointer,
  ): number;
  /** Σ wᵢ log-loss of k classes at `beta` (k × stride); adds to `gradient` (k × stride) and writes `proba` (n × k). */
  multinomialLogLoss(
    x: Pointer,
    y: Pointer,
    weights: Pointer,
    n: number,
    stride: number,
    k: number,
    beta: Pointer,
    gradient: Pointer,
    proba: Pointer,
  ): number;
}
