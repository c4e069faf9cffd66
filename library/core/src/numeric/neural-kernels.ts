import type { Pointer } from "./wasm.ts";

type Bits = 32 | 64;

/** Kernels of neural networks; `library/core/assembly/neural.ts` says what they do. Those of the dense layers exist for both kinds of numbers. */
export type NeuralKernels = {
  readonly [B in Bits as `denseAffine${B}`]: (
    a: Pointer,
    strideA: number,
    rows: number,
    inner: number,
    w: Pointer,
    panels: number,
    bias: Pointer,
    out: Pointer,
    strideOut: number,
  ) => void;
} & {
  readonly [B in Bits as `denseOuter${B}`]: (
    a: Pointer,
    strideA: number,
    deltas: Pointer,
    strideD: number,
    rows: number,
    inner: number,
    panels: number,
    gradient: Pointer,
  ) => void;
} & {
  readonly [B in Bits as `denseTranspose${B}`]: (w: Pointer, inner: number, columns: number, out: Pointer) => void;
} & {
  readonly [B in Bits as `denseColumnSums${B}`]: (
    deltas: Pointer,
    stride: number,
    rows: number,
    panels: number,
    sums: Pointer,
  ) => void;
} & {
  readonly [B in Bits as `denseActivate${B}`]: (kind: number, values: Pointer, bytes: number) => void;
} & {
  readonly [B in Bits as `denseSlopes${B}`]: (kind: number, values: Pointer, deltas: Pointer, bytes: number) => void;
} & {
  readonly [B in Bits as `denseSquares${B}`]: (values: Pointer, bytes: number) => number;
} & {
  adamStep(
    weights: Pointer,
    gradient: Pointer,
    first: Pointer,
    second: Pointer,
    bytes: number,
    share: number,
    penalty: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void;
  momentumStep(
    weights: Pointer,
    gradient: Pointer,
    velocity: Pointer,
    bytes: number,
    share: number,
    penalty: number,
    rate: number,
    momentum: number,
    nesterov: boolean,
  ): void;
  maxPoolSlopes(
    x: Pointer,
    y: Pointer,
    dy: Pointer,
    dx: Pointer,
    length: number,
    channels: number,
    windows: number,
    size: number,
    step: number,
  ): void;
  gatherRows(from: Pointer, bytes: number, numbers: Pointer, count: number, to: Pointer): void;
};
