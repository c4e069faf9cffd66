import type { Pointer } from "./wasm.ts";

/** Kernels of `assembly/class-sums.ts`. */
export interface BayesKernels {
  /** sums (classes × d) += weight × row at each row's class; the least value of x, +∞ for no rows. Labels and weights are doubles. */
  classSums(x: Pointer, labels: Pointer, weights: Pointer, rows: number, d: number, sums: Pointer): number;
}
