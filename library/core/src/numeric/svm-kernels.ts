import type { Pointer } from "./wasm.ts";

/** Kernels of `assembly/svm.ts`. Rows of x are `stride` doubles wide (even, padded with 0); kinds are 0 linear, 1 poly, 2 rbf, 3 sigmoid. */
export interface SvmKernels {
  /** K(x_i, x_j) for j = from … to − 1 as f32 at `out` + 4 j; both ends even. */
  svmRow(
    x: Pointer,
    squares: Pointer,
    stride: number,
    i: number,
    from: number,
    to: number,
    kind: number,
    gamma: number,
    coef0: number,
    degree: number,
    out: Pointer,
  ): void;
  /** K(row, x_j) for j = 0 … n − 1 as f64 at `out`; n even. */
  svmCross(
    row: Pointer,
    square: number,
    x: Pointer,
    squares: Pointer,
    stride: number,
    n: number,
    kind: number,
    gamma: number,
    coef0: number,
    degree: number,
    out: Pointer,
  ): void;
  /** Place of the largest value + shift among n, −1 when all are −∞; the value goes to `best`. */
  svmFirst(values: Pointer, shifts: Pointer, n: number, best: Pointer): number;
  /** Place of the largest gain below `top` by the second order, −1 when there is none; the least value + shift goes to `least`. */
  svmSecond(
    values: Pointer,
    shifts: Pointer,
    diagonal: Pointer,
    row: Pointer,
    n: number,
    i: number,
    top: number,
    least: Pointer,
  ): number;
  /** values −= step · (first − second) for places from … to − 1; rows are f32, both ends even. */
  svmMove(values: Pointer, first: Pointer, second: Pointer, from: number, to: number, step: number): void;
}
