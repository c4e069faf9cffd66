import type { Pointer } from "./wasm.ts";

/** Kernels of implicit factors; `library/core/assembly/implicit-factors.ts` and `top-items.ts` say what they do. */
export interface FactorKernels {
  factorGram(rows: Pointer, count: number, width: number, out: Pointer): void;
  conjugateFactors(
    from: number,
    to: number,
    offsets: Pointer,
    codes: Pointer,
    excess: Pointer,
    other: Pointer,
    own: Pointer,
    gram: Pointer,
    penalties: Pointer,
    width: number,
    steps: number,
    scratch: Pointer,
  ): void;
  exactFactors(
    from: number,
    to: number,
    offsets: Pointer,
    codes: Pointer,
    excess: Pointer,
    other: Pointer,
    own: Pointer,
    gram: Pointer,
    penalties: Pointer,
    width: number,
    scratch: Pointer,
  ): void;
  topItems(
    packed: Pointer,
    items: number,
    order: Pointer,
    lengths: Pointer,
    width: number,
    tiles: Pointer,
    norms: Pointer,
    count: number,
    k: number,
    thresholds: Pointer,
    scores: Pointer,
    codes: Pointer,
    allowed: Pointer,
    offsets: Pointer,
    hidden: Pointer,
    values: Pointer,
  ): void;
}

/** Floats of a row of factors: a multiple of 8, the rest 0. */
export function factorWidth(factors: number): number {
  return 8 * Math.ceil(factors / 8);
}

/** Kernels of pairwise ranking; `library/core/assembly/pairwise-ranking.ts` and `random.ts` say what they do. */
export interface RankingKernels {
  rankPairs(
    pairUsers: Pointer,
    pairItems: Pointer,
    words: Pointer,
    count: number,
    pool: Pointer,
    size: number,
    offsets: Pointer,
    codes: Pointer,
    users: Pointer,
    items: Pointer,
    width: number,
    factors: number,
    rate: number,
    penalty: number,
    counts: Pointer,
  ): void;
  randomBlocks(out: Pointer, blocks: number, k0: number, k1: number, c0: number, c1: number, c2: number, c3: number): void;
}
