import type { Matrix } from "../../numeric/matrix.ts";
import { scoreFlag, tileRows } from "../../numeric/score-kernels.ts";
import type { ScoredTrees } from "./boosted-trees.ts";
import { type PackedTrees, packTrees } from "./packed-trees.ts";

/** Bytes of packed nodes and values at most: packing more would hold up whoever asks for a row. */
const mostBytes = 1 << 24;
/** The bits of a node's column word that name the column, and how far they stand to the left: a column takes so many bytes of a tile. */
const columnBits = scoreFlag.missingLeft - 1;
const columnShift = Math.log2(8 * tileRows);

/** Rows that a model was asked for, a few at a time. */
const asked = new WeakMap<ScoredTrees, number>();
/** The two ways in which a packed model's nodes are read. */
const views = new WeakMap<PackedTrees, { readonly words: Int32Array; readonly numbers: Float64Array }>();

/**
 * The packed trees of a model that has been asked for few rows so often that packing was worth its cost, where every split is numeric; undefined for
 * any other. A packed node lies in one cache line, an unpacked one in five.
 */
export function packedForFew(model: ScoredTrees, rows: number): PackedTrees | undefined {
  const { roots, feature, value } = model;
  if (model.linear || model.single || 16 * feature.length + 8 * value.length > mostBytes) return undefined;
  const before = asked.get(model) ?? 0;
  const isWorth = before * roots.length > feature.length / 4;
  if (!isWorth) {
    asked.set(model, before + rows);
    return undefined;
  }
  const trees = packTrees(model);
  return trees.plain ? trees : undefined;
}

/** Adds the trees first … last − 1 to scores (n × outputs), row by row. O(n · trees · depth). */
export function addPackedByRow(
  trees: PackedTrees,
  x: Matrix,
  outputs: number,
  first: number,
  last: number,
  scores: Float64Array,
): void {
  const { roots, outputs: places, values, width } = trees;
  const { words, numbers } = viewsOf(trees);
  for (let i = 0; i < x.rows; i++)
    for (let t = first; t < last; t++) {
      const leaf = leafOf(words, numbers, roots[t]! >>> 4, x.data, i * x.columns);
      const place = i * outputs + places[t]!;
      for (let c = 0; c < width; c++) scores[place + c]! += values[leaf * width + c]!;
    }
}

/** The leaf that a row reaches: a node whose right child is itself. */
function leafOf(words: Int32Array, numbers: Float64Array, root: number, data: Float64Array, row: number): number {
  let k = root;
  for (;;) {
    const right = words[4 * k + 3]! >>> 4;
    if (right === k) return k;
    const column = words[4 * k + 2]!;
    const cell = data[row + ((column & columnBits) >>> columnShift)]!;
    const threshold = numbers[2 * k]!;
    k = cell <= threshold || (Number.isNaN(cell) && missingGoesLeft(column, threshold)) ? k + 1 : right;
  }
}

function missingGoesLeft(column: number, threshold: number): boolean {
  return column & scoreFlag.nanIsZero ? threshold >= 0 : (column & scoreFlag.missingLeft) !== 0;
}

function viewsOf(trees: PackedTrees): { readonly words: Int32Array; readonly numbers: Float64Array } {
  let found = views.get(trees);
  if (!found) {
    const { buffer, byteOffset, byteLength } = trees.nodes;
    found = {
      words: new Int32Array(buffer, byteOffset, byteLength / 4),
      numbers: new Float64Array(buffer, byteOffset, byteLength / 8),
    };
    views.set(trees, found);
  }
  return found;
}
