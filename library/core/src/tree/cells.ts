import type { CartKernels } from "../numeric/cart-kernels.ts";
import type { Pointer } from "../numeric/wasm.ts";
import type { GrowOptions } from "./grow.ts";
import type { GrowingRoom, RankedColumns } from "./rank-columns.ts";

/** Where the cells of the node that is being split lie: in the whole table, or in a copy of a small part of it that stays in cache. */
export interface Cells {
  /** The column `feature`: ranks, or values where cuts are drawn. */
  column(feature: number): Pointer;
  /** The row of x that a number in the node's `rows` means. */
  row(number: number): number;
  /** Looks at a node; answers whether it, and so all below it, lies in the copy. */
  look(begin: number, n: number, depth: number, isCompact: boolean): boolean;
}

/**
 * The cells of a tree that grows depth first: the copy holds one node at a time. A copy pays when the columns that are tried below it are
 * more than those that are copied.
 */
export function cellsOf(
  { x, ranks, values, compactRows }: RankedColumns,
  kernels: CartKernels,
  u32: Uint32Array,
  { rows, compact, ids }: GrowingRoom,
  { criterion, maxFeatures, maxDepth, maxLeafNodes }: GrowOptions,
): Cells {
  const isDrawn = values > 0;
  const width = isDrawn ? 8 : 4;
  const whole = isDrawn ? values : ranks;
  const copy = isDrawn ? kernels.cartCompactValues : kernels.cartCompact;
  // absolute error looks up the order of y by the rows of x
  const isWorth = maxLeafNodes == null && criterion !== "absolute_error" && maxFeatures * Math.log2(compactRows) > x.columns;
  let base = whole;
  let height = x.rows;
  return {
    column: (feature) => base + width * feature * height,
    row: (number) => (base === whole ? number : u32[ids / 4 + number]!),
    look(begin, n, depth, isCompact) {
      if (isCompact) return true;
      base = whole;
      height = x.rows;
      if (!isWorth || n > compactRows || n < 32 || maxDepth - depth < 4) return false;
      copy(whole, height, x.columns, rows + 4 * begin, n, compact, ids);
      base = compact;
      height = n;
      return true;
    },
  };
}
