import type { Pointer } from "./wasm.ts";

/** Kernels of nearest rows; `library/core/assembly/distance.ts` says what they do. */
export interface DistanceKernels {
  nearestRows(
    metric: number,
    x: Pointer,
    packed: Pointer,
    constants: Pointer,
    n: number,
    d: number,
    queries: Pointer,
    tiles: Pointer,
    offsets: Pointer,
    thresholds: Pointer,
    count: number,
    factor: number,
    k: number,
    distances: Pointer,
    rows: Pointer,
  ): void;
}

/** Puts a row at its place i among tiles of `width` rows that lie beside each other column by column. O(d). */
export function packTile(row: ArrayLike<number>, i: number, width: number, tiles: Float32Array): void {
  const at = Math.floor(i / width) * width * row.length + (i % width);
  for (let j = 0; j < row.length; j++) tiles[at + j * width] = row[j]!;
}

/** A power of two that brings numbers of at most this size into [½, 1]; 1 for 0. Multiplying by it rounds nothing. */
export function binaryScale(largest: number): number {
  let scale = 1;
  while (largest * scale > 1) scale /= 2;
  while (largest * scale < 0.5 && largest > 0 && scale < 1e300) scale *= 2;
  return scale;
}
