import type { Pointer } from "./wasm.ts";

/** Kernel of the inverse of a symmetric matrix; `library/core/assembly/symmetric-sweep.ts` says what it does. */
export interface SweepKernels {
  sweepRows(a: Pointer, n: number, from: number, to: number, u: Pointer, v: Pointer, depth: number): void;
}
