import type { CartKernels } from "../numeric/cart-kernels.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { Pointer } from "../numeric/wasm.ts";
import type { GrowOptions } from "./grow.ts";
import type { DrawnValues, GrowingRoom, RankedColumns } from "./rank-columns.ts";

/** Where the cells of the node that is being split lie: in the whole table, or in a copy of a small part of it that stays in cache. */
export interface Cells {
  /** The column `feature`: ranks, or values where cuts are drawn. */
  column(feature: number): Pointer;
  /** Bytes from a row to the next in a column. */
  rowStep(): number;
  /** The row of x that a number in the node's `rows` means. */
  row(number: number): number;
  /** Looks at a node; answers whether it, and so all below it, lies in the copy. */
  look(begin: number, n: number, depth: number, isCompact: boolean): boolean;
}

/** The cells of a tree that grows in one thread's room. */
export function cellsOf(
  columns: RankedColumns,
  kernels: CartKernels,
  u32: Uint32Array,
  room: GrowingRoom,
  options: GrowOptions,
): Cells {
  return columns.values ? drawnCells(columns.x, columns.values) : rankedCells(columns, kernels, u32, room, options);
}

/** Values: a large node reads columns, a small one the table row by row. */
function drawnCells({ rows, columns }: Matrix, { columns: begin, table, bytes, tableRows }: DrawnValues): Cells {
  let isTable = false;
  return {
    column: (feature) => (isTable ? table + bytes * feature : begin + bytes * feature * rows),
    rowStep: () => (isTable ? bytes * columns : bytes),
    row: (number) => number,
    look(_, n) {
      isTable = n <= tableRows;
      return false;
    },
  };
}

/**
 * Ranks, with a copy of one node's at a time, for trees that grow depth first. A copy pays when the columns that are tried below it are
 * more than those that are copied.
 */
function rankedCells(
  { x, ranks, compactRows }: RankedColumns,
  kernels: CartKernels,
  u32: Uint32Array,
  { rows, compact, ids }: GrowingRoom,
  { criterion, maxFeatures, maxDepth, maxLeafNodes }: GrowOptions,
): Cells {
  // absolute error looks up the order of y by the rows of x
  const isWorth = maxLeafNodes == null && criterion !== "absolute_error" && maxFeatures * Math.log2(compactRows) > x.columns;
  let base = ranks;
  let height = x.rows;
  return {
    column: (feature) => base + 4 * feature * height,
    rowStep: () => 4,
    row: (number) => (base === ranks ? number : u32[ids / 4 + number]!),
    look(begin, n, depth, isCompact) {
      if (isCompact) return true;
      base = ranks;
      height = x.rows;
      if (!isWorth || n > compactRows || n < 32 || maxDepth - depth < 4) return false;
      kernels.cartCompact(ranks, height, x.columns, rows + 4 * begin, n, compact, ids);
      base = compact;
      height = n;
      return true;
    },
  };
}
