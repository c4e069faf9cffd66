import type { Cell } from "assay";

/** The bins of one column and how many cells of the reference fell into each. */
export interface ColumnBins {
  readonly name: string;
  readonly kind: "number" | "category";
  /** Of numbers: bin k holds values up to edge k and above the one before; then the values above all edges, then missing ones. */
  readonly edges?: readonly number[];
  /** Of categories: a bin each, then all other values, then missing ones. */
  readonly levels?: readonly string[];
  readonly counts: readonly number[];
}

/** Levels with a bin of their own at most. */
const levelsMost = 50;

/**
 * Bins of a column at quantiles of its reference cells, or its most frequent values, with their counts. `parts` must be a multiple of ten, so that the
 * deciles are among the edges. O(n log n).
 */
export function binsOf(name: string, kind: ColumnBins["kind"], cells: readonly Cell[], parts: number): ColumnBins {
  const empty = kind === "number" ? { name, kind, edges: edgesOf(cells, parts) } : { name, kind, levels: levelsOf(cells) };
  const bins = { ...empty, counts: new Array<number>(binCount(empty)).fill(0) };
  const find = binFinder(bins);
  for (const cell of cells) bins.counts[find(cell)]!++;
  return bins;
}

/** How many bins a column has. */
export function binCount({ edges, levels }: Pick<ColumnBins, "edges" | "levels">): number {
  return (edges ?? levels!).length + 2;
}

/** The number of the bin that a cell falls into. O(log bins). */
export function binFinder({ edges, levels }: Omit<ColumnBins, "counts">): (cell: Cell) => number {
  if (edges) {
    const last = edges.length + 1;
    return (cell) => {
      const value = numberOf(cell);
      return Number.isNaN(value) ? last : edgesBelow(edges, value);
    };
  }
  const places = new Map(levels!.map((level, k) => [level, k]));
  const other = levels!.length;
  return (cell) => (cell === null ? other + 1 : (places.get(textOf(cell)) ?? other));
}

/** A cell as models read numbers; NaN where it is missing or none. */
function numberOf(cell: Cell): number {
  if (cell === null || cell === "") return Number.NaN;
  if (cell === "true" || cell === "false") return Number(cell === "true");
  return cell instanceof Date ? cell.getTime() : Number(cell);
}

function textOf(cell: Cell): string {
  return cell instanceof Date ? String(cell.getTime()) : String(cell);
}

function edgesBelow(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function edgesOf(cells: readonly Cell[], parts: number): number[] {
  const sorted = Float64Array.from(cells, numberOf)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (sorted.length === 0) return [];
  return [...new Set(Array.from({ length: parts - 1 }, (_, k) => quantile(sorted, (k + 1) / parts)))];
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[below + 1] ?? low;
  return low === high ? low : low + (at - below) * (high - low);
}

function levelsOf(cells: readonly Cell[]): string[] {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== null) counts.set(textOf(cell), (counts.get(textOf(cell)) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, levelsMost)
    .map(([level]) => level);
}
