import type { Pointer } from "./wasm.ts";

/** Kernels of histogram boosting; what each does stands beside its code in `assembly/`. */
export interface BoostingKernels {
  sortFloat64(values: Pointer, n: number, spare: Pointer, counts: Pointer): void;
  binRows(
    x: Pointer,
    n: number,
    d: number,
    uppers: Pointer,
    steps: Pointer,
    missing: Pointer,
    some: Pointer,
    rowMajor: Pointer,
    stride: number,
    columnMajor: Pointer,
    rows: number,
  ): void;
  gradients(
    loss: number,
    scores: Pointer,
    targets: Pointer,
    weights: Pointer,
    first: number,
    n: number,
    alpha: number,
    scaleG: number,
    scaleH: number,
    out: Pointer,
    peaks: Pointer,
    buffer: Pointer,
  ): void;
  multinomialGradients(
    classes: number,
    rows: number,
    scores: Pointer,
    targets: Pointer,
    weights: Pointer,
    first: number,
    n: number,
    factor: number,
    scaleG: number,
    scaleH: number,
    out: Pointer,
    buffer: Pointer,
  ): void;
  quantiseGiven(
    g: Pointer,
    h: Pointer,
    first: number,
    n: number,
    scaleG: number,
    scaleH: number,
    out: Pointer,
    peaks: Pointer,
  ): void;
  histogram(
    bins: Pointer,
    stride: number,
    columns: number,
    rows: Pointer,
    first: number,
    n: number,
    gradients: Pointer,
    histogram: Pointer,
    offsets: Pointer,
    buffer: Pointer,
  ): void;
  addPairs(a: Pointer, b: Pointer, n: number): void;
  subtractPairs(a: Pointer, b: Pointer, n: number): void;
  clear(at: Pointer, bytes: number): void;
  findSplit(
    histogram: Pointer,
    offsets: Pointer,
    bins: Pointer,
    kinds: Pointer,
    signs: Pointer,
    first: number,
    last: number,
    leaf: Pointer,
    best: Pointer,
  ): void;
  part(column: Pointer, rows: Pointer, n: number, table: Pointer, left: Pointer, right: Pointer): number;
  move(to: Pointer, from: Pointer, bytes: number): void;
  addToRows(scores: Pointer, rows: Pointer, n: number, value: number): void;
  addTreeOfBins(
    bins: Pointer,
    stride: number,
    first: number,
    n: number,
    nodes: Pointer,
    tables: Pointer,
    values: Pointer,
    factor: number,
    scores: Pointer,
  ): void;
}
