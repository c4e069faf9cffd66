import { logChiSquareTail, smirnovTail, stabilityIndex } from "assay";
import type { ColumnDrift } from "../contract/monitoring.ts";
import type { ColumnBins } from "./drift-bins.ts";

/** From which index on a column has moved somewhat. Source: Siddiqi (2006), Credit Risk Scorecards, ch. 9. */
const somewhatMoved = 0.1;
/** From which index on a column has moved much. */
const muchMoved = 0.25;
const chance = 0.05;
/** Bins of numbers that the index is taken over. */
const indexBins = 10;

/**
 * How far counts over a column's bins are from its reference: the index over about ten bins, and a test of whether chance explains it (Kolmogorov and
 * Smirnov at the edges of all bins for numbers, χ² for categories). `columns` is how many are looked at together: the verdict takes that many chances into
 * account (Bonferroni). Of few rows the index is large by chance: then the verdict is "steady".
 */
export function measureDrift(bins: ColumnBins, counts: readonly number[], columns = 1): ColumnDrift {
  const { name, kind, counts: reference } = bins;
  const psi = stabilityIndex(coarse(bins, reference), coarse(bins, counts));
  const test = kind === "number" ? smirnov(reference, counts) : chiSquare(reference, counts);
  const explained = Math.min(1, (test?.p ?? 1) * columns) > chance && missingTest(reference, counts) * columns > chance;
  const other = (list: readonly number[]): number => shareOf(list, kind === "category" ? list.length - 2 : -1);
  return {
    name,
    kind,
    psi,
    test: kind === "number" ? "ks" : "chi_square",
    statistic: test?.statistic ?? null,
    p_value: test?.p ?? null,
    significant: !explained,
    verdict: verdictOf(psi, explained),
    missing: [shareOf(reference, reference.length - 1), shareOf(counts, counts.length - 1)],
    other: kind === "category" ? [other(reference), other(counts)] : null,
    bins: shownBins(bins, counts),
  };
}

function verdictOf(psi: number | null, explained: boolean): ColumnDrift["verdict"] {
  if (psi === null) return "unknown";
  if (psi <= somewhatMoved || explained) return "steady";
  return psi > muchMoved ? "moved" : "somewhat moved";
}

/** Ten of the bins, merged from all; missing ones apart. Categories as they are. */
function coarse({ kind }: ColumnBins, counts: readonly number[]): number[] {
  const known = counts.length - 1;
  if (kind === "category" || known <= indexBins) return [...counts];
  const merged = new Array<number>(indexBins).fill(0);
  for (let k = 0; k < known; k++) merged[Math.floor((k * indexBins) / known)]! += counts[k]!;
  return [...merged, counts[known]!];
}

/** The largest distance of the two distribution functions at the edges; values between them may lie further apart by a bin's share. */
function smirnov(before: readonly number[], after: readonly number[]): { statistic: number; p: number } | undefined {
  const [m, n] = [before, after].map((counts) => sum(counts.slice(0, -1))) as [number, number];
  if (m === 0 || n === 0) return undefined;
  let [a, b, distance] = [0, 0, 0];
  for (let k = 0; k < before.length - 1; k++) {
    a += before[k]!;
    b += after[k]!;
    distance = Math.max(distance, Math.abs(a / m - b / n));
  }
  return { statistic: distance, p: smirnovTail(distance, m, n) };
}

/** Pearson's χ² of two samples over the bins that either has. */
function chiSquare(before: readonly number[], after: readonly number[]): { statistic: number; p: number } | undefined {
  const [m, n] = [sum(before), sum(after)];
  if (m === 0 || n === 0) return undefined;
  let [statistic, used] = [0, 0];
  for (const [k, count] of before.entries()) {
    const both = count + after[k]!;
    if (both === 0) continue;
    used++;
    for (const [seen, size] of [
      [count, m],
      [after[k]!, n],
    ] as const) {
      const expected = (both * size) / (m + n);
      statistic += ((seen - expected) * (seen - expected)) / expected;
    }
  }
  return { statistic, p: used < 2 ? 1 : Math.exp(logChiSquareTail(statistic, used - 1)) };
}

function missingTest(before: readonly number[], after: readonly number[]): number {
  const split = (counts: readonly number[]): number[] => [sum(counts.slice(0, -1)), counts.at(-1)!];
  return chiSquare(split(before), split(after))?.p ?? 1;
}

function shownBins({ edges, levels, counts: reference }: ColumnBins, counts: readonly number[]): ColumnDrift["bins"] {
  const labels = edges
    ? [...edges.map((edge) => `≤ ${digits(edge)}`), edges.length > 0 ? `> ${digits(edges.at(-1)!)}` : "any"]
    : [...levels!, "other"];
  const shown = [...labels, "missing"].map((label, k) => ({
    label,
    reference: shareOf(reference, k),
    current: shareOf(counts, k),
  }));
  return shown.filter((bin) => bin.reference > 0 || bin.current > 0);
}

function digits(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function shareOf(counts: readonly number[], k: number): number {
  return (counts[k] ?? 0) / Math.max(1, sum(counts));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
