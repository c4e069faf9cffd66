import type { Column } from "assay";

/** Shares below this are taken for it, so that an empty bin does not make the index infinite. */
const leastShare = 1e-4;
const bins = 10;

/**
 * Population stability index of two columns of one kind: Σ (q − p) ln(q / p) over ten bins at the first's deciles, or over the values of
 * categories, missing cells a bin of their own. Below 0.1 little has moved, above 0.25 much has. Null for text and for different kinds.
 * Source: Siddiqi (2006), Credit Risk Scorecards.
 */
export function populationStability(a: Column, b: Column): number | null {
  const [first, second] = binned(a, b) ?? [];
  if (!first || !second) return null;
  const [sizeA, sizeB] = [first, second].map((counts) =>
    Math.max(
      1,
      [...counts.values()].reduce((sum, n) => sum + n, 0),
    ),
  );
  let index = 0;
  for (const bin of new Set([...first.keys(), ...second.keys()])) {
    const p = Math.max(leastShare, (first.get(bin) ?? 0) / sizeA!);
    const q = Math.max(leastShare, (second.get(bin) ?? 0) / sizeB!);
    index += (q - p) * Math.log(q / p);
  }
  return index;
}

/**
 * Kolmogorov and Smirnov's distance of two number columns: the largest difference of their distribution functions, 0 to 1. Null where one
 * holds no finite number. O(n log n). Oracle: scipy.stats.ks_2samp.
 */
export function kolmogorovSmirnov(a: Column, b: Column): number | null {
  if ((a.kind !== "number" && a.kind !== "datetime") || a.kind !== b.kind) return null;
  const [x, y] = [a.values, (b as typeof a).values].map((values) => values.filter((value) => Number.isFinite(value)).sort());
  if (x!.length === 0 || y!.length === 0) return null;
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < x!.length && j < y!.length) {
    const value = Math.min(x![i]!, y![j]!);
    while (i < x!.length && x![i] === value) i++;
    while (j < y!.length && y![j] === value) j++;
    distance = Math.max(distance, Math.abs(i / x!.length - j / y!.length));
  }
  return distance;
}

type Counts = Map<string | number, number>;

/** How many cells of each column fall into each bin of the first. */
function binned(a: Column, b: Column): [Counts, Counts] | undefined {
  if ((a.kind === "number" || a.kind === "datetime") && a.kind === b.kind) {
    const sorted = a.values.filter((value) => Number.isFinite(value)).sort();
    if (sorted.length === 0) return undefined;
    const cuts = Array.from({ length: bins - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / bins)]!);
    const edges = [...new Set(cuts)];
    return [count(a.values, edges), count((b as typeof a).values, edges)];
  }
  if (a.kind === "category" && b.kind === "category") return [countLevels(a), countLevels(b)];
  if (a.kind === "boolean" && b.kind === "boolean") return [count(a.values, [1, 2]), count(b.values, [1, 2])];
  return undefined;
}

function count(values: ArrayLike<number>, edges: readonly number[]): Counts {
  const counts: Counts = new Map();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const bin = Number.isNaN(value) ? "missing" : edges.filter((edge) => value >= edge).length;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return counts;
}

function countLevels({ codes, levels }: Extract<Column, { kind: "category" }>): Counts {
  const counts: Counts = new Map();
  for (const code of codes) {
    const bin = code < 0 ? -1 : `level ${levels[code]}`;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return counts;
}
