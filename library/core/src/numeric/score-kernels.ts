import type { Pointer } from "./wasm.ts";

/** Kernels that score rows by trees; see `assembly/score.ts`. */
export interface ScoreKernels {
  layTile(rows: Pointer, n: number, d: number, single: number, tile: Pointer): number;
  scoreNumbers(
    nodes: Pointer,
    roots: Pointer,
    outputs: Pointer,
    trees: number,
    values: Pointer,
    width: number,
    tile: Pointer,
    n: number,
    scores: Pointer,
  ): void;
  scoreAny(
    nodes: Pointer,
    roots: Pointer,
    outputs: Pointer,
    trees: number,
    values: Pointer,
    width: number,
    sets: Pointer,
    tile: Pointer,
    n: number,
    scores: Pointer,
  ): void;
}

/** Rows of a tile. */
export const tileRows = 128;

/** Bits of a node's column word. */
export const scoreFlag = { missingLeft: 2 ** 28, category: 2 ** 29, nanIsZero: 2 ** 30, zeroIsMissing: 2 ** 31 } as const;
