import type { Pointer } from "./wasm.ts";

/** Kernel of items that are alike; `library/core/assembly/item-neighbours.ts` says what it does. */
export interface NeighbourKernels {
  itemNeighbours(
    from: number,
    to: number,
    itemOffsets: Pointer,
    itemUsers: Pointer,
    itemWeights: Pointer,
    userOffsets: Pointer,
    userItems: Pointer,
    userWeights: Pointer,
    most: number,
    shrinkage: number,
    sums: Pointer,
    touched: Pointer,
    scores: Pointer,
    sizes: Pointer,
    codes: Pointer,
    values: Pointer,
  ): void;
}
