import type { Matrix } from "../../numeric/matrix.ts";
import { type KernelMemory, Layout, type Pointer } from "../../numeric/wasm.ts";

/** Where everything of a fit lies in its shared memory. Sent to every thread as it is. */
export interface Workspace {
  /** Rows that trees are grown on (n), rows that only measure (v), columns (d), scores a row (k). */
  readonly rows: number;
  readonly validationRows: number;
  readonly columns: number;
  readonly outputs: number;
  /** Rows of a piece of work that runs over rows. */
  readonly pieceRows: number;
  /** Bytes of a row of bins. */
  readonly stride: number;
  readonly threads: number;
  /** Leaves of a tree at most. */
  readonly leaves: number;
  /** Bins, row-major: rows first, validation rows after them. */
  readonly rowBins: Pointer;
  /** The same column-major: parting rows by one column stays in cache. */
  readonly columnBins: Pointer;
  /** Bins of the rows, column-major. */
  readonly targets: Pointer;
  /** 0 where all rows weigh 1. */
  readonly weights: Pointer;
  /** Scores, output by output: the rows', then the validation rows'. */
  readonly scores: Pointer;
  readonly validationScores: Pointer;
  /** Quantised (g, h), output by output. */
  readonly gradients: Pointer;
  /** Derivatives in f64 that no kernel computes (ranking, a loss of the user); 0 where not needed. */
  readonly given: Pointer;
  /** Row numbers, leaf by leaf, and room to part them. */
  readonly index: Pointer;
  readonly leftRows: Pointer;
  readonly rightRows: Pointer;
  /** Per column: upper bounds (256 f64), halvings, missing bin, whether any is missing, bins (u16), place in a histogram (u32), monotone sign (i8). */
  readonly uppers: Pointer;
  readonly halvings: Pointer;
  readonly missingBins: Pointer;
  readonly someMissing: Pointer;
  readonly bins: Pointer;
  readonly offsets: Pointer;
  readonly signs: Pointer;
  /** Columns that the two leaves in question may split on: 0 numeric, 1 not, 2 category, 3 numeric with missing values (2 × d). */
  readonly kinds: Pointer;
  /** Histograms of leaves, and the bytes they have together. */
  readonly histograms: Pointer;
  readonly histogramBytes: number;
  /** A histogram for each thread, for leaves counted by rows; 0 where columns are too many for that. */
  readonly privateHistograms: Pointer;
  readonly fullHistogramBytes: number;
  /** Room of each thread, `scratchBytes` apart. */
  readonly scratch: Pointer;
  readonly scratchBytes: number;
  /** What the coordinator tells (f64 × 64), what pieces answer (f64 × 4096 × 2), the two leaves in question, their best splits by piece. */
  readonly told: Pointer;
  readonly answers: Pointer;
  readonly leafFacts: Pointer;
  readonly best: Pointer;
  /** Words for threads to find their number and what they took part in. */
  readonly words: Pointer;
  /** Rows of the tree's leaves: start, number, value (f64 × 3 a leaf). */
  readonly ranges: Pointer;
  /** The tree at hand for walking: nodes (8 bytes), routing tables (256 bytes), values. */
  readonly nodes: Pointer;
  readonly tables: Pointer;
  readonly values: Pointer;
}

/** Bytes of a best split: 8 numbers and a routing table for categories. */
export const bestBytes = 64 + 256;
/** Pieces of a search at most. */
export const mostSearchPieces = 64;
/** Values that the bounds of bins are found from, a column. */
export const sampleRows = 200_000;
/** Beyond so many columns a thread counts columns of all rows rather than all columns of some. */
const mostPrivateColumns = 512;
/** Kept for histograms of leaves that wait: beyond it they are counted again when needed. */
const histogramBudgetBytes = 2 ** 30;

/** What a fit must hold. */
interface Sizes {
  readonly rows: number;
  readonly validationRows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly threads: number;
  readonly leaves: number;
  readonly weighted: boolean;
  /** Whether derivatives come from outside the kernels. */
  readonly given: boolean;
}

/** Plans the memory of a fit. */
export function planWorkspace(sizes: Sizes): { workspace: Workspace; layout: Layout } {
  const { rows, validationRows, columns, outputs, threads, leaves } = sizes;
  const layout = new Layout();
  const all = rows + validationRows;
  const stride = Math.ceil(columns / 16) * 16;
  const fullHistogramBytes = columns * (256 << 4);
  const histogramBytes = Math.max(2 * fullHistogramBytes, Math.min((leaves + 1) * fullHistogramBytes, histogramBudgetBytes));
  const scratchBytes = 128 * Math.ceil((2 * 8 * Math.min(rows, sampleRows) + 6 * 2048 * 4 + columns * 8 * 256 + 16_384) / 128);
  const nodes = 2 * leaves;
  const workspace: Workspace = {
    rows,
    validationRows,
    columns,
    outputs,
    pieceRows: Math.max(8192, Math.ceil(all / 4000)),
    stride,
    threads,
    leaves,
    rowBins: layout.reserve(all * stride + 32),
    columnBins: layout.reserve(all * columns),
    targets: layout.reserve(8 * all + 16),
    weights: sizes.weighted ? layout.reserve(8 * rows + 16) : 0,
    scores: layout.reserve(8 * outputs * rows + 16),
    validationScores: layout.reserve(8 * outputs * validationRows + 16),
    gradients: layout.reserve(8 * outputs * rows + 16),
    given: sizes.given ? layout.reserve(16 * outputs * rows + 16) : 0,
    index: layout.reserve(4 * rows + 16),
    leftRows: layout.reserve(4 * rows + 16),
    rightRows: layout.reserve(4 * rows + 16),
    uppers: layout.reserve(2048 * columns),
    halvings: layout.reserve(columns),
    missingBins: layout.reserve(columns),
    someMissing: layout.reserve(columns),
    bins: layout.reserve(2 * columns),
    offsets: layout.reserve(4 * columns + 16),
    signs: layout.reserve(columns),
    kinds: layout.reserve(2 * columns),
    histograms: layout.reserve(histogramBytes),
    histogramBytes,
    privateHistograms: threads > 1 && columns <= mostPrivateColumns ? layout.reserve(threads * fullHistogramBytes) : 0,
    fullHistogramBytes,
    scratch: layout.reserve(threads * scratchBytes),
    scratchBytes,
    told: layout.reserve(8 * 64),
    answers: layout.reserve(8 * 4096 * 2),
    leafFacts: layout.reserve(2 * 112),
    best: layout.reserve(2 * mostSearchPieces * bestBytes),
    words: layout.reserve(4 * (1 + threads)),
    ranges: layout.reserve(24 * leaves),
    nodes: layout.reserve(8 * nodes),
    tables: layout.reserve(256 * nodes),
    values: layout.reserve(8 * nodes),
  };
  return { workspace, layout };
}

/** Stands for "no bin" in `codeBins`. */
export const noBin = 255;

/** What every thread of a fit is sent. */
export interface SharedFit {
  readonly memory: KernelMemory;
  readonly workspace: Workspace;
  readonly x: Matrix;
  /** Rows of x that trees are grown on, then those that measure; undefined: all in order. */
  readonly order: Int32Array | undefined;
  /** How bins are found: see `numericBins`. */
  readonly maxBins: number;
  readonly minDataInBin: number;
  /** For each column of categories the bin of each code, `noBin` where it has none; in shared memory, filled when bins are found (d). */
  readonly codeBins: readonly (Uint8Array | undefined)[];
  readonly categorySettings: CategorySettings;
}

/** How splits by sets of categories are searched; LightGBM's parameters of the same names. */
export interface CategorySettings {
  readonly maxCatToOnehot: number;
  readonly maxCatThreshold: number;
  readonly catSmooth: number;
  readonly catL2: number;
  readonly minDataPerGroup: number;
}
