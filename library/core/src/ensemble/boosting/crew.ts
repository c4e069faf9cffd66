import { type CrewMember, defineCrew } from "../../base/crew.ts";
import type { BoostingKernels } from "../../numeric/boosting-kernels.ts";
import { kernels } from "../../numeric/wasm.ts";
import { binCount, type ColumnBins, categoryBins, numericBins } from "./bins.ts";
import { findCategorySplit } from "./category-split.ts";
import { bestBytes, noBin, type SharedFit, sampleRows } from "./workspace.ts";

/** What the coordinator can ask of the crew. The numbers it tells lie in `told`, in the order given here. */
export const operation = {
  /** First column. Piece: a column from there on. */
  findBins: 0,
  /** Piece: rows, the validation rows after the others. */
  binRows: 1,
  /** Loss, its parameter, scale of g, of h, whether to quantise (else measure). Piece: rows. */
  derive: 2,
  /** Factor of h, scale of g, of h. Piece: rows. */
  deriveMultinomial: 3,
  /** Output, scale of g, of h, whether to quantise. Piece: rows. */
  quantiseGiven: 4,
  /** First place in the index, rows, number of this count, rows a piece. Piece: rows of a leaf, into the thread's own histogram. */
  countRows: 5,
  /**
   * First place and rows of the smaller leaf, its histogram, how it comes (see `build`), the larger leaf's (0: none; it holds the parent's), whether to search
   * the smaller, the larger, number of the count, columns a piece, gradients. Piece: columns.
   */
  search: 6,
  /** Column, first place, rows, routing table, rows a piece. */
  part: 7,
  /** The same, after `part`: rows to their places. */
  settle: 8,
  /** Leaves, output. Piece: places of the index. */
  addLeaves: 9,
  /** Whether validation rows, factor, output. Piece: rows. */
  addTree: 10,
} as const;

/** How a histogram comes to be: it is there, is counted by columns, or is the sum of the threads' own. */
export const build = { none: 0, count: 1, join: 2 } as const;

// Everything that pieces need and answer lies in the shared memory; `workspace.ts` says where.
defineCrew("boosting", (shared: SharedFit): CrewMember => {
  const { memory, workspace: at, x, order } = shared;
  // shared buffers weigh nothing to this thread's collector, so that those of fits long gone would stay: one that weighs as much sets it going
  void new ArrayBuffer(Math.min(x.data.byteLength + memory.buffer.byteLength, 2 ** 28));
  const kernel = kernels<BoostingKernels>(memory);
  const bytes = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const shorts = new Uint16Array(memory.buffer);
  const numbers = new Float64Array(memory.buffer);
  const told = numbers.subarray(at.told / 8, at.told / 8 + 64);
  const answers = numbers.subarray(at.answers / 8, at.answers / 8 + 8192);
  const thread = Atomics.add(words, at.words / 4, 1);
  const scratch = at.scratch + thread * at.scratchBytes;
  const ownHistogram = at.privateHistograms + thread * at.fullHistogramBytes;

  const members: Record<number, (piece: number) => void> = {
    [operation.findBins]: (piece) => {
      const f = told[0]! + piece;
      writeBins(f, columnBins(f));
    },
    [operation.binRows]: (piece) => {
      const begin = piece * at.pieceRows;
      const end = Math.min(at.rows + at.validationRows, begin + at.pieceRows);
      const d = at.columns;
      const tileRows = Math.max(1, Math.floor(16_384 / d));
      const tile = scratch / 8;
      for (let first = begin; first < end; first += tileRows) {
        const last = Math.min(end, first + tileRows);
        if (order) for (let i = first; i < last; i++) numbers.set(rowOf(order[i]!), tile + (i - first) * d);
        else numbers.set(x.data.subarray(first * d, last * d), tile);
        for (const [f, map] of shared.codeBins.entries()) if (map) codesToBins(map, tile + f, last - first);
        const { uppers, halvings, missingBins, someMissing, stride } = at;
        const rowMajor = at.rowBins + first * stride;
        const [columnMajor, all] = [at.columnBins + first, at.rows + at.validationRows];
        kernel.binRows(scratch, last - first, d, uppers, halvings, missingBins, someMissing, rowMajor, stride, columnMajor, all);
      }
    },
    [operation.derive]: (piece) => {
      const [loss, alpha, scaleG, scaleH, quantise] = told as unknown as number[];
      const first = piece * at.pieceRows;
      const n = Math.min(at.pieceRows, at.rows - first);
      answers.fill(0, 2 * piece, 2 * piece + 2);
      kernel.gradients(
        loss!,
        at.scores,
        at.targets,
        at.weights,
        first,
        n,
        alpha!,
        scaleG!,
        scaleH!,
        quantise ? at.gradients : 0,
        at.answers + 16 * piece,
        scratch,
      );
    },
    [operation.deriveMultinomial]: (piece) => {
      const [factor, scaleG, scaleH] = told as unknown as number[];
      const first = piece * at.pieceRows;
      const n = Math.min(at.pieceRows, at.rows - first);
      kernel.multinomialGradients(
        at.outputs,
        at.rows,
        at.scores,
        at.targets,
        at.weights,
        first,
        n,
        factor!,
        scaleG!,
        scaleH!,
        at.gradients,
        scratch,
      );
    },
    [operation.quantiseGiven]: (piece) => {
      const [output, scaleG, scaleH, quantise] = told as unknown as number[];
      const first = piece * at.pieceRows;
      const n = Math.min(at.pieceRows, at.rows - first);
      answers.fill(0, 2 * piece, 2 * piece + 2);
      const g = at.given + 8 * output! * at.rows;
      const h = g + 8 * at.outputs * at.rows;
      const out = quantise ? at.gradients + 8 * output! * at.rows : 0;
      kernel.quantiseGiven(g, h, first, n, scaleG!, scaleH!, out, at.answers + 16 * piece);
    },
    [operation.countRows]: (piece) => {
      const [start, n, count, size, gradients] = told as unknown as number[];
      const mark = at.words / 4 + 1 + thread;
      if (words[mark] !== count) {
        kernel.clear(ownHistogram, histogramEnd(at.columns));
        words[mark] = count!;
      }
      const first = piece * size!;
      countInto(ownHistogram, 0, at.columns, start! + first, Math.min(size!, n! - first), gradients!);
    },
    [operation.search]: (piece) => {
      const [start, n, small, how, large, searchSmall, searchLarge, count, width, gradients] = told as unknown as number[];
      const first = piece * width!;
      const last = Math.min(at.columns, first + width!);
      const begin = histogramEnd(first);
      const pairs = (histogramEnd(last) - begin) / 16;
      if (how !== build.none) kernel.clear(small! + begin, 16 * pairs);
      if (how === build.count) countInto(small!, first, last, start!, n!, gradients!);
      if (how === build.join)
        for (let t = 0; t < at.threads; t++)
          if (words[at.words / 4 + 1 + t] === count)
            kernel.addPairs(small! + begin, at.privateHistograms + t * at.fullHistogramBytes + begin, pairs);
      if (large) kernel.subtractPairs(large + begin, small! + begin, pairs);
      if (searchSmall) search(small!, 0, first, last, piece);
      if (searchLarge) search(large!, 1, first, last, piece);
    },
    [operation.part]: (piece) => {
      const [column, start, n, table, size] = told as unknown as number[];
      const first = start! + piece * size!;
      const length = Math.min(size!, start! + n! - first);
      answers[piece] = kernel.part(
        at.columnBins + column! * (at.rows + at.validationRows),
        at.index + 4 * first,
        length,
        table!,
        at.leftRows + 4 * first,
        at.rightRows + 4 * first,
      );
    },
    [operation.settle]: (piece) => {
      const [, start, n, , size] = told as unknown as number[];
      const pieces = Math.ceil(n! / size!);
      const first = start! + piece * size!;
      const length = Math.min(size!, start! + n! - first);
      let left = start!;
      let right = start!;
      for (let p = 0; p < pieces; p++) {
        right += answers[p]!;
        if (p < piece) left += answers[p]!;
      }
      for (let p = 0; p < piece; p++) right += Math.min(size!, n! - p * size!) - answers[p]!;
      kernel.move(at.index + 4 * left, at.leftRows + 4 * first, 4 * answers[piece]!);
      kernel.move(at.index + 4 * right, at.rightRows + 4 * first, 4 * (length - answers[piece]!));
    },
    [operation.addLeaves]: (piece) => {
      const [leaves, output] = told as unknown as number[];
      const first = piece * at.pieceRows;
      const last = first + at.pieceRows;
      const scores = at.scores + 8 * output! * at.rows;
      for (let k = 0, r = at.ranges / 8; k < leaves!; k++, r += 3) {
        const from = Math.max(first, numbers[r]!);
        const to = Math.min(last, numbers[r]! + numbers[r + 1]!);
        if (to > from) kernel.addToRows(scores, at.index + 4 * from, to - from, numbers[r + 2]!);
      }
    },
    [operation.addTree]: (piece) => {
      const [validation, factor, output] = told as unknown as number[];
      const rows = validation ? at.validationRows : at.rows;
      const first = piece * at.pieceRows;
      const n = Math.min(at.pieceRows, rows - first);
      const bins = at.rowBins + (validation ? at.rows * at.stride : 0);
      const scores = (validation ? at.validationScores : at.scores) + 8 * output! * rows;
      kernel.addTreeOfBins(bins, at.stride, first, n, at.nodes, at.tables, at.values, factor!, scores);
    },
  };

  /** Row i of x. */
  function rowOf(i: number): Float64Array {
    return x.data.subarray(i * at.columns, (i + 1) * at.columns);
  }

  /** Bins of a column, from a sample of its rows. */
  function columnBins(f: number): ColumnBins {
    const rows = at.rows;
    const d = at.columns;
    const rowAt = (i: number): number => (order ? order[i]! : i);
    if (shared.codeBins[f]) {
      const counts = new Float64Array(x.levels![f]!.length);
      for (let i = 0; i < rows; i++) {
        const code = x.data[rowAt(i) * d + f]!;
        if (code >= 0) counts[code]!++;
      }
      return categoryBins(counts, shared.maxBins, shared.minDataInBin);
    }
    const size = Math.min(rows, sampleRows);
    // a row of each stretch, not always its first: rows that take turns must all be seen
    const rowOfSample = (i: number): number => Math.floor(((i + (Math.imul(i, 0x9e37_79b1) >>> 0) / 2 ** 32) * rows) / size);
    const sample = numbers.subarray(scratch / 8, scratch / 8 + size);
    let m = 0;
    for (let i = 0; i < size; i++) {
      const value = x.data[rowAt(rowOfSample(i)) * d + f]!;
      if (!Number.isNaN(value)) sample[m++] = value === 0 ? 0 : value;
    }
    kernel.sortFloat64(scratch, m, scratch + 8 * size, scratch + 16 * size);
    // the bin of missing values is one of those asked for
    const numeric = Math.max(2, shared.maxBins - (m < size ? 1 : 0));
    return numericBins(sample.subarray(0, m), numeric, shared.minDataInBin);
  }

  /** A column's bins where kernels look for them; categories become the numbers of their bins first. */
  function writeBins(f: number, bins: ColumnBins): void {
    const place = at.uppers / 8 + 256 * f;
    const count = binCount(bins);
    numbers.fill(Infinity, place, place + 256);
    if (bins.kind === "number") numbers.set(bins.uppers, place);
    else
      for (const [b, category] of bins.categories.entries()) {
        shared.codeBins[f]![category] = b;
        numbers[place + b] = b + 0.5;
      }
    bytes[at.halvings + f] = Math.ceil(Math.log2(Math.max(1, count)));
    bytes[at.missingBins + f] = count;
    shorts[at.bins / 2 + f] = count;
  }

  /** Category codes of a column of a tile become the numbers of their bins. */
  function codesToBins(map: Uint8Array, place: number, n: number): void {
    for (let i = 0, k = place; i < n; i++, k += at.columns) {
      const bin = map[numbers[k]!] ?? noBin;
      numbers[k] = bin === noBin ? Number.NaN : bin;
    }
  }

  /** Where column f begins in a histogram; for the column after the last its end. */
  function histogramEnd(f: number): number {
    return words[at.offsets / 4 + f]!;
  }

  /** Counts rows of the index into columns first … last − 1 of a histogram, 32 columns at a time. */
  function countInto(histogram: number, first: number, last: number, start: number, n: number, gradients: number): void {
    for (let f = first; f < last; f += 32)
      kernel.histogram(
        at.rowBins + f,
        at.stride,
        Math.min(32, last - f),
        at.index + 4 * start,
        0,
        n,
        gradients,
        histogram,
        at.offsets + 4 * f,
        scratch,
      );
  }

  /** Best split of a leaf (0 the smaller, 1 the larger) over columns first … last − 1. */
  function search(histogram: number, leaf: 0 | 1, first: number, last: number, piece: number): void {
    const facts = at.leafFacts + 112 * leaf;
    const best = at.best + bestBytes * (2 * piece + leaf);
    const kinds = at.kinds + leaf * at.columns;
    kernel.findSplit(histogram, at.offsets, at.bins, kinds, at.signs, first, last, facts, best);
    for (let f = first; f < last; f++)
      if (bytes[kinds + f] === 2)
        findCategorySplit(
          numbers,
          words,
          bytes,
          histogram + histogramEnd(f),
          bytes[at.missingBins + f]!,
          f,
          facts,
          best,
          shared.categorySettings,
        );
  }

  return (wanted, piece) => members[wanted]!(piece);
});
