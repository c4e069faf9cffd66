import type { Pointer } from "./wasm.ts";

/** Kernels of k-means; `library/core/assembly/clusters.ts` says what they do. */
export interface ClusterKernels {
  assignCentres(
    x: Pointer,
    count: number,
    d: number,
    centres: Pointer,
    halves: Pointer,
    groups: number,
    weights: Pointer,
    labels: Pointer,
    sums: Pointer,
    masses: Pointer,
  ): number;
  squaredDistances(x: Pointer, count: number, d: number, points: Pointer, out: Pointer): void;
}

/** Points (k × d) in groups of four that lie beside each other column by column; the last group is filled with 0. */
export function packFours(points: Float64Array, k: number, d: number, out: Float64Array): void {
  out.fill(0);
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) out[(c >> 2) * 4 * d + j * 4 + (c & 3)] = points[c * d + j]!;
}
